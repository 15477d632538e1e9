//! One talk a file.

use jiff::civil::Date;

use super::Reading;
use super::candidate::{Candidate, Shape};
use super::evidence;
use super::indexes::Around;
use super::position_statistics::PositionStatistics;
use super::single_draft::{draft, is_numbered, title_of};
use super::single_title;
use super::surroundings::Surroundings;
use super::survey::Survey;
use super::{
    talk::{self, Talk},
    talk_draft::TalkDraft,
};
use crate::api::{Link, SummitSpec, TalkNoteSpec};
use crate::document::codes::Code;
use crate::document::dates::of_path;
use crate::document::linked;
use crate::document::markdown::links;
use crate::document::markdown::outline::Heading;
use crate::document::naming;
use crate::document::parsed::Document;
use crate::document::report::{Place, Report};
use crate::document::rules::{self, days::DaysFound};
use crate::document::speakers::credits;
use crate::document::speakers::same;
use crate::document::summit_part::SummitPart;
use crate::document::words::{Label, words};

/// The reading in which the whole document is about one talk.
pub(super) fn select(survey: &Survey<'_, '_>, around: &Surroundings) -> Option<Candidate> {
    let document = survey.document;
    if document.declares_a_summit() {
        return None;
    }
    let named = document.front.speaks_of_a_talk();
    let front = || single_title::of_front(document).filter(|_| named);
    let written = title_of(document).or_else(front);
    let title = match (written, single_title::of_file(survey)) {
        (Some(own), Some(file)) if single_title::is_unlike(&own.text, &file.text) => file,
        (own, file) => own.or(file)?,
    };
    Some(candidate(survey, around, title))
}

/// The same where a rule says so: the first title that there is will do.
pub(super) fn stated(survey: &Survey<'_, '_>, around: &Surroundings) -> Candidate {
    let document = survey.document;
    let top = || document.outline.headings.iter().find(|heading| heading.level == 1).cloned();
    let file = || Heading { level: 1, text: document.stem().to_owned(), line: 0, end: 0 };
    let title = title_of(document).or_else(|| single_title::of_front(document)).or_else(top);
    candidate(survey, around, title.unwrap_or_else(file))
}

fn candidate(survey: &Survey<'_, '_>, around: &Surroundings, title: Heading) -> Candidate {
    let document = survey.document;
    let draft = draft(document, &title);
    let own = PositionStatistics::of(std::iter::once(draft.credits.as_slice()));
    let statistics = own.with_usual(&around.usual);
    let whole = evidence::Whole {
        survey,
        around,
        title: &title,
        draft: &draft,
        credited: draft.credits.iter().any(|credit| statistics.accept(credit)),
        folder: summit_folder(document),
        dated: of_path::day_of_file(document).is_some(),
        numbered: is_numbered(document),
        labels: speaker_labels(document),
    };
    let mut candidate = Candidate::new(Shape::Whole, whole.evidence());
    candidate.headings.push(title);
    candidate.drafts.push(draft);
    candidate.statistics = statistics;
    candidate
}

/// Lines that name the speakers of a talk behind a label.
fn speaker_labels(document: &Document<'_>) -> usize {
    let lines = document.outline.lines.iter().map(|line| line.text);
    lines.filter_map(credits::labelled).filter(|(label, _)| *label == Label::Speakers).count()
}

/// The folder whose name is that of the summit. A folder that holds posts of any kind is none, nor is
/// that of a day.
fn summit_folder<'a>(document: &Document<'a>) -> Option<&'a str> {
    let skipped = usize::from(document.is_index());
    let mut folders = document.path.rsplit('/').skip(1 + skipped);
    folders
        .find(|folder| of_path::day_of_part(folder).is_none())
        .filter(|folder| !words().is_post_folder(folder))
}

