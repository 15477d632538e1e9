//! Markdown on a terminal. Notes are hostile: no character that steers a terminal leaves this module,
//! but for the styles and links that it writes itself.

mod cells;

use std::fmt::Write as _;
use std::rc::Rc;

use comrak::nodes::{ListType, Node, NodeList, NodeValue};
use unicode_width::UnicodeWidthStr;

use crate::cli::diagnostics::steers;
use crate::render;
use cells::{
    BOLD, COLOURED, Cell, FAINT, ITALIC, STRUCK, UNDERLINED, inlines, plain, push, width, words,
};

/// What the terminal can do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    /// Columns.
    pub width: usize,
    /// Whether it shows bold and italic text.
    pub styles: bool,
    /// Whether it knows hyperlinks (OSC 8).
    pub links: bool,
}

/// Renders `markdown` for `screen`.
pub(super) fn render(markdown: &str, screen: Screen) -> String {
    let mut page = Page { screen, text: String::new() };
    let rendered = render::with_tree(markdown, |root| page.blocks(root, "", ""));
    if rendered.is_none() {
        // It is too much to be read as Markdown; nothing of it is lost.
        page.text.clear();
        markdown.lines().for_each(|line| page.line("", &plain(line, 0)));
    }
    page.text
}

/// One line of text in bold.
pub(super) fn heading(text: &str, screen: Screen) -> String {
    let mut page = Page { screen, text: String::new() };
    page.wrapped(&plain(text, BOLD), "", "");
    page.text
}

struct Page {
    screen: Screen,
    text: String,
}

