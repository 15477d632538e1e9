//! How far strings, numbers and names go.

use super::languages::Style;

/// Bytes of the longest character with its escapes and quotes, such as `'\u{10ffff}'`.
const CHARACTER: usize = 12;

/// `rest` up to the end of its line.
pub(super) fn line(rest: &str) -> &str {
    rest.split('\n').next().unwrap_or(rest)
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '$' | '@')
}

/// Whether what stands behind a name gives it a value.
pub(super) fn names_value(behind: &str, style: Style) -> bool {
    let next = behind.trim_start_matches([' ', '\t']);
    match style {
        Style::Yaml => {
            let value = next.strip_prefix(':');
            value.is_some_and(|value| value.is_empty() || value.starts_with(char::is_whitespace))
        }
        _ => {
            let is_compared = next.starts_with("==") || next.starts_with("=>");
            next.starts_with([':', '=']) && !is_compared && !next.starts_with("://")
        }
    }
}

/// How long the number is that `rest` begins with, with its unit.
pub(super) fn number(rest: &str) -> usize {
    let mut end = 0;
    let mut bytes = rest.bytes().peekable();
    while let Some(byte) = bytes.next() {
        // `0..10` is a range, and a point may end a sentence.
        let joins = byte == b'.' && bytes.peek().is_some_and(u8::is_ascii_alphanumeric);
        if !(joins || byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'%')) {
            break;
        }
        end += 1;
    }
    if rest.starts_with(|c: char| c.is_ascii_digit()) { end } else { 0 }
}

/// Where the string ends that `rest` begins with and `mark` stands around: at the end of its line, unless it
/// may have several, where nothing closes it.
pub(super) fn closed(rest: &str, mark: &str, has_lines: bool) -> usize {
    let mut at = mark.len();
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        if here.starts_with(mark) {
            return at + mark.len();
        }
        let mut chars = here.chars();
        let first = chars.next().unwrap_or_default();
        if first == '\n' && !has_lines {
            break;
        }
        let escaped = chars.next().filter(|next| first == '\\' && *next != '\n');
        at += first.len_utf8() + escaped.map_or(0, char::len_utf8);
    }
    at.min(rest.len())
}

/// Where the character ends that `rest` begins with, if it is one.
pub(super) fn character(rest: &str) -> Option<usize> {
    let start = rest.get(..rest.floor_char_boundary(CHARACTER))?;
    let mut inner = start.get(1..)?.char_indices();
    let (_, first) = inner.next()?;
    if first == '\\' {
        inner.next()?;
        let (at, _) = inner.find(|(_, c)| *c == '\'')?;
        return Some(at + 2);
    }
    let (at, next) = inner.next()?;
    (next == '\'' && first != '\'').then_some(at + 2)
}
