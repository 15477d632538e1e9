//! What stands in an element that the author opened in one block of HTML and closed in another.

use std::collections::HashMap;

use comrak::nodes::{Node, NodeValue};

use super::html;

/// Elements that hold other blocks, sorted.
const HOLDERS: [&str; 21] = [
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "li",
    "nav",
    "ol",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
/// The element that folds what it holds.
const FOLD: &str = "details";
/// Tags that are looked at; with more, all HTML is shown as text.
const MAX_TAGS: usize = 10_000;

/// The blocks of a note that stand in such an element, and whether it is folded. A section ends with
/// the element that it begins in, so that such blocks begin none.
#[derive(Debug, Default)]
pub(super) struct Enclosed(HashMap<usize, bool>);

impl Enclosed {
    /// Looks through the blocks directly below `root`. An element that nothing closes encloses nothing.
    pub(super) fn below<'a>(root: Node<'a>) -> Self {
        let blocks: Vec<Node<'a>> = root.children().collect();
        // How many elements begin or end to enclose and to fold at each block.
        let mut changes = vec![(0_i32, 0_i32); blocks.len() + 1];
        let mut open: Vec<(String, usize)> = Vec::new();
        let mut seen = 0;
        for (at, block) in blocks.iter().enumerate() {
            let data = block.data();
            let NodeValue::HtmlBlock(html) = &data.value else { continue };
            for (name, opens) in html::tags(&html.literal) {
                seen += 1;
                if seen > MAX_TAGS {
                    return Self::default();
                }
                if HOLDERS.binary_search(&name.as_str()).is_err() {
                    continue;
                }
                if opens {
                    open.push((name, at));
                } else if let Some(own) = open.iter().rposition(|(other, _)| *other == name) {
                    let from = open.get(own).map_or(at, |(_, from)| *from);
                    open.truncate(own);
                    let fold = i32::from(name == FOLD);
                    for (at, step) in [(from + 1, 1), (at, -1)].into_iter().filter(|_| from < at) {
                        if let Some((encloses, folds)) = changes.get_mut(at) {
                            *encloses += step;
                            *folds += step * fold;
                        }
                    }
                }
            }
        }
        let mut now = (0, 0);
        let mut found = HashMap::new();
        for (block, (encloses, folds)) in blocks.into_iter().zip(changes) {
            now = (now.0 + encloses, now.1 + folds);
            if now.0 > 0 {
                found.insert(key(block), now.1 > 0);
            }
        }
        Self(found)
    }

    /// Whether `node` is such a block.
    pub(super) fn holds(&self, node: Node<'_>) -> bool {
        self.0.contains_key(&key(node))
    }

    /// Whether `node` is such a block and is not seen until a reader opens what is around it.
    pub(super) fn folds(&self, node: Node<'_>) -> bool {
        self.0.get(&key(node)).copied().unwrap_or_default()
    }
}

fn key(node: Node<'_>) -> usize {
    std::ptr::from_ref(node).addr()
}
