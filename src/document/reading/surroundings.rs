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

/// What a document tells about the files beside it.
#[derive(Clone, Debug)]
pub(in crate::document) struct Neighbour {
    /// The folder that it shares with those like it.
    key: String,
    /// Whether it names a speaker; none where it has not one title.
    credited: Option<bool>,
    numbered: bool,
}

impl Neighbour {
    /// What `document` tells.
    pub fn of(document: &Document<'_>) -> Self {
        let credited = single::is_alike(document);
        Self { key: key(document), credited, numbered: single::is_numbered(document) }
    }

    /// The folder that it shares with those like it.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// The surroundings of all documents, by the folder that they share.
pub(in crate::document) fn all<'a>(
    documents: impl Iterator<Item = &'a Neighbour>,
) -> BTreeMap<String, Surroundings> {
    let mut found: BTreeMap<String, Surroundings> = BTreeMap::new();
    for document in documents {
        if let Some(credited) = document.credited {
            let around = found.entry(document.key.clone()).or_default();
            around.alike += 1;
            around.credited += usize::from(credited);
            around.numbered += usize::from(credited && document.numbered);
        }
    }
    found
}

/// The folder that a document shares with those like it.
fn key(document: &Document<'_>) -> String {
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if document.is_index() {
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        format!("{above}/*")
    } else {
        folder.to_owned()
    }
}
