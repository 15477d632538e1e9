//! What is published at one time, and which pages a change of it concerns.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::published::{PublishedImage, PublishedNote, PublishedSummit};
use crate::api::Diagnostic;
use crate::render::Card;
use crate::viewer::address::{Key, PageId};

/// What a [`super::Library`] holds at one time.
#[derive(Debug, Default)]
pub struct Shelf {
    pub(super) summits: BTreeMap<Key, Arc<PublishedSummit>>,
    pub(super) notes: BTreeMap<Key, Arc<PublishedNote>>,
    pub(super) images: BTreeMap<Key, Arc<PublishedImage>>,
    pub(super) diagnostics: Vec<Diagnostic>,
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

    /// The agenda of a summit: the cards of notes that are published. An index may be older than the wish
    /// to withhold a note.
    pub fn agenda<'a>(&'a self, summit: &'a PublishedSummit) -> impl Iterator<Item = &'a Card> {
        summit.document().agenda.iter().filter(|card| self.has_page(summit, card))
    }

    /// The cards before and after the note `name` on the agenda of a summit.
    pub fn neighbours<'a>(
        &'a self,
        summit: &'a PublishedSummit,
        name: &str,
    ) -> [Option<&'a Card>; 2] {
        let (before, after) = summit.around(name);
        [
            before.iter().rev().find(|card| self.has_page(summit, card)),
            after.iter().find(|card| self.has_page(summit, card)),
        ]
    }

    fn has_page(&self, summit: &PublishedSummit, card: &Card) -> bool {
        self.notes.contains_key(&Key::new(summit.namespace(), &card.name))
    }

    /// Whether the image `digest` is shown by the note or, where `note` is none, by the summit that are
    /// called so. What nothing shows is not public: a draft may show it.
    pub fn shows_image(&self, namespace: &str, summit: &str, note: &str, digest: &str) -> bool {
        let shows = |html: &str| html.contains(digest);
        self.note(&Key::new(namespace, note)).is_some_and(|note| shows(&note.html))
            || self
                .summit(&Key::new(namespace, summit))
                .is_some_and(|summit| shows(&summit.document().overview_html))
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

    pub(super) fn put_note(&mut self, note: Arc<PublishedNote>, pages: &mut BTreeSet<PageId>) {
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

    pub(super) fn take_note(&mut self, key: &Key, pages: &mut BTreeSet<PageId>) {
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
        // It is counted there.
        pages.extend([PageId::Summits, summit.page()]);
        let beside = self.neighbours(summit, &note.document.card.name);
        pages.extend(beside.into_iter().flatten().map(|card| summit.note_page(&card.name)));
    }

    pub(super) fn put_summit(
        &mut self,
        summit: Arc<PublishedSummit>,
        pages: &mut BTreeSet<PageId>,
    ) {
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
        let cards = old.document().agenda.iter().chain(&summit.document().agenda);
        let moved = cards.filter(|card| old.context(&card.name) != summit.context(&card.name));
        pages.extend(moved.map(|card| summit.note_page(&card.name)));
    }

    pub(super) fn take_summit(&mut self, key: &Key, pages: &mut BTreeSet<PageId>) {
        if let Some(summit) = self.summits.remove(key) {
            pages.insert(PageId::Summit(key.clone()));
            self.come_or_go(&summit, pages);
        }
    }

    fn come_or_go(&self, summit: &PublishedSummit, pages: &mut BTreeSet<PageId>) {
        pages.insert(PageId::Summits);
        let cards = summit.document().agenda.iter();
        pages.extend(cards.map(|card| summit.note_page(&card.name)));
    }
}
