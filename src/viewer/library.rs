//! What is published, in memory, and who is told when it changes.

mod coverage;
mod listed;
mod published;
mod shelf;
mod text;
mod tree;

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::broadcast;

use super::address::{Key, PageId};
use crate::api::Diagnostic;
pub use coverage::Coverage;
pub use listed::Listed;
pub use published::{PublishedImage, PublishedNote, PublishedSummit};
pub use shelf::Shelf;
pub use text::{Passage, passages, sections, split_tag};
pub use tree::{Shoot, tree};

/// Changes that a slow listener may lie behind before it has to look at everything again.
const CHANGES_KEPT: usize = 256;

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
            Self::Pages(pages) => match page {
                PageId::Summits | PageId::Summit(_) | PageId::Note { .. } => pages.contains(page),
                PageId::Part(key, _) => pages.contains(&PageId::Summit(key.clone())),
                PageId::NoteMap { key, summit } => {
                    pages.contains(&PageId::Note { key: key.clone(), summit: summit.clone() })
                }
                // What is made of many notes at once.
                PageId::Speakers | PageId::Speaker(_) | PageId::Tags | PageId::Tag(_) => {
                    pages.iter().any(|page| matches!(page, PageId::Summits | PageId::Summit(_)))
                }
                PageId::Search | PageId::Diagnostics => false,
            },
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
            shelf.generation = shelf.generation.saturating_add(1);
            shelf.told_at = shelf.generation;
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

#[cfg(test)]
mod tests;
