//! Says of each line what it is, with what must be remembered from the lines before it.

use super::html::{self, HtmlEnd};
use super::line::{
    begins_a_block, can_be_paragraph, heading_level, html_heading, indentation, is_rule,
    lacks_space, marker, underline, underline_level,
};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum LineKind {
    /// Nothing but white space.
    Blank,
    /// An ATX heading at the top level with its level.
    Heading(u8),
    /// `===` or `---` under that many lines of text; with a level where it makes a heading of them.
    Underline { lines: usize, level: Option<u8> },
    /// Begins an item of a list; `depth` 0 is the top level, `content` the column of its content.
    Item { depth: usize, content: usize },
    /// Belongs to an item of a list.
    InList,
    /// Belongs to an item of a list and is code or HTML.
    ListCode,
    /// Opens a code fence at the top level.
    FenceStart,
    /// Closes a code fence at the top level.
    FenceEnd,
    /// In a fence, in HTML, in a comment or in indented code at the top level.
    Opaque,
    /// Begins like a heading, but for the space after `#`.
    NoSpace,
    /// Anything else.
    Text,
}

/// Marks of list items that one line opens at most; more are hostile and count as text.
const MAX_MARKERS: usize = 32;

/// What stands open at the beginning of a line.
#[derive(Debug, Default)]
pub(in crate::document) struct Scanner {
    fence: Option<OpenFence>,
    html: Option<OpenHtml>,
    /// Columns of the content of open list items, outermost first.
    lists: Vec<usize>,
    /// For each open `:::` container the number of list items that it stands in.
    boxes: Vec<usize>,
    /// Column of the content of the definition that the line may belong to: `: text` below a term.
    definition: Option<usize>,
    /// Whether a heading was underlined with `=`, so that the author means headings by underlines.
    setext: bool,
    /// Lines of the paragraph at the top level that the line before belongs to.
    paragraph: usize,
    /// Whether the line before is text in a list, so that a line of text goes on with it.
    list_text: bool,
    /// Whether the line before is the mark of an item with nothing behind it.
    empty_item: bool,
    /// Number of lines so far.
    lines: usize,
}

#[derive(Debug)]
struct OpenFence {
    mark: char,
    length: usize,
    container: usize,
}

/// A block of HTML. It ends with what it stands in, whatever else it waits for.
#[derive(Debug)]
struct OpenHtml {
    end: HtmlEnd,
    /// Column of the content of the item or definition around it.
    container: usize,
    /// Number of `:::` containers around it.
    boxes: usize,
    /// Index of its first line.
    line: usize,
}

impl Scanner {
    /// Classifies the next line.
    pub fn next(&mut self, line: &str) -> LineKind {
        self.lines += 1;
        let (indent, rest) = indentation(line);
        if let Some(kind) = self.in_fence(indent, rest).or_else(|| self.in_html(indent, rest)) {
            return kind;
        }
        let empty_item = std::mem::take(&mut self.empty_item);
        if rest.is_empty() {
            // An item that begins with a blank line ends with a second one.
            if empty_item {
                self.lists.pop();
            }
            self.paragraph = 0;
            self.list_text = false;
            return LineKind::Blank;
        }
        // Beside a list `2.` begins an item, although it interrupts no paragraph.
        let outer = self.lists.iter().rev().find(|content| **content <= indent);
        let is_indented = indent.saturating_sub(outer.copied().unwrap_or(0)) >= 4;
        let begins = !is_indented && (begins_a_block(rest) || marker(rest, false).is_some());
        if indent < self.container() && self.list_text && !begins {
            return LineKind::InList;
        }
        let goes_on = indent >= self.container() && self.list_text;
        while self.container() > indent {
            self.lists.pop();
        }
        let depth = self.lists.len();
        self.boxes.retain(|items| *items <= depth);
        self.definition = self.definition.filter(|content| indent >= *content);
        let kind = self.block(indent, rest, goes_on);
        self.paragraph = if kind == LineKind::Text { self.paragraph + 1 } else { 0 };
        if kind == LineKind::Text && !can_be_paragraph(rest) {
            self.paragraph = 0;
        }
        kind
    }

    fn container(&self) -> usize {
        self.lists.last().copied().unwrap_or(0)
    }

    fn in_fence(&mut self, indent: usize, rest: &str) -> Option<LineKind> {
        let fence = self.fence.as_ref()?;
        if !rest.is_empty() && indent < fence.container {
            self.fence = None;
            return None;
        }
        let top = fence.container == 0;
        let marks = rest.chars().take_while(|&c| c == fence.mark).count();
        let in_line = indent.saturating_sub(fence.container) < 4;
        let closes =
            in_line && marks >= fence.length && rest.chars().skip(marks).all(char::is_whitespace);
        if closes {
            self.fence = None;
        }
        Some(match (top, closes) {
            (true, true) => LineKind::FenceEnd,
            (true, false) => LineKind::Opaque,
            (false, _) => LineKind::ListCode,
        })
    }

