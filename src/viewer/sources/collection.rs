//! Notes from documents, with no cluster between.

use std::sync::Arc;

use crate::document::Collection;
use crate::render::{self, Card};
use crate::viewer::library::{Library, PublishedImage, PublishedNote, PublishedSummit};

/// Namespace of everything that comes from documents, for the pages' addresses.
const NAMESPACE: &str = "preview";

/// Makes what `collection` holds all there is in `library`, rendered as the operator would.
pub fn show(collection: &Collection, library: &Library) {
    let notes = collection.notes.iter().map(|note| {
        let markdown = note.spec.markdown.as_deref().unwrap_or_default();
        let rendered = render::note(&note.name, &note.spec, markdown);
        Arc::new(PublishedNote {
            namespace: NAMESPACE.to_owned(),
            document: rendered.document,
            html: rendered.html,
        })
    });
    let summits = collection.summits.iter().map(|summit| {
        let cards = collection
            .notes
            .iter()
            .filter(|note| {
                note.spec.summit_ref.as_ref().is_some_and(|named| named.name == summit.name)
            })
            .map(|note| Card::new(&note.name, &note.spec))
            .collect();
        let rendered = render::summit(&summit.name, &summit.spec, cards);
        Arc::new(PublishedSummit::new(NAMESPACE, rendered.document))
    });
    let images = collection.images.values();
    let images = images.filter_map(|content| PublishedImage::new(NAMESPACE, content.clone()));
    library.replace_images(None, images.map(Arc::new).collect());
    library.replace_all(None, summits.collect(), notes.collect());
}
