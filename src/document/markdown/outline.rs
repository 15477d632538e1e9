//! The block structure of a document: headings, list items, fences and link definitions, with the
//! lines they stand in.
//!
//! One pass over the lines, linear in their length, with no recursion. It follows `CommonMark` as far
//! as structure needs it: headings count only at the top level, not in lists, fences, comments or
//! HTML. Text with `---` under it stays text, because nobody who takes notes means a heading by it.

use super::line::html_heading;
use super::scanner::{LineKind, Scanner};

/// A line of the body.
#[derive(Debug)]
pub(in crate::document) struct Line<'a> {
    /// The line without its end.
    pub text: &'a str,
    /// Byte at which it starts.
    start: usize,
    /// What it is.
    pub kind: LineKind,
}

/// The level of a line in bold that stands for a heading.
pub(in crate::document) const BOLD: u8 = 7;

/// The level of a line such as `Talk: A title`, or of one above `Speaker: A name`.
pub(in crate::document) const LABELLED: u8 = 8;

/// A heading at the top level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document) struct Heading {
    pub level: u8,
    /// Its text as written, without the marks of the heading.
    pub text: String,
    /// Index of its first line.
    pub line: usize,
    /// Index of the line after it.
    pub end: usize,
}

/// An item of a list at the top level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) struct Item {
    /// Index of its first line.
    pub line: usize,
    /// Index of the line after its last.
    pub end: usize,
    /// Column at which its content starts, from 0.
    pub content: usize,
}

/// A code fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document) struct Fence {
    /// Index of the line that opens it.
    pub line: usize,
    /// Index of the line after it.
    pub end: usize,
    pub closed: bool,
}

/// What an author probably did not mean, with the index of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Hint {
    /// Text directly above `---`.
    Setext(usize),
    /// `##Heading` without a space.
    NoSpace(usize),
    /// A comment or the like that nothing ends.
    OpenHtml(usize),
}

/// The structure of a body.
#[derive(Debug)]
pub(in crate::document) struct Outline<'a> {
    source: &'a str,
    pub lines: Vec<Line<'a>>,
    pub headings: Vec<Heading>,
    pub fences: Vec<Fence>,
    pub hints: Vec<Hint>,
    /// What stands in `###### tags:` lines, which are no headings.
    pub tags: Vec<String>,
}

impl<'a> Outline<'a> {
    /// Reads the structure of `source`.
    pub fn new(source: &'a str) -> Self {
        let mut outline = Self {
            source,
            lines: Vec::new(),
            headings: Vec::new(),
            fences: Vec::new(),
            hints: Vec::new(),
            tags: Vec::new(),
        };
        let mut scanner = Scanner::default();
        let mut start = 0;
        for (index, raw) in source.split_inclusive('\n').enumerate() {
            let text = raw.strip_suffix('\n').unwrap_or(raw);
            let kind = scanner.next(text);
            outline.add(index, text, kind);
            outline.lines.push(Line { text, start, kind });
            start += raw.len();
        }
        outline.titles_without_space();
        outline.hints.extend(scanner.open_html().map(Hint::OpenHtml));
        let end = outline.lines.len();
        if let Some(open) = outline.fences.last_mut().filter(|fence| fence.end == usize::MAX) {
            open.end = end;
        }
        outline
    }

