//! What is published, in memory, and who is told when it changes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use tokio::sync::broadcast;

use super::address::{Key, PageId};
use crate::api::Diagnostic;
use crate::api::names::hex_digest;
use crate::render::{Card, NoteDocument, SummitDocument, image_type};

/// Changes that a slow listener may lie behind before it has to look at everything again.
const CHANGES_KEPT: usize = 256;

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

    fn summit_key(&self) -> Option<Key> {
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

    /// The cards before and after the note `name`.
    pub fn neighbours(&self, name: &str) -> (Option<&Card>, Option<&Card>) {
        let Some(&position) = self.positions.get(name) else { return (None, None) };
        let card = |index: Option<usize>| self.document.agenda.get(index?);
        (card(position.checked_sub(1)), card(position.checked_add(1)))
    }

    /// What the page of the note `name` says of its summit.
    fn context(&self, name: &str) -> (&str, [Option<(&str, &str)>; 2]) {
        let (before, after) = self.neighbours(name);
        let pair = [before, after].map(|card| card.map(|card| (&*card.name, &*card.title)));
        (&self.document.title, pair)
    }

    /// What the list of summits says of this one.
    fn line(&self) -> (&str, Option<&str>, Option<&str>, Option<&str>, usize) {
        let SummitDocument { title, start_date, end_date, location, agenda, .. } = &self.document;
        (title, start_date.as_deref(), end_date.as_deref(), location.as_deref(), agenda.len())
    }
}

/// What a change concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Every page.
    All,
    /// These pages.
    Pages(Arc<BTreeSet<PageId>>),
}

impl Change {
    /// Whether `page` is to be looked at again.
    pub fn concerns(&self, page: &PageId) -> bool {
        match self {
            Self::All => true,
            Self::Pages(pages) => pages.contains(page),
        }
    }
}

/// Everything that is published. Clones share what they hold.
#[derive(Clone, Debug)]
pub struct Library {
    shelf: Arc<RwLock<Shelf>>,
    changes: broadcast::Sender<Change>,
}

impl Default for Library {
    fn default() -> Self {
        Self { shelf: Arc::default(), changes: broadcast::channel(CHANGES_KEPT).0 }
    }
}

impl Library {
    /// Adds the note or replaces it.
    pub fn upsert_note(&self, note: impl Into<Arc<PublishedNote>>) {
        self.change(|shelf, pages| shelf.put_note(note.into(), pages));
    }

    /// Adds the summit or replaces it.
    pub fn upsert_summit(&self, summit: impl Into<Arc<PublishedSummit>>) {
        self.change(|shelf, pages| shelf.put_summit(summit.into(), pages));
    }

    /// Takes the note away.
    pub fn remove_note(&self, key: &Key) {
        self.change(|shelf, pages| shelf.take_note(key, pages));
    }

    /// Takes the summit away; its notes stay.
    pub fn remove_summit(&self, key: &Key) {
        self.change(|shelf, pages| shelf.take_summit(key, pages));
    }

    /// Makes `summits` and `notes` all there is in `namespace`, or at all. Only pages that differ are
    /// told of.
    pub fn replace_all(
        &self,
        namespace: Option<&str>,
        summits: Vec<Arc<PublishedSummit>>,
        notes: Vec<Arc<PublishedNote>>,
    ) {
        self.change(|shelf, pages| {
            let kept: HashSet<Key> = summits.iter().map(|summit| summit.key()).collect();
            let gone = missing(shelf.summits.keys(), &kept, namespace);
            gone.iter().for_each(|key| shelf.take_summit(key, pages));
            let kept: HashSet<Key> = notes.iter().map(|note| note.key()).collect();
            let gone = missing(shelf.notes.keys(), &kept, namespace);
            gone.iter().for_each(|key| shelf.take_note(key, pages));
            summits.into_iter().for_each(|summit| shelf.put_summit(summit, pages));
            notes.into_iter().for_each(|note| shelf.put_note(note, pages));
        });
    }

    /// Adds an image. No page is told: notes that show it come after it, under a new address.
    pub fn upsert_image(&self, image: Arc<PublishedImage>) {
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        shelf.images.insert(image.key(), image);
    }

    /// Takes an image away.
    pub fn remove_image(&self, key: &Key) {
        self.shelf.write().unwrap_or_else(PoisonError::into_inner).images.remove(key);
    }

    /// Makes `images` all there are in `namespace`, or everywhere where it is none.
    pub fn replace_images(&self, namespace: Option<&str>, images: Vec<Arc<PublishedImage>>) {
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        shelf.images.retain(|key, _| namespace.is_some_and(|namespace| key.namespace != namespace));
        shelf.images.extend(images.into_iter().map(|image| (image.key(), image)));
    }

    /// Says what is wrong with the documents. Every page tells how many there are.
    pub fn set_diagnostics(&self, diagnostics: Vec<Diagnostic>) {
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        if shelf.diagnostics != diagnostics {
            shelf.diagnostics = diagnostics;
            drop(shelf);
            self.tell(Change::All);
        }
    }

