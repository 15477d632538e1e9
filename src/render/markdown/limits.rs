//! How much of a note is rendered. Notes are hostile input: past these limits, time or memory would
//! grow faster than the note.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use comrak::arena_tree::NodeEdge;
use comrak::nodes::Node;
use comrak::{Arena, Options, try_parse_document};

use crate::api::Diagnostic;
use crate::render::codes::Code;

/// Bytes of Markdown.
pub(super) const MAX_MARKDOWN: usize = 512 * 1024;
/// Bytes of HTML before it is sanitized.
const MAX_HTML: usize = 4 * 1024 * 1024;
/// Lines that open or close a container. Each open one costs a look at every later line.
const MAX_CONTAINER_FENCES: usize = 400;
/// Footnotes and references to them.
const MAX_FOOTNOTES: usize = 2000;
/// `>` at the beginning of a line.
const MAX_QUOTES: usize = 50;
/// Nodes between the root of the tree and a leaf.
const MAX_DEPTH: usize = 256;
/// The parser asks after this many steps (a line, an inline or a node) whether it is to go on.
const STEPS_PER_QUESTION: usize = 256;
/// Steps for each byte; notes that people write take fewer than 4.
const STEPS_PER_BYTE: usize = 64;

/// Bytes of the addresses that references are replaced by, as the parser has it.
const MAX_ADDRESSES: usize = 100_000;

/// Character references in one part of the HTML, without those for brackets and quotes. The
/// sanitizer takes a time that grows with their square.
pub(super) const MAX_REFERENCES: usize = 10_000;

/// What of the syntax is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Features {
    pub containers: bool,
    pub footnotes: bool,
}

/// Looks at the text before it is parsed.
pub(super) fn admit(markdown: &str, diagnostics: &mut Vec<Diagnostic>) -> Result<Features, Code> {
    if markdown.len() > MAX_MARKDOWN {
        return Err(Code::TooLong);
    }
    if super::lines(markdown).any(|line| quotes(line) > MAX_QUOTES) {
        return Err(Code::TooDeep);
    }
    let containers = markdown.matches(":::").count() <= MAX_CONTAINER_FENCES;
    if !containers {
        diagnostics.push(Code::TooManyContainers.diagnostic());
    }
    let footnotes =
        markdown.matches("[^").count() + markdown.matches("^[").count() <= MAX_FOOTNOTES;
    if !footnotes {
        diagnostics.push(Code::TooManyFootnotes.diagnostic());
    }
    Ok(Features { containers, footnotes })
}

/// How many quotes a line opens at most, list markers among them or not.
fn quotes(line: &str) -> usize {
    line.chars()
        .take_while(|c| c.is_ascii_digit() || " \t>*+-.)".contains(*c))
        .filter(|c| *c == '>')
        .count()
}

/// Parses with a budget of work, and refuses trees that are too deep for those who walk them later.
pub(super) fn parse<'a>(
    arena: &'a Arena<'a>,
    markdown: &str,
    options: &Options<'_>,
) -> Result<Node<'a>, Code> {
    let budget = 4096 + markdown.len() * STEPS_PER_BYTE / STEPS_PER_QUESTION;
    let asked = Cell::new(0_usize);
    let spent = || {
        asked.set(asked.get() + 1);
        asked.get() > budget
    };
    let text = with_room_for_references(markdown);
    let root = try_parse_document(arena, &text, options, &spent).map_err(|_| Code::TooComplex)?;
    check_depth(root).map(|()| root)
}

/// The text with so much white space behind it that all its references are resolved. The parser stops
/// when the addresses that it put in are longer than the text, at most [`MAX_ADDRESSES`]: a short
/// note that names a long address three times would lose the third link.
fn with_room_for_references(markdown: &str) -> Cow<'_, str> {
    let defined = markdown.lines().filter(|line| line.contains("]:")).map(str::len).max();
    let wanted = defined.unwrap_or(0).saturating_mul(markdown.matches('[').count());
    let room = wanted.min(MAX_ADDRESSES).saturating_sub(markdown.len());
    if room == 0 {
        return Cow::Borrowed(markdown);
    }
    Cow::Owned(format!("{markdown}\n{:room$}\n", ""))
}

/// Looks at a tree again that others have been put into.
pub(super) fn check_depth<'a>(root: Node<'a>) -> Result<(), Code> {
    if is_deeper(root, MAX_DEPTH) { Err(Code::TooDeep) } else { Ok(()) }
}

/// Whether more than `max` nodes stand between `root` and a leaf.
pub(super) fn is_deeper<'a>(root: Node<'a>, max: usize) -> bool {
    let mut depth = 0_usize;
    root.traverse().any(|edge| {
        match edge {
            NodeEdge::Start(_) => depth += 1,
            NodeEdge::End(_) => depth -= 1,
        }
        depth > max
    })
}

/// HTML that stops growing at a limit: writing past it is an error.
#[derive(Default)]
pub(super) struct CappedHtml {
    html: String,
    /// Bytes that were taken out before.
    taken: usize,
}

impl CappedHtml {
    /// Takes out what was written so far. It still counts.
    pub(super) fn take(&mut self) -> String {
        self.taken += self.html.len();
        std::mem::take(&mut self.html)
    }
}

impl fmt::Write for CappedHtml {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.taken + self.html.len() + text.len() > MAX_HTML {
            return Err(fmt::Error);
        }
        self.html.push_str(text);
        Ok(())
    }
}

/// Looks at the HTML of a part before it is sanitized.
pub(super) fn check_references(html: &str) -> Result<(), Code> {
    let harmless: usize =
        ["&lt;", "&gt;", "&quot;"].iter().map(|reference| html.matches(reference).count()).sum();
    let references = html.matches('&').count() - harmless;
    if references > MAX_REFERENCES { Err(Code::TooComplex) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_counted_through_list_markers() {
        assert_eq!(quotes("> > * > 1. > text > more"), 4);
        assert_eq!(quotes("a > b"), 0);
    }

    #[test]
    fn a_short_note_keeps_all_links_to_a_long_address() {
        for times in [1, 3, 40] {
            let note = format!(
                "{}\n\n[tide tables]: https://tides.example/{}\n",
                "see [the pier][tide tables] ".repeat(times),
                "a".repeat(300)
            );
            let arena = Arena::new();
            let features = Features { containers: true, footnotes: true };
            let root = parse(&arena, &note, &super::super::options(features)).unwrap();
            let is_link =
                |node: &Node<'_>| matches!(node.data().value, comrak::nodes::NodeValue::Link(_));
            assert_eq!(root.descendants().filter(is_link).count(), times);
        }
    }

    #[test]
    fn the_budget_does_not_hinder_what_people_write() {
        let note = "## 標題\n\n* 一 **二** `三` [四](https://a.example)\n  * 五\n\n| a | b |\n|---|---|\n| c | d |\n\n"
            .repeat(2000);
        let arena = Arena::new();
        let asked = Cell::new(0_usize);
        let count = || {
            asked.set(asked.get() + 1);
            false
        };
        let features = Features { containers: true, footnotes: true };
        try_parse_document(&arena, &note, &super::super::options(features), &count).unwrap();
        assert!(asked.get() * STEPS_PER_QUESTION < 4 * note.len(), "{} steps", asked.get() * 256);
    }
}
