//! What is published at one time, and which pages a change of it concerns.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::listed::Listed;
use super::published::{PublishedImage, PublishedNote};
use super::summit::PublishedSummit;
use crate::api::Diagnostic;
use crate::render::{Card, SummitDocument};
use crate::viewer::address::{Key, PageId};
use crate::viewer::search::Vocabulary;

/// What a [`super::Library`] holds at one time.
#[derive(Debug, Default)]
pub struct Shelf {
    pub(super) summits: BTreeMap<Key, Arc<PublishedSummit>>,
    pub(super) notes: BTreeMap<Key, Arc<PublishedNote>>,
    pub(super) images: BTreeMap<Key, Arc<PublishedImage>>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) vocabulary: Vocabulary,
    /// Counts changes.
    pub(super) generation: u64,
    /// When what stands on every page last changed.
    pub(super) told_at: u64,
    /// When notes, and summits with what is on their agendas, last changed.
    pub(super) changed: HashMap<Key, u64>,
}

impl Shelf {
    /// All summits that lists have, by namespace and name.
    pub fn summits(&self) -> impl Iterator<Item = &PublishedSummit> {
        let all = self.summits.values().map(AsRef::as_ref);
        all.filter(|summit: &&PublishedSummit| !summit.document().unlisted)
    }

    /// A summit.
    pub fn summit(&self, key: &Key) -> Option<&PublishedSummit> {
        self.summits.get(key).map(AsRef::as_ref)
    }

    /// All notes that lists have, by namespace and name.
    pub fn notes(&self) -> impl Iterator<Item = &PublishedNote> {
        let all = self.notes.values().map(AsRef::as_ref);
        all.filter(|note: &&PublishedNote| !note.document().unlisted)
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

    /// What stands on the agenda of a summit, with the sessions that have no note.
    pub fn listed<'a>(&'a self, summit: &'a PublishedSummit) -> Vec<Listed<'a>> {
        let note = |card: &Card| self.note(&Key::new(summit.namespace(), &card.name));
        let listed = summit.program().filter_map(|place| match place {
            Ok(card) => note(card).map(Listed::Note),
            Err(session) => Some(Listed::Open(session)),
        });
        listed.collect()
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

    /// The other cards of the time at which the talk `name` is given, that have a page.
    pub fn at_the_same_time<'a>(
        &'a self,
        summit: &'a PublishedSummit,
        name: &str,
    ) -> impl Iterator<Item = &'a Card> {
        summit.at_the_same_time(name).filter(|card| self.has_page(summit, card))
    }

    /// The words of all notes.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Grows whenever what `page` shows may have changed.
    pub fn revision(&self, page: &PageId) -> u64 {
        match page {
            PageId::Note { key, summit } | PageId::NoteMap { key, summit } => {
                let of = |key: &Key| self.changed.get(key).copied().unwrap_or_default();
                let summit = summit.as_ref().map(|name| summit_mark(&key.namespace, name));
                of(key).max(summit.map_or(0, |key| of(&key))).max(self.told_at)
            }
            _ => self.generation,
        }
    }

    fn has_page(&self, summit: &PublishedSummit, card: &Card) -> bool {
        self.notes.contains_key(&Key::new(summit.namespace(), &card.name))
    }

    /// Whether the image `digest` is shown by the note or, where `note` is none, by the summit that are
    /// called so. What nothing shows is not public: a draft may show it.
    pub fn shows_image(&self, namespace: &str, summit: &str, note: &str, digest: &str) -> bool {
        let shows = |html: &str| html.contains(digest);
        let of_summit = |document: &SummitDocument| {
            shows(&document.overview_html) || document.logo.as_deref().is_some_and(shows)
        };
        self.note(&Key::new(namespace, note)).is_some_and(|note| shows(&note.html()))
            || self
                .summit(&Key::new(namespace, summit))
                .is_some_and(|summit| of_summit(summit.document()))
    }

    /// The notes that stand on no agenda because their summit is not published.
    pub fn notes_without_summit(&self) -> impl Iterator<Item = &PublishedNote> {
        let known: HashSet<(&str, &str)> =
            self.summits.keys().map(|key| (&*key.namespace, &*key.name)).collect();
        self.notes().filter(move |note| {
            let summit = note.document().summit.as_deref();
            !summit.is_some_and(|summit| known.contains(&(note.namespace(), summit)))
        })
    }

