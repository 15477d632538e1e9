//! The files of a revision, each of which is read only where something of it is needed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

use sha2::{Digest as _, Sha256};

use super::{SourceFile, text};

/// What the content of a file is known by, such as the id of a git blob: files with the same id hold the same bytes.
pub type ContentId = Box<[u8]>;

/// The files that documents are read from.
pub trait Files {
    /// Why a file cannot be read.
    type Error;

    /// The path of each file with the id of its content, in the order of their paths.
    fn list(&self) -> Vec<(&str, ContentId)>;

    /// The paths alone.
    fn paths(&self) -> Vec<&str> {
        self.list().into_iter().map(|(path, _)| path).collect()
    }

    /// What the file at `path` holds; `None` where there is no such file.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>, Self::Error>;
}

/// Files that are in memory.
#[derive(Clone, Debug, Default)]
pub struct Loaded<'f> {
    contents: BTreeMap<&'f str, &'f [u8]>,
    /// Whether the ids of their contents are asked for.
    identified: bool,
}

impl<'f> Loaded<'f> {
    /// `files`, whose contents get ids.
    pub fn new(files: &'f [SourceFile]) -> Self {
        let contents = files.iter().map(|file| (file.path.as_str(), file.content.as_slice()));
        Self { contents: contents.collect(), identified: true }
    }

    /// `files` for one reading, after which nobody compares them.
    pub(super) fn once(files: &'f [SourceFile]) -> Self {
        Self { identified: false, ..Self::new(files) }
    }
}

impl Files for Loaded<'_> {
    type Error = Infallible;

    fn list(&self) -> Vec<(&str, ContentId)> {
        let id = |content: &[u8]| match self.identified {
            true => ContentId::from(Sha256::digest(content).as_slice()),
            false => ContentId::default(),
        };
        self.contents.iter().map(|(path, content)| (*path, id(content))).collect()
    }

    fn paths(&self) -> Vec<&str> {
        self.contents.keys().copied().collect()
    }

    fn read(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>, Infallible> {
        Ok(self.contents.get(path).map(|content| Cow::Borrowed(*content)))
    }
}

/// A document in the normal form in which it is read; none of what is no text.
pub fn normal_text(document: &[u8]) -> Option<Cow<'_, str>> {
    text::normal(document)
}

/// SHA-256 of a Markdown.
pub type TextDigest = [u8; 32];

/// The digest of `markdown`, by which two texts are compared without having both.
pub fn text_digest(markdown: &str) -> TextDigest {
    Sha256::digest(markdown).into()
}

/// The Markdown of a note whose document did not change since it was read: where it stands, in place of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptText {
    /// Path of the document.
    pub document: String,
    /// Digest of the Markdown.
    pub digest: TextDigest,
    /// The bytes of the document's text, in normal form, in which it stands.
    pub(super) from: usize,
    pub(super) to: usize,
}

impl KeptText {
    /// The Markdown, from what its document holds.
    pub fn within(&self, document: &[u8]) -> String {
        self.of(&text::normal(document).unwrap_or_default())
    }

    /// The Markdown, from its document in normal form ([`normal_text`]).
    pub fn of(&self, document: &str) -> String {
        document.get(self.from..self.to).unwrap_or_default().to_owned()
    }
}
