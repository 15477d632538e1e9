//! Headings: their levels on the page, their anchors, the outline and the table of contents.

use std::fmt::Write as _;

use comrak::Anchorizer;
use comrak::nodes::{Node, NodeValue};

use super::Passes;
use crate::render::contract::Section;
use crate::render::sanitize::ID_PREFIX;

/// Characters of an anchor at most, before its number.
const MAX_ANCHOR: usize = 80;
/// Level of the note's own sections on the page; 1 is the title of the talk.
pub(super) const TOP_LEVEL: u8 = 2;
/// Levels of headings in a table of contents where it does not say.
const TOC_LEVELS: u8 = 3;

/// The headings of a note.
pub(super) struct Outline {
    /// Headings of the note itself, without those in quotes, lists and containers.
    pub sections: Vec<Section>,
    /// Anchors of all headings, in the order of the tree.
    pub anchors: Vec<String>,
}

/// Moves the headings to the levels that they have on the page, so that the shallowest are
/// [`TOP_LEVEL`], and fills the tables of contents.
pub(super) fn outline<'a>(passes: &mut Passes<'a, '_>, root: Node<'a>) -> Outline {
    shift(root);
    let mut anchorizer = Anchorizer::new();
    let mut outline = Outline { sections: Vec::new(), anchors: Vec::new() };
    for node in root.descendants() {
        let Some(level) = level(node) else { continue };
        let title = title(node);
        let anchor = anchor(&title, &mut anchorizer);
        outline.anchors.push(anchor.clone());
        if is_child(root, node) {
            outline.sections.push(Section { title, level, anchor, empty: is_empty(node, level) });
        }
    }
    fill_contents(passes, root, &outline.sections);
    outline
}

/// Each heading comes one level below the one that it stands under, however many levels its author
/// left out: who listens to the page takes a gap for a missing section.
fn shift<'a>(root: Node<'a>) {
    let shallowest = root.children().filter_map(level).min().unwrap_or(1);
    let mut above = vec![shallowest];
    for node in root.descendants() {
        let is_nested = !is_child(root, node);
        if let NodeValue::Heading(heading) = &mut node.data_mut().value {
            // A heading in a quote or list makes no section, so it stays below those that do.
            let least = if is_nested { shallowest + 1 } else { shallowest };
            let own = heading.level.max(least);
            while above.last().is_some_and(|level| *level >= own) {
                above.pop();
            }
            heading.level = page_level(above.len());
            above.push(own);
        }
    }
}

/// The level of a heading with `above` headings above it.
fn page_level(above: usize) -> u8 {
    u8::try_from(above).map_or(6, |above| above.saturating_add(TOP_LEVEL)).min(6)
}

fn is_child<'a>(root: Node<'a>, node: Node<'a>) -> bool {
    node.parent().is_some_and(|parent| parent.same_node(root))
}

pub(super) fn level<'a>(node: Node<'a>) -> Option<u8> {
    match &node.data().value {
        NodeValue::Heading(heading) => Some(heading.level),
        _ => None,
    }
}

fn title<'a>(heading: Node<'a>) -> String {
    let mut title = String::new();
    for node in heading.descendants() {
        match &node.data().value {
            NodeValue::Text(text) => title.push_str(text),
            NodeValue::Code(code) => title.push_str(&code.literal),
            NodeValue::ShortCode(emoji) => title.push_str(&emoji.emoji),
            NodeValue::SoftBreak | NodeValue::LineBreak => title.push(' '),
            _ => {}
        }
    }
    title.trim().to_owned()
}

fn anchor(title: &str, anchorizer: &mut Anchorizer) -> String {
    let short: String = title.chars().take(MAX_ANCHOR).collect();
    let has_letters = short.chars().any(char::is_alphanumeric);
    let id = anchorizer.anchorize(if has_letters { short.trim() } else { "section" });
    format!("{ID_PREFIX}{id}")
}

/// Whether nothing but rules and comments stands below `heading` before the next one of its level.
fn is_empty<'a>(heading: Node<'a>, level: u8) -> bool {
    let shown = |node: Node<'a>| match &node.data().value {
        NodeValue::ThematicBreak | NodeValue::Heading(_) => false,
        NodeValue::HtmlBlock(block) => !block.literal.trim().is_empty(),
        _ => true,
    };
    heading
        .following_siblings()
        .skip(1)
        .take_while(|node| self::level(node).is_none_or(|other| other > level))
        .take_while(|node| !matches!(node.data().value, NodeValue::FootnoteDefinition(_)))
        .all(|node| !shown(node))
}

/// Puts a nested list of links where a paragraph is `[TOC]` and nothing else.
fn fill_contents<'a>(passes: &mut Passes<'a, '_>, root: Node<'a>, sections: &[Section]) {
    for node in root.descendants().collect::<Vec<_>>() {
        if node.data().value != NodeValue::Paragraph {
            continue;
        }
        let Some(levels) = contents_levels(&node.collect_text()) else { continue };
        let list = passes.node(NodeValue::Raw(contents(sections, levels)), node);
        node.insert_before(list);
        node.detach();
    }
}

/// How many levels `[TOC]` or `[TOC maxLevel=2]` asks for.
fn contents_levels(text: &str) -> Option<u8> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut words = inner.split_whitespace();
    if !words.next()?.eq_ignore_ascii_case("toc") {
        return None;
    }
    match words.next() {
        None => Some(TOC_LEVELS),
        Some(word) => word.strip_prefix("maxLevel=")?.parse().ok(),
    }
}

fn contents(sections: &[Section], levels: u8) -> String {
    let mut html = String::from("<nav class=\"toc\">");
    let mut open: Vec<u8> = Vec::new();
    for section in sections.iter().filter(|section| section.level < TOP_LEVEL + levels) {
        while open.last().is_some_and(|level| *level > section.level) && open.len() > 1 {
            open.pop();
            html.push_str("</li></ul>");
        }
        if open.last().is_some_and(|level| *level >= section.level) {
            html.push_str("</li>");
        } else {
            open.push(section.level);
            html.push_str("<ul>");
        }
        let _ = write!(html, "<li><a href=\"#{}\">", section.anchor);
        let _ = comrak::html::escape(&mut html, &section.title);
        html.push_str("</a>");
    }
    html.push_str(&"</li></ul>".repeat(open.len()));
    html.push_str("</nav>\n");
    html
}
