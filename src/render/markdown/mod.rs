//! Markdown becomes sanitized HTML, an outline and plain text.
//!
//! CommonMark with what HackMD, GitHub and Hugo add; docs/markdown.md tells authors about it. A line
//! break in the source is one on the page, as HackMD and GitHub have it and as people who take notes
//! expect it; where a note says so they are joined, as Hugo has it.
//!
//! The way of a note: limits are checked on the text, lines of it are repaired, comrak reads it, passes over the tree repair
//! and extend what was read, each section is written as HTML, and ammonia has the last word on each.
//! Sections are sanitized one by one, so that an element left open in one cannot swallow the next.

mod anchors;
mod annotations;
mod blocks;
mod code;
mod containers;
mod csv_table;
mod directions;
mod drawings;
mod embeds;
mod enclosed;
mod escaped;
mod figures;
mod footnotes;
mod format;
mod formulas;
mod guards;
mod headings;
mod highlight;
mod html;
mod inlines;
pub(super) mod invisible;
mod joining;
mod limits;
mod links;
mod mind_map;
mod named;
mod nesting;
mod pieces;
mod plain;
mod shortcodes;
mod source;
pub(super) mod standard;
mod tables;
mod tones;

use std::collections::BTreeSet;

use comrak::nodes::{Ast, AstNode, LineColumn, Node, NodeValue};
use comrak::{Arena, Options};

use super::codes::Code;
use super::contract::Section;
use super::{prose, sanitize};
use crate::api::{Diagnostic, Direction, LineBreaks, Nesting, Rendering};
pub use anchors::anchor;
use limits::Features;

/// Times that HTML is sanitized at most.
const MAX_SETTLING: usize = 4;

