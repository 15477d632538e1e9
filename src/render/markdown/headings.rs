//! Headings: their levels on the page, their anchors, the outline and the table of contents.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use comrak::Anchorizer;
use comrak::nodes::{Node, NodeValue};

use super::enclosed::Enclosed;
use super::{Passes, invisible};
use crate::render::contract::Section;
use crate::render::sanitize::ID_PREFIX;

/// Characters of an anchor at most, before its number.
const MAX_ANCHOR: usize = 80;
/// Level of the note's own sections on the page; 1 is the title of the talk.
pub(super) const TOP_LEVEL: u8 = 2;
/// Levels of headings in a table of contents where it does not say.
pub(super) const TOC_LEVELS: u8 = 3;

/// The headings of a note.
pub(super) struct Outline {
    /// Headings of the note itself, without those in quotes, lists and containers, and those that are folded.
    pub sections: Vec<Section>,
    /// Anchors of all headings, in the order of the tree.
    pub anchors: Vec<Anchor>,
}

/// Where links to a heading lead.
#[derive(Clone, Debug, Default)]
pub(super) struct Anchor {
    /// Made of letters, digits, `-` and `_` only, with its prefix.
    pub id: String,
    /// The id that HackMD gives the heading, where it is another, with its prefix.
    pub alias: Option<String>,
}

/// Moves the headings to the levels that they have on the page, so that the shallowest are
/// [`TOP_LEVEL`], and fills the tables of contents with `levels` where they do not say how many they have.
pub(super) fn outline<'a>(
    passes: &Passes<'a, '_>,
    root: Node<'a>,
    enclosed: &Enclosed,
    levels: u8,
) -> Outline {
    shift(root, enclosed);
    let mut anchors = Anchors::default();
    let mut outline = Outline { sections: Vec::new(), anchors: Vec::new() };
    for node in root.descendants() {
        let Some(level) = level(node) else { continue };
        let own = own_id(node);
        let title = title(node);
        let anchor = anchors.of(&title, own);
        if is_child(root, node) && !enclosed.folds(node) {
            let (title, anchor) = (invisible::without(&title).into_owned(), anchor.id.clone());
            outline.sections.push(Section { title, level, anchor, empty: is_empty(node, level) });
        }
        outline.anchors.push(anchor);
    }
    anchors.drop_taken(&mut outline.anchors);
    fill_contents(passes, root, &outline.sections, levels);
    outline
}

/// Takes `{#id}` or `{#id .class key=value}` from the end of `heading`.
fn own_id<'a>(heading: Node<'a>) -> Option<String> {
    let last = heading.last_child()?;
    let mut data = last.data_mut();
    let NodeValue::Text(text) = &mut data.value else { return None };
    let (before, attributes) = text.trim_end().strip_suffix('}')?.rsplit_once("{#")?;
    // Hugo has classes and other attributes behind it.
    let mut words = attributes.split_whitespace();
    let id = words.next()?;
    if !words.all(|word| word.starts_with('.') || word.contains('=')) {
        return None;
    }
    let is_id = |c: char| c.is_alphanumeric() || "-_".contains(c);
    if id.is_empty() || id.chars().count() > MAX_ANCHOR || !id.chars().all(is_id) {
        return None;
    }
    let (before, id) = (before.trim_end().to_owned(), id.to_owned());
    *text = before.into();
    Some(id)
}

/// Gives each heading an anchor of its own.
#[derive(Default)]
struct Anchors {
    anchorizer: Anchorizer,
    taken: HashSet<String>,
    /// How often HackMD has given an id.
    hackmd: HashMap<String, usize>,
}

impl Anchors {
    fn of(&mut self, title: &str, own: Option<String>) -> Anchor {
        let alias = self.hackmd_id(title);
        let mut id = own.map(|own| format!("{ID_PREFIX}{own}"));
        while id.as_ref().is_none_or(|id| self.taken.contains(id)) {
            id = Some(anchor(title, &mut self.anchorizer));
        }
        let id = id.unwrap_or_default();
        self.taken.insert(id.clone());
        Anchor { id, alias }
    }

    /// HackMD keeps the case and the punctuation of CJK text, and numbers what is there twice
    /// without a dash.
    fn hackmd_id(&mut self, title: &str) -> Option<String> {
        // What is hidden is left out of attributes, in which two ids could become one.
        let title = invisible::without(title);
        let words: Vec<&str> = title.split_whitespace().collect();
        let id: String = words
            .join("-")
            .chars()
            .filter(|c| !c.is_ascii_punctuation() || "-_".contains(*c))
            .collect();
        if id.is_empty() || id.chars().count() > MAX_ANCHOR {
            return None;
        }
        let count = self.hackmd.entry(id.clone()).or_default();
        *count += 1;
        let number = if *count > 1 { (*count - 1).to_string() } else { String::new() };
        Some(format!("{ID_PREFIX}{id}{number}"))
    }

    /// An id stands once on a page: aliases give way.
    fn drop_taken(mut self, anchors: &mut [Anchor]) {
        for anchor in anchors {
            anchor.alias = anchor.alias.take().filter(|alias| self.taken.insert(alias.clone()));
        }
    }
}

/// Each heading comes one level below the one that it stands under, however many levels its author
/// left out: who listens to the page takes a gap for a missing section.
fn shift<'a>(root: Node<'a>, enclosed: &Enclosed) {
    let sections = root.children().filter(|node| !enclosed.holds(node));
    let shallowest = sections.filter_map(level).min();
    let has_sections = shallowest.is_some();
    let shallowest = shallowest.or_else(|| root.children().filter_map(level).min()).unwrap_or(1);
    let mut above = vec![shallowest];
    for node in root.descendants() {
        let is_nested = !is_child(root, node) || (has_sections && enclosed.holds(node));
        if let NodeValue::Heading(heading) = &mut node.data_mut().value {
            // A heading in a quote, list or element of HTML makes no section, so it stays below those that do.
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
fn fill_contents<'a>(passes: &Passes<'a, '_>, root: Node<'a>, sections: &[Section], levels: u8) {
    for node in root.descendants().collect::<Vec<_>>() {
        if node.data().value != NodeValue::Paragraph {
            continue;
        }
        let Some(own) = contents_levels(&node.collect_text()) else { continue };
        let html = contents(sections, own.unwrap_or(levels));
        let list = passes.node(NodeValue::Raw(html), node);
        node.insert_before(list);
        node.detach();
    }
}

/// Whether `text` is a table of contents, and how many levels `[TOC maxLevel=2]` asks for.
fn contents_levels(text: &str) -> Option<Option<u8>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut words = inner.split_whitespace();
    if !words.next()?.eq_ignore_ascii_case("toc") {
        return None;
    }
    match words.next() {
        None => Some(None),
        Some(word) => word.strip_prefix("maxLevel=")?.parse().ok().map(Some),
    }
}

fn contents(sections: &[Section], levels: u8) -> String {
    let mut html = String::from("<nav class=\"toc\">");
    let mut open: Vec<u8> = Vec::new();
    for section in
        sections.iter().filter(|section| section.level < TOP_LEVEL.saturating_add(levels))
    {
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
