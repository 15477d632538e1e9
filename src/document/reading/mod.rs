//! The reading of a document that has the most evidence becomes a summit and its talks.

mod below;
pub(super) mod beside;
pub(super) mod candidate;
mod drafts;
pub(super) mod evidence;
mod headings;
pub(super) mod indexes;
mod item_draft;
mod items;
mod line_headings;
mod lines;
mod listed;
mod paths;
mod position_statistics;
mod roles;
pub(super) mod select;
pub(super) mod single;
mod single_draft;
mod single_title;
pub(super) mod surroundings;
mod survey;
mod tables;
pub(super) mod talk;
mod talk_draft;

use jiff::civil::Date;

use crate::document::codes::Code;
use crate::document::dates::{DayHeading, Resolved, of_path};
use crate::document::parsed::Document;
use crate::document::report::{Place, Report};
use crate::document::rules::days::{self, DaysFound};
use crate::document::summit_part::{self, SummitPart};
use candidate::{Candidate, Shape};
use indexes::Around;
use roles::{Role, Segment};
use talk::Talk;

/// What a document gave.
#[derive(Debug, PartialEq)]
pub(in crate::document) enum Reading {
    /// A summit with its talks.
    Summit(SummitPart, Vec<Talk>),
    /// One talk, and the summit that it names or whose folder it is in.
    Talk(Option<SummitPart>, Box<Talk>),
    /// No talk; if files beside it hold talks, it may be about their summit.
    Prose(SummitPart),
}

impl Reading {
    /// Number of talks.
    pub fn talks(&self) -> usize {
        match self {
            Self::Summit(_, talks) => talks.len(),
            Self::Talk(..) => 1,
            Self::Prose(_) => 0,
        }
    }
}

/// Reads the talks of a document, by the reading that was selected. `told` is what an index says.
pub(in crate::document) fn read(
    document: &Document<'_>,
    chosen: Option<&Candidate>,
    told: &Around,
    report: &mut Report,
) -> Reading {
    let whole = (0, document.outline.lines.len());
    let Some(chosen) = chosen else {
        let ranges = if document.declares_a_summit() { prose(document) } else { vec![whole] };
        return Reading::Prose(summit_part::new(document, &ranges, &[], report));
    };
    if chosen.shape == Shape::Whole {
        return single::read(document, chosen, told, report)
            .unwrap_or_else(|| Reading::Prose(summit_part::new(document, &[whole], &[], report)));
    }
    let mut reader = Reader::new(document, chosen);
    for segment in &chosen.segments {
        reader.segment(segment, report);
    }
    let days = reader.all_days();
    let Reader { talks, overview, .. } = reader;
    let part = summit_part::new(document, &overview, &days, report);
    if talks.is_empty() { Reading::Prose(part) } else { Reading::Summit(part, talks) }
}

/// The text of a document without talks, without the headings of days under which nothing stands yet.
fn prose(document: &Document<'_>) -> Vec<(usize, usize)> {
    let headings = &document.outline.headings;
    let segments = roles::segments(document, headings, &roles::roles(document, headings, 2));
    let is_empty_day = |segment: &Segment| {
        matches!(segment.role, Role::Day(_))
            && document.outline.slice(segment.body, segment.end).is_empty()
    };
    let kept = segments.iter().filter(|segment| !is_empty_day(segment));
    kept.map(|segment| (segment.start, segment.end)).collect()
}

struct Reader<'a, 'd> {
    document: &'a Document<'d>,
    chosen: &'a Candidate,
    year: Option<i16>,
    start: Option<Date>,
    day: Option<Date>,
    has_days: bool,
    /// Whether the days in lines under the titles count more than that of the document.
    lines_count: bool,
    days: Vec<Date>,
    /// What was said of days that are not known. What cures one cures all.
    said: Vec<&'static str>,
    talks: Vec<Talk>,
    /// Text that belongs to no talk, as ranges of lines.
    overview: Vec<(usize, usize)>,
}

impl<'a, 'd> Reader<'a, 'd> {
    fn new(document: &'a Document<'d>, chosen: &'a Candidate) -> Self {
        let has_days = chosen.segments.iter().any(|segment| matches!(segment.role, Role::Day(_)));
        let stated = document.only_day().or_else(|| document.event_date());
        let stated = stated.or_else(|| of_path::day_of_event(document));
        let only_day = stated.filter(|_| !has_days);
        let told = chosen.drafts.iter().filter(|draft| draft.day.is_some()).count();
        Self {
            document,
            chosen,
            year: document.year(),
            start: document.start(),
            day: only_day,
            has_days,
            lines_count: !has_days && told * 2 > chosen.drafts.len(),
            days: only_day.into_iter().collect(),
            said: Vec::new(),
            talks: Vec::new(),
            overview: Vec::new(),
        }
    }

