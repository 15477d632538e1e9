//! What plain text hides: links, images with sizes, embeds, readings, remarks, abbreviations.

use comrak::nodes::{Node, NodeLink, NodeValue};

use super::annotations::{self, Abbreviations};
use super::{Passes, embeds, links};

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
    /// Text of the note in an element of our own making.
    Wrapped {
        open: String,
        text: String,
        close: String,
    },
    /// Texts of the note and HTML of our own making that belong together.
    Row(Vec<Piece>),
}

/// Finds the first thing in a text: what stands before it, the thing, and what comes after.
type Finder = for<'t> fn(&'t str) -> Option<(&'t str, Piece, &'t str)>;

/// In this order: what one of them has found is no text for the next.
const FINDERS: [Finder; 6] = [
    embeds::find_embed,
    embeds::find_sized_image,
    links::find_link_to_page,
    links::find_link,
    annotations::find_ruby,
    annotations::find_remark,
];

/// Puts what is found in the text `node` in its place.
pub(super) fn split_text<'a>(
    passes: &Passes<'a, '_>,
    node: Node<'a>,
    abbreviations: &Abbreviations,
) {
    let text = match &node.data().value {
        NodeValue::Text(text) => text.to_string(),
        _ => return,
    };
    let pieces = pieces(&text, abbreviations);
    if matches!(pieces.as_slice(), [Piece::Text(_)]) {
        return;
    }
    for piece in pieces {
        insert(passes, node, piece);
    }
    node.detach();
}

/// Puts `piece` before `node`.
fn insert<'a>(passes: &Passes<'a, '_>, node: Node<'a>, piece: Piece) {
    let new = match piece {
        Piece::Text(text) => passes.text(text, node),
        Piece::Html(html) => passes.node(NodeValue::Raw(html), node),
        Piece::Wrapped { open, text, close } => {
            node.insert_before(passes.node(NodeValue::Raw(open), node));
            node.insert_before(passes.text(text, node));
            passes.node(NodeValue::Raw(close), node)
        }
        Piece::Link { url, label } => {
            let link = NodeValue::Link(Box::new(NodeLink { url, title: String::new() }));
            let link = passes.node(link, node);
            link.append(passes.text(label, node));
            link
        }
        Piece::Row(pieces) => {
            return pieces.into_iter().for_each(|piece| insert(passes, node, piece));
        }
    };
    node.insert_before(new);
}

fn pieces(text: &str, abbreviations: &Abbreviations) -> Vec<Piece> {
    let whole = vec![Piece::Text(text.to_owned())];
    let found = FINDERS.iter().fold(whole, |pieces, find| split_each(pieces, find));
    if abbreviations.is_empty() {
        return found;
    }
    split_each(found, |text| annotations::find_abbreviation(abbreviations, text))
}

/// Splits those of `pieces` that are text.
fn split_each(
    pieces: Vec<Piece>,
    find: impl for<'t> Fn(&'t str) -> Option<(&'t str, Piece, &'t str)>,
) -> Vec<Piece> {
    pieces
        .into_iter()
        .flat_map(|piece| match piece {
            Piece::Text(text) => split(&text, &find),
            found => vec![found],
        })
        .collect()
}

fn split(
    text: &str,
    find: impl for<'t> Fn(&'t str) -> Option<(&'t str, Piece, &'t str)>,
) -> Vec<Piece> {
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
