//! What a page was made from, so that one that is current is known without rendering it.

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::OfficialAgenda;
use super::contract::Card;
use super::publication::to_json;
use crate::api::names::hex;
use crate::api::{SummitSpec, TalkNoteSpec};

/// Version of the renderer. It is raised with each change after which the same spec gives another page:
/// pages of another version are rendered again in the background. A test compares what is rendered of the
/// examples with what this version gave (`tests/renderer.rs`).
pub const VERSION: &str = "1";

/// Fields of a spec that no page shows: they say where the text is kept, and who may see the page when.
/// The text itself is known by its digest.
const NOT_RENDERED: [&str; 6] =
    ["publication", "publishAt", "unpublishAt", "contentFrom", "markdown", "overview"];

/// `sha256:<hex>` of all that [`super::note`] renders. `text` is a digest of the Markdown.
pub fn source_of_note(name: &str, spec: &TalkNoteSpec, text: &str) -> String {
    digest(&[name, text, &rendered(spec)])
}

/// `sha256:<hex>` of all that [`super::joined_summit`] renders, in whatever order the cards are. `text` is a
/// digest of the overview.
pub fn source_of_summit(
    name: &str,
    spec: &SummitSpec,
    text: &str,
    cards: &[Card],
    agenda: Option<&OfficialAgenda<'_>>,
) -> String {
    let links = |at: usize| agenda.and_then(|agenda| agenda.links.get(at));
    let cards = cards.iter().enumerate().map(|(at, card)| to_json(&(card, links(at))));
    let mut cards: Vec<String> = cards.collect();
    cards.sort_unstable();
    let agenda = match agenda.map(|agenda| &agenda.text) {
        None => String::new(),
        Some(Ok(text)) => format!("text {text}"),
        Some(Err(reason)) => format!("none {reason}"),
    };
    digest(&[name, text, &rendered(spec), &agenda, &cards.join("\n")])
}

/// The part of a spec that is rendered, as JSON.
fn rendered(spec: &impl Serialize) -> String {
    // A spec is an object whose keys are strings.
    let mut fields = match serde_json::to_value(spec) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    fields.retain(|field, _| !NOT_RENDERED.contains(&field.as_str()));
    Value::Object(fields).to_string()
}

/// Lengths stand before the parts, so that no two lists of parts hash the same bytes.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    format!("sha256:{}", hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Publication, Speaker};

    fn spec() -> TalkNoteSpec {
        TalkNoteSpec { title: "Knots".to_owned(), ..TalkNoteSpec::default() }
    }

    #[test]
    fn what_is_rendered_changes_the_digest_and_nothing_else_does() {
        let source = |spec: &TalkNoteSpec, text: &str| source_of_note("a", spec, text);
        let first = source(&spec(), "Text.");
        let speakers = vec![Speaker { name: "Ada".to_owned(), ..Speaker::default() }];
        assert_ne!(source(&TalkNoteSpec { speakers, ..spec() }, "Text."), first);
        assert_ne!(source(&spec(), "Text"), first);
        assert_ne!(source_of_note("b", &spec(), "Text."), first);
        let held_back = TalkNoteSpec {
            publication: Some(Publication::Published),
            publish_at: Some("2026-05-14T18:00:00+08:00".to_owned()),
            markdown: Some("elsewhere".to_owned()),
            ..spec()
        };
        assert_eq!(source(&held_back, "Text."), first);
    }

    #[test]
    fn cards_count_in_any_order() {
        let cards = ["a", "b"].map(|name| Card::new(name, &spec()));
        let source =
            |cards: Vec<Card>| source_of_summit("s", &SummitSpec::default(), "", &cards, None);
        let [a, b] = cards;
        assert_eq!(source(vec![a.clone(), b.clone()]), source(vec![b, a.clone()]));
        assert_ne!(source(vec![a]), source(Vec::new()));
    }
}