    /// The text of the lines from `from` up to `to`, without blank lines at its ends.
    pub fn slice(&self, from: usize, to: usize) -> &'a str {
        let start = |index: usize| self.lines.get(index).map_or(self.source.len(), |l| l.start);
        let text = self.source.get(start(from)..start(to)).unwrap_or_default();
        trim_blank_lines(text)
    }

    /// The items of lists at the top level among the lines from `from` up to `to`.
    pub fn items(&self, from: usize, to: usize) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let mut open = false;
        for (index, line) in self.lines.iter().enumerate().take(to).skip(from) {
            match line.kind {
                LineKind::Item { depth: 0, content } => {
                    items.push(Item { line: index, end: index + 1, content });
                    open = true;
                }
                LineKind::Item { .. } | LineKind::InList | LineKind::ListCode if open => {
                    if let Some(item) = items.last_mut() {
                        item.end = index + 1;
                    }
                }
                LineKind::Blank => {}
                _ => open = false,
            }
        }
        items
    }

    /// The items directly inside another one.
    pub fn nested(&self, item: &Item) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let mut level = None;
        for (index, line) in self.lines.iter().enumerate().take(item.end).skip(item.line + 1) {
            match line.kind {
                LineKind::Item { depth, content } if depth <= *level.get_or_insert(depth) => {
                    items.push(Item { line: index, end: index + 1, content });
                }
                LineKind::Blank => {}
                _ => {
                    if let Some(last) = items.last_mut() {
                        last.end = index + 1;
                    }
                }
            }
        }
        items
    }

    /// The first line where it is text that stands alone: a title that nobody marked as one.
    pub fn first_line(&self) -> Option<Heading> {
        let (line, first) =
            self.lines.iter().enumerate().find(|(_, line)| line.kind != LineKind::Blank)?;
        let paragraph = self.lines.iter().skip(line).take_while(|line| line.kind == LineKind::Text);
        let paragraph: Vec<&str> = paragraph.map(|line| line.text.trim()).take(5).collect();
        // Who spoke and when may stand directly under the title.
        let short = |text: &&str| text.chars().count() <= 80 && !text.ends_with(['.', '。', '！']);
        let alone = paragraph.len() <= 1 || (paragraph.len() <= 4 && paragraph.iter().all(short));
        let text = first.text.trim();
        let fits = first.kind == LineKind::Text && alone && text.chars().count() <= 120;
        let ends = text.ends_with(['.', '。', '！', ',', '，', ';'])
            || text.starts_with(['!', '>', '|', '[', ':', '<']);
        (fits && !ends).then(|| Heading { level: 1, text: text.to_owned(), line, end: line + 1 })
    }

    fn add(&mut self, index: usize, text: &str, kind: LineKind) {
        match kind {
            LineKind::Heading(level) => {
                let text = heading_text(text);
                match text.strip_prefix("tags:").filter(|_| level == 6) {
                    Some(tags) => self.tags.push(tags.to_owned()),
                    None => {
                        self.headings.push(Heading { level, text, line: index, end: index + 1 });
                    }
                }
            }
            LineKind::Underline { lines, level: Some(level) } => {
                let line = index.saturating_sub(lines);
                let above = self.lines.get(line..index).unwrap_or_default();
                let text = above.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ");
                self.headings.push(Heading { level, text, line, end: index + 1 });
            }
            LineKind::Underline { level: None, .. } => {
                self.hints.push(Hint::Setext(index.saturating_sub(1)));
            }
            LineKind::NoSpace => {
                let marks = text.trim().chars().take_while(|&c| c == '#').count();
                let level = u8::try_from(marks).unwrap_or(6);
                self.headings.push(Heading {
                    level,
                    text: heading_text(text),
                    line: index,
                    end: index + 1,
                });
                self.hints.push(Hint::NoSpace(index));
            }
            LineKind::FenceStart => {
                self.close_fence(index, false);
                self.fences.push(Fence { line: index, end: usize::MAX, closed: false });
            }
            LineKind::FenceEnd => self.close_fence(index + 1, true),
            _ => {}
        }
    }

    /// Lines such as `#Title` are headings where deeper ones lack the space, too; elsewhere they may
    /// be hashtags.
    fn titles_without_space(&mut self) {
        if !self.hints.iter().any(|hint| matches!(hint, Hint::NoSpace(_))) {
            return;
        }
        let alone = |at: usize| {
            let before = at.checked_sub(1).and_then(|before| self.lines.get(before));
            before.is_none_or(|before| matches!(before.kind, LineKind::Blank | LineKind::Opaque))
        };
        let title = |line: &str| {
            let own = line.strip_prefix('#').filter(|own| !own.starts_with(['#', '!', ' ']));
            own.is_some_and(|own| !own.contains(" #") && own.contains(char::is_alphanumeric))
        };
        let found = self
            .lines
            .iter()
            .enumerate()
            .filter(|(at, line)| line.kind == LineKind::Text && alone(*at) && title(line.text));
        let found: Vec<(usize, String)> =
            found.map(|(at, line)| (at, heading_text(line.text))).collect();
        for (line, text) in found {
            self.headings.push(Heading { level: 1, text, line, end: line + 1 });
            self.hints.push(Hint::NoSpace(line));
        }
        self.headings.sort_by_key(|heading| heading.line);
        self.hints.sort_by_key(|hint| match hint {
            Hint::Setext(line) | Hint::NoSpace(line) | Hint::OpenHtml(line) => *line,
        });
    }

    fn close_fence(&mut self, end: usize, closed: bool) {
        if let Some(open) = self.fences.last_mut().filter(|fence| fence.end == usize::MAX) {
            open.end = end;
            open.closed = closed;
        }
    }
}

