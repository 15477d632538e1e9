//! Lines that may stand for headings: in bold, above the name of a speaker, or alone.

use crate::document::markdown::outline::{BOLD, Heading, LABELLED, Line, Outline};
use crate::document::markdown::scanner::LineKind;
use crate::document::speakers::{name_confidence::NameConfidence, people::People};
use crate::document::title::is_symbol;
use crate::document::words::words;

/// Lines that are bold as a whole and stand alone, as headings of the level [`BOLD`].
pub(super) fn bold_lines(outline: &Outline<'_>) -> Vec<Heading> {
    let blank = |line: Option<&Line<'_>>| line.is_none_or(|line| line.kind != LineKind::Text);
    let bold = |text: &str| {
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || is_symbol(c));
        let text = text.trim_end().strip_prefix("**")?.trim_end_matches([':', '：']);
        let whole = text.strip_suffix("**").map(|inner| inner.trim().to_owned());
        let inner = whole.or_else(|| with_names(text))?;
        (!inner.is_empty() && !inner.contains("**") && inner.len() <= 600).then_some(inner)
    };
    let lines = outline.lines.iter().enumerate().filter(|(_, line)| line.kind == LineKind::Text);
    lines
        .filter(|(at, _)| blank(at.checked_sub(1).and_then(|before| outline.lines.get(before))))
        .filter_map(|(line, own)| {
            Some(Heading { level: BOLD, text: bold(own.text)?, line, end: line + 1 })
        })
        .collect()
}

/// Lines of which `title` makes the title of a talk from the line, the next that is not blank
/// and whether a paragraph begins with it, as headings of the level [`LABELLED`].
pub(super) fn titled_lines(
    outline: &Outline<'_>,
    title: impl Fn(&str, &str, bool) -> Option<String>,
) -> Vec<Heading> {
    let mut next = "";
    let mut found = Vec::new();
    for (line, own) in outline.lines.iter().enumerate().rev() {
        let fits = matches!(own.kind, LineKind::Text | LineKind::Item { depth: 0, .. });
        let before = line.checked_sub(1).and_then(|before| outline.lines.get(before));
        let begins = before.is_none_or(|before| before.kind != LineKind::Text);
        if let Some(text) = fits.then(|| title(own.text.trim(), next, begins)).flatten() {
            found.push(Heading { level: LABELLED, text, line, end: line + 1 });
        }
        if own.kind != LineKind::Blank {
            next = own.text;
        }
    }
    found.reverse();
    found
}

/// Lines of text that stand alone and pass `accept`, as headings above lines in bold.
pub(super) fn plain_lines(outline: &Outline<'_>, accept: impl Fn(&str) -> bool) -> Vec<Heading> {
    let text = |at: Option<usize>| {
        at.and_then(|at| outline.lines.get(at)).is_some_and(|line| line.kind == LineKind::Text)
    };
    let alone = |at: &usize| !text(at.checked_sub(1)) && !text(Some(at + 1));
    let lines = outline.lines.iter().enumerate();
    let lines = lines.filter(|(at, line)| line.kind == LineKind::Text && alone(at));
    lines
        .filter(|(_, line)| accept(line.text.trim()))
        .map(|(line, own)| {
            let text = own.text.trim().to_owned();
            Heading { level: BOLD - 1, text, line, end: line + 1 }
        })
        .collect()
}

/// `Title** - Name` as title and names: a short line of which the title is bold.
fn with_names(text: &str) -> Option<String> {
    let (title, rest) = text.split_once("**")?;
    let rest = rest.trim();
    let parted = &words().marks.behind_bold;
    let rest = rest.trim_start_matches([',', ' ']);
    let by = rest.split_once(' ').is_some_and(|(word, names)| {
        let named = || People::parse(names).name_confidence >= NameConfidence::Medium;
        words().by_words(false).contains(word) || (words().by_words(true).contains(word) && named())
    });
    let names = (by || parted.iter().any(|mark| rest.starts_with(mark.as_str())))
        && rest.chars().count() <= 80
        && !rest.ends_with(['.', '。']);
    names.then(|| format!("{} {rest}", title.trim()))
}