    fn segment(&mut self, segment: &Segment, report: &mut Report) {
        if let Role::Day(day) = segment.role {
            self.begin_day(day, self.document.line(segment.start), report);
        }
        match segment.role {
            Role::Talk => self.talk(segment, report),
            Role::Title => self.list(segment, false, report),
            Role::Group | Role::Day(_) => {
                let empty = self.document.outline.slice(segment.body, segment.end).is_empty();
                if !empty {
                    self.list(segment, true, report);
                }
            }
            Role::Other | Role::Section => self.list(segment, true, report),
        }
    }

    fn talk(&mut self, segment: &Segment, report: &mut Report) {
        let found =
            self.chosen.drafts.binary_search_by_key(&segment.start, |draft| draft.segment.start);
        let draft = found.ok().and_then(|index| self.chosen.drafts.get(index));
        let heading = segment.heading.and_then(|index| self.chosen.headings.get(index));
        let talk = draft.zip(heading).and_then(|(draft, heading)| {
            let own = draft.title.day.and_then(|day| self.date(day));
            let day = self.day_of(own, draft.day);
            talk::from_heading(self.document, heading, draft, &self.chosen.statistics, day, report)
        });
        match talk {
            Some(talk) => self.talks.push(talk),
            None => self.overview.push((segment.start, segment.end)),
        }
    }

    /// Items of a list that are talks; the other lines stay in the overview.
    fn list(&mut self, segment: &Segment, with_heading: bool, report: &mut Report) {
        let mut rest = segment.body;
        let mut kept = Vec::new();
        let mut found = false;
        let items = &self.chosen.items;
        let first = items.partition_point(|draft| draft.item.line < segment.body);
        let last = items.partition_point(|draft| draft.item.line < segment.end);
        for draft in items.get(first..last).unwrap_or_default() {
            let day = self.day_of(draft.title.day.and_then(|day| self.date(day)), None);
            let talk =
                items::from_item(self.document, draft, &self.chosen.item_statistics, day, report);
            if let Some(talk) = talk {
                self.talks.push(talk);
                kept.push((rest, draft.item.line));
                rest = draft.item.end;
                found = true;
            }
        }
        kept.push((rest, segment.end));
        kept.retain(|(from, to)| !self.document.outline.slice(*from, *to).is_empty());
        match (found, with_heading) {
            (false, true) => self.overview.push((segment.start, segment.end)),
            (true, true) if !kept.is_empty() => {
                self.overview.push((segment.start, segment.body));
                self.overview.extend(kept);
            }
            (_, _) => self.overview.extend(kept),
        }
    }

    /// The day of a talk with one in its title or in a line under it.
    fn day_of(&self, title: Option<Date>, line: Option<Date>) -> Option<Date> {
        let found = DaysFound { title, line, above: self.day.filter(|_| self.has_days) };
        let (first, second) = if self.lines_count { (line, self.day) } else { (self.day, line) };
        days::stated(self.document, found).unwrap_or_else(|| title.or(first).or(second))
    }

    /// The days of the summit: those that its headings or its title name, or else those of its talks.
    fn all_days(&self) -> Vec<Date> {
        let own = days::headings_count(self.document) || !self.has_days;
        let named = if own { self.days.as_slice() } else { &[] };
        if !named.is_empty() && !days::are_stated(self.document) {
            return named.to_vec();
        }
        let of_talks = self.talks.iter().filter_map(|talk| talk.spec.day.as_ref()?.parse().ok());
        of_talks.chain(named.iter().copied()).chain(self.document.stated.start()).collect()
    }

    fn date(&self, day: DayHeading) -> Option<Date> {
        match day.resolve(self.year, self.start) {
            Resolved::Date { date, .. } => Some(date),
            _ => None,
        }
    }

    fn begin_day(&mut self, day: DayHeading, line: usize, report: &mut Report) {
        let place = Place::line(line);
        self.day = None;
        let unknown = match day.resolve(self.year, self.start) {
            Resolved::Date { date, wrong_weekday } => {
                self.day = Some(date);
                self.days.push(date);
                if wrong_weekday {
                    let message =
                        format!("{date} is not that day of the week; correct one of them");
                    report.at(Code::WeekdayMismatch, place, message);
                }
                return;
            }
            Resolved::NoYear => {
                "the year of this day is not known; write it in the title of the document"
            }
            Resolved::NoDate => {
                "the date of this day is not known; write it in the heading, or the first day of all \
                 as `startDate` in the front matter"
            }
            Resolved::Impossible => "no calendar has this date; correct it",
        };
        let again = self.said.contains(&unknown)
            && day.resolve(self.year, self.start) != Resolved::Impossible;
        if days::headings_count(self.document) && !again {
            self.said.push(unknown);
            report.at(Code::UnknownDate, place, unknown);
        }
    }
}
