//! What notes name: each text is looked through once, however many revisions have it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::contents::{Contents, Markdown};
use crate::document::TextDigest;
use crate::render;

/// What the texts of a repository name, as far as it was asked for in this revision or the one before.
#[derive(Default)]
pub struct Mentions {
    /// None of a text that names nothing, as most do.
    named: RefCell<Generations<Option<Arc<Named>>>>,
    ids: RefCell<Generations<Arc<[String]>>>,
}

/// What a text names, as it is written there.
struct Named {
    links: Vec<String>,
    images: Vec<String>,
}

/// Answers by the digests of the texts that they are about. Those that nobody asks for in a revision are forgotten
/// after it.
struct Generations<V> {
    young: HashMap<TextDigest, V>,
    old: HashMap<TextDigest, V>,
}

impl<V> Default for Generations<V> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<V: Clone> Generations<V> {
    fn turn(&mut self) {
        self.old = std::mem::take(&mut self.young);
    }

    fn of(&mut self, digest: TextDigest, find: impl FnOnce() -> V) -> V {
        let Self { young, old } = self;
        let known = young.entry(digest);
        known.or_insert_with(|| old.remove(&digest).unwrap_or_else(find)).clone()
    }
}

impl Mentions {
    /// Begins with another revision.
    pub(super) fn turn(&mut self) {
        self.named.get_mut().turn();
        self.ids.get_mut().turn();
    }

    /// The paths that links have, as [`render::local_links`] finds them.
    pub(super) fn links<E>(&self, text: Markdown<'_>, contents: &Contents<'_, E>) -> Vec<String> {
        self.of(text, contents).map(|named| named.links.clone()).unwrap_or_default()
    }

    /// The paths that images have, as [`render::local_images`] finds them.
    pub(super) fn images<E>(&self, text: Markdown<'_>, contents: &Contents<'_, E>) -> Vec<String> {
        self.of(text, contents).map(|named| named.images.clone()).unwrap_or_default()
    }

    /// The ids on the page of a text.
    pub(super) fn ids<E>(&self, text: Markdown<'_>, contents: &Contents<'_, E>) -> Arc<[String]> {
        let find = || render::anchors(&contents.text(text)).into();
        self.ids.borrow_mut().of(text.digest(), find)
    }

    fn of<E>(&self, text: Markdown<'_>, contents: &Contents<'_, E>) -> Option<Arc<Named>> {
        let find = || {
            let text = contents.text(text);
            let (links, images) = (render::local_links(&text), render::local_images(&text));
            let names = !(links.is_empty() && images.is_empty());
            names.then(|| Arc::new(Named { links, images }))
        };
        self.named.borrow_mut().of(text.digest(), find)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_revision_does_not_ask_for_is_forgotten_after_the_next() {
        let mut answers = Generations::default();
        assert_eq!(answers.of([1; 32], || 1), 1);
        answers.turn();
        assert_eq!(answers.of([1; 32], || 2), 1, "known from the revision before");
        answers.turn();
        answers.turn();
        assert_eq!(answers.of([1; 32], || 3), 3);
    }
}
