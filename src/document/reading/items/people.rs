//! The people whom an item of a list names elsewhere than in its title.

use super::item_text;
use crate::document::markdown::outline::Item;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::speakers::credits;
use crate::document::speakers::name_confidence::NameConfidence;
use crate::document::speakers::people::People;
use crate::document::speakers::positions::{Credit, SpeakerPosition};
use crate::document::words::Label;

/// Those in the lines of an item below its first: behind a label, in a first nested item that names
/// nobody else than them, and below a line of text as they stand below a heading.
pub(super) fn below(document: &Document<'_>, item: Item) -> Vec<Credit> {
    let lines = &document.outline.lines;
    let nested = lines.get(item.line + 1..item.end).unwrap_or_default();
    let text = lines.get(item.line).is_some_and(|line| line.kind == LineKind::Text);
    let mut labels = nested.iter().take(4).filter_map(|line| credits::labelled(line.text));
    let labelled = labels.any(|(label, _)| label == Label::Speakers);
    if labelled || (text && !nested.is_empty()) {
        return credits::under(document, item.line + 1, item.end).credits;
    }
    let first = nested.first().filter(|line| matches!(line.kind, LineKind::Item { .. }));
    let people = first.map(|line| People::parse(&item_text(line.text)));
    let people = people.filter(|people| people.name_confidence >= NameConfidence::Medium);
    people
        .map(|people| Credit { position: SpeakerPosition::Bullet, title: None, people })
        .into_iter()
        .collect()
}

/// The people behind a title that is a link, where they are all of it and in bold or italics.
pub(super) fn in_bold(rest: &str) -> Option<Credit> {
    let inner = rest.trim_matches(['*', '_']);
    let marked = inner.len() < rest.len() && !inner.contains(['*', '_']);
    let people = People::parse(Some(inner).filter(|_| marked)?);
    let named = people.name_confidence >= NameConfidence::Medium;
    named.then_some(Credit { position: SpeakerPosition::Bold, title: None, people })
}
