//! One talk a file.

use jiff::civil::Date;

use super::Reading;
use super::below::Below;
use super::candidate::{Candidate, Shape};
use super::evidence;
use super::habits::Habits;
use super::indexes::Around;
use super::roles::{Role, Segment};
use super::single_title;
use super::surroundings::Surroundings;
use super::survey::Survey;
use super::{
    marks::Mark,
    talk::{self, Talk},
};
use crate::api::{Link, SummitSpec, TalkNoteSpec};
use crate::document::codes::Code;
use crate::document::dates::{DayHeading, of_path};
use crate::document::linked;
use crate::document::markdown::links;
use crate::document::markdown::outline::Heading;
use crate::document::naming;
use crate::document::parsed::Document;
use crate::document::report::{Place, Report};
use crate::document::rules::{self, days::DaysFound};
use crate::document::speakers::credits;
use crate::document::speakers::in_title;
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::people::People;
use crate::document::speakers::same;
use crate::document::speakers::seats::Credit;
use crate::document::summit_part::SummitPart;
use crate::document::title;
use crate::document::words::{Label, words};

/// Of a document that has one title, as notes of one talk have: whether a speaker is named, and who may be.
pub(in crate::document) fn credits(document: &Document<'_>) -> Option<(bool, Vec<Credit>)> {
    let title = title_of(document)?;
    let no_talk = words().is_not_talk(&title.text) || DayHeading::parse(&title.text).is_some();
    let mark = mark(document, &title);
    let credited = !document.front.speakers.is_empty() || is_credited(&mark.credits);
    (!no_talk).then_some((credited, mark.credits))
}

/// The title that is written in a document; of several headings at the top the first, where only it has a speaker or
/// the page of a talk.
fn title_of(document: &Document<'_>) -> Option<Heading> {
    single_title::of(document, |own| {
        let own = mark(document, own);
        is_credited(&own.credits) || own.has_page
    })
}

fn is_credited(credits: &[Credit]) -> bool {
    credits
        .iter()
        .any(|credit| credit.seat.is_usual() && credit.people.likeness >= Likeness::Medium)
}

/// The reading in which the whole document is about one talk.
pub(super) fn weigh(survey: &Survey<'_, '_>, around: &Surroundings) -> Option<Candidate> {
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
    let mark = mark(document, &title);
    let own = Habits::of(std::iter::once(mark.credits.as_slice()));
    let habits = own.with_usual(&around.usual);
    let whole = evidence::Whole {
        survey,
        around,
        title: &title,
        mark: &mark,
        credited: mark.credits.iter().any(|credit| habits.accept(credit)),
        folder: summit_folder(document),
        dated: of_path::day_of_file(document).is_some(),
        numbered: is_numbered(document),
        labels: speaker_labels(document),
    };
    let mut candidate = Candidate::new(Shape::Whole, whole.evidence());
    candidate.headings.push(title);
    candidate.marks.push(mark);
    candidate.habits = habits;
    candidate
}

/// Lines that name the speakers of a talk behind a label.
fn speaker_labels(document: &Document<'_>) -> usize {
    let lines = document.outline.lines.iter().map(|line| line.text);
    lines.filter_map(credits::labelled).filter(|(label, _)| *label == Label::Speakers).count()
}

