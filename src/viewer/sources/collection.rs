//! Notes from documents, with no cluster between.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::document::{Collection, SourceFile};
use crate::lint::{self, Places};
use crate::render::{self, Card};
use crate::viewer::library::{Library, PublishedImage, PublishedNote, PublishedSummit};
use crate::viewer::pages::{note_with_remarks, with_remarks};

/// Namespace of everything that comes from documents, for the pages' addresses.
const NAMESPACE: &str = "preview";

/// Makes what `collection` holds all there is in `library`, rendered as the operator would, with what
/// is to be said of `files` beside the blocks concerned.
pub fn show(collection: &Collection, files: &[SourceFile], library: &Library) {
    let texts = lint::texts(files);
    let findings = lint::findings(collection, &texts);
    let placed = lint::place(collection, &findings, &texts);
    library.set_diagnostics(findings.iter().map(|finding| finding.diagnostic.clone()).collect());
    let notes = collection.notes.iter().zip(&placed.notes).map(|(note, places)| {
        let markdown = note.spec.markdown.as_deref().unwrap_or_default();
        let rendered = render::anchored_note(&note.name, &note.spec, markdown, &lines(places));
        let html = note_with_remarks(&rendered.html, places);
        Arc::new(PublishedNote::new(NAMESPACE, rendered.document, html))
    });
    let summits = collection.summits.iter().zip(&placed.summits).map(|(summit, places)| {
        let cards = collection
            .notes
            .iter()
            .filter(|note| {
                note.spec.summit_ref.as_ref().is_some_and(|named| named.name == summit.name)
            })
            .map(|note| Card::new(&note.name, &note.spec))
            .collect();
        let mut rendered =
            render::anchored_summit(&summit.name, &summit.spec, cards, &lines(places));
        let overview = &mut rendered.document.overview_html;
        *overview = with_remarks(overview, places);
        Arc::new(PublishedSummit::new(NAMESPACE, rendered.document))
    });
    let images = collection.images.values();
    let images = images.filter_map(|content| PublishedImage::new(NAMESPACE, content.clone()));
    library.replace_images(None, images.map(Arc::new).collect());
    library.replace_all(None, summits.collect(), notes.collect());
}

fn lines(places: &Places<'_>) -> BTreeSet<usize> {
    places.lines.keys().copied().collect()
}
