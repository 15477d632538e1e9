//! How strongly a document shows that a reading of it is right.

use super::habits::Habits;
use super::roles::{Role, Segment};
use super::{items::ItemMark, marks::Mark};
use crate::document::dates;
use crate::document::dialect::Dialect;
use crate::document::markdown::outline::Heading;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::speakers::seats::{Credit, Seat};
use crate::document::speakers::{likeness::Likeness, people::People};
use crate::document::text::is_cjk;
use crate::document::title;
use crate::document::words::words;

/// One reason for or against a reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::document) struct Evidence {
    /// What was seen, in a few words.
    pub what: &'static str,
    /// How much it counts; below 0 it speaks against the reading.
    pub points: f32,
}

const EVENT: &str = "the title names an event";

/// Least sum of points with which a document has talks.
pub(in crate::document) const THRESHOLD: f32 = 3.0;

/// Evidence for talks that are headings of one level.
pub(in crate::document) fn of_headings(
    document: &Document<'_>,
    headings: &[Heading],
    segments: &[Segment],
    marks: &[Mark],
    habits: &Habits,
) -> Vec<Evidence> {
    let share = |wanted: &dyn Fn(&Mark) -> bool| {
        ratio(marks.iter().filter(|mark| wanted(mark)).count(), marks.len())
    };
    let wordy = share(&|mark| is_wordy(&mark.title.text));
    let credited = share(&|mark| mark.credits.iter().any(|credit| habits.accept(credit)));
    let named = share(&|mark| {
        let parted = mark.credits.iter().any(|c| c.title.is_some() && habits.accept(c));
        !parted && People::parse(&mark.title.text).likeness >= Likeness::Medium
    });
    let personal = share(&|mark| {
        words().is_first_person(&mark.title.text) && !mark.credits.iter().any(|c| habits.accept(c))
    });
    let prose = share(&|mark| is_prose(document, mark)) * (1.0 - credited);
    // What shows that it is about talks at all: days and medals alone are those of a journey.
    let event = of_document(document).iter().any(|evidence| evidence.what == EVENT);
    let about_talks = event
        || credited > 0.0
        || marks.iter().any(|mark| mark.has_page || mark.title.kind.is_some() || mark.under_group);
    let top_days = segments.iter().any(|segment| {
        let heading = segment.heading.and_then(|index| headings.get(index));
        matches!(segment.role, Role::Day(_)) && heading.is_some_and(|heading| heading.level == 1)
    });
    let year = dates::year_in(&document.title().unwrap_or_default()).is_some();
    let days = if about_talks || top_days || year { 5.0 } else { 1.0 };
    let medals = if about_talks || marks.iter().any(|mark| mark.under_day) { 5.0 } else { 1.0 };
    let is_post = document.dialect == Dialect::Hugo && !marks.iter().any(|mark| mark.under_day);
    let shown = credited > 0.0
        || marks.iter().any(|mark| {
            mark.has_page
                || mark.title.kind.is_some()
                || mark.under_group
                || mark.title.start_time.is_some()
        });
    let notes = words().is_event_notes(&document.title().unwrap_or_default());
    let post = match (shown, notes) {
        (true, _) => -1.0,
        (false, true) => -1.5,
        (false, false) => -2.5,
    };
    let sure =
        marks.iter().flat_map(|mark| &mark.credits).filter(|c| habits.accept(c)).any(is_sure);
    let placed = sure
        || document.start().is_some()
        || marks.iter().any(|mark| {
            mark.has_page
                || mark.title.kind.is_some()
                || mark.under_group
                || mark.under_day
                || mark.title.start_time.is_some()
                || mark.has_sections
        });
    let titled = document.front.title.is_some()
        || headings
            .iter()
            .any(|heading| heading.level == 1 && level_of(headings, marks) != Some(1));
    let elsewhere = titled && !placed && !names_event(document);
    let mut found = of_document(document);
    found.extend([
        Evidence {
            what: "the title names no event, and names are the only sign of talks",
            points: if elsewhere { -5.0 } else { 0.0 },
        },
        Evidence { what: "a post", points: if is_post { post } else { 0.0 } },
        Evidence { what: "speakers", points: 6.0 * credited },
        Evidence { what: "under a day", points: days * share(&|mark| mark.under_day) },
        Evidence { what: "under a group", points: 3.0 * share(&|mark| mark.under_group) },
        Evidence { what: "links to session pages", points: 5.0 * share(&|mark| mark.has_page) },
        Evidence {
            what: "kinds or medals",
            points: medals * share(&|mark| mark.title.kind.is_some() || mark.title.medal.is_some()),
        },
        Evidence {
            what: "times or rooms",
            points: 3.0
                * share(&|mark| mark.title.start_time.is_some() || mark.title.room.is_some()),
        },
        Evidence { what: "sections that repeat", points: 5.0 * share(&|mark| mark.has_sections) },
        Evidence { what: "titles that are names", points: -6.0 * named },
        Evidence { what: "headings about the author", points: -6.0 * personal },
        Evidence { what: "prose without speakers", points: -prose },
        Evidence { what: "numbers", points: 0.5 * share(&|mark| mark.title.numbered) },
        Evidence { what: "titles of several words", points: 2.5 * wordy - 1.5 },
        Evidence {
            what: "headings above that are no groups",
            points: -4.0 * unexplained(document, headings, segments),
        },
        Evidence {
            what: "headings that are no talks",
            points: -not_talks(headings, segments, marks),
        },
    ]);
    found.retain(|evidence| evidence.points != 0.0);
    found
}