fn mark(document: &Document<'_>, heading: &Heading) -> Mark {
    let end = document.outline.lines.len();
    let segment =
        Segment { role: Role::Talk, heading: Some(0), start: heading.line, body: heading.end, end };
    let title = document.front.title.as_deref().unwrap_or(&heading.text);
    let own = title::undecorate(title);
    let child = document.outline.headings.iter().find(|child| child.line >= heading.end);
    let part = child.filter(|child| child.level > heading.level);
    let mut under = credits::under(document, heading.end, part.map_or(end, |part| part.line));
    if let Some(part) = part {
        under = under.with_child(part);
    }
    let mut credits = in_title::credits(&own.text);
    if document.front.title.is_some() && !is_credited(&credits) {
        credits.extend(in_title::credits(&title::undecorate(&heading.text).text));
        credits.iter_mut().for_each(|credit| {
            credit.title = credit.title.take().filter(|title| own.text.starts_with(title.as_str()))
        });
    }
    credits.extend(under.credits);
    rules::speakers::state(document, &own.text, &mut credits);
    let direct = child.map_or(end, |child| child.line);
    let links = document.links(heading.line, direct);
    let sections = document.outline.headings.iter().filter(|child| child.line >= heading.end);
    Mark {
        segment,
        named: People::parse(&own.text).likeness,
        title: own,
        credits,
        day: under.day,
        room: under.room,
        under_day: false,
        under_group: false,
        under_talks: false,
        has_page: links
            .iter()
            .take(5)
            .any(|link| link.is_talk_page() && link.text.chars().count() <= 24),
        has_sections: sections.take(20).any(|child| words().is_note_section(&child.text)),
        below: Below::of(document, &segment, direct, links),
    }
}

/// Whether the name of a file begins with a number or a day and a dash: `2-maps.md`, `d1-2-maps.md`.
pub(in crate::document) fn is_numbered(document: &Document<'_>) -> bool {
    let prefix = document.stem().split(['-', '_', ' ', '.']).next().unwrap_or_default();
    prefix.len() <= 4 && prefix.chars().last().is_some_and(|c| c.is_ascii_digit())
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

fn day(document: &Document<'_>, mark: &Mark, around: &Around) -> Option<Date> {
    let front = &document.front;
    let title = mark.title.day.and_then(|day| of_path::resolve(document, day, around.start));
    let found = DaysFound { title, line: mark.day, above: None };
    rules::days::stated(document, found).unwrap_or_else(|| {
        let under = mark.day.or_else(|| document.only_day());
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
    let (heading, mark) = (chosen.headings.first()?, chosen.marks.first()?);
    let place = Place::line(if heading.end == 0 { 1 } else { document.line(heading.line) });
    let talk = talk_of(document, heading, mark, &chosen.habits, (place, around), report)?;
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
    mark: &Mark,
    habits: &Habits,
    (place, around): (Place, &Around),
    report: &mut Report,
) -> Option<Talk> {
    let (front, outline) = (&document.front, &document.outline);
    let (title, mut speakers) = habits.choose(&mark.title.text, &mark.credits);
    talk::report_personal_data(&mark.credits, place, report);
    if words().is_placeholder(&title) {
        report.at(Code::EmptyTitle, place, "this title was never filled in; give the talk one");
        return None;
    }
    if document.stated.rule.speakers.is_none() {
        let said = [&front.speakers, &speakers, &around.entry.speakers];
        let said = said.into_iter().find(|said| !said.is_empty()).cloned();
        speakers = said.unwrap_or_default();
    }
    let others = mark.credits.iter().map(|credit| &credit.people.speakers);
    others.chain([&around.entry.speakers]).for_each(|told| same::complete(&mut speakers, told));
    let end = outline.lines.len();
    let parts = [outline.slice(0, heading.line), outline.slice(heading.end, end)];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    if text.is_empty() {
        report.at(Code::EmptyNote, place, "there are no notes about this talk yet");
    }
    let spec = talk::decorated(&mark.title, title, speakers);
    let entry = around.entry.clone();
    let spec = TalkNoteSpec {
        kind: front.kind.or(spec.kind),
        day: day(document, mark, around).map(|day| day.to_string()),
        medal: front.medal.or(spec.medal),
        order: front.order.or(around.entry.order),
        start_time: front.start_time.clone().or(spec.start_time.clone()).or(entry.start_time),
        end_time: front.end_time.clone().or(spec.end_time.clone()).or(entry.end_time),
        room: front.room.clone().or(spec.room.clone()).or(mark.room.clone()).or(entry.room),
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
