//! Notes become pages.
//!
//! In: the spec of a note or summit. Out: sanitized HTML and JSON as the viewer contract has them,
//! packed into what a ConfigMap can hold. Pure: same input, same bytes.

mod contract;
mod publication;

pub use contract::{Card, NoteDocument, Section, SummitDocument};
pub use publication::{Publication, TooLarge};

use crate::api::{Diagnostic, SummitSpec, TalkNoteSpec};

/// A rendered note.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderedNote {
    /// `note.html`: a sanitized fragment.
    pub html: String,
    /// `note.json`.
    pub document: NoteDocument,
    /// What the author should know; `path` is empty and lines count in the Markdown.
    pub diagnostics: Vec<Diagnostic>,
}

/// A rendered summit.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderedSummit {
    /// `summit.json`.
    pub document: SummitDocument,
    /// What the author should know; `path` is empty and lines count in the overview.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders the note `name`. `markdown` is its body, wherever it was kept.
pub fn note(name: &str, spec: &TalkNoteSpec, markdown: &str) -> RenderedNote {
    let _ = (name, spec, markdown);
    RenderedNote { html: String::new(), document: NoteDocument::default(), diagnostics: Vec::new() }
}

/// Renders the summit `name` with the cards of its published notes, in any order.
pub fn summit(name: &str, spec: &SummitSpec, cards: Vec<Card>) -> RenderedSummit {
    let _ = (name, spec, cards);
    RenderedSummit { document: SummitDocument::default(), diagnostics: Vec::new() }
}

impl RenderedNote {
    /// The note's page as it is published.
    ///
    /// # Errors
    /// Where it does not fit into a ConfigMap.
    pub fn publication(&self) -> Result<Publication, TooLarge> {
        Ok(Publication::default())
    }
}

impl RenderedSummit {
    /// The summit's index as it is published.
    ///
    /// # Errors
    /// Where it does not fit into a ConfigMap.
    pub fn publication(&self) -> Result<Publication, TooLarge> {
        Ok(Publication::default())
    }
}
