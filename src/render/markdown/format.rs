//! The tree becomes HTML, section by section.

use std::fmt::{self, Write as _};
use std::vec::IntoIter;

use comrak::html::{ChildRendering, Context, format_document_with_formatter, format_node_default};
use comrak::nodes::{Ast, AstNode, LineColumn, Node, NodeLink, NodeValue};
use comrak::options::Plugins;
use comrak::{Arena, Options};

use super::code::{Info, Numbers};
use super::containers::{Container, alert_kind, write_alert, write_container};
use super::enclosed::Enclosed;
use super::headings::{Anchor, TOP_LEVEL, level};
use super::highlight::Budget;
use super::html::IMAGE_ATTRIBUTES;
use super::limits::{CappedHtml, check_references};
use super::{directions, invisible, named, nesting};
use crate::render::codes::Code;
use crate::render::sanitize;

/// What writing one section leaves for the next.
#[derive(Default)]
pub(super) struct State {
    /// Anchors of the headings that are still to come.
    anchors: IntoIter<Anchor>,
    /// Show the author's HTML as text.
    escape_html: bool,
    /// Number of the line after the last one of code that has numbers.
    next_line: u32,
    /// What may still be coloured of the code.
    colours: Budget,
}

/// How a note is written.
pub(super) struct Writing {
    /// Show the author's HTML as text.
    pub escape_html: bool,
    /// Whether each block finds its own direction.
    pub has_directions: bool,
    /// Blocks that begin no section.
    pub enclosed: Enclosed,
}

/// A part of the note that is sanitized for itself.
enum Part {
    Lead,
    Section,
    Footnotes,
}

/// Writes the note below `root`: what stands before the first heading, a section for each heading of
/// the top level, and the footnotes. `anchors` are those of all headings in the order of the tree.
pub(super) fn sections<'a>(
    arena: &'a Arena<'a>,
    root: Node<'a>,
    options: &Options<'_>,
    anchors: Vec<Anchor>,
    writing: Writing,
) -> Result<String, Code> {
    let Writing { escape_html, has_directions, enclosed } = writing;
    let anchors = anchors.into_iter();
    let mut state = State { anchors, escape_html, next_line: 1, colours: Budget::default() };
    let mut capped = CappedHtml::default();
    let mut page = String::new();
    for (part, nodes) in parts(root, &enclosed) {
        let anchor = state.anchors.as_slice().first().map(|anchor| anchor.id.clone());
        let document: AstNode<'a> =
            Ast::new(NodeValue::Document, LineColumn { line: 1, column: 1 }).into();
        let document = arena.alloc(document);
        document.extend(nodes);
        state = format_document_with_formatter(
            document,
            options,
            &mut capped,
            &Plugins::default(),
            format_node,
            state,
        )
        .map_err(|_| Code::OutputTooLong)?;
        let html = capped.take();
        check_references(&html)?;
        let mut html = named::name(invisible::mark(sanitize::clean(&html)));
        if has_directions {
            html = directions::mark(&html);
        }
        push_part(&part, &anchor.unwrap_or_default(), &html, &mut page);
    }
    Ok(page)
}

fn parts<'a>(root: Node<'a>, enclosed: &Enclosed) -> Vec<(Part, Vec<Node<'a>>)> {
    let mut parts = vec![(Part::Lead, Vec::new())];
    let mut footnotes = Vec::new();
    for node in root.children() {
        if matches!(node.data().value, NodeValue::FootnoteDefinition(_)) {
            footnotes.push(node);
        } else if level(node) == Some(TOP_LEVEL) && !enclosed.holds(node) {
            parts.push((Part::Section, vec![node]));
        } else if let Some((_, nodes)) = parts.last_mut() {
            nodes.push(node);
        }
    }
    if !footnotes.is_empty() {
        parts.push((Part::Footnotes, footnotes));
    }
    parts
}

/// `anchor` is the first heading's, made of letters, digits, `-` and `_` only.
fn push_part(part: &Part, anchor: &str, html: &str, page: &mut String) {
    let html = html.trim();
    match part {
        Part::Lead if html.is_empty() => return,
        Part::Lead => page.push_str("<section class=\"note-lead\">\n"),
        Part::Section => {
            page.push_str("<section class=\"note-section\" aria-labelledby=\"");
            page.push_str(anchor);
            page.push_str("\">\n");
        }
        Part::Footnotes => {}
    }
    page.push_str(html);
    page.push_str(if matches!(part, Part::Footnotes) { "\n" } else { "\n</section>\n" });
}

