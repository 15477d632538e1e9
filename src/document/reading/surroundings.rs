//! What the files beside a document tell about it: notes of one talk a file come in numbers.

use std::collections::BTreeMap;

use super::indexes::Around;
use super::single;
use crate::document::parsed::Document;

/// Files of one folder, or index files of the folders of one folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::document) struct Surroundings {
    /// Files with one title.
    pub alike: usize,
    /// Those of them whose title or first lines name a speaker.
    pub credited: usize,
    /// Those that name a speaker and whose names begin with a number.
    pub numbered: usize,
    /// What an index tells about this document.
    pub told: Around,
}

/// The surroundings of all documents, by the folder that they share.
pub(in crate::document) fn all<'a>(
    documents: impl Iterator<Item = &'a Document<'a>>,
) -> BTreeMap<String, Surroundings> {
    let mut found: BTreeMap<String, Surroundings> = BTreeMap::new();
    for document in documents {
        if let Some(credited) = single::is_alike(document) {
            let around = found.entry(key(document)).or_default();
            around.alike += 1;
            around.credited += usize::from(credited);
            around.numbered += usize::from(credited && single::is_numbered(document));
        }
    }
    found
}

/// The folder that a document shares with those like it.
pub(in crate::document) fn key(document: &Document<'_>) -> String {
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if document.is_index() {
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        format!("{above}/*")
    } else {
        folder.to_owned()
    }
}
