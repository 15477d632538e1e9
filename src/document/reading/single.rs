//! One talk a file.

use jiff::civil::Date;

use super::Reading;
use super::evidence::{self, Evidence};
use super::habits::Habits;
use super::indexes::Around;
use super::roles::{Role, Segment};
use super::surroundings::Surroundings;
use super::weigh::{Candidate, Shape};
use super::{
    marks::Mark,
    talk::{self, Talk},
};
use crate::api::{Link, Speaker, SummitSpec, TalkNoteSpec};
use crate::document::codes::Code;
use crate::document::dates::{self, DayHeading, Resolved};
use crate::document::markdown::links;
use crate::document::markdown::outline::Heading;
use crate::document::naming;
use crate::document::parsed::Document;
use crate::document::report::{Place, Report};
use crate::document::rules::{self, days::DaysFound};
use crate::document::speakers::credits;
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::same;
use crate::document::speakers::seats::{self, Credit};
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
pub(in crate::document) fn weigh(
    document: &Document<'_>,
    around: &Surroundings,
) -> Option<Candidate> {
    if document.declares_a_summit() {
        return None;
    }
    let named = document.front.speaks_of_a_talk();
    let title = title_of(document).or_else(|| named.then(|| front_title(document)).flatten())?;
    Some(candidate(document, around, title))
}

/// The same where a rule says so: the first title that there is will do.
pub(in crate::document) fn stated(document: &Document<'_>, around: &Surroundings) -> Candidate {
    let top = || document.outline.headings.iter().find(|heading| heading.level == 1).cloned();
    let file = || Heading { level: 1, text: document.stem().to_owned(), line: 0, end: 0 };
    let title = title_of(document).or_else(|| front_title(document)).or_else(top);
    candidate(document, around, title.unwrap_or_else(file))
}

fn candidate(document: &Document<'_>, around: &Surroundings, title: Heading) -> Candidate {
    let named = document.front.speaks_of_a_talk();
    let mark = mark(document, &title);
    let habits = habits(&mark, around);
    let credited = mark.credits.iter().any(|credit| habits.accept(credit));
    let text = &mark.title.text;
    let folder = summit_folder(document);
    let mut evidence = Vec::new();
    let mut add = |seen: bool, what, points| {
        if seen {
            evidence.push(Evidence { what, points });
        }
    };
    let event = words().is_event(text) || words().is_event_notes(text);
    add(named, "fields that only a talk has", 12.0);
    add(credited, "a speaker", 6.0);
    add(mark.has_page, "a link to a session page", 4.0);
    add(mark.has_sections, "sections of a note", 3.0);
    add(mark.title.kind.is_some() || mark.title.medal.is_some(), "a kind or a medal", 4.0);
    let in_year = folder.is_some_and(|folder| dates::year_in(folder).is_some());
    let letters = |folder: &str| folder.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let in_event =
        folder.is_some_and(|folder| words().is_event(folder) || (in_year && letters(folder)));
    add(in_event, "a folder named after an event", 2.5);
    add(in_year && !in_event, "a folder named after a year", 1.5);
    let company = in_event || in_year || around.alike >= 2;
    add(
        document.has_front && folder.is_some() && !document.is_index(),
        "front matter in a folder of its own",
        if company { 3.0 } else { 1.5 },
    );
    add(
        !credited && around.numbered >= 2 && !is_numbered(document),
        "a name unlike those of the files beside it",
        -3.0,
    );
    let listed = &around.told.entry;
    let listed = !listed.speakers.is_empty() || listed.start_time.is_some();
    add(listed, "an index lists it with a speaker or a time", 4.0);
    add(day_of_path(document).is_some(), "a day in the path", 2.0);
    add(around.alike >= 2, "files like it beside it", 0.5);
    add(
        around.alike >= 2 && around.credited * 2 >= around.alike,
        "speakers in files beside it",
        3.0,
    );
    add(evidence::is_wordy(text), "a title of several words", 0.5);
    add(event && !credited, "the title names an event", -4.0);
    add(
        words().is_not_talk(text) || words().is_section(text),
        "the title is not that of a talk",
        -12.0,
    );
    add(
        words().is_other_document(document.path) || words().is_other_document(text),
        "the title or path names another kind of document",
        -9.0,
    );
    add(title.end == 0 && !named && !credited, "nothing but a title in the front matter", -4.0);
    add(speaker_labels(document) >= 2, "speakers of several talks", -9.0);
    add(evidence::has_tasks(document), "most of it is things to do", -6.0);
    let a_folder_a_talk = around.alike >= 2 && around.credited * 2 >= around.alike;
    add(document.is_index() && !credited && !a_folder_a_talk, "an index", -2.0);
    add(DayHeading::parse(text).is_some(), "the title is a day", -12.0);
    let mut candidate = Candidate::new(Shape::Whole, evidence);
    candidate.headings.push(title);
    candidate.marks.push(mark);
    candidate.habits = habits;
    candidate
}

