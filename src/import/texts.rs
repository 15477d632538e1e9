//! The texts of a collection, and the documents that each was written in.

use super::contents::Markdown;
use crate::api::{SummitSpec, TalkNoteSpec};
use crate::document::{Collection, Imported};

/// Whose Markdown it is; the position in the collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TextOf {
    Note(usize),
    Summit(usize),
}

/// The Markdown of a note, or an overview.
pub(super) struct Text<'c> {
    pub of: TextOf,
    pub markdown: Markdown<'c>,
    /// The documents that it was written in, that of its object first.
    pub documents: Vec<&'c str>,
}

/// All notes and overviews of `collection` but those whose manifest says itself what is looked for.
pub(super) fn texts<'c>(
    collection: &'c Collection,
    note_says: impl Fn(&TalkNoteSpec) -> bool + 'c,
    summit_says: impl Fn(&SummitSpec) -> bool + 'c,
) -> impl Iterator<Item = Text<'c>> {
    let notes = collection.notes.iter().enumerate();
    let notes = notes.filter(move |(_, note)| !note_says(&note.spec)).map(|(at, note)| Text {
        of: TextOf::Note(at),
        markdown: Markdown::of(note),
        documents: documents_of(note),
    });
    let summits = collection.summits.iter().enumerate();
    let summits = summits.filter(move |(_, summit)| !summit_says(&summit.spec));
    let summits = summits.map(|(at, summit)| Text {
        of: TextOf::Summit(at),
        markdown: Markdown::of_overview(summit),
        documents: match collection.overviews.get(&summit.name) {
            Some(written) => written.iter().map(String::as_str).collect(),
            None => vec![&summit.path],
        },
    });
    notes.chain(summits)
}

fn documents_of(note: &Imported<TalkNoteSpec>) -> Vec<&str> {
    let others = note.also.iter().map(|place| place.path.as_str());
    let mut documents = vec![note.path.as_str()];
    documents.extend(others.filter(|path| *path != note.path));
    documents.dedup();
    documents
}