impl Page {
    /// The blocks below `node`. `first` stands in front of the first line, `rest` of all others.
    fn blocks<'a>(&mut self, node: Node<'a>, first: &str, rest: &str) {
        let mut prefix = first;
        for (at, child) in node.children().enumerate() {
            if at > 0 && !is_tight(node) {
                self.line(rest.trim_end(), &[]);
            }
            self.block(child, prefix, rest);
            prefix = rest;
        }
        if node.first_child().is_none() {
            self.line(first.trim_end(), &[]);
        }
    }

    fn block<'a>(&mut self, node: Node<'a>, first: &str, rest: &str) {
        let value = node.data().value.clone();
        match value {
            NodeValue::Heading(heading) => {
                let style = if heading.level <= 2 { BOLD | UNDERLINED } else { BOLD };
                self.wrapped(&inlines(node, style), first, rest);
            }
            NodeValue::List(list) => self.list(node, list, first, rest),
            NodeValue::BlockQuote | NodeValue::MultilineBlockQuote(_) | NodeValue::Alert(_) => {
                self.blocks(node, &format!("{first}│ "), &format!("{rest}│ "));
            }
            NodeValue::CodeBlock(code) => {
                self.verbatim(code.literal.trim_end_matches('\n'), first, rest, COLOURED);
            }
            NodeValue::HtmlBlock(html) => {
                self.verbatim(html.literal.trim_end_matches('\n'), first, rest, FAINT);
            }
            NodeValue::ThematicBreak => {
                let width = self.screen.width.saturating_sub(rest.width()).min(40);
                self.line(first, &plain(&"─".repeat(width), FAINT));
            }
            NodeValue::Table(_) => self.table(node, first, rest),
            NodeValue::Paragraph => self.wrapped(&inlines(node, 0), first, rest),
            NodeValue::FootnoteDefinition(note) => {
                let name: String = note.name.chars().filter(|c| !steers(*c)).collect();
                self.blocks(node, &format!("{first}[{name}] "), &format!("{rest}    "));
            }
            _ if node.first_child().is_some_and(|child| child.data().value.block()) => {
                self.blocks(node, first, rest);
            }
            _ => self.wrapped(&inlines(node, 0), first, rest),
        }
    }

    fn list<'a>(&mut self, node: Node<'a>, list: NodeList, first: &str, rest: &str) {
        let mut prefix = first;
        for (at, item) in node.children().enumerate() {
            if at > 0 && !list.tight {
                self.line(rest.trim_end(), &[]);
            }
            let checked = match &item.data().value {
                NodeValue::TaskItem(task) => Some(task.symbol.is_some()),
                _ => None,
            };
            let marker = match (checked, list.list_type) {
                (Some(true), _) => "[x] ".to_owned(),
                (Some(false), _) => "[ ] ".to_owned(),
                (None, ListType::Ordered) => format!("{}. ", list.start.saturating_add(at)),
                (None, ListType::Bullet) => "• ".to_owned(),
            };
            let indent = " ".repeat(marker.width());
            self.blocks(item, &format!("{prefix}{marker}"), &format!("{rest}{indent}"));
            prefix = rest;
        }
    }

    fn table<'a>(&mut self, node: Node<'a>, first: &str, rest: &str) {
        let rows: Vec<Vec<Vec<Cell>>> = node
            .children()
            .enumerate()
            .map(|(at, row)| {
                let style = if at == 0 { BOLD } else { 0 };
                row.children().map(|cell| inlines(cell, style)).collect()
            })
            .collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let own = |row: &Vec<Vec<Cell>>, at: usize| row.get(at).map_or(0, |cell| width(cell));
        let widths: Vec<usize> =
            (0..columns).map(|at| rows.iter().map(|row| own(row, at)).max().unwrap_or(0)).collect();
        let mut prefix = first;
        for (number, row) in rows.iter().enumerate() {
            let mut line = Vec::new();
            for (at, wanted) in widths.iter().enumerate() {
                push(&mut line, if at == 0 { "" } else { " │ " }, FAINT, &None);
                line.extend(row.get(at).cloned().unwrap_or_default());
                let gap = wanted.saturating_sub(own(row, at));
                push(&mut line, &" ".repeat(gap), 0, &None);
            }
            self.wrapped(&line, prefix, rest);
            if number == 0 {
                let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
                self.wrapped(&plain(&rules.join("─┼─"), FAINT), rest, rest);
            }
            prefix = rest;
        }
    }

    fn verbatim(&mut self, text: &str, first: &str, rest: &str, style: u8) {
        for (at, line) in text.split('\n').enumerate() {
            self.line(if at == 0 { first } else { rest }, &plain(&format!("    {line}"), style));
        }
    }

    /// Text in lines that fit, broken at spaces and between Chinese characters.
    fn wrapped(&mut self, cells: &[Cell], first: &str, rest: &str) {
        let mut prefix = first;
        for paragraph in cells.split(|cell| cell.c == '\n') {
            let mut line: Vec<Cell> = Vec::new();
            for word in words(paragraph) {
                let room = self.screen.width.saturating_sub(prefix.width()).max(20);
                let word_width = width(word.strip_suffix_space());
                if !line.is_empty() && width(&line) + word_width > room {
                    self.line(prefix, &line);
                    prefix = rest;
                    line.clear();
                }
                line.extend_from_slice(word.0);
            }
            self.line(prefix, &line);
            prefix = rest;
        }
    }

    fn line(&mut self, prefix: &str, cells: &[Cell]) {
        self.text.push_str(prefix);
        let kept = cells.iter().rposition(|cell| cell.c != ' ').map_or(0, |last| last + 1);
        let (mut style, mut link) = (0, None);
        for cell in cells.get(..kept).unwrap_or_default() {
            self.change(&mut style, &mut link, cell.style, cell.link.clone());
            self.text.push(cell.c);
        }
        self.change(&mut style, &mut link, 0, None);
        self.text.push('\n');
    }

    /// The escapes from one look to another.
    fn change(
        &mut self,
        style: &mut u8,
        link: &mut Option<Rc<str>>,
        to: u8,
        target: Option<Rc<str>>,
    ) {
        if self.screen.links && *link != target {
            let _ =
                write!(self.text, "\u{1b}]8;;{}\u{1b}\\", target.as_deref().unwrap_or_default());
            *link = target;
        }
        if self.screen.styles && *style != to {
            self.text.push_str("\u{1b}[0m");
            let codes =
                [(BOLD, 1), (FAINT, 2), (ITALIC, 3), (UNDERLINED, 4), (STRUCK, 9), (COLOURED, 36)];
            for (bit, code) in codes {
                if to & bit != 0 {
                    let _ = write!(self.text, "\u{1b}[{code}m");
                }
            }
            *style = to;
        }
    }
}

