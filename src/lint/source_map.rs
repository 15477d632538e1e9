//! Which line of a document each line of a note came from.
//!
//! A note's text is made of parts of its document: what stands under a heading, an item of a list
//! moved to the left, the two sides of a title, a block in a manifest. The lines themselves stay as
//! they were but for the white space in front of them, so that they are found again by what they say:
//! at best in the line after the last one that was found, else further down, else anywhere.

use std::collections::HashMap;

use super::text::Text;

/// The lines of a note in its document.
#[derive(Debug, Default)]
pub(super) struct SourceMap {
    /// For each line the line of the document, and how many characters were taken off its front.
    lines: Vec<Option<(usize, usize)>>,
}

impl SourceMap {
    /// The map of `markdown`, a text of the object that begins in line `first` of `text`.
    pub fn new(text: &Text<'_>, first: usize, markdown: &str) -> Self {
        let known = text.written();
        let mut last = first.saturating_sub(1);
        let lines = markdown.lines().map(|line| {
            let number = known.find(line.trim(), first, last)?;
            last = number;
            let length = |line: &str| line.trim_end().chars().count();
            Some((number, length(text.line(number)?).saturating_sub(length(line))))
        });
        Self { lines: lines.collect() }
    }

    /// Line and column in the document of a place in the note, all from 1.
    pub fn place(&self, line: Option<i32>, column: Option<i32>) -> Option<(usize, Option<usize>)> {
        let index = usize::try_from(line?).ok()?.checked_sub(1)?;
        let (number, moved) = (*self.lines.get(index)?)?;
        let column = column.and_then(|column| usize::try_from(column).ok());
        Some((number, column.map(|column| column + moved)))
    }

    /// Each line of the note that was found with its line in the document, both from 1.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let found = |(index, place): (usize, &Option<(usize, usize)>)| {
            place.map(|(number, _)| (index + 1, number))
        };
        self.lines.iter().enumerate().filter_map(found)
    }
}

/// The lines of a document that are not blank.
#[derive(Clone, Debug)]
pub(super) struct Written<'a> {
    lines: Vec<(usize, &'a str)>,
    places: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Written<'a> {
    pub fn new(text: &Text<'a>) -> Self {
        let lines = text.lines_from(1).map(|(number, line)| (number, line.trim()));
        let lines: Vec<_> = lines.filter(|(_, line)| !line.is_empty()).collect();
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, line) in &lines {
            places.entry(line).or_default().push(*number);
        }
        Self { lines, places }
    }

    /// The line that says `wanted`, for an object that begins in line `first`, after line `last`.
    fn find(&self, wanted: &str, first: usize, last: usize) -> Option<usize> {
        let next = self.lines.partition_point(|(number, _)| *number <= last);
        let next = self.lines.get(next).filter(|_| !wanted.is_empty());
        // What stands behind the title in an item of a list is the end of its line.
        let is_item = |line: &str| {
            line.starts_with(['-', '*', '+']) || line.starts_with(|c: char| c.is_ascii_digit())
        };
        let fits = |line: &str, number| {
            line == wanted || (number == first && is_item(line) && line.ends_with(wanted))
        };
        if let Some((number, _)) = next.filter(|(number, line)| fits(line, *number)) {
            return Some(*number);
        }
        let places = self.places.get(wanted)?;
        let after = places.partition_point(|number| *number <= last);
        places.get(after).or_else(|| places.first()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(document: &str, first: usize, markdown: &str) -> Vec<(usize, usize)> {
        SourceMap::new(&Text::new(document.as_bytes()), first, markdown).pairs().collect()
    }

    #[test]
    fn a_line_that_ends_as_its_heading_does_is_not_the_heading() {
        assert_eq!(pairs("## Rust at sea\n\nsea\n", 1, "sea"), [(1, 3)]);
    }

    #[test]
    fn what_stands_under_a_heading_is_found_in_order() {
        let document = "# A\n\nsame\n\n## B\n\nsame\n\n* x\n";
        assert_eq!(pairs(document, 5, "same\n\n* x"), [(1, 7), (3, 9)]);
    }

    #[test]
    fn items_are_found_though_they_were_moved_and_begin_behind_their_title() {
        let document = "- [T](u): rest\n  - one\n\n    two\n";
        assert_eq!(pairs(document, 1, "rest\n\n- one\n\n  two"), [(1, 1), (3, 2), (5, 4)]);
        let map = SourceMap::new(&Text::new(document.as_bytes()), 1, "rest\n\n- one");
        assert_eq!(map.place(Some(3), Some(3)), Some((2, Some(5))));
    }

    #[test]
    fn definitions_from_elsewhere_are_found_and_strangers_are_not() {
        let document = "[a]: https://a.example\n\n## B\ntext\n";
        assert_eq!(pairs(document, 3, "text\n\n[a]: https://a.example\nnew"), [(1, 4), (3, 1)]);
    }

    #[test]
    fn windows_line_ends_and_manifests_are_no_hindrance() {
        assert_eq!(pairs("## B\r\none\r\ntwo\r\n", 1, "one\ntwo"), [(1, 2), (2, 3)]);
        assert_eq!(
            pairs("spec:\n  markdown: |\n    one\n\n    two\n", 1, "one\n\ntwo"),
            [(1, 3), (3, 5)]
        );
    }
}
