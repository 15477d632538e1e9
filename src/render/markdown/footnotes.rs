//! Footnotes: those that are referred to go to the end, the others stay as text.

use std::collections::HashMap;

use comrak::nodes::{Node, NodeValue};

use super::{Passes, unwrap_node};
use crate::render::codes::Code;

/// Gives footnotes ids that are unique among notes, `<name>-<number>`, and puts them in order.
pub(super) fn arrange<'a>(passes: &mut Passes<'a, '_>, root: Node<'a>, name: &str) {
    let mut definitions = Vec::new();
    let mut numbers = HashMap::new();
    for node in root.descendants() {
        match &mut node.data_mut().value {
            NodeValue::FootnoteDefinition(_) => definitions.push(node),
            NodeValue::FootnoteReference(reference) => {
                numbers.insert(reference.name.clone(), reference.ix);
                reference.name = format!("{name}-{}", reference.ix);
            }
            _ => {}
        }
    }
    let mut used = Vec::new();
    for node in definitions {
        match number(node, &numbers) {
            Some(number) => used.push((number, node)),
            None => keep_as_text(passes, node),
        }
    }
    used.sort_by_key(|(number, _)| *number);
    for (number, node) in used {
        if let NodeValue::FootnoteDefinition(definition) = &mut node.data_mut().value {
            definition.name = format!("{name}-{number}");
        }
        root.append(node);
    }
}

/// Where the footnote stands among those that are referred to.
fn number<'a>(node: Node<'a>, numbers: &HashMap<String, u32>) -> Option<u32> {
    match &node.data().value {
        NodeValue::FootnoteDefinition(definition) if definition.total_references > 0 => {
            numbers.get(&definition.name).copied()
        }
        _ => None,
    }
}

fn keep_as_text<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    passes.report(Code::FootnoteUnused, node);
    let label = match &node.data().value {
        NodeValue::FootnoteDefinition(definition) => format!("[^{}]: ", definition.name),
        _ => return,
    };
    let label = passes.text(label, node);
    match node.first_child().filter(|child| child.data().value == NodeValue::Paragraph) {
        Some(paragraph) => paragraph.prepend(label),
        None => {
            let paragraph = passes.node(NodeValue::Paragraph, node);
            paragraph.append(label);
            node.prepend(paragraph);
        }
    }
    unwrap_node(node);
}
