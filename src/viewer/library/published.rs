//! Notes and images as they were published.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};

use axum::body::Bytes;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::coverage::Coverage;
use super::text::passages;
use crate::api::LinkKind;
use crate::api::names::hex_digest;
use crate::render::{Card, NoteDocument, image_type};
use crate::viewer::address::{Key, PageId};
use crate::viewer::search::Searchable;

/// Bytes from which on packing is worth it.
const SHORT: usize = 512;

/// Text that is read seldom, in a third of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Packed {
    Plain(Box<str>),
    Deflated { bytes: Box<[u8]>, length: usize },
}

impl Packed {
    fn new(text: String) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
        match packed {
            Ok(bytes) if text.len() > SHORT && bytes.len() < text.len() => {
                Self::Deflated { bytes: bytes.into(), length: text.len() }
            }
            _ => Self::Plain(text.into()),
        }
    }

    fn read(&self) -> Cow<'_, str> {
        match self {
            Self::Plain(text) => Cow::Borrowed(text),
            Self::Deflated { bytes, length } => {
                let mut text = String::with_capacity(*length);
                // It was packed here, from text.
                let _ = DeflateDecoder::new(&**bytes).read_to_string(&mut text);
                Cow::Owned(text)
            }
        }
    }
}

/// A note as it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedNote {
    namespace: String,
    document: NoteDocument,
    html: Packed,
    coverage: Coverage,
    searchable: Searchable,
    /// Names the text, for readers who have read it.
    digest: Box<str>,
    /// Where the agenda of the summit says more than the note: what the note says itself.
    own: Option<Box<Card>>,
}

impl PublishedNote {
    /// The note `document` of `namespace`. `html` is safe to be put into a page.
    pub fn new(
        namespace: impl Into<String>,
        document: NoteDocument,
        html: impl Into<String>,
    ) -> Self {
        let html: String = html.into();
        let passages = passages(&html);
        let digest: String = hex_digest(html.as_bytes()).chars().take(10).collect();
        let html = Packed::new(html);
        let coverage = Coverage::of(&passages);
        let searchable = Searchable::new(&document.card, &passages);
        Self {
            namespace: namespace.into(),
            document,
            html,
            coverage,
            searchable,
            digest: digest.into(),
            own: None,
        }
    }

    /// The note with the time and place, and the speakers, that the agenda of its summit has for it and it does
    /// not say itself; none where it is that already.
    pub(super) fn placed(&self, listed: Option<&Card>) -> Option<Self> {
        let own = self.own.as_deref().unwrap_or(&self.document.card);
        let mut card = own.clone();
        if let Some(listed) = listed {
            if card.day.is_none() || card.day == listed.day {
                card.day.clone_from(&listed.day);
                if card.start_time.is_none() {
                    card.start_time.clone_from(&listed.start_time);
                }
                if card.start_time == listed.start_time {
                    card.end_time = card.end_time.or_else(|| listed.end_time.clone());
                }
            }
            card.room = card.room.or_else(|| listed.room.clone());
            card.track = card.track.or_else(|| listed.track.clone());
            if card.speakers.is_empty() {
                card.speakers.clone_from(&listed.speakers);
            }
        }
        if card == self.document.card {
            return None;
        }
        let own = (card != *own).then(|| Box::new(own.clone()));
        let document = NoteDocument { card, ..self.document.clone() };
        Some(Self { own, ..Self::new(self.namespace.clone(), document, self.html()) })
    }

    /// Namespace of the `TalkNote`.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// `note.json`.
    pub fn document(&self) -> &NoteDocument {
        &self.document
    }

    /// `note.html`, safe to be put into a page.
    pub fn html(&self) -> Cow<'_, str> {
        self.html.read()
    }

    /// Names the text: another text has another one.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How much is written.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// What searches look at.
    pub fn searchable(&self) -> &Searchable {
        &self.searchable
    }

    /// Whether a link of this kind belongs to the talk.
    pub fn has_link(&self, kind: LinkKind) -> bool {
        self.document.links.iter().any(|link| link.kind == Some(kind))
    }

    /// What lists say of the note beside its card.
    pub(super) fn line(&self) -> impl PartialEq {
        let NoteDocument { card, language, reading_minutes, excerpt, .. } = &self.document;
        (
            self.page(),
            language.clone(),
            *reading_minutes,
            self.coverage,
            [LinkKind::Slides, LinkKind::Source].map(|kind| self.has_link(kind)),
            // Only what is recommended is quoted.
            card.medal.map(|_| excerpt.clone()),
        )
    }

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
