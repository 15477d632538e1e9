//! The images of a revision: found by their paths, and read where they are published.

use std::collections::BTreeMap;

use super::forge::raw_url;
use super::images::{ImageFile, ImageFiles, ImageReferences};
use crate::document::{Collection, SourceFile};
use crate::git::{Entry, GitError, Snapshot};
use crate::render;

/// The images of a revision that notes name: found, and none of them read.
pub struct RevisionImages {
    references: ImageReferences,
    found: Found,
}

/// The files of a revision that notes name.
struct Found {
    snapshot: Snapshot,
    files: BTreeMap<String, Entry>,
    /// Of the repository.
    url: String,
}

impl RevisionImages {
    /// The images that `references` name, as far as they are among `files`. `url` is the repository's.
    pub(super) fn new(
        references: ImageReferences,
        files: Vec<Entry>,
        snapshot: Snapshot,
        url: &str,
    ) -> Self {
        let files = files.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
        Self { references, found: Found { snapshot, files, url: url.to_owned() } }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.found.files.is_empty()
    }

    /// Reads those that fit and puts them into `collection`. `documents` are the files that it was
    /// read from. Blocks.
    ///
    /// # Errors
    /// Where the snapshot cannot be read.
    pub fn attach(
        self,
        collection: &mut Collection,
        documents: &[SourceFile],
    ) -> Result<(), GitError> {
        self.references.attach(collection, documents, &self.found)
    }
}

impl ImageFiles for Found {
    type Error = GitError;

    fn find(&self, path: &str) -> Option<ImageFile> {
        let entry = self.files.get(path)?;
        Some(ImageFile { bytes: entry.bytes, content_id: entry.content_id() })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, GitError> {
        self.files.get(path).map_or_else(|| Ok(Vec::new()), |entry| self.snapshot.read(entry))
    }

    fn is_image(&self, content: &[u8]) -> bool {
        render::image_type(content).is_some()
    }

    fn url(&self, path: &str) -> Option<String> {
        raw_url(&self.url, path)
    }
}
