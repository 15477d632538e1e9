//! The tree becomes HTML, section by section.

use std::fmt::{self, Write as _};
use std::vec::IntoIter;

use comrak::html::{ChildRendering, Context, format_document_with_formatter, format_node_default};
use comrak::nodes::{AlertType, Ast, AstNode, LineColumn, Node, NodeLink, NodeValue};
use comrak::options::Plugins;
use comrak::{Arena, Options};

use super::headings::{TOP_LEVEL, level};
use super::html::IMAGE_ATTRIBUTES;
use super::limits::{CappedHtml, check_references};
use crate::render::codes::Code;
use crate::render::sanitize;

/// What writing one section leaves for the next.
#[derive(Default)]
struct State {
    /// Anchors of the headings that are still to come.
    anchors: IntoIter<String>,
    /// Show the author's HTML as text.
    escape_html: bool,
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
    anchors: Vec<String>,
    escape_html: bool,
) -> Result<String, Code> {
    let mut state = State { anchors: anchors.into_iter(), escape_html };
    let mut capped = CappedHtml::default();
    let mut page = String::new();
    for (part, nodes) in parts(root) {
        let anchor = state.anchors.as_slice().first().cloned().unwrap_or_default();
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
        push_part(&part, &anchor, &sanitize::clean(&html), &mut page);
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
        write!(context, "<h{level} id=\"{anchor}\">")
    } else {
        writeln!(context, "</h{level}>")
    }
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
        let end = info.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(info.len());
        let (name, rest) = info.split_at_checked(end)?;
        let (kind, label) = match name.to_ascii_lowercase().as_str() {
            "info" => ("info", "Info"),
            "success" => ("success", "Success"),
            "warning" => ("warning", "Warning"),
            "danger" => ("danger", "Danger"),
            "spoiler" => ("spoiler", "Spoiler"),
            _ => return None,
        };
        let rest = rest.trim();
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
        assert_eq!(Container::parse("theorem"), None);
        assert_eq!(Container::parse(""), None);
    }
}
