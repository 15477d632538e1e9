//! Passes over inline nodes: guards for `~` and `^`, HTML that is none, and what plain text hides:
//! links, images with sizes, embeds.

use std::borrow::Cow;

use comrak::nodes::{Node, NodeLink, NodeValue};

use super::{Passes, embeds, links};
use crate::render::codes::Code;

/// Longest text that is raised or lowered.
const MAX_RAISED: usize = 8;

/// A piece of what was plain text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Link {
        url: String,
        label: String,
    },
    /// HTML of our own making. The sanitizer sees it as it sees the rest.
    Html(String),
}

/// Finds the first thing in a text: what stands before it, the thing, and what comes after.
type Finder = for<'t> fn(&'t str) -> Option<(&'t str, Piece, &'t str)>;

/// In this order: what one of them has found is no text for the next.
const FINDERS: [Finder; 3] = [embeds::find_embed, embeds::find_sized_image, links::find_link];

/// Does all passes below `root`.
pub(super) fn extend<'a>(passes: &mut Passes<'a, '_>, root: Node<'a>) {
    for node in root.descendants().collect::<Vec<_>>() {
        let pass = match &node.data().value {
            NodeValue::Subscript | NodeValue::Superscript => guard,
            NodeValue::HtmlInline(_) => raw_html,
            _ => continue,
        };
        pass(passes, node);
    }
    merge_texts(root);
    for node in root.descendants().collect::<Vec<_>>() {
        if matches!(node.data().value, NodeValue::Text(_)) && !is_in_link(node) {
            split_text(passes, node);
        }
    }
}

/// `10~20 分鐘，30~40 分鐘` lowers nothing: what is lowered or raised is short and has no space, and a
/// `~` between digits is a range.
fn guard<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let text = node.collect_text();
    let is_lowered = node.data().value == NodeValue::Subscript;
    let before = node.previous_sibling().map(|node| node.collect_text()).unwrap_or_default();
    let after = node.next_sibling().map(|node| node.collect_text()).unwrap_or_default();
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let is_range = (is_digit(before.chars().next_back()) && is_digit(text.chars().next()))
        || (is_digit(text.chars().next_back()) && is_digit(after.chars().next()));
    let is_short = !text.is_empty() && text.chars().count() <= MAX_RAISED;
    if is_short && !text.contains(char::is_whitespace) && !(is_lowered && is_range) {
        return;
    }
    let mark = if is_lowered { "~" } else { "^" };
    node.insert_before(passes.text(mark, node));
    node.insert_after(passes.text(mark, node));
    super::unwrap_node(node);
}

fn raw_html<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let after_word = node.previous_sibling().is_some_and(|previous| match &previous.data().value {
        NodeValue::Text(text) => text.chars().next_back().is_some_and(char::is_alphanumeric),
        _ => false,
    });
    let literal = match &node.data().value {
        NodeValue::HtmlInline(literal) => literal.clone(),
        _ => return,
    };
    let (html, removed) =
        passes.raw.neutralize(&literal, after_word, |start| is_behind(node, start));
    // Escaped from its first bracket on, it is text and is searched for links like other text.
    let is_text = html.starts_with("&lt;");
    node.data_mut().value =
        if is_text { NodeValue::Text(Cow::Owned(literal)) } else { NodeValue::HtmlInline(html) };
    if removed {
        passes.report(Code::HtmlRemoved, node);
    }
}

/// Whether HTML that begins with `start` stands behind `node` in the same element.
fn is_behind<'a>(node: Node<'a>, start: &str) -> bool {
    node.following_siblings().skip(1).any(|sibling| match &sibling.data().value {
        NodeValue::HtmlInline(html) => html.to_ascii_lowercase().starts_with(start),
        _ => false,
    })
}

/// Joins texts that stand side by side, so that a URL is found whole.
fn merge_texts<'a>(root: Node<'a>) {
    for node in root.descendants().collect::<Vec<_>>() {
        let Some(previous) = node.previous_sibling() else { continue };
        let text = match &mut node.data_mut().value {
            NodeValue::Text(text) => std::mem::take(text),
            _ => continue,
        };
        let mut data = previous.data_mut();
        if let NodeValue::Text(before) = &mut data.value {
            before.to_mut().push_str(&text);
            node.detach();
        } else {
            node.data_mut().value = NodeValue::Text(text);
        }
    }
}

fn is_in_link<'a>(node: Node<'a>) -> bool {
    node.ancestors()
        .any(|node| matches!(node.data().value, NodeValue::Link(_) | NodeValue::Image(_)))
}

fn split_text<'a>(passes: &Passes<'a, '_>, node: Node<'a>) {
    let text = match &node.data().value {
        NodeValue::Text(text) => text.to_string(),
        _ => return,
    };
    let pieces = pieces(&text);
    if matches!(pieces.as_slice(), [Piece::Text(_)]) {
        return;
    }
    for piece in pieces {
        node.insert_before(match piece {
            Piece::Text(text) => passes.text(text, node),
            Piece::Html(html) => passes.node(NodeValue::Raw(html), node),
            Piece::Link { url, label } => {
                let link = NodeValue::Link(Box::new(NodeLink { url, title: String::new() }));
                let link = passes.node(link, node);
                link.append(passes.text(label, node));
                link
            }
        });
    }
    node.detach();
}

fn pieces(text: &str) -> Vec<Piece> {
    FINDERS.iter().fold(vec![Piece::Text(text.to_owned())], |pieces, find| {
        pieces
            .into_iter()
            .flat_map(|piece| match piece {
                Piece::Text(text) => split(&text, *find),
                found => vec![found],
            })
            .collect()
    })
}

fn split(text: &str, find: Finder) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, piece, after)) = find(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}
