//! The title of a document that is about one talk: its only heading, its first line, the front matter or the name of
//! the file.

use std::collections::BTreeSet;

use super::evidence::Topic;
use super::survey::Survey;
use crate::document::dates::DayHeading;
use crate::document::markdown::outline::Heading;
use crate::document::parsed::Document;
use crate::document::words::words;

/// The only heading at the top, or the first line; none where there are more.
pub(super) fn of(document: &Document<'_>, is_told: impl Fn(&Heading) -> bool) -> Option<Heading> {
    let headings = &document.outline.headings;
    let top = headings.iter().map(|heading| heading.level).min();
    let mut tops = headings.iter().filter(|heading| Some(heading.level) == top);
    match (tops.next(), tops.next()) {
        (Some(own), None) if own.level == 1 => Some(own.clone()),
        (Some(own), Some(_)) if own.level == 1 => first_of_several(document, is_told).cloned(),
        _ if document.front.title.is_some() => of_front(document),
        (Some(own), None) if document.outline.slice(0, own.line).is_empty() => Some(own.clone()),
        _ => document.outline.first_line(),
    }
}

/// The first of several headings of level 1 where only it, at the beginning of the file, has a
/// speaker or the page of a talk.
fn first_of_several<'a>(
    document: &'a Document<'_>,
    is_told: impl Fn(&Heading) -> bool,
) -> Option<&'a Heading> {
    let mut tops = document.outline.headings.iter().filter(|heading| heading.level == 1);
    let first = tops.next().filter(|own| document.outline.slice(0, own.line).is_empty())?;
    let topic = Topic::of(document);
    let in_event = (topic.event_folder || topic.year_folder) && !document.is_index();
    (in_event && is_told(first) && !tops.any(is_told)).then_some(first)
}

/// The name of the file where it is the only title, of a file in the folder of an event.
pub(super) fn of_file(survey: &Survey<'_, '_>) -> Option<Heading> {
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

/// Whether the name of a file is a title of several words, none of which stands in its first line or its only
/// heading: that is about something else.
pub(super) fn is_unlike(written: &str, file: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
        words.map(str::to_lowercase).collect()
    };
    let named = words(file);
    named.len() >= 3 && named.is_disjoint(&words(written))
}

/// The title of the front matter, at the line before the first.
pub(super) fn of_front(document: &Document<'_>) -> Option<Heading> {
    let text = document.front.title.clone()?;
    Some(Heading { level: 1, text, line: 0, end: 0 })
}