/// The only heading of level 1, or the first line; none where there are more.
fn title_of(document: &Document<'_>) -> Option<Heading> {
    let mut tops = document.outline.headings.iter().filter(|heading| heading.level == 1);
    match (tops.next(), tops.next()) {
        (Some(top), None) => Some(top.clone()),
        (Some(_), Some(_)) => None,
        (None, _) if document.front.title.is_some() => front_title(document),
        (None, _) => document.outline.first_line(),
    }
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
    let under = credits::under(
        document,
        heading.end,
        end,
        child.filter(|child| child.level > heading.level),
    );
    let mut credits = seats::in_title(&own.text);
    if document.front.title.is_some() && !is_credited(&credits) {
        credits.extend(seats::in_title(&title::undecorate(&heading.text).text));
        credits.iter_mut().for_each(|credit| {
            credit.title = credit.title.take().filter(|title| own.text.starts_with(title.as_str()))
        });
    }
    credits.extend(under.credits);
    rules::speakers::state(document, &own.text, &mut credits);
    let direct = child.map_or(end, |child| child.line);
    let links = talk::found_links(document, heading.line, direct);
    let sections = document.outline.headings.iter().filter(|child| child.line >= heading.end);
    Mark {
        segment,
        title: own,
        credits,
        day: under.day,
        room: under.room,
        under_day: false,
        under_group: false,
        has_page: links
            .iter()
            .take(5)
            .any(|link| link.is_talk_page() && link.text.chars().count() <= 24),
        has_sections: sections.take(20).any(|child| words().is_note_section(&child.text)),
    }
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
        .find(|folder| day_of_part(folder).is_none())
        .filter(|folder| !words().is_post_folder(folder))
}

/// The day that a folder such as `Monday` or a file such as `j1-5-title.md` names.
fn day_of_path(document: &Document<'_>) -> Option<DayHeading> {
    let stem = document.stem();
    let (prefix, rest) = stem.split_once(['-', '_', ' '])?;
    let counted = (!rest.is_empty()).then(|| day_of_part(prefix)).flatten();
    let dated = || {
        DayHeading::leading(&stem.replace('_', " "))
            .filter(|leading| leading.day.has_year())
            .map(|leading| leading.day)
    };
    counted.or_else(dated)
}

fn day_of_folder(document: &Document<'_>) -> Option<DayHeading> {
    let dated = |folder: &str| {
        DayHeading::leading(&folder.replace('_', " "))
            .or_else(|| DayHeading::leading(folder.get(..10)?))
            .filter(|leading| leading.day.has_year() && leading.day.is_date())
            .map(|leading| leading.day)
    };
    document
        .path
        .rsplit('/')
        .skip(1)
        .find_map(|folder| day_of_part(folder).or_else(|| dated(folder)))
}

fn day_of_part(part: &str) -> Option<DayHeading> {
    DayHeading::parse(&part.replace(['_', '-'], " ")).or_else(|| DayHeading::parse(part))
}

fn day(document: &Document<'_>, mark: &Mark, around: &Around) -> Option<Date> {
    let front = &document.front;
    let title = mark.title.day.and_then(|day| date(document, day, around.start));
    let found = DaysFound { title, line: mark.day, above: None };
    rules::days::stated(document, found).unwrap_or_else(|| {
        let under = mark.day.or_else(|| document.only_day());
        let path = || path_day(document, around.start);
        let told = || around.entry.day.or_else(path).or(around.only);
        front.day.or(title).or(under).or_else(told).or(front.date).or(front.published)
    })
}

/// A day as a date, where `start` is the first day of the event by an index.
fn date(document: &Document<'_>, day: DayHeading, start: Option<Date>) -> Option<Date> {
    let year = document.year().or(start.map(Date::year));
    let start = document.stated.start().or(start).or(document.front.date);
    match day.resolve(year, start) {
        Resolved::Date { date, .. } => Some(date),
        _ => None,
    }
}

/// The date of the folder or file that names a day, where `start` is the first day of the event by an
/// index.
pub(in crate::document) fn path_day(document: &Document<'_>, start: Option<Date>) -> Option<Date> {
    let named = day_of_folder(document).into_iter().chain(day_of_path(document));
    named.into_iter().find_map(|day| date(document, day, start))
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
        name: naming::summit(title),
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
        speakers = told_speakers(front.speakers.clone(), speakers, mark, around);
    }
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
        publish_at: front.publish_at.clone(),
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

/// The speakers by the front matter, or else by the text, or else by an index; the others complete what is
/// said of a person.
fn told_speakers(
    front: Vec<Speaker>,
    text: Vec<Speaker>,
    mark: &Mark,
    around: &Around,
) -> Vec<Speaker> {
    let told = &around.entry.speakers;
    let mut speakers =
        [front, text].into_iter().find(|found| !found.is_empty()).unwrap_or_else(|| told.clone());
    for credit in &mark.credits {
        same::complete(&mut speakers, &credit.people.speakers);
    }
    same::complete(&mut speakers, told);
    speakers
}

/// The links of the front matter, then those of the text.
fn links_of(document: &Document<'_>, report: &mut Report) -> Vec<Link> {
    let found = talk::found_links(document, 0, document.outline.lines.len());
    let mut all = document.front.links.clone();
    for link in talk::typed(document, found, report) {
        links::add(&mut all, link);
    }
    all
}
