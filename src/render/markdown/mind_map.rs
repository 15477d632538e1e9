//! The nested list that the headings and lists of a `markmap` stand for. Unlike the picture, it leaves out
//! no paragraph, quote or code.

use comrak::Options;
use comrak::nodes::{LineColumn, ListType, Node, NodeList, NodeValue};

use super::drawings::TooMuch;
use super::tables::{self, LongRows};
use super::{Passes, limits};

/// Nodes between the top of a map and a leaf at most: the note around it is nested, too.
const MAX_DEPTH: usize = 64;

/// Reads `text`, which is the content of `fence`, and gives the list of its top. `None` where it holds
/// nothing but settings.
///
/// # Errors
///
/// Where it is nested too deeply.
pub(super) fn read<'a>(
    passes: &mut Passes<'a, '_>,
    fence: Node<'a>,
    text: &str,
    options: &Options<'_>,
) -> Result<Option<Node<'a>>, TooMuch> {
    let mut options = options.clone();
    options.extension.footnotes = false;
    options.extension.inline_footnotes = false;
    // Settings of the picture.
    options.extension.front_matter_delimiter = Some("---".to_owned());
    let lines: Vec<&str> = super::lines(text).collect();
    let (root, long_rows) =
        tables::parse(passes.arena, text, &lines, &options).map_err(|_| TooMuch)?;
    if limits::is_deeper(root, MAX_DEPTH) {
        return Err(TooMuch);
    }
    let long_rows = place(passes, root, long_rows, fence, &lines);
    long_rows.report(passes, root);
    let passes = &*passes;
    let mut map = Map { passes, fence, top: list(passes, fence), open: Vec::new() };
    for block in root.children().collect::<Vec<_>>() {
        block.detach();
        map.add(block);
    }
    Ok(map.top.first_child().map(|_| map.top))
}

/// Turns places in the content of `fence`, which are its `lines`, into places in the note.
fn place<'a>(
    passes: &Passes<'a, '_>,
    root: Node<'a>,
    long_rows: LongRows,
    fence: Node<'a>,
    lines: &[&str],
) -> LongRows {
    let above = fence.data().sourcepos.start.line;
    let indents: Vec<usize> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| passes.line(above + 1 + index).len().saturating_sub(line.len()))
        .collect();
    let moved = |LineColumn { line, column }| {
        let indent = line.checked_sub(1).and_then(|line| indents.get(line));
        LineColumn { line: line + above, column: column + indent.copied().unwrap_or_default() }
    };
    for node in root.descendants() {
        let position = &mut node.data_mut().sourcepos;
        (position.start, position.end) = (moved(position.start), moved(position.end));
    }
    long_rows.moved(moved)
}

/// A map under construction.
struct Map<'p, 'a, 'm> {
    passes: &'p Passes<'a, 'm>,
    fence: Node<'a>,
    top: Node<'a>,
    /// The items of the headings that are open, with their levels.
    open: Vec<(u8, Node<'a>)>,
}

impl<'a> Map<'_, 'a, '_> {
    fn add(&mut self, block: Node<'a>) {
        let value = block.data().value.clone();
        match value {
            NodeValue::FrontMatter(_) | NodeValue::ThematicBreak => {}
            // `<!-- markmap: fold -->` and its kin.
            NodeValue::HtmlBlock(html) if is_comment(&html.literal) => {}
            NodeValue::Heading(heading) => {
                while self.open.last().is_some_and(|(level, _)| *level >= heading.level) {
                    self.open.pop();
                }
                let words = self.passes.node(NodeValue::Paragraph, block);
                words.extend(block.children().collect::<Vec<_>>());
                let item = self.item(words);
                self.open.push((heading.level, item));
            }
            NodeValue::List(own) if own.list_type == ListType::Bullet => {
                let list = self.list();
                list.extend(block.children().collect::<Vec<_>>());
                if let NodeValue::List(all) = &mut list.data_mut().value {
                    all.tight &= own.tight;
                    all.is_task_list |= own.is_task_list;
                }
            }
            NodeValue::List(_) if !self.open.is_empty() => {
                if let Some((_, item)) = self.open.last() {
                    item.append(block);
                }
            }
            _ => drop(self.item(block)),
        }
    }

    /// A new item with `block` in it, in the list of what is open.
    fn item(&self, block: Node<'a>) -> Node<'a> {
        let item = self.passes.node(NodeValue::Item(NodeList::default()), block);
        item.append(block);
        self.list().append(item);
        item
    }

    /// The list below the last heading; its last child, so that all stays in its order.
    fn list(&self) -> Node<'a> {
        let Some((_, item)) = self.open.last() else { return self.top };
        let last = item.last_child().filter(|last| is_made(last));
        last.unwrap_or_else(|| {
            let list = list(self.passes, self.fence);
            item.append(list);
            list
        })
    }
}

/// A list that no mark of the text has made.
fn list<'a>(passes: &Passes<'a, '_>, at: Node<'a>) -> Node<'a> {
    let list = NodeList { list_type: ListType::Bullet, tight: true, ..NodeList::default() };
    passes.node(NodeValue::List(list), at)
}

/// Whether the list was made here.
pub(super) fn is_made<'a>(list: Node<'a>) -> bool {
    matches!(&list.data().value, NodeValue::List(list)
        if list.list_type == ListType::Bullet && list.bullet_char == 0)
}

fn is_comment(html: &str) -> bool {
    let inner = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->"))
}
