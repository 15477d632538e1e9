//! The links of a part of a document as the schema has them, and the part with what it refers to.

use super::codes::Code;
use super::limits::MAX_LINKS;
use super::markdown::link::FoundLink;
use super::markdown::links;
use super::parsed::Document;
use super::report::{Place, Report};
use crate::api::Link;

/// Links as the schema has them. Signed ones are reported, without their address, and left out.
pub(super) fn typed(
    document: &Document<'_>,
    found: Vec<FoundLink>,
    report: &mut Report,
) -> Vec<Link> {
    let mut links = Vec::new();
    for link in found {
        if link.is_signed() {
            let place = Place { line: document.line(link.line), column: link.column };
            report.at(
                Code::SignedLink,
                place,
                "this link carries a signature, a credential or an expiry; it is left out of the links \
                 but still stands in the text: replace it with a public one",
            );
        } else if let Some(link) = link.to_link().filter(|_| links.len() <= MAX_LINKS) {
            links::add(&mut links, link);
        }
    }
    links
}

/// `text` with the definitions of references, footnotes and abbreviations that stand elsewhere in the
/// document, and without footnotes and abbreviations that only other parts of it have.
pub(super) fn with_definitions(text: &str, document: &Document<'_>) -> String {
    let text = document.defined.hand_to(text);
    let missing = links::missing_definitions(&text, &document.definitions);
    if missing.is_empty() { text.into_owned() } else { format!("{text}\n\n{}", missing.join("\n")) }
}
