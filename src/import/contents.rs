//! The documents of a collection, read where it is to be known what stands in them.

use std::cell::RefCell;
use std::rc::Rc;

use crate::api::{SummitSpec, TalkNoteSpec};
use crate::document::{Files, Imported, KeptText, TextDigest, normal_text, text_digest};

/// The Markdown of a note or overview, or where it stands.
#[derive(Clone, Copy, Default)]
pub struct Markdown<'c> {
    /// Empty where it was not read.
    pub text: &'c str,
    /// Where it stands, where it was not read.
    pub kept: Option<&'c KeptText>,
}

impl<'c> Markdown<'c> {
    /// That of a note.
    pub fn of(note: &'c Imported<TalkNoteSpec>) -> Self {
        let text = note.spec.markdown.as_deref().unwrap_or_default();
        Self { text, kept: note.text.as_ref() }
    }

    /// That of a summit.
    pub(super) fn of_overview(summit: &'c Imported<SummitSpec>) -> Self {
        Self { text: summit.spec.overview.as_deref().unwrap_or_default(), kept: None }
    }

    /// The same for the same text.
    pub(super) fn digest(self) -> TextDigest {
        self.kept.map_or_else(|| text_digest(self.text), |kept| kept.digest)
    }

    /// Whether there is nothing.
    pub(super) fn is_empty(self) -> bool {
        self.text.is_empty() && self.kept.is_none()
    }
}

/// Documents of which the one that was asked for last is kept. Whoever asks may go on where one cannot be read, and
/// learns of it from [`Contents::finish`].
pub struct Contents<'f, E> {
    files: &'f dyn Files<Error = E>,
    last: RefCell<Option<(String, Rc<[u8]>)>>,
    /// The one that a text was taken of last, in normal form.
    normal: RefCell<Option<(String, Rc<str>)>>,
    failed: RefCell<Option<E>>,
}

impl<'f, E> Contents<'f, E> {
    /// Those of `files`.
    pub fn new(files: &'f dyn Files<Error = E>) -> Self {
        Self {
            files,
            last: RefCell::default(),
            normal: RefCell::default(),
            failed: RefCell::new(None),
        }
    }

    /// The paths of all documents.
    pub fn paths(&self) -> Vec<&'f str> {
        self.files.paths()
    }

    /// What the document at `path` holds.
    pub fn get(&self, path: &str) -> Option<Rc<[u8]>> {
        let mut last = self.last.borrow_mut();
        if let Some((_, content)) = last.as_ref().filter(|(known, _)| known == path) {
            return Some(content.clone());
        }
        let content = self.noted(self.files.read(path)).flatten()?;
        let content: Rc<[u8]> = content.into();
        *last = Some((path.to_owned(), content.clone()));
        Some(content)
    }

    /// The text of `markdown`, whether it was read or not.
    pub fn text(&self, markdown: Markdown<'_>) -> String {
        markdown.kept.map_or_else(|| markdown.text.to_owned(), |kept| self.kept(kept))
    }

    /// The Markdown of a note that was not read.
    pub fn kept(&self, text: &KeptText) -> String {
        self.normal(&text.document).map(|document| text.of(&document)).unwrap_or_default()
    }

    /// The document at `path` in normal form: of a long one, many texts are asked for.
    fn normal(&self, path: &str) -> Option<Rc<str>> {
        let mut last = self.normal.borrow_mut();
        if let Some((_, text)) = last.as_ref().filter(|(known, _)| known == path) {
            return Some(text.clone());
        }
        let text: Rc<str> = normal_text(&self.get(path)?)?.into();
        *last = Some((path.to_owned(), text.clone()));
        Some(text)
    }

    fn noted<T>(&self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(found) => Some(found),
            Err(error) => {
                self.failed.borrow_mut().get_or_insert(error);
                None
            }
        }
    }

    /// Says whether all was read that was asked for.
    ///
    /// # Errors
    /// The first document that could not be read.
    pub fn finish(self) -> Result<(), E> {
        self.failed.into_inner().map_or(Ok(()), Err)
    }
}
