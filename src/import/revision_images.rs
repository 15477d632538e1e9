//! The images of a revision: found by their paths, and read where they are published.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::contents::Contents;
use super::generations::Generations;
use super::images::{ImageFile, ImageFiles, ImageReferences, Looked, Picture};
use super::revision_files::RevisionFiles;
use crate::document::{Collection, ContentId};
use crate::git::{Entry, GitError};
use crate::render::{self, Forge};

/// The images of a revision that notes name: found, and none of them read.
pub struct RevisionImages {
    references: ImageReferences,
    found: BTreeMap<String, Entry>,
    /// Of the repository.
    url: String,
}

/// An image that is to be published.
#[derive(Clone, Debug)]
pub struct PublishedImage {
    /// What it is known by.
    pub picture: Picture,
    /// The file.
    pub file: Entry,
}

/// What was found of the files of earlier revisions.
pub(super) type KnownImages = Generations<ContentId, Looked>;

/// The files of a revision that notes name.
struct Found<'f> {
    revision: &'f RevisionFiles,
    files: &'f BTreeMap<String, Entry>,
    url: &'f str,
    /// None where what images hold is asked for.
    known: Option<RefCell<&'f mut KnownImages>>,
}

impl RevisionImages {
    /// The images that `references` name, as far as they are among `files`. `url` is the repository's.
    pub(super) fn new(references: ImageReferences, files: Vec<Entry>, url: &str) -> Self {
        let found = files.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
        Self { references, found, url: url.to_owned() }
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
        self.look(collection, revision, None).map(drop)
    }

    /// Names them in `collection`, but reads only those that are not `known` yet, one after the other. Blocks.
    pub(super) fn name(
        self,
        collection: &mut Collection,
        revision: &RevisionFiles,
        known: &mut KnownImages,
    ) -> Result<Vec<PublishedImage>, GitError> {
        known.turn();
        self.look(collection, revision, Some(known))
    }

    fn look(
        self,
        collection: &mut Collection,
        revision: &RevisionFiles,
        known: Option<&mut KnownImages>,
    ) -> Result<Vec<PublishedImage>, GitError> {
        let Self { references, found, url } = self;
        let contents = Contents::new(revision);
        let known = known.map(RefCell::new);
        let files = Found { revision, files: &found, url: &url, known };
        let shown = references.attach(collection, &contents, &files)?;
        contents.finish()?;
        let published = shown.into_iter().filter_map(|(path, picture)| {
            Some(PublishedImage { picture, file: found.get(&path)?.clone() })
        });
        Ok(published.collect())
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
        Forge::of(self.url)?.raw(path)
    }

    fn known(&self, id: &ContentId) -> Option<Looked> {
        self.known.as_ref()?.borrow_mut().get(id)
    }

    fn learn(&self, id: &ContentId, looked: &Looked) {
        if let Some(known) = &self.known {
            known.borrow_mut().put(id.clone(), looked.clone());
        }
    }

    fn keeps_contents(&self) -> bool {
        self.known.is_none()
    }
}