    /// What is wrong with the documents.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    pub(super) fn put_note(&mut self, note: Arc<PublishedNote>, pages: &mut BTreeSet<PageId>) {
        let summit = note.summit_key().and_then(|key| self.summits.get(&key));
        let card = summit.and_then(|summit| summit.card(&note.document().card.name));
        let note = note.placed(card).map_or(note, Arc::new);
        let old = self.notes.insert(note.key(), Arc::clone(&note));
        if old.as_ref() == Some(&note) {
            return;
        }
        self.touch(note.key());
        self.vocabulary.replace(old.as_ref().map(|old| old.searchable()), Some(note.searchable()));
        pages.insert(note.page());
        let relined = old.as_ref().is_none_or(|old| old.line() != note.line());
        let stray = note.summit_key().is_none_or(|key| !self.summits.contains_key(&key));
        let recarded = old.as_ref().is_some_and(|old| old.document().card != note.document().card);
        if relined || (stray && recarded) {
            self.mention(&note, pages);
        }
        if relined && let Some(old) = old {
            pages.insert(old.page());
            self.mention(&old, pages);
        }
    }

    pub(super) fn take_note(&mut self, key: &Key, pages: &mut BTreeSet<PageId>) {
        if let Some(note) = self.notes.remove(key) {
            self.touch(key.clone());
            self.vocabulary.replace(Some(note.searchable()), None);
            pages.insert(note.page());
            self.mention(&note, pages);
        }
    }

    fn touch(&mut self, key: Key) {
        self.generation = self.generation.saturating_add(1);
        self.changed.insert(key, self.generation);
    }

    /// Adds the pages that link to the note.
    fn mention(&mut self, note: &PublishedNote, pages: &mut BTreeSet<PageId>) {
        if let Some(key) = note.summit_key() {
            self.touch(summit_mark(&key.namespace, &key.name));
        }
        let summit = note.summit_key().and_then(|key| self.summits.get(&key));
        let Some(summit) = summit else {
            pages.insert(PageId::Summits);
            return;
        };
        // It is counted there.
        pages.extend([PageId::Summits, summit.page()]);
        let name = &note.document().card.name;
        let beside = self.neighbours(summit, name).into_iter().flatten();
        let beside = beside.chain(self.at_the_same_time(summit, name));
        pages.extend(beside.map(|card| summit.note_page(&card.name)));
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
        self.touch(summit_mark(summit.namespace(), &summit.document().name));
        pages.insert(summit.page());
        self.place_notes(&summit, pages);
        let Some(old) = old else {
            self.come_or_go(&summit, pages);
            return;
        };
        self.place_notes(&old, pages);
        if old.line() != summit.line() {
            pages.insert(PageId::Summits);
        }
        let cards = old.document().agenda.iter().chain(&summit.document().agenda);
        let moved = cards.filter(|card| old.context(&card.name) != summit.context(&card.name));
        pages.extend(moved.map(|card| summit.note_page(&card.name)));
    }

    pub(super) fn take_summit(&mut self, key: &Key, pages: &mut BTreeSet<PageId>) {
        if let Some(summit) = self.summits.remove(key) {
            self.touch(summit_mark(&key.namespace, &key.name));
            pages.insert(PageId::Summit(key.clone()));
            self.place_notes(&summit, pages);
            self.come_or_go(&summit, pages);
        }
    }

    /// Gives the notes that `summit` lists, or listed, the times and rooms that its agenda now has for them.
    fn place_notes(&mut self, summit: &PublishedSummit, pages: &mut BTreeSet<PageId>) {
        let key = summit.key();
        let notes = summit.document().agenda.iter().filter_map(|card| {
            let note = self.notes.get(&Key::new(&*key.namespace, &card.name))?;
            let now = self.summits.get(&key).and_then(|summit| summit.card(&card.name));
            (note.summit_key().as_ref() == Some(&key)).then(|| note.placed(now)).flatten()
        });
        let notes: Vec<PublishedNote> = notes.collect();
        notes.into_iter().for_each(|note| self.put_note(Arc::new(note), pages));
    }

    fn come_or_go(&self, summit: &PublishedSummit, pages: &mut BTreeSet<PageId>) {
        pages.insert(PageId::Summits);
        let cards = summit.document().agenda.iter();
        pages.extend(cards.map(|card| summit.note_page(&card.name)));
    }
}

/// Under what a summit is found among what changed: no note can have this name.
fn summit_mark(namespace: &str, summit: &str) -> Key {
    Key::new(namespace, format!("/{summit}"))
}
