//! A file as text, with its lines: bytes are found by line and column, and the other way round.

use std::ops::Range;
use std::sync::OnceLock;

use super::source_map::Written;

/// What stands before the text of some files.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A file. Where it is no UTF-8 it has no lines.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    bytes: &'a [u8],
    text: &'a str,
    /// Where each line starts, behind a byte order mark.
    starts: Vec<usize>,
    written: OnceLock<Written<'a>>,
}

/// A place in a file. Lines and columns count from 1, behind a byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column in characters.
    pub column: usize,
    /// The column in UTF-16 code units.
    pub utf16: usize,
    /// The place in bytes from the beginning of the file.
    pub offset: usize,
}

impl<'a> Text<'a> {
    /// The file with the content `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let first = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        // A carriage return alone ends a line, as Markdown has it.
        let is_end = |at: usize, end: &str| {
            end == "\n" || !text.get(at..).is_some_and(|rest| rest.starts_with("\r\n"))
        };
        let ends = text.match_indices(['\n', '\r']);
        let ends = ends.filter(|(at, end)| is_end(*at, end)).map(|(at, _)| at + 1);
        let starts =
            if text.is_empty() { Vec::new() } else { [first].into_iter().chain(ends).collect() };
        Self { bytes, text, starts, written: OnceLock::new() }
    }

    /// The file as it is.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The bytes of line `number` from 1, without its end.
    pub fn line_range(&self, number: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(number.checked_sub(1)?)?;
        let next = self.starts.get(number).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..next)?;
        let kept = line.strip_suffix('\n').unwrap_or(line);
        let kept = kept.strip_suffix('\r').unwrap_or(kept);
        Some(start..start + kept.len())
    }

    /// Line `number` from 1, without its end.
    pub fn line(&self, number: usize) -> Option<&'a str> {
        self.text.get(self.line_range(number)?)
    }

    /// Lines with their numbers, from line `first` on.
    pub fn lines_from(&self, first: usize) -> impl Iterator<Item = (usize, &'a str)> {
        (first.max(1)..).map_while(|number| Some((number, self.line(number)?)))
    }

    /// The lines that are not blank, by what they say.
    pub(super) fn written(&self) -> &Written<'a> {
        self.written.get_or_init(|| Written::new(self))
    }

    /// What line `number` ends with; the usual end of a line in this file where it has none.
    pub fn line_end(&self, number: usize) -> &'static str {
        let ends = |number: usize| {
            let rest = self.text.get(self.line_range(number)?.end..)?;
            ["\r\n", "\n", "\r"].into_iter().find(|end| rest.starts_with(end))
        };
        ends(number).or_else(|| ends(1)).unwrap_or("\n")
    }

    /// The bytes between two places, as text.
    pub fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// Where `part` stands first at or after `from`.
    pub fn find(&self, part: &str, from: usize) -> Option<usize> {
        self.text.get(from..)?.find(part).map(|at| from + at)
    }

    /// The byte of column `column`, in characters from 1, of line `number`; the end of the line
    /// where it is shorter.
    pub fn offset(&self, number: usize, column: usize) -> Option<usize> {
        let range = self.line_range(number)?;
        let mut places = self.slice(range.clone()).char_indices();
        let inside = places.nth(column.saturating_sub(1)).map_or(range.len(), |(at, _)| at);
        Some(range.start + inside)
    }

    /// The place of the byte `offset`.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let before = self.slice(start..offset.max(start));
        Position {
            line,
            column: before.chars().count() + 1,
            utf16: before.encode_utf16().count() + 1,
            offset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_that_an_editor_shows() {
        let text = Text::new("\u{feff}a\r\n講者\n\n🎤 b".as_bytes());
        assert_eq!(text.line(1), Some("a"));
        assert_eq!(text.line(2), Some("講者"));
        assert_eq!(text.line(3), Some(""));
        assert_eq!(text.line(4), Some("🎤 b"));
        assert_eq!((text.line(0), text.line(5)), (None, None));
        assert_eq!((text.line_end(1), text.line_end(2), text.line_end(4)), ("\r\n", "\n", "\r\n"));
        let text = Text::new(b"a\rb\r\n\rc");
        let lines: Vec<&str> = text.lines_from(1).map(|(_, line)| line).collect();
        assert_eq!(lines, ["a", "b", "", "c"]);
    }

    #[test]
    fn columns_are_counted_in_characters_and_in_utf16() {
        let text = Text::new("\u{feff}a\n🎤講 b".as_bytes());
        let offset = text.offset(2, 4).unwrap();
        assert_eq!(text.slice(offset..offset + 1), "b");
        assert_eq!(text.position(offset), Position { line: 2, column: 4, utf16: 5, offset });
        assert_eq!(text.position(3), Position { line: 1, column: 1, utf16: 1, offset: 3 });
        assert_eq!(text.offset(2, 99), Some("\u{feff}a\n🎤講 b".len()));
        assert_eq!(text.offset(3, 1), None);
    }

    #[test]
    fn what_is_no_text_has_no_lines() {
        let text = Text::new(b"a\xff\n");
        assert_eq!((text.line(1), text.offset(1, 1), text.find("a", 0)), (None, None, None));
        assert_eq!(text.position(3).line, 1);
    }
}