    /// Looks at what there is. Changes wait for `look` to return.
    pub fn read<T>(&self, look: impl FnOnce(&Shelf) -> T) -> T {
        look(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Every change from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    fn change(&self, work: impl FnOnce(&mut Shelf, &mut BTreeSet<PageId>)) {
        let mut pages = BTreeSet::new();
        work(&mut self.shelf.write().unwrap_or_else(PoisonError::into_inner), &mut pages);
        if !pages.is_empty() {
            self.tell(Change::Pages(Arc::new(pages)));
        }
    }

    fn tell(&self, change: Change) {
        // It fails where nobody listens, and then there is nobody to tell.
        let _ = self.changes.send(change);
    }
}

/// Keys of `namespace`, or of all, that are not kept.
fn missing<'a>(
    keys: impl Iterator<Item = &'a Key>,
    kept: &HashSet<Key>,
    namespace: Option<&str>,
) -> Vec<Key> {
    keys.filter(|key| namespace.is_none_or(|namespace| key.namespace == namespace))
        .filter(|key| !kept.contains(key))
        .cloned()
        .collect()
}

/// What a [`Library`] holds at one time.
#[derive(Debug, Default)]
pub struct Shelf {
    summits: BTreeMap<Key, Arc<PublishedSummit>>,
    notes: BTreeMap<Key, Arc<PublishedNote>>,
    images: BTreeMap<Key, Arc<PublishedImage>>,
    diagnostics: Vec<Diagnostic>,
}

impl Shelf {
    /// All summits, by namespace and name.
    pub fn summits(&self) -> impl Iterator<Item = &PublishedSummit> {
        self.summits.values().map(AsRef::as_ref)
    }

    /// A summit.
    pub fn summit(&self, key: &Key) -> Option<&PublishedSummit> {
        self.summits.get(key).map(AsRef::as_ref)
    }

    /// All notes, by namespace and name.
    pub fn notes(&self) -> impl Iterator<Item = &PublishedNote> {
        self.notes.values().map(AsRef::as_ref)
    }

    /// A note.
    pub fn note(&self, key: &Key) -> Option<&PublishedNote> {
        self.notes.get(key).map(AsRef::as_ref)
    }

    /// An image, by its SHA-256 in hex.
    pub fn image(&self, key: &Key) -> Option<&PublishedImage> {
        self.images.get(key).map(AsRef::as_ref)
    }

    /// The notes that stand on no agenda because their summit is not published.
    pub fn notes_without_summit(&self) -> impl Iterator<Item = &PublishedNote> {
        let known: HashSet<(&str, &str)> =
            self.summits.keys().map(|key| (&*key.namespace, &*key.name)).collect();
        self.notes().filter(move |note| {
            let summit = note.document.summit.as_deref();
            !summit.is_some_and(|summit| known.contains(&(&*note.namespace, summit)))
        })
    }

    /// What is wrong with the documents.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    fn put_note(&mut self, note: Arc<PublishedNote>, pages: &mut BTreeSet<PageId>) {
        let old = self.notes.insert(note.key(), Arc::clone(&note));
        if old.as_ref() == Some(&note) {
            return;
        }
        pages.insert(note.page());
        let linked = |note: &PublishedNote| (note.page(), note.document.language.clone());
        let relinked = old.as_ref().is_none_or(|old| linked(old) != linked(&note));
        let stray = note.summit_key().is_none_or(|key| !self.summits.contains_key(&key));
        let recarded = old.as_ref().is_some_and(|old| old.document.card != note.document.card);
        if relinked || (stray && recarded) {
            self.mention(&note, pages);
        }
        if relinked && let Some(old) = old {
            pages.insert(old.page());
            self.mention(&old, pages);
        }
    }

    fn take_note(&mut self, key: &Key, pages: &mut BTreeSet<PageId>) {
        if let Some(note) = self.notes.remove(key) {
            pages.insert(note.page());
            self.mention(&note, pages);
        }
    }

    /// Adds the pages that link to the note.
    fn mention(&self, note: &PublishedNote, pages: &mut BTreeSet<PageId>) {
        let summit = note.summit_key().and_then(|key| self.summits.get(&key));
        let Some(summit) = summit else {
            pages.insert(PageId::Summits);
            return;
        };
        pages.insert(summit.page());
        let (before, after) = summit.neighbours(&note.document.card.name);
        pages.extend([before, after].into_iter().flatten().map(|c| summit.note_page(&c.name)));
    }

    fn put_summit(&mut self, summit: Arc<PublishedSummit>, pages: &mut BTreeSet<PageId>) {
        let old = self.summits.insert(summit.key(), Arc::clone(&summit));
        if old.as_ref() == Some(&summit) {
            return;
        }
        pages.insert(summit.page());
        let Some(old) = old else {
            self.come_or_go(&summit, pages);
            return;
        };
        if old.line() != summit.line() {
            pages.insert(PageId::Summits);
        }
        let cards = old.document.agenda.iter().chain(&summit.document.agenda);
        let moved = cards.filter(|card| old.context(&card.name) != summit.context(&card.name));
        pages.extend(moved.map(|card| summit.note_page(&card.name)));
    }

    fn take_summit(&mut self, key: &Key, pages: &mut BTreeSet<PageId>) {
        if let Some(summit) = self.summits.remove(key) {
            pages.insert(PageId::Summit(key.clone()));
            self.come_or_go(&summit, pages);
        }
    }

    fn come_or_go(&self, summit: &PublishedSummit, pages: &mut BTreeSet<PageId>) {
        pages.insert(PageId::Summits);
        let cards = summit.document.agenda.iter();
        pages.extend(cards.map(|card| summit.note_page(&card.name)));
    }
}

#[cfg(test)]
mod tests;
