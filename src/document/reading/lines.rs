//! Lines that stand for headings: days, lines in bold, and titles above the name of a speaker.

use crate::document::dates::DayHeading;
use crate::document::markdown::outline::{BOLD, Heading, LABELLED};
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::people::People;
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
        BOLD => headings.extend(outline.bold_lines()),
        LABELLED => {
            headings.extend(outline.titled_lines(titled));
            headings.extend(timed(document));
        }
        _ => {}
    }
    let day = |line: &str| DayHeading::parse(&title::plain(line)).is_some();
    let marked = |line: &str| {
        let text = line.trim_start_matches(DAY_MARKS);
        text.len() < line.len() && day(text)
    };
    let lines = level >= BOLD;
    let days = outline.plain_lines(|line| marked(line) || (lines && day(line))).into_iter();
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

/// Paragraphs of a programme: a line with a time, one with a name where there is one, and the title.
fn timed(document: &Document<'_>) -> Vec<Heading> {
    let lines = &document.outline.lines;
    let text = |at: usize| {
        let line = lines.get(at).filter(|line| line.kind == LineKind::Text)?;
        Some(title::plain(line.text)).filter(|text| text.chars().count() <= 120)
    };
    // Lines in bold may stand apart from the time above them.
    let bold = |at: usize| lines.get(at).is_some_and(|line| line.text.trim().starts_with("**"));
    let below = |at: usize| {
        let blank = |at: &usize| lines.get(*at).is_some_and(|line| line.kind == LineKind::Blank);
        let next =
            (at + 1..at + 4).find(|at| !blank(at)).filter(|next| *next == at + 1 || bold(*next))?;
        Some((next, text(next)?))
    };
    let counted = |at: &usize| {
        lines.get(*at).is_some_and(|line| {
            line.kind == LineKind::Text
                && line.text.bytes().any(|b| b.is_ascii_digit() || b == b'&')
        })
    };
    let found = (0..lines.len()).filter(counted).filter_map(|at| {
        let begins = at.checked_sub(1).and_then(text).is_none();
        let time = text(at).filter(|own| begins && is_span(own))?;
        let (line, first) = below(at).filter(|(_, own)| !own.ends_with(['.', '。', ':', '：']))?;
        let likeness = |text: &str| People::parse(text).likeness;
        let second = below(line).filter(|(_, second)| {
            likeness(&first) >= Likeness::Medium && likeness(second) < likeness(&first)
        });
        let (text, end) = match second {
            Some((line, second)) => (format!("{time} {second} - {first}"), line + 1),
            None => (format!("{time} {first}"), line + 1),
        };
        Some(Heading { level: LABELLED, text, line: at, end })
    });
    found.collect()
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
    let bold = outline.bold_lines().into_iter().filter(|heading| day(&heading.text));
    headings.extend(bold.map(|heading| Heading { level: BOLD - 1, ..heading }));
    headings.extend(outline.plain_lines(day));
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