/// Rendered Markdown.
#[derive(Debug, Default)]
pub(super) struct Fragment {
    /// Sanitized HTML.
    pub html: String,
    /// The headings of the outline, in order.
    pub sections: Vec<Section>,
    /// All words, for counting.
    pub text: String,
    /// First words of the text, without headings and code.
    pub excerpt: String,
    /// What the author should know, in the order of the lines.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders the Markdown of the object `name`, with an anchor at the block of each of the lines
/// `anchored`. Nothing is lost: what cannot be rendered is shown as plain text.
pub(super) fn render(
    name: &str,
    markdown: &str,
    rendering: Rendering,
    anchored: &BTreeSet<usize>,
) -> Fragment {
    let mut diagnostics = Vec::new();
    invisible::report(markdown, &mut diagnostics);
    let source = source::prepare(markdown);
    let rendered = limits::admit(&source, &mut diagnostics).and_then(|features| {
        let source = formulas::settle(source, features);
        rich(name, &source, features, rendering, anchored, &mut diagnostics)
    });
    diagnostics.sort();
    match rendered {
        Ok(fragment) => Fragment { diagnostics, ..fragment },
        Err(code) => {
            diagnostics.push(code.diagnostic());
            Fragment { diagnostics, ..plain::fragment(markdown) }
        }
    }
}

/// What the passes over the tree share.
struct Passes<'a, 'm> {
    arena: &'a Arena<'a>,
    lines: Vec<&'m str>,
    raw: html::RawHtml,
    diagnostics: &'m mut Vec<Diagnostic>,
}

impl<'a> Passes<'a, '_> {
    /// A new node that stands where `at` stands.
    fn node(&self, value: NodeValue, at: Node<'a>) -> Node<'a> {
        let start: LineColumn = at.data().sourcepos.start;
        let node: AstNode<'a> = Ast::new(value, start).into();
        self.arena.alloc(node)
    }

    fn text(&self, text: impl Into<String>, at: Node<'a>) -> Node<'a> {
        self.node(NodeValue::Text(text.into().into()), at)
    }

    /// Line `number` of the Markdown, counted from 1.
    fn line(&self, number: usize) -> &str {
        number.checked_sub(1).and_then(|index| self.lines.get(index)).copied().unwrap_or_default()
    }

    fn report(&mut self, code: Code, node: Node<'a>) {
        let start = node.data().sourcepos.start;
        self.report_at(code, start);
    }

    fn report_at(&mut self, code: Code, place: LineColumn) {
        let LineColumn { line, column } = place;
        let before = self.line(line).get(..column.saturating_sub(1)).unwrap_or_default();
        let column = before.chars().count() + 1;
        self.diagnostics.push(code.at(line, column));
    }
}

/// The first bytes of `text`, `max` at most. What is looked for there and has no end would cost a look at
/// all that follows, each time.
fn start(text: &str, max: usize) -> &str {
    text.get(..text.floor_char_boundary(max)).unwrap_or_default()
}

/// Puts the children of `node` in its place.
fn unwrap_node<'a>(node: Node<'a>) {
    for child in node.children().collect::<Vec<_>>() {
        node.insert_before(child);
    }
    node.detach();
}

fn rich(
    name: &str,
    markdown: &str,
    features: Features,
    rendering: Rendering,
    anchored: &BTreeSet<usize>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Fragment, Code> {
    let arena = Arena::new();
    let joins_lines = rendering.line_breaks == Some(LineBreaks::Soft);
    let mut options = options(features);
    options.render.hardbreaks = !joins_lines;
    let lines: Vec<&str> = lines(markdown).collect();
    let (root, long_rows) = tables::parse(&arena, markdown, &lines, &options)?;
    let mut passes = Passes { arena: &arena, lines, raw: html::RawHtml::default(), diagnostics };
    long_rows.report(&mut passes, root);
    drawings::draw(&mut passes, root, &options)?;
    footnotes::arrange(&mut passes, root, name);
    if rendering.nesting != Some(Nesting::AsWritten) {
        nesting::infer(&mut passes, root);
    }
    blocks::repair(&mut passes, root);
    inlines::extend(&mut passes, root);
    escaped::show(root);
    figures::arrange(&passes, root);
    if joins_lines {
        joining::join(root);
    }
    let levels = rendering.toc_max_level.and_then(|levels| u8::try_from(levels).ok());
    let enclosed = enclosed::Enclosed::below(root);
    let levels = levels.unwrap_or(headings::TOC_LEVELS);
    let outline = headings::outline(&passes, root, &enclosed, levels);
    let escape_html = passes.raw.is_too_much(root.descendants().count());
    if escape_html {
        passes.diagnostics.push(Code::TooMuchHtml.diagnostic());
    }
    let (text, start) = plain::text(root);
    anchors::insert(&passes, root, anchored);
    let writing = format::Writing {
        escape_html,
        // A note in one direction, or one whose author says which, needs none at its blocks.
        has_directions: !matches!(rendering.direction, Some(Direction::LTR | Direction::RTL))
            && directions::are_mixed(markdown),
        enclosed,
    };
    let html = format::sections(&arena, root, &options, outline.anchors, writing)?;
    let html = if passes.raw.is_there() { settle(html)? } else { html };
    Ok(Fragment {
        html,
        sections: outline.sections,
        text,
        excerpt: prose::excerpt(&invisible::without(&start)),
        diagnostics: Vec::new(),
    })
}

/// Sanitizes until nothing changes. HTML that nests as no document may, such as a heading in a heading,
/// is read differently once it is written, and readers must get what was judged.
fn settle(mut html: String) -> Result<String, Code> {
    for _ in 0..MAX_SETTLING {
        let again = sanitize::clean_published(&html);
        if again == html {
            return Ok(html);
        }
        html = again;
    }
    Err(Code::TooComplex)
}

/// The lines as the parser counts them: a carriage return alone ends one, too.
fn lines(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// Reads `markdown` and shows its tree to `visit`; `None` where it is past the limits.
pub(super) fn with_tree<T>(markdown: &str, visit: impl for<'a> FnOnce(Node<'a>) -> T) -> Option<T> {
    let features = limits::admit(markdown, &mut Vec::new()).ok()?;
    let arena = Arena::new();
    let options = options(features);
    limits::parse(&arena, markdown, &options).ok().map(visit)
}

fn options(features: Features) -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.tasklist = true;
    extension.superscript = true;
    extension.subscript = true;
    extension.footnotes = features.footnotes;
    extension.inline_footnotes = features.footnotes;
    extension.alerts = true;
    extension.shortcodes = true;
    extension.cjk_friendly_emphasis = true;
    extension.highlight = true;
    extension.insert = true;
    extension.block_directive = features.containers;
    extension.description_lists = true;
    extension.math_dollars = true;
    options.parse.leave_footnote_definitions = true;
    options.render.tasklist_classes = true;
    // Sanitizing comes last; until then HTML passes as it is.
    options.render.r#unsafe = true;
    options
}

#[cfg(test)]
mod dialect_tests;
#[cfg(test)]
mod drawing_tests;
#[cfg(test)]
mod guard_tests;
#[cfg(test)]
mod survey_tests;
#[cfg(test)]
mod tests;
