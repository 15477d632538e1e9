//! Notes, summits and images as they were published.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Read as _, Write as _};

use axum::body::Bytes;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::coverage::Coverage;
use super::text::passages;
use crate::api::LinkKind;
use crate::api::names::hex_digest;
use crate::render::{Card, NoteDocument, Session, SummitDocument, image_type, sort_agenda};
use crate::viewer::address::{Key, PageId};
use crate::viewer::search::Searchable;

/// Talks of the same time that the page of a note names, before and after it.
const BESIDE: usize = 12;

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
        let html = Packed::new(html);
        let coverage = Coverage::of(&passages);
        let searchable = Searchable::new(&document.card, &passages);
        Self { namespace: namespace.into(), document, html, coverage, searchable, own: None }
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

/// A session of the official agenda without a note.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenSession {
    /// What the agenda shows of it. It has no name.
    pub card: Card,
    /// Where a note about it is begun.
    pub start_note: Option<String>,
}

/// A summit as it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedSummit {
    namespace: String,
    document: SummitDocument,
    positions: HashMap<String, usize>,
    open: Vec<OpenSession>,
    /// The places of the cards and, behind those, of the open sessions, in the order of the agenda.
    order: Vec<usize>,
}

impl PublishedSummit {
    /// The summit `document` of `namespace`. `overview_html` is safe to be put into a page.
    pub fn new(namespace: impl Into<String>, document: SummitDocument) -> Self {
        let names = document.agenda.iter().map(|card| card.name.clone());
        let positions = names.zip(0..).collect();
        let open: Vec<OpenSession> = document
            .programme
            .iter()
            .flat_map(|programme| &programme.without_notes)
            .map(open)
            .collect();
        let order = order(&document.agenda, &open);
        Self { namespace: namespace.into(), document, positions, open, order }
    }

    /// Sessions of the official agenda without a note.
    pub fn open(&self) -> &[OpenSession] {
        &self.open
    }

    /// Cards and open sessions in the order of the agenda.
    pub(super) fn program(&self) -> impl Iterator<Item = Result<&Card, &OpenSession>> {
        let cards = &self.document.agenda;
        self.order.iter().filter_map(move |place| match cards.get(*place) {
            Some(card) => Some(Ok(card)),
            None => self.open.get(place.checked_sub(cards.len())?).map(Err),
        })
    }

    /// The card of the note `name`.
    pub(super) fn card(&self, name: &str) -> Option<&Card> {
        self.positions.get(name).and_then(|at| self.document.agenda.get(*at))
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

    /// The other cards of the time at which the talk `name` is given.
    pub(super) fn at_the_same_time(&self, name: &str) -> impl Iterator<Item = &Card> {
        let own = self.positions.get(name).and_then(|at| self.document.agenda.get(*at));
        let is_beside = move |card: &&Card| {
            own.is_some_and(|own| {
                own.start_time.is_some()
                    && (&own.day, &own.start_time) == (&card.day, &card.start_time)
            })
        };
        let (before, after) = self.around(name);
        let mut before: Vec<&Card> =
            before.iter().rev().take_while(is_beside).take(BESIDE).collect();
        before.reverse();
        before.into_iter().chain(after.iter().take_while(is_beside).take(BESIDE))
    }

    /// What the page of the note `name` says of its summit.
    pub(super) fn context(&self, name: &str) -> impl PartialEq {
        fn said(card: &Card) -> (&str, &str, Option<&str>, Option<&str>) {
            (&card.name, &card.title, card.start_time.as_deref(), card.room.as_deref())
        }
        let (before, after) = self.around(name);
        let pair = [before.last(), after.first()].map(|card| card.map(said));
        let beside: Vec<_> = self.at_the_same_time(name).map(said).collect();
        (&*self.document.title, &self.document.time_zone, pair, beside)
    }

    /// What the list of summits says of this one.
    pub(super) fn line(&self) -> impl PartialEq {
        let SummitDocument { title, start_date, end_date, location, agenda, .. } = &self.document;
        let marks: Vec<_> = agenda.iter().map(|card| (card.medal, &card.tags)).collect();
        (title, start_date, end_date, location, marks)
    }
}

fn open(session: &Session) -> OpenSession {
    let card = Card {
        title: session.title.clone(),
        kind: session.kind,
        speakers: session.speakers.clone(),
        day: session.day.clone(),
        start_time: session.start_time.clone(),
        end_time: session.end_time.clone(),
        room: session.room.clone(),
        track: session.track.clone(),
        ..Card::default()
    };
    OpenSession { card, start_note: session.start_note.clone() }
}

/// The order of talks with and without notes, as if all had one.
fn order(cards: &[Card], open: &[OpenSession]) -> Vec<usize> {
    let all = cards.len().saturating_add(open.len());
    if open.is_empty() {
        return (0..all).collect();
    }
    // Under names by which they are known again.
    let numbered = cards.iter().chain(open.iter().map(|session| &session.card));
    let mut numbered: Vec<Card> = (0_usize..)
        .zip(numbered)
        .map(|(place, card)| Card { name: format!("{place:08}"), ..card.clone() })
        .collect();
    sort_agenda(&mut numbered);
    numbered.iter().filter_map(|card| card.name.parse().ok()).collect()
}
