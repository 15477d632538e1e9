//! The lists of a document: items that stand together.

use super::html;
use crate::document::markdown::outline::Item;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;

/// The lists of a document, and those nested in their items.
pub(super) fn lists(document: &Document<'_>) -> Vec<Vec<Item>> {
    let end = document.outline.lines.len();
    let items = document.outline.items(0, end);
    let nested = items.iter().filter(|item| item.end > item.line + 2);
    let nested: Vec<Vec<Item>> = nested.map(|item| document.outline.nested(item)).collect();
    let html = apart(document, html::items(document, 0, end));
    let mut lists = apart(document, items);
    lists.extend(html);
    lists.extend(nested);
    lists
}

/// Items as the lists that they make. Where each stands alone above paragraphs, these belong to it.
fn apart(document: &Document<'_>, items: Vec<Item>) -> Vec<Vec<Item>> {
    let lines = &document.outline.lines;
    let between = |from: usize, to: usize| lines.get(from..to).unwrap_or_default();
    let mut lists: Vec<Vec<Item>> = Vec::new();
    for item in items {
        let last = lists.last_mut().and_then(|list| list.last_mut().map(|last| last.end));
        let gap = last.map(|end| between(end, item.line));
        let text = gap.is_some_and(|gap| gap.iter().any(|line| line.kind != LineKind::Blank));
        let prose = gap.is_some_and(|gap| gap.iter().all(|line| is_paragraph(line.kind)));
        match lists.last_mut() {
            Some(list) if !text => list.push(item),
            Some(list) if prose && (list.len() == 1 || is_loose(list)) => {
                if let Some(last) = list.last_mut() {
                    last.end = item.line;
                }
                list.push(item);
            }
            _ => lists.push(vec![item]),
        }
    }
    lists
}

/// Whether paragraphs follow the items of a list.
fn is_loose(list: &[Item]) -> bool {
    list.iter().zip(list.iter().skip(1)).all(|(item, next)| item.end == next.line)
}

fn is_paragraph(kind: LineKind) -> bool {
    matches!(kind, LineKind::Blank | LineKind::Text)
}
