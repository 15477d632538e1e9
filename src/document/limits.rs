//! The limits of the schema. What is imported never breaks them, so that an API server never has to
//! say no to a note.

use super::codes::Code;
use super::report::{Place, Report};
use super::text::first_chars;
use crate::api::{Link, Publication, Rendering, Speaker, SummitSpec, TalkNoteSpec};
use crate::document::dates::{self, moment::moment};

/// Longest body of a note and overview of a summit, in characters.
pub(super) const MAX_MARKDOWN: usize = 400_000;
/// Most of a document that cannot be read in which its front matter is looked for, in bytes.
pub(super) const MAX_HEAD: usize = 64 * 1024;
const MAX_TITLE: usize = 500;
const MAX_SPEAKERS: usize = 50;
const MAX_TAGS: usize = 64;
const MAX_TAG: usize = 64;
const MAX_ADDRESS: usize = 4096;
const MAX_ROBOTS: usize = 16;
/// A talk that begins at this time or later may end on the next day, up to [`MORNING`].
const EVENING: &str = "18:00";
const MORNING: &str = "06:00";
/// Most links of a note or summit.
pub(super) const MAX_LINKS: usize = 200;

/// Brings a note within the limits; `false` where it cannot be published at all.
pub(super) fn fit_note(spec: &mut TalkNoteSpec, place: Place, report: &mut Report) -> bool {
    let mut limits = Limits { place, report };
    limits.text(&mut spec.title, "title", MAX_TITLE);
    limits.optional(&mut spec.track, "track", 200);
    limits.optional(&mut spec.room, "room", 200);
    limits.list(&mut spec.speakers, "speakers", MAX_SPEAKERS);
    spec.speakers.retain(|speaker| !speaker.name.trim().is_empty());
    spec.speakers.iter_mut().for_each(|speaker| limits.speaker(speaker));
    limits.tags(&mut spec.tags);
    limits.links(&mut spec.links);
    limits.matching(&mut spec.day, "day", is_date);
    limits.matching(&mut spec.start_time, "startTime", is_time);
    limits.matching(&mut spec.end_time, "endTime", is_time);
    limits.matching(&mut spec.language, "language", is_language);
    limits.times_of_publication(
        &mut spec.publication,
        [&mut spec.publish_at, &mut spec.unpublish_at],
    );
    limits.rendering(&mut spec.rendering);
    limits.list(&mut spec.robots, "robots", MAX_ROBOTS);
    limits.times(spec);
    spec.order = spec.order.map(|order| order.max(0));
    limits.body_fits(spec.markdown.as_deref())
}

/// Brings a summit within the limits; `false` where it cannot be published at all.
pub(super) fn fit_summit(spec: &mut SummitSpec, place: Place, report: &mut Report) -> bool {
    let mut limits = Limits { place, report };
    limits.text(&mut spec.title, "title", MAX_TITLE);
    limits.optional(&mut spec.location, "location", 500);
    limits.optional(&mut spec.time_zone, "timeZone", 64);
    limits.optional(&mut spec.banner, "banner", 500);
    limits.optional(&mut spec.url, "url", MAX_ADDRESS);
    limits.tags(&mut spec.tags);
    limits.links(&mut spec.links);
    limits.matching(&mut spec.start_date, "startDate", is_date);
    limits.matching(&mut spec.end_date, "endDate", is_date);
    limits.times_of_publication(
        &mut spec.publication,
        [&mut spec.publish_at, &mut spec.unpublish_at],
    );
    limits.rendering(&mut spec.rendering);
    limits.list(&mut spec.robots, "robots", MAX_ROBOTS);
    limits.body_fits(spec.overview.as_deref())
}

/// Whether `text` is a BCP 47 tag as the schema has it.
pub(super) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    text.len() <= 35
        && (2..=8).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && dates::leading_date(text).is_some_and(|date| date.to_string() == text)
}

fn is_time(text: &str) -> bool {
    dates::time(text).is_some_and(|time| time == text)
}

struct Limits<'a> {
    place: Place,
    report: &'a mut Report,
}

