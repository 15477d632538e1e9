//! The tree becomes HTML, section by section.

use std::fmt::{self, Write as _};
use std::vec::IntoIter;

use comrak::html::{ChildRendering, Context, format_document_with_formatter, format_node_default};
use comrak::nodes::{AlertType, Ast, AstNode, LineColumn, Node, NodeLink, NodeValue};
use comrak::options::Plugins;
use comrak::{Arena, Options};

use super::code::{Info, Numbers};
use super::headings::{Anchor, TOP_LEVEL, level};
use super::html::IMAGE_ATTRIBUTES;
use super::limits::{CappedHtml, check_references};
use super::{invisible, nesting};
use crate::render::codes::Code;
use crate::render::sanitize;

/// What writing one section leaves for the next.
#[derive(Default)]
struct State {
    /// Anchors of the headings that are still to come.
    anchors: IntoIter<Anchor>,
    /// Show the author's HTML as text.
    escape_html: bool,
    /// Number of the line after the last one of code that has numbers.
    next_line: u32,
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
    escape_html: bool,
) -> Result<String, Code> {
    let mut state = State { anchors: anchors.into_iter(), escape_html, next_line: 1 };
    let mut capped = CappedHtml::default();
    let mut page = String::new();
    for (part, nodes) in parts(root) {
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
        let html = invisible::mark(sanitize::clean(&html));
        push_part(&part, &anchor.unwrap_or_default(), &html, &mut page);
    }
    Ok(page)
}

fn parts<'a>(root: Node<'a>) -> Vec<(Part, Vec<Node<'a>>)> {
    let mut parts = vec![(Part::Lead, Vec::new())];
    let mut footnotes = Vec::new();
    for node in root.children() {
        if matches!(node.data().value, NodeValue::FootnoteDefinition(_)) {
            footnotes.push(node);
        } else if level(node) == Some(TOP_LEVEL) {
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
    let next = info.write(context, code, first)?;
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

fn write_container(
    context: &mut Context<'_, '_, State>,
    container: &Container,
    entering: bool,
) -> fmt::Result {
    if container.kind != "spoiler" {
        let Container { kind, label, title, .. } = container;
        return write_alert(context, kind, label, title, entering);
    }
    context.cr()?;
    if entering {
        let open = if container.open { " open" } else { "" };
        write!(context, "<details class=\"spoiler\"{open}><summary>")?;
        let title = if container.title.is_empty() { container.label } else { &container.title };
        context.escape(title)?;
        context.write_str("</summary>\n")
    } else {
        context.write_str("</details>\n")
    }
}

/// A box with its type in words: colour alone says nothing to many readers.
fn write_alert(
    context: &mut Context<'_, '_, State>,
    kind: &str,
    label: &str,
    title: &str,
    entering: bool,
) -> fmt::Result {
    context.cr()?;
    if !entering {
        return context.write_str("</div>\n");
    }
    write!(context, "<div class=\"alert alert-{kind}\" role=\"note\">\n<p class=\"alert-title\">")?;
    write!(context, "<span class=\"alert-type\">{label}</span>")?;
    if !title.is_empty() {
        context.write_str(" ")?;
        context.escape(title)?;
    }
    context.write_str("</p>\n")
}

fn alert_kind(kind: AlertType) -> (&'static str, &'static str) {
    match kind {
        AlertType::Note => ("info", "Note"),
        AlertType::Tip => ("success", "Tip"),
        AlertType::Important => ("info", "Important"),
        AlertType::Warning => ("warning", "Warning"),
        AlertType::Caution => ("danger", "Caution"),
    }
}

/// HackMD's `:::info Title` and its kin.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Container {
    /// One of a fixed set, so it can stand in a class.
    kind: &'static str,
    label: &'static str,
    title: String,
    open: bool,
}

impl Container {
    /// Reads what stands behind the colons. `None` where the kind is not known.
    pub(super) fn parse(info: &str) -> Option<Self> {
        let info = info.trim_start();
        let end = info.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(info.len());
        let (name, rest) = info.split_at_checked(end)?;
        let (kind, label) = match name.to_ascii_lowercase().as_str() {
            "info" => ("info", "Info"),
            "note" => ("info", "Note"),
            "important" => ("info", "Important"),
            "success" => ("success", "Success"),
            "tip" => ("success", "Tip"),
            "warning" => ("warning", "Warning"),
            "danger" => ("danger", "Danger"),
            "caution" => ("danger", "Caution"),
            "spoiler" => ("spoiler", "Spoiler"),
            _ => return None,
        };
        let rest =
            rest.trim_start_matches(|c: char| c.is_whitespace() || ":：".contains(c)).trim_end();
        let (attributes, title) = match rest.strip_prefix('{').and_then(|rest| rest.split_once('}'))
        {
            Some((attributes, title)) => (attributes, title.trim()),
            None => ("", rest),
        };
        Some(Self { kind, label, title: title.to_owned(), open: attributes.contains("open") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_split_from_kinds() {
        let parsed = |info| Container::parse(info).unwrap();
        assert_eq!(parsed("info 提示").title, "提示");
        assert_eq!(parsed("Warning").kind, "warning");
        assert!(parsed("spoiler {state=\"open\"} 答案").open);
        assert_eq!(parsed("spoiler {state=\"open\"} 答案").title, "答案");
        assert_eq!(parsed("info：為什麼").title, "為什麼");
        assert_eq!(parsed("info: why").title, "why");
        assert_eq!(parsed("info Q: why").title, "Q: why");
        assert_eq!(Container::parse("theorem"), None);
        assert_eq!(Container::parse(""), None);
    }
}
