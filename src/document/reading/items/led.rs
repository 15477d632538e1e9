//! Lines that begin alike, so that they are the items of a programme although no list marks them:
//! `10:00 Title / Name`, `[3] Title - Name`, `• Title (Name)`, links that stand alone.

use crate::document::markdown::links;
use crate::document::markdown::outline::Item;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::title;

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    Time,
    Number,
    Dot,
    Link,
}

impl Lead {
    const ALL: [Self; 4] = [Self::Time, Self::Number, Self::Dot, Self::Link];

    /// How many lines that begin so make a programme.
    fn least(self) -> usize {
        if self == Self::Time { 2 } else { 3 }
    }
}

/// Bullets of other programs, which are none in Markdown.
const DOTS: [char; 6] = ['•', '‣', '◦', '▸', '►', '・'];

/// Characters of a line that is longer than a title with its speakers.
const MAX_LINE: usize = 300;

/// The lines between two others that begin as items of a programme do, each with what follows it.
pub(super) fn items(document: &Document<'_>, from: usize, to: usize) -> Vec<Item> {
    let leads: Vec<(usize, Lead)> =
        (from..to).filter_map(|at| Some((at, lead(document, at)?))).collect();
    let fits = |wanted: &Lead| {
        let count = leads.iter().filter(|(_, lead)| lead == wanted).count();
        count >= wanted.least()
    };
    // Of a line with a time and a link the time counts, so that one programme is one list.
    let Some(lead) = Lead::ALL.into_iter().find(fits) else { return Vec::new() };
    let starts: Vec<usize> =
        leads.iter().filter(|(_, own)| *own == lead).map(|(at, _)| *at).collect();
    let ends = starts.iter().skip(1).copied();
    let mut items: Vec<Item> =
        starts.iter().zip(ends).map(|(line, end)| item(document, *line, end)).collect();
    if let Some(last) = starts.last() {
        let noted = items.iter().any(|item| item.end > item.line + 1);
        let end = if noted { to } else { last + 1 };
        items.push(item(document, *last, end));
    }
    items
}

/// A text without what marks it as an item of a programme: `[3]` or a bullet.
pub(super) fn without_lead(text: &str) -> &str {
    let number = text.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    let number = number.filter(|(inner, _)| is_number(inner)).map(|(_, rest)| rest);
    number.unwrap_or(text).trim_start_matches(DOTS).trim_start()
}

fn item(document: &Document<'_>, line: usize, end: usize) -> Item {
    let lines = document.outline.lines.get(line + 1..end).unwrap_or_default();
    let told = lines.iter().rposition(|own| own.kind != LineKind::Blank);
    Item { line, end: told.map_or(line + 1, |last| line + last + 2), content: 0 }
}

fn lead(document: &Document<'_>, at: usize) -> Option<Lead> {
    let line = document.outline.lines.get(at).filter(|line| line.kind == LineKind::Text)?;
    let text = line.text.trim();
    if text.chars().nth(MAX_LINE).is_some() {
        return None;
    }
    let timed = text.trim_start_matches(['*', '_', '[', '(', '`', ' ']);
    if timed.starts_with(|c: char| c.is_ascii_digit()) && title::begins_with_time(text) {
        return Some(Lead::Time);
    }
    if text.starts_with(DOTS) {
        return Some(Lead::Dot);
    }
    let (inner, _) = text.strip_prefix('[')?.split_once(']')?;
    if is_number(inner) {
        return Some(Lead::Number);
    }
    let found = links::in_text(text, &document.definitions);
    let [link] = found.as_slice() else { return None };
    let alone = !link.text.is_empty() && title::plain(text) == title::plain(&link.text);
    alone.then_some(Lead::Link)
}

fn is_number(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())
}