impl Limits<'_> {
    fn text(&mut self, text: &mut String, field: &str, max: usize) {
        if text.chars().count() > max {
            *text = first_chars(text, max);
            let message = format!("`{field}` was cut at {max} characters; shorten it");
            self.report.at(Code::TextCut, self.place, message);
        }
    }

    fn optional(&mut self, text: &mut Option<String>, field: &str, max: usize) {
        if let Some(text) = text {
            self.text(text, field, max);
        }
    }

    fn list<T>(&mut self, list: &mut Vec<T>, field: &str, max: usize) {
        if list.len() > max {
            list.truncate(max);
            let message = format!("only the first {max} of `{field}` are taken");
            self.report.at(Code::ListCut, self.place, message);
        }
    }

    fn speaker(&mut self, speaker: &mut Speaker) {
        self.text(&mut speaker.name, "speakers.name", 200);
        self.optional(&mut speaker.alias, "speakers.alias", 200);
        self.optional(&mut speaker.organization, "speakers.organization", 200);
    }

    fn tags(&mut self, tags: &mut Vec<String>) {
        tags.retain(|tag| !tag.is_empty());
        self.list(tags, "tags", MAX_TAGS);
        tags.iter_mut().for_each(|tag| self.text(tag, "tags", MAX_TAG));
    }

    fn links(&mut self, links: &mut Vec<Link>) {
        links.retain(|link| !link.url.is_empty() && link.url.chars().count() <= MAX_ADDRESS);
        self.list(links, "links", MAX_LINKS);
        for link in links {
            self.optional(&mut link.title, "links.title", 500);
        }
    }

    fn matching(&mut self, value: &mut Option<String>, field: &str, fits: fn(&str) -> bool) {
        if value.as_deref().is_some_and(|text| !fits(text)) {
            *value = None;
            let message = format!("`{field}` has a form that it cannot have and is ignored");
            self.report.at(Code::Field, self.place, message);
        }
    }

    /// A time of publication that cannot be understood is no leave to publish.
    fn times_of_publication(
        &mut self,
        publication: &mut Option<Publication>,
        times: [&mut Option<String>; 2],
    ) {
        for (field, time) in ["publishAt", "unpublishAt"].into_iter().zip(times) {
            let Some(text) = time.take() else { continue };
            *time = moment(&text);
            if time.is_none() {
                *publication = Some(Publication::Draft);
                let message = format!(
                    "`{field}` is no time such as 2031-05-14T18:00:00+08:00: it is taken as a draft"
                );
                self.report.at(Code::Field, self.place, message);
            }
        }
    }

    fn rendering(&mut self, rendering: &mut Option<Rendering>) {
        let Some(Rendering { toc_max_level, .. }) = rendering else { return };
        if toc_max_level.is_some_and(|levels| !(1..=6).contains(&levels)) {
            *toc_max_level = None;
            let message = "`rendering.tocMaxLevel` is ignored; it should be from 1 to 6";
            self.report.at(Code::Field, self.place, message);
        }
    }

    /// Says where a talk ends before it begins, but for one of the night.
    fn times(&mut self, spec: &TalkNoteSpec) {
        let (Some(start), Some(end)) = (&spec.start_time, &spec.end_time) else { return };
        let at_night = start.as_str() >= EVENING && end.as_str() <= MORNING;
        if end < start && !at_night {
            let message =
                format!("the talk ends at {end}, before it begins at {start}; correct one");
            self.report.at(Code::EndBeforeStart, self.place, message);
        }
    }

    fn body_fits(&mut self, body: Option<&str>) -> bool {
        let length = body.map_or(0, |body| body.chars().count());
        if length > MAX_MARKDOWN {
            let message = format!(
                "the text has {length} characters, more than the {MAX_MARKDOWN} that an object can \
                 hold; split it"
            );
            self.report.at(Code::BodyTooLong, self.place, message);
        }
        length <= MAX_MARKDOWN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talks_that_end_before_they_begin_are_told() {
        for (start, end, told) in [
            ("09:30", "10:15", false),
            ("10:15", "09:30", true),
            ("09:30", "09:30", false),
            ("22:30", "00:15", false),
            ("22:30", "09:00", true),
            ("14:00", "02:45", true),
            ("23:30", "00:15", false),
            ("23:30", "24:15", false),
            ("24:30", "25:00", false),
            ("24:30", "01:00", false),
            ("25:00", "24:30", true),
        ] {
            let time = |text: &str| Some(text.to_owned());
            let mut spec = TalkNoteSpec {
                start_time: time(start),
                end_time: time(end),
                ..TalkNoteSpec::default()
            };
            let mut report = Report::new("a.md");
            assert!(fit_note(&mut spec, Place::line(3), &mut report));
            let codes: Vec<String> =
                report.into_diagnostics().into_iter().map(|found| found.code).collect();
            assert_eq!(codes, if told { vec!["TN1303"] } else { vec![] }, "{start} {end}");
            assert_eq!((spec.start_time, spec.end_time), (time(start), time(end)), "kept");
        }
    }
}
