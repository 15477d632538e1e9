//! What an author is asked about a document that may hold talks, where its evidence is too weak to publish them.

use super::parsed::Document;
use super::reading::candidate::Candidate;
use super::reading::indexes::Around;
use super::reading::{self, Reading};
use super::report::Report;
use super::rules;
use super::selection;
use super::text::first_chars;

/// What such a document is read as.
pub(super) const READING: &str = "there may be talks, which a rule would confirm";

/// Longest title that is shown, in characters.
const MAX_TITLE: usize = 60;

/// What would have been read of `document`, how sure that is, and the rule that confirms it. None where nothing
/// would have been.
pub(super) fn message(
    document: &Document<'_>,
    unsure: &Candidate,
    told: &Around,
) -> Option<String> {
    let mut unheard = Report::new(document.path);
    let (count, title) = match reading::read(document, Some(unsure), told, &mut unheard) {
        Reading::Summit(_, talks) => (talks.len(), talks.into_iter().next()?.spec.title),
        Reading::Talk(_, talk) => (1, talk.spec.title),
        Reading::Prose(_) => return None,
    };
    let title = first_chars(&title, MAX_TITLE);
    let talks = match count {
        1 => format!("a talk, {title:?}"),
        count => format!("{count} talks, the first of them {title:?}"),
    };
    Some(format!(
        "this may hold {talks}, but nothing is published of it, as that is only {} % sure. If it does, add to {}, \
         in front of other rules: - {}",
        unsure.confidence(),
        selection::RULES_FILE,
        rules::confirming(document.path, unsure)
    ))
}
