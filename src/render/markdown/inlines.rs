//! Passes over inline nodes: guards for marks that are none, HTML that is none, URLs that were torn.

use std::borrow::Cow;

use comrak::nodes::{Node, NodeLink, NodeValue};

use super::{Passes, annotations, guards, links, pieces, shortcodes, start};
use crate::render::codes::Code;

/// Bytes of a URL or shortcode that is put together again.
const MAX_OPEN: usize = 2048;

/// Does all passes below `root`.
pub(super) fn extend<'a>(passes: &mut Passes<'a, '_>, root: Node<'a>) {
    let abbreviations = annotations::take_abbreviations(passes, root);
    for node in root.descendants().collect::<Vec<_>>() {
        let pass = match &node.data().value {
            NodeValue::Subscript | NodeValue::Superscript => guards::raised,
            NodeValue::Strikethrough | NodeValue::Insert | NodeValue::Highlight => guards::pair,
            NodeValue::ShortCode(_) => guards::short_code,
            NodeValue::HtmlInline(_) => raw_html,
            NodeValue::Link(_) | NodeValue::Image(_) => destination,
            NodeValue::Math(_) => guards::formula,
            _ => continue,
        };
        pass(passes, node);
    }
    merge_texts(root);
    let marks = ["://", "www.", "{%", "{{<", "{{%"];
    if passes.lines.iter().any(|line| marks.iter().any(|mark| line.contains(mark))) {
        rejoin_urls(passes, root);
    }
    for node in root.descendants().collect::<Vec<_>>() {
        if matches!(node.data().value, NodeValue::Text(_)) && !is_in_link(node) {
            pieces::split_text(passes, node, &abbreviations);
        }
    }
}

/// Schemes that are nothing but `https` and `http` with a key hit twice or not at all.
const MISTYPED: &[(&str, &str)] = &[
    ("hhttps://", "https://"),
    ("htttps://", "https://"),
    ("httpss://", "https://"),
    ("htps://", "https://"),
    ("ttps://", "https://"),
    ("https:///", "https://"),
    ("https//", "https://"),
    ("hhttp://", "http://"),
    ("htttp://", "http://"),
    ("ttp://", "http://"),
    ("http//", "http://"),
];

/// Repairs where a link leads. One that leads nowhere is text.
fn destination<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let (url, title, is_image) = match &node.data().value {
        NodeValue::Link(link) => (link.url.clone(), link.title.clone(), false),
        NodeValue::Image(image) => (image.url.clone(), image.title.clone(), true),
        _ => return,
    };
    if url.is_empty() {
        passes.report(Code::LinkEmpty, node);
        super::unwrap_node(node);
        return;
    }
    let repaired = MISTYPED
        .iter()
        .find_map(|(wrong, right)| url.strip_prefix(wrong).map(|rest| format!("{right}{rest}")));
    if let Some(url) = repaired {
        passes.report(Code::LinkRepaired, node);
        let link = Box::new(NodeLink { url, title });
        node.data_mut().value =
            if is_image { NodeValue::Image(link) } else { NodeValue::Link(link) };
    }
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

/// Takes emphasis and the like back out of bare URLs and shortcodes: in `https://a.example/_x_/b` they
/// are a part of its path.
fn rejoin_urls<'a>(passes: &Passes<'a, '_>, root: Node<'a>) {
    for node in root.descendants().collect::<Vec<_>>() {
        while let Some(next) = swallowed(passes, node) {
            let following = next.next_sibling();
            if let NodeValue::Text(text) = &mut node.data_mut().value {
                text.to_mut().push_str(&source(passes, next));
                if let Some(following) = following
                    && let NodeValue::Text(rest) = &following.data().value
                {
                    text.to_mut().push_str(rest);
                    following.detach();
                }
            }
            next.detach();
        }
    }
}

/// What follows the text `node` and belongs to the URL at its end.
fn swallowed<'a>(passes: &Passes<'a, '_>, node: Node<'a>) -> Option<Node<'a>> {
    let (in_url, in_shortcode) = match &node.data().value {
        NodeValue::Text(text) => {
            let from = text.floor_char_boundary(text.len().saturating_sub(MAX_OPEN));
            let end = text.get(from..).unwrap_or_default();
            (links::is_open(end), shortcodes::open_end(end))
        }
        _ => return None,
    };
    let next = node.next_sibling().filter(|_| node.parent().is_some())?;
    if let Some(end) = in_shortcode {
        let position = next.data().sourcepos;
        let rest = passes.line(position.end.line).get(position.end.column..);
        let rest = rest.map(|rest| start(rest, MAX_OPEN));
        let is_inside = position.start.line == position.end.line
            && !matches!(next.data().value, NodeValue::SoftBreak | NodeValue::LineBreak)
            && rest.is_some_and(|rest| rest.contains(end));
        return is_inside.then_some(next);
    }
    if !in_url {
        return None;
    }
    let is_mark = match &next.data().value {
        NodeValue::Emph | NodeValue::Strong => source(passes, next).starts_with('_'),
        NodeValue::Subscript | NodeValue::Strikethrough | NodeValue::ShortCode(_) => true,
        NodeValue::Highlight | NodeValue::Insert | NodeValue::Superscript => true,
        _ => false,
    };
    (is_mark && !source(passes, next).contains(char::is_whitespace)).then_some(next)
}

/// What `node` was read from, where it is a part of one line.
fn source<'a>(passes: &Passes<'a, '_>, node: Node<'a>) -> String {
    let position = node.data().sourcepos;
    let text = (position.start.line == position.end.line)
        .then(|| passes.line(position.start.line))
        .and_then(|line| line.get(position.start.column.checked_sub(1)?..position.end.column));
    text.unwrap_or(" ").to_owned()
}

fn is_in_link<'a>(node: Node<'a>) -> bool {
    node.ancestors()
        .any(|node| matches!(node.data().value, NodeValue::Link(_) | NodeValue::Image(_)))
}