/// The text of an ATX heading: without its `#` at both ends.
fn heading_text(line: &str) -> String {
    if let Some((_, text)) = html_heading(line) {
        return without_tags(text);
    }
    let text = line.trim().trim_start_matches('#').trim();
    let head = text.trim_end_matches('#');
    if head.is_empty() || head.ends_with([' ', '\t']) {
        head.trim().to_owned()
    } else {
        text.to_owned()
    }
}

/// The text of a heading in HTML.
fn without_tags(html: &str) -> String {
    let pieces = html.split('<').enumerate().map(|(at, piece)| match piece.split_once('>') {
        Some((_, text)) if at > 0 => text,
        _ => piece,
    });
    let text = pieces.collect::<String>();
    htmlize::unescape(text).replace('\u{a0}', " ").trim().to_owned()
}

/// `text` without blank lines at its beginning and end.
pub(in crate::document) fn trim_blank_lines(text: &str) -> &str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('\n').filter(|(line, _)| line.trim().is_empty()) {
        rest = after;
    }
    let kept = rest.trim_end().len();
    let (head, tail) = rest.split_at_checked(kept).unwrap_or((rest, ""));
    let spaces = tail.split('\n').next().unwrap_or_default().len();
    if head.is_empty() { "" } else { rest.get(..kept + spaces).unwrap_or(head) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(source: &str) -> Vec<(u8, String)> {
        Outline::new(source).headings.into_iter().map(|h| (h.level, h.text)).collect()
    }

    #[test]
    fn headings_of_both_styles() {
        assert_eq!(
            headings("# A #\n\nB\nb\n===\n\n## C#\n   ### D ##\n#\n"),
            [
                (1, "A".into()),
                (1, "B b".into()),
                (2, "C#".into()),
                (3, "D".into()),
                (1, String::new())
            ]
        );
    }

    #[test]
    fn what_is_no_heading() {
        for source in [
            "```\n# a\n```\n",
            "~~~\n# a\n```\n# b\n~~~",
            "* x\n  ```\n  # a\n  ```\n",
            "* x\n\n  # a\n",
            "- ```sh\n  # a\n  ```\n",
            "<!--\n# a\n-->\n",
            "<!-- x\n# a",
            "    # a\n",
            "> # a\n",
            "<pre>\n\n# a\n</pre>\n",
            "<div>\n# a\n</div>\n",
            "#hashtag\n",
            "####### a\n",
            "text\n---\n",
            "```\nnever closed\n# a\n",
            "1. x\n   ~~~\n   # a\n",
        ] {
            assert_eq!(headings(source), [], "{source:?}");
        }
    }

    #[test]
    fn what_follows_a_block_is_a_heading_again() {
        for source in [
            "```\nx\n```\n# a",
            "* x\n# a",
            "* x\n  ```\n  y\n# a",
            "<!-- x -->\n# a",
            "<div>\n\n# a",
            "text\n# a",
            "| a |\n|---|\n# a",
            "<kbd>x</kbd> text\n# a",
            "````\n```\n````\n# a",
        ] {
            assert_eq!(headings(source), [(1, "a".into())], "{source:?}");
        }
    }

    #[test]
    fn the_setext_trap_and_missing_spaces_are_hints() {
        let outline = Outline::new("ref\n---\n\n* item\n---\n\n##No\n#tag\n\n> q\n---\n");
        assert_eq!(outline.hints, [Hint::Setext(0), Hint::NoSpace(6)]);
    }

    #[test]
    fn items_hold_what_is_nested_in_them() {
        let outline = Outline::new("* a\n  * b\n\n  c\nlazy\n* d\n\ntext\n* e\n");
        let items: Vec<(usize, usize)> =
            outline.items(0, 9).iter().map(|item| (item.line, item.end)).collect();
        assert_eq!(items, [(0, 5), (5, 6), (8, 9)]);
    }

    #[test]
    fn slices_are_exact() {
        let outline = Outline::new("# A\n\n  b \n\nc\n\n# D\n");
        assert_eq!(outline.slice(1, 6), "  b \n\nc");
        assert_eq!(outline.slice(7, 7), "");
        assert_eq!(trim_blank_lines("\n \n\n"), "");
        assert_eq!(trim_blank_lines("\na  \n \n"), "a  ");
    }

    #[test]
    fn hostile_structure_is_read() {
        let deep = "- * ".repeat(100_000) + "\n" + &"\n".repeat(100_000);
        assert_eq!(Outline::new(&deep).items(0, 9).len(), 1);
        let many = "# a\n".repeat(100_000);
        assert_eq!(Outline::new(&many).headings.len(), 100_000);
        let _ = Outline::new(&"a ".repeat(500_000));
        let _ = Outline::new(&"text\n".repeat(200_000));
    }
}
