//! Notes, summits and images as they were published.

use std::collections::HashMap;

use axum::body::Bytes;

use crate::api::names::hex_digest;
use crate::render::{Card, NoteDocument, SummitDocument, image_type};
use crate::viewer::address::{Key, PageId};

/// A note as it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedNote {
    /// Namespace of the `TalkNote`.
    pub namespace: String,
    /// `note.json`.
    pub document: NoteDocument,
    /// `note.html`, safe to be put into a page.
    pub html: String,
}

impl PublishedNote {
    /// What the note is found by.
    pub fn key(&self) -> Key {
        Key::new(&self.namespace, &self.document.card.name)
    }

    /// The note's page.
    pub fn page(&self) -> PageId {
        PageId::Note { key: self.key(), summit: self.document.summit.clone() }
    }

    pub(super) fn summit_key(&self) -> Option<Key> {
        Some(Key::new(&self.namespace, self.document.summit.as_ref()?))
    }
}

/// An image that notes show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedImage {
    namespace: String,
    digest: String,
    media_type: &'static str,
    content: Bytes,
}

impl PublishedImage {
    /// The image `content`; none where its bytes are no image that browsers are given.
    pub fn new(namespace: impl Into<String>, content: Vec<u8>) -> Option<Self> {
        let media_type = image_type(&content)?;
        let digest = hex_digest(&content);
        Some(Self { namespace: namespace.into(), digest, media_type, content: content.into() })
    }

    /// What the image is found by: its SHA-256 in hex stands for a name.
    pub fn key(&self) -> Key {
        Key::new(&self.namespace, &self.digest)
    }

    /// Its media type, told by its bytes.
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// Its bytes.
    pub fn content(&self) -> Bytes {
        self.content.clone()
    }
}

/// A summit as it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedSummit {
    namespace: String,
    document: SummitDocument,
    positions: HashMap<String, usize>,
}

impl PublishedSummit {
    /// The summit `document` of `namespace`. `overview_html` is safe to be put into a page.
    pub fn new(namespace: impl Into<String>, document: SummitDocument) -> Self {
        let names = document.agenda.iter().map(|card| card.name.clone());
        let positions = names.zip(0..).collect();
        Self { namespace: namespace.into(), document, positions }
    }

    /// Namespace of the `Summit`.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// `summit.json`.
    pub fn document(&self) -> &SummitDocument {
        &self.document
    }

    /// What the summit is found by.
    pub fn key(&self) -> Key {
        Key::new(&self.namespace, &self.document.name)
    }

    /// The summit's page.
    pub fn page(&self) -> PageId {
        PageId::Summit(self.key())
    }

    /// The page of a note on the agenda.
    pub fn note_page(&self, name: &str) -> PageId {
        PageId::Note {
            key: Key::new(&self.namespace, name),
            summit: Some(self.document.name.clone()),
        }
    }

    /// The cards before and those after the note `name`, whether there is a page for them or not.
    pub(super) fn around(&self, name: &str) -> (&[Card], &[Card]) {
        let agenda = &self.document.agenda;
        let Some(&position) = self.positions.get(name) else { return (&[], &[]) };
        let before = agenda.get(..position).unwrap_or_default();
        (before, agenda.get(position.saturating_add(1)..).unwrap_or_default())
    }

    /// What the page of the note `name` says of its summit.
    pub(super) fn context(&self, name: &str) -> (&str, [Option<(&str, &str)>; 2]) {
        let (before, after) = self.around(name);
        let pair =
            [before.last(), after.first()].map(|card| card.map(|card| (&*card.name, &*card.title)));
        (&self.document.title, pair)
    }

    /// What the list of summits says of this one.
    pub(super) fn line(&self) -> (&str, Option<&str>, Option<&str>, Option<&str>, usize) {
        let SummitDocument { title, start_date, end_date, location, agenda, .. } = &self.document;
        (title, start_date.as_deref(), end_date.as_deref(), location.as_deref(), agenda.len())
    }
}
