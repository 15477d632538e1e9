//! Lines that stand for headings: days, lines in bold, and titles above the name of a speaker.

use super::line_headings::{bold_lines, plain_lines, titled_lines};
use crate::document::dates::DayHeading;
use crate::document::markdown::outline::{BOLD, Heading, LABELLED};
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::speakers::{by_words, credits};
use crate::document::title;
use crate::document::words::{Label, words};

/// Marks in front of a line that stands for a heading: `■ 8月23日`.
const DAY_MARKS: &[char] = &['■', '□', '◆', '◇', '●', '○', '▼', '▽', '★', '☆', ' '];

/// Bytes of a span of times, with marks around it.
const MAX_SPAN: usize = 60;

/// The headings of a document, with lines that stand for headings of `level`.
pub(super) fn with_lines(document: &Document<'_>, level: u8) -> Vec<Heading> {
    let outline = &document.outline;
    let mut headings: Vec<Heading> =
        outline.headings.iter().map(|heading| with_title_below(document, heading)).collect();
    match level {
        BOLD => headings.extend(bold_lines(outline)),
        LABELLED => headings.extend(titled_lines(outline, titled)),
        _ => {}
    }
    let day = |line: &str| DayHeading::parse(&title::plain(line)).is_some();
    let marked = |line: &str| {
        let text = line.trim_start_matches(DAY_MARKS);
        text.len() < line.len() && day(text)
    };
    let lines = level >= BOLD;
    let days = plain_lines(outline, |line| marked(line) || (lines && day(line))).into_iter();
    headings.extend(days.map(|own| Heading {
        level: if lines { own.level } else { level.saturating_sub(1).max(1) },
        text: own.text.trim_start_matches(DAY_MARKS).to_owned(),
        ..own
    }));
    headings.sort_by_key(|heading| heading.line);
    headings.dedup_by_key(|heading| heading.line);
    headings
}

/// A heading; where it is a time and nothing else, with the title on the first line below it.
fn with_title_below(document: &Document<'_>, heading: &Heading) -> Heading {
    if heading.text.len() > MAX_SPAN || !is_span(&title::plain(&heading.text)) {
        return heading.clone();
    }
    let mut lines = document.outline.lines.iter().enumerate().skip(heading.end);
    let below = lines.find(|(_, line)| !line.text.trim().is_empty());
    let title = below.filter(|(_, line)| line.kind == LineKind::Text).and_then(|(at, line)| {
        let text = title::plain(line.text);
        let fits = text.chars().count() <= 120 && !text.ends_with(['.', '。', ':', '：']);
        (fits && text.contains(char::is_alphabetic)).then_some((at, text))
    });
    title.map_or_else(
        || heading.clone(),
        |(at, text)| Heading {
            text: format!("{} {text}", heading.text),
            end: at + 1,
            ..heading.clone()
        },
    )
}

/// Whether a line is a time or a span of times and nothing else.
pub(super) fn is_span(line: &str) -> bool {
    let parts = line.split(['-', '–', '—', '~', '～']).map(str::trim);
    line.starts_with(|c: char| !c.is_alphabetic())
        && parts.clone().count() <= 2
        && parts.clone().all(title::is_time)
}

/// The headings of a document, with lines that are days and nothing else.
pub(super) fn with_days(document: &Document<'_>) -> Vec<Heading> {
    let outline = &document.outline;
    let day = |line: &str| DayHeading::parse(&title::plain(line)).is_some();
    let mut headings = outline.headings.clone();
    let bold = bold_lines(outline).into_iter().filter(|heading| day(&heading.text));
    headings.extend(bold.map(|heading| Heading { level: BOLD - 1, ..heading }));
    headings.extend(plain_lines(outline, day));
    headings.sort_by_key(|heading| heading.line);
    headings.dedup_by_key(|heading| heading.line);
    headings
}

/// The title in a line such as `Vortrag: A title`, or in one above `Speaker: A name`.
fn titled(line: &str, next: &str, begins: bool) -> Option<String> {
    if credits::labelled(line).is_some() {
        return None;
    }
    let text = line.trim_start_matches(['-', '*', '+', ' ']);
    let labelled = credits::labelled(next)
        .is_some_and(|(label, _)| matches!(label, Label::Speakers | Label::Who));
    if !labelled && !by_words::is_by_line(next) {
        return None;
    }
    if let Some((label, value)) = text.split_once([':', '：'])
        && words().is_title_label(&title::plain(label))
    {
        let value = value.trim_start_matches(['*', ' ']).trim();
        let kind = title::undecorate(line).kind.is_some();
        let text = if kind { title::plain(text) } else { title::plain(value) };
        return (!value.is_empty()).then_some(text);
    }
    // An item with names nested in it is one of a list of talks.
    let begins = begins && !line.starts_with(['-', '*', '+']) || line.starts_with("**");
    let short =
        text.chars().count() <= 120 && !text.ends_with(['.', '。', '！', ':', '：', ';', ',']);
    (begins && short && !line.starts_with(['>', '|', '!', '<'])).then(|| title::plain(text))
}
