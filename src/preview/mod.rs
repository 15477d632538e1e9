//! Documents as the viewer shows them, with no cluster between: `talknotes preview` and `talknotes site`.

mod remarks;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::api::TalkNoteSpec;
use crate::document::{Collection, Imported, SourceFile};
use crate::lint::{self, Places};
use crate::render::{self, RenderedNote};
use crate::viewer::{Library, PublishedImage, PublishedNote, PublishedSummit};
use remarks::{note_with_remarks, with_remarks};

/// Namespace of everything that comes from documents, for the pages' addresses.
const NAMESPACE: &str = "preview";
/// The same where the pages are for readers.
const PUBLIC: &str = "notes";

/// Makes what `collection` holds all there is in `library`, rendered as the operator would, with what
/// is to be said of `files` beside the blocks concerned.
pub fn show(collection: &Collection, files: &[SourceFile], library: &Library) {
    let texts = lint::texts(files);
    let findings = lint::findings(collection, &texts);
    let placed = lint::place(collection, &findings, &texts);
    library.set_diagnostics(findings.iter().map(|finding| finding.diagnostic.clone()).collect());
    let notes = collection.notes.iter().zip(&placed.notes).map(|(note, places)| {
        let rendered = rendered(note, &lines(places));
        let html = note_with_remarks(&rendered.html, places);
        PublishedNote::new(NAMESPACE, rendered.document, html)
    });
    let summits = collection.summits.iter().zip(&placed.summits).map(|(summit, places)| {
        let (cards, agenda) = lint::agenda(collection, summit);
        let lines = lines(places);
        let mut rendered =
            render::anchored_summit(&summit.name, &summit.spec, cards, agenda.as_ref(), &lines);
        let overview = &mut rendered.document.overview_html;
        *overview = with_remarks(overview, places);
        PublishedSummit::new(NAMESPACE, rendered.document)
    });
    fill(library, NAMESPACE, collection, summits, notes);
}

/// As [`show`], for readers: without what is to be said of the documents.
pub fn publish(collection: &Collection, library: &Library) {
    let notes = collection.notes.iter().map(|note| {
        let rendered = rendered(note, &BTreeSet::new());
        PublishedNote::new(PUBLIC, rendered.document, rendered.html)
    });
    let summits = collection.summits.iter().map(|summit| {
        let (cards, agenda) = lint::agenda(collection, summit);
        let rendered = render::joined_summit(&summit.name, &summit.spec, cards, agenda.as_ref());
        PublishedSummit::new(PUBLIC, rendered.document)
    });
    fill(library, PUBLIC, collection, summits, notes);
}

fn rendered(note: &Imported<TalkNoteSpec>, lines: &BTreeSet<usize>) -> RenderedNote {
    let markdown = note.spec.markdown.as_deref().unwrap_or_default();
    render::anchored_note(&note.name, &note.spec, markdown, lines)
}

fn fill(
    library: &Library,
    namespace: &str,
    collection: &Collection,
    summits: impl Iterator<Item = PublishedSummit>,
    notes: impl Iterator<Item = PublishedNote>,
) {
    let images = collection.images.values();
    let images = images.filter_map(|content| PublishedImage::new(namespace, content.clone()));
    library.replace_images(None, images.map(Arc::new).collect());
    library.replace_all(None, summits.map(Arc::new).collect(), notes.map(Arc::new).collect());
}

fn lines(places: &Places<'_>) -> BTreeSet<usize> {
    places.lines.keys().copied().collect()
}
