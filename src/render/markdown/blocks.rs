//! Repairs of blocks: what comrak reads as the standard has it and people mean otherwise.

use comrak::nodes::{LineColumn, Node, NodeValue};

use super::containers::Container;
use super::{Passes, figures, unwrap_node};
use crate::render::codes::Code;

/// Repairs all blocks below `root`.
pub(super) fn repair<'a>(passes: &mut Passes<'a, '_>, root: Node<'a>) {
    for node in root.descendants().collect::<Vec<_>>() {
        let repair = match &node.data().value {
            NodeValue::Heading(heading) if heading.setext && heading.level == 2 => setext_rule,
            NodeValue::HtmlBlock(_) => raw_html,
            NodeValue::BlockQuote => quoted_number,
            NodeValue::BlockDirective(_) => container,
            NodeValue::Alert(_) => alert,
            _ => continue,
        };
        repair(passes, node);
    }
    hide_tags_line(root);
}

/// `text⏎---` is text and a rule: notes are full of them, and hardly any is meant as a heading. A
/// lone `-` is what is left of a list.
fn setext_rule<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let position = node.data().sourcepos;
    let end = position.end.line;
    let last = LineColumn { line: end.saturating_sub(1), ..position.start };
    passes.report_at(Code::SetextRule, last);
    let dashes = passes.line(end).trim_end().chars().rev().take_while(|c| *c == '-').count();
    node.data_mut().value = NodeValue::Paragraph;
    if dashes >= 3 || dashes == 0 {
        node.insert_after(passes.node(NodeValue::ThematicBreak, node));
    } else {
        node.append(passes.node(NodeValue::SoftBreak, node));
        node.append(passes.text("-".repeat(dashes), node));
    }
}

fn raw_html<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let removed = match &mut node.data_mut().value {
        NodeValue::HtmlBlock(block) => {
            let (html, removed) = passes.raw.neutralize(&block.literal, false, |_| false);
            block.literal = figures::captioned(html);
            removed
        }
        _ => false,
    };
    if removed {
        passes.report(Code::HtmlRemoved, node);
    }
}

/// `+ >90% of clusters` is no quote: the `>` is a part of the number.
fn quoted_number<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let in_list = node.parent().is_some_and(|parent| {
        matches!(parent.data().value, NodeValue::Item(_) | NodeValue::TaskItem(_))
    });
    let start = node.data().sourcepos.start;
    let is_number = start
        .column
        .checked_sub(1)
        .and_then(|column| passes.line(start.line).get(column..))
        .and_then(|text| text.strip_prefix('>'))
        .map(|text| text.strip_prefix('=').unwrap_or(text))
        .is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    let first =
        node.first_child().filter(|first| matches!(first.data().value, NodeValue::Paragraph));
    if let (true, true, Some(first)) = (in_list, is_number, first) {
        first.prepend(passes.text(">", node));
        unwrap_node(node);
    }
}

/// `> [!NOTE]- Title` is folded elsewhere; the sign is no part of the title.
fn alert<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let line = passes.line(node.data().sourcepos.start.line);
    let has_sign = line.split_once(']').is_some_and(|(_, rest)| rest.starts_with(['+', '-']));
    if let NodeValue::Alert(alert) = &mut node.data_mut().value
        && has_sign
    {
        let title = alert.title.take().unwrap_or_default();
        let title = title.trim_start_matches(['+', '-']).trim().to_owned();
        alert.title = (!title.is_empty()).then_some(title);
    }
}

/// Containers without a name are stray fences, and those of no known kind are text.
fn container<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let info = match &node.data().value {
        NodeValue::BlockDirective(directive) => directive.info.clone(),
        _ => return,
    };
    let position = node.data().sourcepos;
    let is_closed = position.end.line > position.start.line
        && passes.line(position.end.line).trim_end().ends_with(":::");
    if Container::parse(&info).is_some() {
        if !is_closed {
            passes.report(Code::ContainerUnclosed, node);
        }
        return;
    }
    if !info.is_empty() {
        passes.report(Code::ContainerUnknown, node);
        let paragraph = passes.node(NodeValue::Paragraph, node);
        paragraph.append(passes.text(format!(":::{info}"), node));
        node.insert_before(paragraph);
    }
    unwrap_node(node);
}

/// HackMD's `###### tags:` line: its tags are in the spec.
fn hide_tags_line<'a>(root: Node<'a>) {
    for node in root.children().collect::<Vec<_>>() {
        let is_small =
            matches!(&node.data().value, NodeValue::Heading(heading) if heading.level == 6);
        if is_small && node.collect_text().trim_start().to_ascii_lowercase().starts_with("tags:") {
            node.detach();
        }
    }
}
