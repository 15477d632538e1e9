//! Places beside blocks, at which a preview can say what it has to say about their lines. What is
//! published has none.

use std::collections::BTreeSet;

use comrak::nodes::{Node, NodeValue};

use super::Passes;
use crate::render::sanitize::ID_PREFIX;

/// What stands in the HTML for line `line` of the Markdown. An author may write the same, and then
/// sees a remark twice.
pub fn anchor(line: usize) -> String {
    format!("<span id=\"{ID_PREFIX}remark-{line}\"></span>")
}

/// Puts an anchor before the innermost block that each of `lines` stands in, and behind a heading.
pub(super) fn insert<'a>(passes: &Passes<'a, '_>, root: Node<'a>, lines: &BTreeSet<usize>) {
    if lines.is_empty() {
        return;
    }
    let start = |node: Node<'a>| node.data().sourcepos.start.line;
    let blocks: Vec<Node<'a>> = root.descendants().filter(|node| is_open(node)).collect();
    for line in lines {
        let innermost = blocks.iter().rev().find(|block| start(block) <= *line).or(blocks.first());
        let Some(block) = innermost else { return };
        // The sanitizer puts its prefix before the id.
        let anchor = NodeValue::Raw(format!("<span id=\"remark-{line}\"></span>\n"));
        let anchor = passes.node(anchor, block);
        match block.data().value {
            NodeValue::Heading(_) => block.insert_after(anchor),
            _ => block.insert_before(anchor),
        }
    }
}

/// Whether other blocks can stand beside the block.
fn is_open<'a>(node: Node<'a>) -> bool {
    use NodeValue::{
        Alert, BlockDirective, BlockQuote, CodeBlock, Document, FootnoteDefinition, Heading,
        HtmlBlock, Item, Paragraph, Table, TaskItem,
    };
    let own = matches!(
        node.data().value,
        Paragraph
            | Heading(_)
            | CodeBlock(_)
            | HtmlBlock(_)
            | Table(_)
            | BlockQuote
            | BlockDirective(_)
            | Alert(_)
    );
    own && node.parent().is_some_and(|parent| {
        matches!(
            parent.data().value,
            Document
                | BlockQuote
                | Item(_)
                | TaskItem(_)
                | BlockDirective(_)
                | Alert(_)
                | FootnoteDefinition(_)
        )
    })
}
