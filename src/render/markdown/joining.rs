//! Where line breaks are joined: a space between two words, and nothing between two characters of
//! scripts that have no spaces.

use comrak::nodes::{Node, NodeValue};

use crate::render::prose;

/// Takes out each line break below `root` that stands between Han characters, kana or full-width
/// punctuation. Korean is written with spaces.
pub(super) fn join<'a>(root: Node<'a>) {
    for node in root.descendants().collect::<Vec<_>>() {
        if node.data().value != NodeValue::SoftBreak {
            continue;
        }
        let text = |node: Option<Node<'a>>| node.map(|node| node.collect_text());
        let before = text(node.previous_sibling()).and_then(|text| text.chars().next_back());
        let after = text(node.next_sibling()).and_then(|text| text.chars().next());
        if before.is_some_and(has_no_spaces) && after.is_some_and(has_no_spaces) {
            node.detach();
        }
    }
}

fn has_no_spaces(c: char) -> bool {
    let is_hangul = matches!(c, '\u{ac00}'..='\u{d7a3}');
    (prose::is_cjk(c) && !is_hangul)
        || matches!(c, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff60}')
}
