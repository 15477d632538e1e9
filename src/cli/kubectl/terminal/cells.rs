//! Characters with their looks, and what is made of them: words, widths, and the text of a block.

use std::rc::Rc;

use comrak::nodes::{Node, NodeValue};
use unicode_width::UnicodeWidthChar;
use url::Url;

use crate::cli::diagnostics::steers;

pub(super) const BOLD: u8 = 1;
pub(super) const ITALIC: u8 = 2;
pub(super) const UNDERLINED: u8 = 4;
pub(super) const STRUCK: u8 = 8;
pub(super) const COLOURED: u8 = 16;
pub(super) const FAINT: u8 = 32;

/// A character with its looks.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub c: char,
    pub style: u8,
    pub link: Option<Rc<str>>,
}

pub(super) fn plain(text: &str, style: u8) -> Vec<Cell> {
    let mut cells = Vec::new();
    push(&mut cells, text, style, &None);
    cells
}

pub(super) fn push(cells: &mut Vec<Cell>, text: &str, style: u8, link: &Option<Rc<str>>) {
    for c in text.chars() {
        if c == '\t' {
            cells.extend((0..4).map(|_| Cell { c: ' ', style, link: link.clone() }));
        } else {
            let c = if steers(c) && c != '\n' { '\u{fffd}' } else { c };
            cells.push(Cell { c, style, link: link.clone() });
        }
    }
}

/// A word with the spaces behind it, or one Chinese character.
#[derive(Clone, Copy)]
pub(super) struct Word<'c>(pub &'c [Cell]);

impl<'c> Word<'c> {
    pub fn strip_suffix_space(self) -> &'c [Cell] {
        let kept = self.0.iter().rposition(|cell| cell.c != ' ').map_or(0, |last| last + 1);
        self.0.get(..kept).unwrap_or_default()
    }
}

pub(super) fn words(cells: &[Cell]) -> Vec<Word<'_>> {
    let wide = |cell: &Cell| cell.c.width().unwrap_or(0) > 1;
    // No line begins with punctuation such as a full stop.
    let closes = |cell: &Cell| "、。，．！？：；）」』】》〉’”".contains(cell.c);
    cells
        .chunk_by(|a, b| {
            let space = a.c == ' ' && b.c != ' ';
            let between = (wide(a) || wide(b)) && b.c != ' ' && b.c.width() != Some(0);
            !(space || (between && !closes(b)))
        })
        .map(Word)
        .collect()
}

pub(super) fn width(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.c.width().unwrap_or(0)).sum()
}

/// The text below a block, as cells.
pub(super) fn inlines<'a>(node: Node<'a>, style: u8) -> Vec<Cell> {
    let mut cells = Vec::new();
    collect(node, style, &None, &mut cells);
    cells
}

fn collect<'a>(node: Node<'a>, style: u8, link: &Option<Rc<str>>, cells: &mut Vec<Cell>) {
    for child in node.children() {
        match &child.data().value {
            NodeValue::Text(text) => push(cells, text, style, link),
            NodeValue::Code(code) => push(cells, &code.literal, style | COLOURED, link),
            NodeValue::HtmlInline(html) => push(cells, html, style | FAINT, link),
            NodeValue::ShortCode(emoji) => push(cells, &emoji.emoji, style, link),
            NodeValue::SoftBreak | NodeValue::LineBreak => push(cells, "\n", style, link),
            NodeValue::FootnoteReference(note) => {
                push(cells, &format!("[{}]", note.name), style, link)
            }
            NodeValue::Emph => collect(child, style | ITALIC, link, cells),
            NodeValue::Strong => collect(child, style | BOLD, link, cells),
            NodeValue::Strikethrough => collect(child, style | STRUCK, link, cells),
            NodeValue::Highlight | NodeValue::Insert => {
                collect(child, style | UNDERLINED, link, cells);
            }
            NodeValue::Link(target) => {
                let address = web_address(&target.url);
                let from = cells.len();
                collect(child, style | UNDERLINED, &address, cells);
                let text: String = cells.iter().skip(from).map(|cell| cell.c).collect();
                // A link that cannot be followed by a click is written out.
                if !text.contains(&target.url) {
                    push(cells, &format!(" <{}>", target.url), style | FAINT, &address);
                }
            }
            NodeValue::Image(target) => {
                push(cells, "[image: ", style | FAINT, link);
                collect(child, style, link, cells);
                push(
                    cells,
                    &format!(" <{}>]", target.url),
                    style | FAINT,
                    &web_address(&target.url),
                );
            }
            _ => collect(child, style, link, cells),
        }
    }
}

/// The address as a terminal may get it: of the web, and in characters that steer nothing.
fn web_address(text: &str) -> Option<Rc<str>> {
    let url = Url::parse(text).ok()?;
    let safe = matches!(url.scheme(), "http" | "https")
        && url.as_str().chars().all(|c| c.is_ascii_graphic());
    safe.then(|| Rc::from(url.as_str()))
}