fn format_node(
    context: &mut Context<'_, '_, State>,
    node: Node<'_>,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    match &node.data().value {
        NodeValue::Heading(heading) => write_heading(context, heading.level, entering)?,
        NodeValue::Image(image) => return write_image(context, image, entering),
        NodeValue::Alert(alert) => {
            let (kind, label) = alert_kind(alert.alert_type);
            let title = alert.title.as_deref().unwrap_or_default();
            write_alert(context, kind, label, title, entering)?;
        }
        NodeValue::BlockDirective(directive) => match Container::parse(&directive.info) {
            Some(container) => write_container(context, &container, entering)?,
            None => return Ok(ChildRendering::HTML),
        },
        NodeValue::CodeBlock(block) if entering => {
            write_code(context, &block.info, &block.literal)?
        }
        NodeValue::CodeBlock(_) => {}
        NodeValue::Math(math) if entering => {
            write_formula(context, &math.literal, math.display_math)?;
        }
        NodeValue::Math(_) => {}
        NodeValue::List(_) if nesting::is_inferred(node) => {
            context.cr()?;
            context.write_str(if entering { INFERRED_LIST } else { "</ul>\n" })?;
        }
        NodeValue::HtmlBlock(block) if entering && context.user.escape_html => {
            context.write_str("<p>")?;
            context.escape(&block.literal)?;
            context.write_str("</p>\n")?;
        }
        NodeValue::HtmlInline(html) if entering && context.user.escape_html => {
            context.escape(html)?;
        }
        _ => return format_node_default(context, node, entering),
    }
    Ok(ChildRendering::HTML)
}

fn write_heading(context: &mut Context<'_, '_, State>, level: u8, entering: bool) -> fmt::Result {
    if entering {
        context.cr()?;
        let anchor = context.user.anchors.next().unwrap_or_default();
        write!(context, "<h{level} id=\"{}\">", anchor.id)?;
        match anchor.alias {
            Some(alias) => {
                context.write_str("<span id=\"")?;
                context.escape(&alias)?;
                context.write_str("\"></span>")
            }
            None => Ok(()),
        }
    } else {
        writeln!(context, "</h{level}>")
    }
}

/// A list that the text has not where it stands on the page.
const INFERRED_LIST: &str =
    "<ul class=\"inferred\" title=\"Nesting inferred from the list markers\">\n";

fn write_code(context: &mut Context<'_, '_, State>, info: &str, code: &str) -> fmt::Result {
    context.cr()?;
    let info = Info::parse(info);
    let first = match info.numbers {
        Some(Numbers::From(first)) => first,
        Some(Numbers::Continued) => context.user.next_line,
        None => 1,
    };
    let mut colours = std::mem::take(&mut context.user.colours);
    let next = info.write(context, code, first, &mut colours)?;
    context.user.colours = colours;
    if info.numbers.is_some() {
        context.user.next_line = next;
    }
    Ok(())
}

/// Formulas are shown as they are written: to set them takes a script, or fonts of a megabyte.
fn write_formula(
    context: &mut Context<'_, '_, State>,
    formula: &str,
    is_display: bool,
) -> fmt::Result {
    let (class, mark) = if is_display { ("math math-display", "$$") } else { ("math", "$") };
    write!(context, "<code class=\"{class}\">{mark}")?;
    context.escape(formula)?;
    write!(context, "{mark}</code>")
}

fn write_image(
    context: &mut Context<'_, '_, State>,
    image: &NodeLink,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    if entering {
        write!(context, "<img{IMAGE_ATTRIBUTES} src=\"")?;
        context.escape_href(&image.url)?;
        context.write_str("\" alt=\"")?;
        return Ok(ChildRendering::Plain);
    }
    if !image.title.is_empty() {
        context.write_str("\" title=\"")?;
        context.escape(&image.title)?;
    }
    context.write_str("\">")?;
    Ok(ChildRendering::HTML)
}
