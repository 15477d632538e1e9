//! The lines that define footnotes and abbreviations.

use super::line::{begins_a_block, indentation};
use super::outline::{Line, Outline};
use super::scanner::LineKind;
use crate::document::text::fold;

/// Columns that a line of a footnote stands deeper than its first.
pub(super) const INDENT: usize = 4;

/// The folded label of the footnote that a line defines, and the column of the text around it.
pub(super) fn footnote(line: &Line<'_>) -> Option<(String, usize)> {
    if !matches!(line.kind, LineKind::Text | LineKind::InList) {
        return None;
    }
    let (base, rest) = indentation(line.text);
    let (label, _) = rest.strip_prefix("[^")?.split_once("]:")?;
    let fits = !label.is_empty() && !label.contains([']', ' ', '\t']);
    fits.then(|| (fold(label), base))
}

/// The line after the last one of the footnote that begins in the line `from`.
pub(super) fn end_of_footnote(outline: &Outline<'_>, from: usize, base: usize) -> usize {
    let mut end = from + 1;
    let mut in_paragraph = true;
    for (at, line) in outline.lines.iter().enumerate().skip(from + 1) {
        let (indent, rest) = indentation(line.text);
        if rest.is_empty() {
            in_paragraph = false;
            continue;
        }
        let goes_on = matches!(line.kind, LineKind::Text | LineKind::InList)
            && !begins_a_block(rest)
            && footnote(line).is_none()
            && abbreviation(line).is_none();
        if indent < base + INDENT && !(in_paragraph && goes_on) {
            break;
        }
        in_paragraph = true;
        end = at + 1;
    }
    end
}

/// The abbreviation that a line explains: `*[K8S]: Kubernetes`.
pub(super) fn abbreviation(line: &Line<'_>) -> Option<String> {
    if line.kind != LineKind::Text {
        return None;
    }
    let (indent, rest) = indentation(line.text);
    let (short, long) = rest.strip_prefix("*[")?.split_once("]:")?;
    let fits = indent < INDENT && !short.trim().is_empty() && !long.trim().is_empty();
    fits.then(|| short.trim().to_owned())
}