/// Whether a title is a name with a year and nothing else, as that of an event may be.
fn is_name(title: &str) -> bool {
    let small = |word: &str| word.starts_with(char::is_lowercase);
    let short = title.split_whitespace().count() <= 4 && title.chars().count() <= 40;
    dates::year_in(title).is_some() && short && !title.split_whitespace().any(small)
}

/// Whether a credit shows by itself that somebody speaks: behind a label or with a company.
fn is_sure(credit: &Credit) -> bool {
    credit.seat == Seat::Label
        || credit.people.speakers.iter().any(|speaker| speaker.organization.is_some())
}

/// The level of the headings that are talks.
fn level_of(headings: &[Heading], marks: &[Mark]) -> Option<u8> {
    marks.first().and_then(|mark| headings.get(mark.segment.heading?)).map(|heading| heading.level)
}

/// Whether the title or the path of a document names an event, a year or notes about one.
fn names_event(document: &Document<'_>) -> bool {
    let title = document.title().unwrap_or_default();
    let named = |text: &str| {
        words().is_event(text) || words().is_event_notes(text) || dates::year_in(text).is_some()
    };
    named(&title) || document.path.split('/').any(|part| named(part) && part != "notes")
}

/// Evidence for talks that are items of lists, each point counted `weight` times.
pub(in crate::document) fn of_items(
    document: &Document<'_>,
    items: &[ItemMark],
    habits: &Habits,
    weight: f32,
) -> Vec<Evidence> {
    let share = |wanted: &dyn Fn(&ItemMark) -> bool| {
        weight * ratio(items.iter().filter(|item| wanted(item)).count(), items.len())
    };
    let credited = share(&|item| item.credits.iter().any(|credit| habits.accept(credit)));
    let title = document.title().unwrap_or_default();
    let event = words().is_event(&title) || words().is_event(document.stem()) || is_name(&title);
    let sure =
        items.iter().flat_map(|item| &item.credits).filter(|c| habits.accept(c)).any(is_sure);
    let placed = |item: &ItemMark| {
        item.under_day
            || item.under_group
            || item.has_page
            || item.is_listed
            || item.title.kind.is_some()
            || item.title.start_time.is_some()
    };
    let placed = sure || document.start().is_some() || items.iter().any(placed);
    let anything = if event || placed { 0.0 } else { -4.0 * weight };
    vec![
        Evidence { what: "names in a list that may be of anything", points: anything },
        Evidence { what: "speakers in items", points: 6.0 * credited },
        Evidence { what: "items link to session pages", points: 6.0 * share(&|i| i.has_page) },
        Evidence { what: "items under a day", points: 4.0 * share(&|i| i.under_day) },
        Evidence { what: "items under a group", points: 3.0 * share(&|i| i.under_group) },
    ]
}

