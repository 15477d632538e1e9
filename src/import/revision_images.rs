//! The images of a revision: found by their paths, and read where they are published.

use std::collections::BTreeMap;

use super::contents::Contents;
use super::forge::raw_url;
use super::images::{ImageFile, ImageFiles, ImageReferences};
use super::revision_files::RevisionFiles;
use crate::document::Collection;
use crate::git::{Entry, GitError};
use crate::render;

/// The images of a revision that notes name: found, and none of them read.
pub struct RevisionImages {
    references: ImageReferences,
    found: BTreeMap<String, Entry>,
    /// Of the repository.
    url: String,
}

/// The files of a revision that notes name.
struct Found<'f> {
    revision: &'f RevisionFiles,
    files: &'f BTreeMap<String, Entry>,
    url: &'f str,
}

impl RevisionImages {
    /// The images that `references` name, as far as they are among `files`. `url` is the repository's.
    pub(super) fn new(references: ImageReferences, files: Vec<Entry>, url: &str) -> Self {
        let found = files.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
        Self { references, found, url: url.to_owned() }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Reads those that fit and puts them into `collection`, which was read from `revision`. Blocks.
    ///
    /// # Errors
    /// Where the snapshot cannot be read.
    pub fn attach(
        self,
        collection: &mut Collection,
        revision: &RevisionFiles,
    ) -> Result<(), GitError> {
        let contents = Contents::new(revision);
        let found = Found { revision, files: &self.found, url: &self.url };
        self.references.attach(collection, &contents, &found)?;
        contents.finish()
    }
}

impl ImageFiles for Found<'_> {
    type Error = GitError;

    fn find(&self, path: &str) -> Option<ImageFile> {
        let entry = self.files.get(path)?;
        Some(ImageFile { bytes: entry.bytes, content_id: entry.content_id() })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, GitError> {
        let read = |entry| self.revision.snapshot().read(entry);
        self.files.get(path).map_or_else(|| Ok(Vec::new()), read)
    }

    fn is_image(&self, content: &[u8]) -> bool {
        render::image_type(content).is_some()
    }

    fn url(&self, path: &str) -> Option<String> {
        raw_url(self.url, path)
    }
}