fn day(document: &Document<'_>, draft: &TalkDraft, around: &Around) -> Option<Date> {
    let front = &document.front;
    let title = draft.title.day.and_then(|day| of_path::resolve(document, day, around.start));
    let found = DaysFound { title, line: draft.day, above: None };
    rules::days::stated(document, found).unwrap_or_else(|| {
        let under = draft.day.or_else(|| document.only_day());
        let path = || of_path::day(document, around.start);
        let told = || around.entry.day.or_else(path).or(around.only);
        front.day.or(title).or(under).or_else(told).or(front.date).or(front.published)
    })
}

/// The talk of a document that is about one.
pub(in crate::document) fn read(
    document: &Document<'_>,
    chosen: &Candidate,
    around: &Around,
    report: &mut Report,
) -> Option<Reading> {
    let (heading, draft) = (chosen.headings.first()?, chosen.drafts.first()?);
    let place = Place::line(if heading.end == 0 { 1 } else { document.line(heading.line) });
    let talk = talk_of(document, heading, draft, &chosen.statistics, (place, around), report)?;
    let stated = document.stated.rule.summit.as_deref();
    let front = document.front.summit.as_deref().or(document.front.event.as_deref());
    let title = stated.or(front).or(summit_folder(document));
    let summit = title.map(|title| SummitPart {
        name: naming::summit_among_others(title),
        spec: SummitSpec { title: title.to_owned(), ..SummitSpec::default() },
        line: 1,
        described: false,
    });
    Some(Reading::Talk(summit, Box::new(talk)))
}

fn talk_of(
    document: &Document<'_>,
    heading: &Heading,
    draft: &TalkDraft,
    statistics: &PositionStatistics,
    (place, around): (Place, &Around),
    report: &mut Report,
) -> Option<Talk> {
    let (front, outline) = (&document.front, &document.outline);
    let (title, mut speakers) = statistics.choose(&draft.title.text, &draft.credits);
    talk::report_personal_data(&draft.credits, place, report);
    if words().is_placeholder(&title) {
        report.at(Code::EmptyTitle, place, "this title was never filled in; give the talk one");
        return None;
    }
    if document.stated.rule.speakers.is_none() {
        let said = [&front.speakers, &speakers, &around.entry.speakers];
        let said = said.into_iter().find(|said| !said.is_empty()).cloned();
        speakers = said.unwrap_or_default();
    }
    let others = draft.credits.iter().map(|credit| &credit.people.speakers);
    others.chain([&around.entry.speakers]).for_each(|told| same::complete(&mut speakers, told));
    let end = outline.lines.len();
    let parts = [outline.slice(0, heading.line), outline.slice(heading.end, end)];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    if text.is_empty() {
        report.at(Code::EmptyNote, place, "there are no notes about this talk yet");
    }
    let spec = talk::decorated(&draft.title, title, speakers);
    let entry = around.entry.clone();
    let spec = TalkNoteSpec {
        kind: front.kind.or(spec.kind),
        day: day(document, draft, around).map(|day| day.to_string()),
        medal: front.medal.or(spec.medal),
        order: front.order.or(around.entry.order),
        start_time: front.start_time.clone().or(spec.start_time.clone()).or(entry.start_time),
        end_time: front.end_time.clone().or(spec.end_time.clone()).or(entry.end_time),
        room: front.room.clone().or(spec.room.clone()).or(draft.room.clone()).or(entry.room),
        track: front.track.clone(),
        tags: front.tags.clone(),
        links: links_of(document, report),
        markdown: Some(linked::with_definitions(&text, document)),
        ..spec
    };
    Some(Talk { spec, line: place.line })
}

/// The links of the front matter, then those of the text.
fn links_of(document: &Document<'_>, report: &mut Report) -> Vec<Link> {
    let found = document.links(0, document.outline.lines.len()).to_vec();
    let mut all = document.front.links.clone();
    for link in linked::typed(document, found, report) {
        links::add(&mut all, link);
    }
    all
}
