//! What notes name: each text is looked through once, however many revisions have it.

use std::cell::RefCell;
use std::sync::Arc;

use super::contents::{Contents, Markdown};
use super::generations::Generations;
use crate::document::TextDigest;
use crate::render;

/// What the texts of a repository name, as far as it was asked for in this revision or the one before.
#[derive(Default)]
pub struct Mentions {
    /// None of a text that names nothing, as most do.
    named: RefCell<Generations<TextDigest, Option<Arc<Named>>>>,
    ids: RefCell<Generations<TextDigest, Arc<[String]>>>,
}

/// What a text names, as it is written there.
struct Named {
    links: Vec<String>,
    images: Vec<String>,
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
