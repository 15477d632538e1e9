//! Lines that begin alike, so that they are the items of a programme although no list drafts them:
//! `10:00 Title / Name`, `[3] Title - Name`, `Talk 3: Title` or `• Title (Name)`.

use crate::document::markdown::outline::Item;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::speakers::in_title;
use crate::document::speakers::name_confidence::NameConfidence;
use crate::document::speakers::positions::{Credit, SpeakerPosition};
use crate::document::title;

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    Time,
    Number,
    Dot,
    Named,
}

impl Lead {
    const ALL: [Self; 4] = [Self::Time, Self::Number, Self::Dot, Self::Named];

    /// How many lines that begin so make a programme.
    fn least(self) -> usize {
        if matches!(self, Self::Time | Self::Named) { 2 } else { 3 }
    }
}

/// Bullets of other programs, which are none in Markdown.
const DOTS: [char; 6] = ['•', '‣', '◦', '▸', '►', '・'];

/// Characters of a line that is longer than a title with its speakers and nothing else.
const MAX_NAMED: usize = 140;

/// Characters of a line that is longer than a title with its speakers.
const MAX_LINE: usize = 300;

/// The lines between two others that begin as items of a programme do, each with what follows it.
pub(super) fn items(document: &Document<'_>, from: usize, to: usize) -> Vec<Item> {
    let leads: Vec<(usize, Lead)> =
        (from..to).filter_map(|at| Some((at, lead(document, at)?))).collect();
    let texts = document.outline.lines.get(from..to).unwrap_or_default();
    let texts = texts.iter().filter(|line| line.kind == LineKind::Text).count();
    let fits = |wanted: &Lead| {
        let count = leads.iter().filter(|(_, lead)| lead == wanted).count();
        // Prose may name people in three of its lines.
        let most = *wanted != Lead::Named || count * 5 >= texts * 3;
        count >= wanted.least() && most
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

/// A text without what drafts it as an item of a programme: `[3]`, `(3)` or a bullet.
pub(super) fn without_lead(text: &str) -> &str {
    let pairs = [('[', ']'), ('(', ')'), ('（', '）')];
    let number = pairs.iter().find_map(|(open, close)| {
        let (inner, rest) = text.strip_prefix(*open)?.split_once(*close)?;
        (is_number(inner) && !rest.starts_with('(')).then_some(rest)
    });
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
    if without_lead(text) != text {
        return Some(Lead::Number);
    }
    names_speaker(text).then_some(Lead::Named)
}

/// Whether a line is a title with the name of its speaker, and nothing else.
fn names_speaker(text: &str) -> bool {
    let short = text.chars().count() <= MAX_NAMED
        && !text.ends_with(['.', '。', '!', '?', ':', '：', ';', ',']);
    let sure = |credit: &Credit| match credit.position {
        SpeakerPosition::By => credit.people.name_confidence >= NameConfidence::Medium,
        position => position.is_usual() && credit.people.name_confidence == NameConfidence::Strong,
    };
    short
        && !text.starts_with(['>', '|', '!', '<', '*', '_', '['])
        && in_title::credits(&title::undecorate(text).text).iter().any(sure)
}

fn is_number(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Format;
    use crate::document::report::Report;

    fn starts(text: &str) -> Vec<usize> {
        let document = Document::new("a.md", text, Format::Auto, &mut Report::new("a.md")).unwrap();
        let lines = document.outline.lines.len();
        items(&document, 0, lines).iter().map(|item| item.line).collect()
    }

    #[test]
    fn lines_that_begin_alike_are_items() {
        assert_eq!(starts("10:00 Ropes\n\n11:00 Anchors"), [0, 2]);
        assert_eq!(starts("[1] Ropes\n[2] Anchors\n[3] Fog"), [0, 1, 2]);
        assert_eq!(starts("• Ropes\n• Anchors\n• Fog"), [0, 1, 2]);
        assert_eq!(starts("Ropes by Nora Quill\nNets by Bo Pier\nAnchors by Ana Ruiz"), [0, 1, 2]);
    }

    #[test]
    fn prose_has_no_items() {
        assert!(starts("At 10:00 we sailed.\n\nThen we ate.\n\n2031 was a good year.").is_empty());
        assert!(starts("[1] Ropes\n\nsee [a](x) for more").is_empty());
        assert!(starts("[a](x) is old.\n\n[b](y) is new.\n\n[c](z) is blue.").is_empty());
        assert!(starts("Ropes by Nora Quill\nwere long.\nNets by Bo Pier\nAnchors by Ana Ruiz\n\nWe\n\nsail\n\nnow").is_empty());
    }
}