    fn in_html(&mut self, indent: usize, rest: &str) -> Option<LineKind> {
        let open = self.html.as_ref()?;
        let left = !rest.is_empty() && indent < open.container;
        if left || (open.boxes > 0 && is_end_of_box(rest)) {
            self.html = None;
            return None;
        }
        let end = open.end;
        if (end == HtmlEnd::Blank && rest.is_empty()) || end.is_in(rest) {
            self.html = None;
        }
        Some(if self.lists.is_empty() { LineKind::Opaque } else { LineKind::ListCode })
    }

    /// Index of the line with which a comment or the like began at the top level that still waits for
    /// its end.
    pub fn open_html(&self) -> Option<usize> {
        let waits = |html: &&OpenHtml| html.end != HtmlEnd::Blank && html.container == 0;
        self.html.as_ref().filter(waits).map(|html| html.line)
    }

    fn opens_html(&mut self, indent: usize, rest: &str, in_text: bool) -> bool {
        let Some(end) = html::start(rest, in_text) else { return false };
        let definition = self.definition.filter(|content| indent >= *content);
        self.html = (!end.is_in(rest)).then(|| OpenHtml {
            end,
            container: self.container().max(definition.unwrap_or_default()),
            boxes: self.boxes.len(),
            line: self.lines.saturating_sub(1),
        });
        true
    }

    /// Takes note of a line that begins or ends a `:::` container.
    fn note_box(&mut self, rest: &str) {
        let ends = is_end_of_box(rest) && self.boxes.pop().is_some();
        if !ends && rest.starts_with(":::") {
            self.boxes.push(self.lists.len());
        }
    }

    /// Classifies a line that is not blank and stands in no fence or HTML.
    /// What a line outside of code and HTML is; with `goes_on` the line before is text in the same item.
    fn block(&mut self, indent: usize, rest: &str, goes_on: bool) -> LineKind {
        let top = self.lists.is_empty();
        let inside = |kind: LineKind| match kind {
            kind if top => kind,
            LineKind::Opaque | LineKind::FenceStart => LineKind::ListCode,
            _ => LineKind::InList,
        };
        let in_text = self.paragraph > 0 || self.list_text;
        self.list_text = false;
        if indent.saturating_sub(self.container()) >= 4 {
            self.list_text = !top && in_text;
            return inside(if in_text { LineKind::Text } else { LineKind::Opaque });
        }
        if self.opens_fence(rest) {
            return inside(LineKind::FenceStart);
        }
        let html = || html_heading(rest).filter(|_| top).map(|(level, _)| level);
        if let Some(level) = heading_level(rest).or_else(html) {
            return inside(LineKind::Heading(level));
        }
        if self.paragraph > 0
            && let Some(mark) = underline(rest)
        {
            self.setext |= mark == '=';
            let level = underline_level(mark, rest, self.paragraph, self.setext);
            return LineKind::Underline { lines: self.paragraph, level };
        }
        if is_rule(rest) {
            return inside(LineKind::Opaque);
        }
        if let Some(kind) = self.item(indent, rest, goes_on || self.paragraph > 0) {
            return kind;
        }
        if self.opens_html(indent, rest, in_text) {
            return inside(LineKind::Opaque);
        }
        self.note_box(rest);
        if rest.starts_with(": ") {
            self.definition = Some(indent + 2);
        }
        self.list_text = !top;
        if top && lacks_space(rest) {
            return LineKind::NoSpace;
        }
        inside(LineKind::Text)
    }

    fn opens_fence(&mut self, rest: &str) -> bool {
        let Some(mark) = rest.chars().next().filter(|&c| c == '`' || c == '~') else {
            return false;
        };
        let length = rest.chars().take_while(|&c| c == mark).count();
        let info = rest.trim_start_matches(mark);
        let opens = length >= 3 && !(mark == '`' && info.contains('`'));
        if opens {
            self.fence = Some(OpenFence { mark, length, container: self.container() });
        }
        opens
    }

    /// Opens the items whose marks begin a line, of which there may be several: `- 1. text`.
    fn item(&mut self, indent: usize, rest: &str, in_text: bool) -> Option<LineKind> {
        let depth = self.lists.len();
        let (mut column, mut rest) = (indent, rest);
        let mut first = None;
        for _ in 0..MAX_MARKERS {
            let Some((width, after)) = marker(rest, in_text && first.is_none()) else {
                break;
            };
            let (spaces, content) = indentation(after);
            let gap = if content.is_empty() || spaces > 4 { 1 } else { spaces };
            column = column.saturating_add(width).saturating_add(gap);
            self.lists.push(column);
            first = first.or(Some(column));
            self.paragraph = 0;
            rest = content;
            if spaces > 4 || is_rule(rest) {
                break;
            }
        }
        let content = first?;
        self.empty_item = rest.is_empty();
        let block = self.opens_fence(rest) || self.opens_html(column, rest, false);
        self.note_box(rest);
        self.list_text = !block && !rest.is_empty() && heading_level(rest).is_none();
        Some(LineKind::Item { depth, content })
    }
}

fn is_end_of_box(rest: &str) -> bool {
    rest.len() >= 3 && rest.bytes().all(|byte| byte == b':')
}

#[cfg(test)]
mod tests;