/// Whether the blocks below stand without blank lines between them.
fn is_tight<'a>(node: Node<'a>) -> bool {
    let of_list =
        |node: Node<'a>| matches!(&node.data().value, NodeValue::List(list) if list.tight);
    of_list(node) || node.parent().is_some_and(of_list)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Screen = Screen { width: 40, styles: false, links: false };
    const RICH: Screen = Screen { width: 40, styles: true, links: true };

    #[test]
    fn blocks_have_their_shapes() {
        let text = "# A\n\ntext *b* **c** `d`\n\n- x\n  - y\n- [ ] z\n\n3. n\n\n> q\n> r\n\n```\n  code\n```\n\n| a | 字 |\n|--|--|\n| bbb | c |\n\n---";
        let wanted = "A\n\ntext b c d\n\n• x\n  • y\n[ ] z\n\n3. n\n\n│ q\n│ r\n\n      code\n\na   │ 字\n────┼───\nbbb │ c\n\n";
        assert_eq!(render(text, PLAIN), format!("{wanted}{}\n", "─".repeat(40)));
    }

    #[test]
    fn chinese_lines_break_where_they_are_full() {
        let text = render(&format!("{}。", "潮".repeat(25)), PLAIN);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.iter().all(|line| line.width() <= 40), "{text}");
        assert_eq!(lines.len(), 2);
        assert!(!text.contains("\n。"));
    }

    #[test]
    fn links_can_be_followed_or_read() {
        let text = "see [slides](https://x.example/a)";
        assert_eq!(render(text, PLAIN), "see slides <https://x.example/a>\n");
        assert!(render(text, RICH).contains("\u{1b}]8;;https://x.example/a\u{1b}\\"));
        assert!(!render("[a](javascript:alert)", RICH).contains("]8;;j"));
    }

    /// Escapes of ours end where they begin; nothing else steers.
    #[test]
    fn nothing_that_steers_comes_through() {
        let evil = "\u{1b}[31m\u{1b}]0;title\u{7}\u{8}\u{9b}2J\u{7f}\u{85}\u{202e}";
        let texts = [
            format!(
                "# {evil}\n\n{evil} *{evil}* `{evil}`\n\n- {evil}\n\n> {evil}\n\n<b>{evil}</b>\n\n<div>{evil}\n"
            ),
            format!("```{evil}\n{evil}\n```\n\n| {evil} |\n|--|\n| {evil} |\n"),
            format!(
                "[a{evil}](https://x.example/{evil}) ![i{evil}](<https://x.example/ {evil}> \"{evil}\")"
            ),
            "&#27;[31m &#x1b;]8;;x&#x07; &#155;2J [a](https://x.example/&#27;)".to_owned(),
            format!("a[^{evil}]\n\n[^{evil}]: {evil}\n"),
            format!("{}{evil}", "> ".repeat(5_000)),
        ];
        for text in texts {
            for c in render(&text, PLAIN).chars() {
                assert!(c == '\n' || !steers(c), "{c:?} in {text:?}");
            }
            let rich = render(&text, RICH);
            let mut rest = rich.as_str();
            while let Some((_, after)) = rest.split_once('\u{1b}') {
                let ours = after.strip_prefix('[').and_then(|code| code.split_once('m'));
                let link = after.strip_prefix("]8;;").and_then(|link| link.split_once("\u{1b}\\"));
                rest = match (ours, link) {
                    (Some((code, rest)), _) if code.parse::<u8>().is_ok() => rest,
                    (_, Some((link, rest))) if link.chars().all(|c| c.is_ascii_graphic()) => rest,
                    _ => panic!("a foreign escape in {rich:?}"),
                };
            }
        }
    }
}
