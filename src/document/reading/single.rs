//! One talk a file.

use jiff::civil::Date;

use super::Reading;
use super::below::Below;
use super::candidate::{Candidate, Shape};
use super::evidence;
use super::habits::Habits;
use super::indexes::Around;
use super::roles::{Role, Segment};
use super::surroundings::Surroundings;
use super::survey::Survey;
use super::{
    marks::Mark,
    talk::{self, Talk},
};
use crate::api::{Link, SummitSpec, TalkNoteSpec};
use crate::document::codes::Code;
use crate::document::dates::{DayHeading, of_path};
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

/// Whether a document has one title, as notes of one talk have; and whether a speaker is named.
pub(in crate::document) fn is_alike(document: &Document<'_>) -> Option<bool> {
    let title = title_of(document)?;
    let no_talk = words().is_not_talk(&title.text) || DayHeading::parse(&title.text).is_some();
    let mark = mark(document, &title);
    let credited = !document.front.speakers.is_empty() || is_credited(&mark.credits);
    (!no_talk).then_some(credited)
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
    let front = || front_title(document).filter(|_| named);
    let title = title_of(document).or_else(front).or_else(|| title_of_file(survey))?;
    Some(candidate(survey, around, title))
}

/// The same where a rule says so: the first title that there is will do.
pub(super) fn stated(survey: &Survey<'_, '_>, around: &Surroundings) -> Candidate {
    let document = survey.document;
    let top = || document.outline.headings.iter().find(|heading| heading.level == 1).cloned();
    let file = || Heading { level: 1, text: document.stem().to_owned(), line: 0, end: 0 };
    let title = title_of(document).or_else(|| front_title(document)).or_else(top);
    candidate(survey, around, title.unwrap_or_else(file))
}

fn candidate(survey: &Survey<'_, '_>, around: &Surroundings, title: Heading) -> Candidate {
    let document = survey.document;
    let mark = mark(document, &title);
    let habits = habits(&mark, around);
    let whole = evidence::Whole {
        survey,
        around,
        title: &title,
        mark: &mark,
        credited: mark.credits.iter().any(|credit| habits.accept(credit)),
        folder: summit_folder(document),
        in_notes: is_in_notes(document),
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

/// The only heading at the top, or the first line; none where there are more.
fn title_of(document: &Document<'_>) -> Option<Heading> {
    let headings = &document.outline.headings;
    let top = headings.iter().map(|heading| heading.level).min();
    let mut tops = headings.iter().filter(|heading| Some(heading.level) == top);
    match (tops.next(), tops.next()) {
        (Some(own), None) if own.level == 1 => Some(own.clone()),
        (Some(own), Some(_)) if own.level == 1 => first_of_several(document).cloned(),
        _ if document.front.title.is_some() => front_title(document),
        (Some(own), None) if document.outline.slice(0, own.line).is_empty() => Some(own.clone()),
        _ => document.outline.first_line(),
    }
}

/// The first of several headings of level 1 where only it, at the beginning of the file, has a
/// speaker or the page of a talk.
fn first_of_several<'a>(document: &'a Document<'_>) -> Option<&'a Heading> {
    let mut tops = document.outline.headings.iter().filter(|heading| heading.level == 1);
    let first = tops.next().filter(|own| document.outline.slice(0, own.line).is_empty())?;
    let told = |own: &Heading| {
        let own = mark(document, own);
        is_credited(&own.credits) || own.has_page
    };
    let topic = evidence::Topic::of(document);
    let in_event = (topic.event_folder || topic.year_folder) && !document.is_index();
    (in_event && told(first) && !tops.any(told)).then_some(first)
}

/// The name of the file where it is the only title, of a file in the folder of an event.
fn title_of_file(survey: &Survey<'_, '_>) -> Option<Heading> {
    let document = survey.document;
    let bare = document.outline.headings.iter().all(|heading| heading.level > 1);
    let written = document.outline.lines.iter().any(|line| !line.text.trim().is_empty());
    let stem =
        document.stem().trim_start_matches(|c: char| c.is_ascii_digit() || "_-. ".contains(c));
    let text = if stem.contains(' ') { stem.to_owned() } else { stem.replace(['_', '-'], " ") };
    let several = text.contains(' ') && !document.is_index() && !words().is_group(&text);
    let fits = bare
        && written
        && several
        && survey.topic.event_folder
        && DayHeading::leading(&text).is_none();
    fits.then_some(Heading { level: 1, text, line: 0, end: 0 })
}

/// Lines that name the speakers of a talk behind a label.
fn speaker_labels(document: &Document<'_>) -> usize {
    let lines = document.outline.lines.iter().map(|line| line.text);
    lines.filter_map(credits::labelled).filter(|(label, _)| *label == Label::Speakers).count()
}

/// The title of the front matter, at the line before the first.
fn front_title(document: &Document<'_>) -> Option<Heading> {
    let text = document.front.title.clone()?;
    Some(Heading { level: 1, text, line: 0, end: 0 })
}

fn mark(document: &Document<'_>, heading: &Heading) -> Mark {
    let end = document.outline.lines.len();
    let segment =
        Segment { role: Role::Talk, heading: Some(0), start: heading.line, body: heading.end, end };
    let title = document.front.title.as_deref().unwrap_or(&heading.text);
    let own = title::undecorate(title);
    let child = document.outline.headings.iter().find(|child| child.line >= heading.end);
    let part =
        child.filter(|child| child.level > heading.level && !is_one_of_several(document, child));
    let mut under = credits::under(document, heading.end, part.map_or(end, |part| part.line));
    if let Some(part) = part {
        under = under.with_child(document, heading.end, end, part);
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

/// Whether a heading is that of a group, or a name like three headings of its level at least: those are
/// the speakers of several talks.
fn is_one_of_several(document: &Document<'_>, part: &Heading) -> bool {
    let same = document.outline.headings.iter().filter(|own| own.level == part.level);
    let named = |own: &&Heading| People::parse(&own.text).likeness >= Likeness::Medium;
    words().is_group(&part.text) || same.filter(named).take(3).count() == 3
}

/// The habits of the one talk; where the files beside it name their speakers, those count with it.
fn habits(mark: &Mark, around: &Surroundings) -> Habits {
    let times = if around.alike >= 2 && around.credited * 2 >= around.alike { 2 } else { 1 };
    Habits::of(std::iter::repeat_n(mark.credits.as_slice(), times))
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

/// Whether the folder that names no summit says that it holds notes. What is found in it is what is found in
/// `talks` or a folder of any other name.
fn is_in_notes(document: &Document<'_>) -> bool {
    let skipped = usize::from(document.is_index());
    let mut folders = document.path.rsplit('/').skip(1 + skipped);
    let named = folders.find(|folder| of_path::day_of_part(folder).is_none());
    named.is_some_and(|folder| words().is_note_folder(folder))
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
        markdown: Some(talk::with_definitions(&text, document)),
        ..spec
    };
    Some(Talk { spec, line: place.line })
}

/// The links of the front matter, then those of the text.
fn links_of(document: &Document<'_>, report: &mut Report) -> Vec<Link> {
    let found = document.links(0, document.outline.lines.len()).to_vec();
    let mut all = document.front.links.clone();
    for link in talk::typed(document, found, report) {
        links::add(&mut all, link);
    }
    all
}