/// Evidence for talks that the title, the path and the lists of a document give.
pub(in crate::document) fn of_document(document: &Document<'_>) -> Vec<Evidence> {
    let title = document.title().unwrap_or_default();
    let about = |text: &str| words().is_other_document(text);
    let event = words().is_event(&title) || words().is_event(document.stem());
    let year = dates::year_in(&title).is_some();
    let notes = words().is_event_notes(&title);
    let mut found = Vec::new();
    let mut add = |seen: bool, what, points| {
        if seen {
            found.push(Evidence { what, points });
        }
    };
    add(event, EVENT, 2.0);
    add(year, "the title names a year", 1.0);
    add(notes && (event || year), "the title speaks of notes", 1.0);
    add(
        about(document.path) || about(&title),
        "the title or path names another kind of document",
        -9.0,
    );
    let readme = document.stem().eq_ignore_ascii_case("readme");
    add(readme && !event, "a README", -3.0);
    add(has_tasks(document), "most of it is things to do", -6.0);
    found
}

/// Whether the text under a heading begins with sentences rather than with notes.
fn is_prose(document: &Document<'_>, mark: &Mark) -> bool {
    let lines = document.outline.lines.get(mark.segment.body..mark.segment.end).unwrap_or_default();
    let first = lines.iter().find(|line| line.kind != LineKind::Blank);
    first.is_some_and(|line| {
        let text = line.text.trim_end();
        let wide = text.chars().filter(|c| is_cjk(*c)).count();
        line.kind == LineKind::Text
            && (text.len() >= 60 || wide >= 12)
            && !text.ends_with([':', '：'])
    })
}

/// Whether a title is one of a talk by its length.
pub(in crate::document) fn is_wordy(title: &str) -> bool {
    let wide = title.chars().filter(|&c| is_cjk(c)).count();
    let latin = title.split(' ').filter(|word| word.chars().any(char::is_alphanumeric)).count();
    wide >= 5 || latin >= 3 || (wide >= 2 && latin >= 2)
}

/// Whether a title is a single word, as names of breaks and of parts of notes are.
pub(in crate::document) fn is_word(title: &str) -> bool {
    let wide = title.chars().filter(|&c| is_cjk(c)).count();
    let latin = title.split(' ').filter(|word| word.chars().any(char::is_alphanumeric)).count();
    latin <= 1 && wide <= 4
}

/// The share of the headings above talks that are neither days nor groups nor short names of tracks.
fn unexplained(document: &Document<'_>, headings: &[Heading], segments: &[Segment]) -> f32 {
    let mut parents = 0_usize;
    let mut odd = 0_usize;
    for segment in segments.iter().filter(|segment| segment.role == Role::Group) {
        let Some(heading) = segment.heading.and_then(|index| headings.get(index)) else { continue };
        let text = title::undecorate(&heading.text).text;
        let has_text = !document.outline.slice(segment.body, segment.end).trim().is_empty();
        parents += 1;
        let speaker = People::parse(&text).likeness >= Likeness::Medium;
        let odd_text = has_text || is_wordy(&text);
        odd += usize::from(!words().is_group(&heading.text) && !speaker && odd_text);
    }
    ratio(odd, parents)
}

/// Points against a level most of whose headings are no talks.
fn not_talks(headings: &[Heading], segments: &[Segment], marks: &[Mark]) -> f32 {
    let level = marks.first().and_then(|mark| headings.get(mark.segment.heading?)).map(|h| h.level);
    let others = segments.iter().filter(|segment| {
        segment.role == Role::Other
            && segment.heading.and_then(|index| headings.get(index)).map(|h| h.level) == level
    });
    if others.count() > marks.len() * 2 { 2.0 } else { 0.0 }
}

/// Whether most items of the lists are boxes to tick.
pub(in crate::document) fn has_tasks(document: &Document<'_>) -> bool {
    let lines = document.outline.lines.iter().map(|line| line.text.trim_start());
    let items: Vec<&str> = lines.filter(|line| line.starts_with(['-', '*', '+'])).collect();
    let boxes = items
        .iter()
        .filter(|item| item.contains("[ ]") || item.contains("[x]") || item.contains("[X]"));
    let boxes = boxes.count();
    boxes >= 3 && boxes * 2 >= items.len()
}

#[allow(clippy::cast_precision_loss, reason = "counts of headings are small")]
pub(in crate::document) fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}
