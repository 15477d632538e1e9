//! The files of a revision.

use super::artifact::Archive;
use super::cache::Reading;
use super::files::{Entry, Files, Limits, Listing};
use super::large_files::{self, LargeFiles};
use super::pick::Broken;
use super::signature::{Signed, Signers, Subject};
use super::text::chain;
use super::transfer::Found;
use super::walk::Walk;
use super::{GitError, Revision};
use crate::document::SourceFile;

/// A revision whose files can be read.
pub struct Snapshot {
    store: Store,
    revision: Revision,
    transferred: bool,
}

/// Where its files are.
enum Store {
    /// In a git repository.
    Repository {
        repository: Box<gix::Repository>,
        tag: Option<gix::ObjectId>,
        reading: Option<Reading>,
        large_files: Option<Box<LargeFiles>>,
    },
    /// In an archive.
    Archive(Archive),
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("revision", &self.revision)
            .field("transferred", &self.transferred)
            .finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(super) fn new(
        repository: gix::Repository,
        Found { revision, tag }: Found,
        transferred: bool,
        reading: Option<Reading>,
    ) -> Self {
        let repository = Box::new(repository);
        let store = Store::Repository { repository, tag, reading, large_files: None };
        Self { store, revision, transferred }
    }

    /// The same, with what `kept` holds in place of pointers to it.
    pub(super) fn with_large_files(mut self, kept: Option<LargeFiles>) -> Self {
        if let Store::Repository { large_files, .. } = &mut self.store {
            *large_files = kept.map(Box::new);
        }
        self
    }

    pub(super) fn of_archive(archive: Archive, revision: Revision) -> Self {
        Self { store: Store::Archive(archive), revision, transferred: true }
    }

    /// Checks that the revision is signed by one of `signers`, and says by whom.
    ///
    /// # Errors
    ///
    /// [`GitError::NotVerified`] where it is not.
    pub fn verify(&self, signed: Signed, signers: &Signers) -> Result<String, GitError> {
        let revision = &self.revision;
        match &self.store {
            Store::Repository { repository, tag, .. } => {
                Subject { repository, revision, tag: *tag }.check(signed, signers)
            }
            Store::Archive(_) => Err(GitError::NotVerified(
                "an artifact carries no signature: let its source verify it".to_owned(),
            )),
        }
    }

    /// What the reference turned out to be.
    pub fn revision(&self) -> &Revision {
        &self.revision
    }

    /// When the commit was made, in seconds since 1970 in UTC; none of an artifact.
    pub fn seconds(&self) -> Option<i64> {
        let Store::Repository { repository, .. } = &self.store else { return None };
        let commit = gix::ObjectId::from_hex(self.revision.commit.as_bytes()).ok()?;
        Some(repository.find_commit(commit).ok()?.time().ok()?.seconds)
    }

    /// Whether the fetch had to transfer objects.
    pub fn transferred(&self) -> bool {
        self.transferred
    }

    /// The files whose paths are `wanted`, by what the headers of their objects say: no file is read,
    /// so that whoever asks can see first whether all of them fit into memory. Nothing vanishes: what
    /// is wanted and cannot be read is named in [`Listing::skipped`].
    ///
    /// # Errors
    ///
    /// [`GitError::TooLarge`] past the limits, and [`GitError::Damaged`] when objects are missing or
    /// broken; the next fetch makes the cache anew.
    pub fn list(&self, wanted: &dyn Fn(&str) -> bool, limits: Limits) -> Result<Listing, GitError> {
        let picked = match &self.store {
            Store::Archive(archive) => archive.list(wanted, limits),
            Store::Repository { repository, large_files, .. } => {
                let commit = gix::ObjectId::from_hex(self.revision.commit.as_bytes())
                    .map_err(|error| GitError::Failed(error.to_string()))?;
                let picked = Walk::new(repository, wanted, limits).run(commit);
                match large_files {
                    Some(_) => {
                        picked.and_then(|found| large_files::find(repository, found, limits))
                    }
                    None => picked,
                }
            }
        };
        match picked {
            Ok(listing) => Ok(listing),
            Err(Broken::Limit(error)) => Err(error),
            Err(Broken::Object(error)) => Err(self.damaged(&error)),
        }
    }

    /// Reads a file of [`Self::list`].
    ///
    /// # Errors
    ///
    /// [`GitError::Damaged`] as there, and what becomes of a visit to the server where Git LFS keeps the content.
    pub fn read(&self, entry: &Entry) -> Result<Vec<u8>, GitError> {
        match &self.store {
            Store::Archive(archive) => archive.read(entry.id),
            Store::Repository { repository, large_files, .. } => {
                let blob = repository.find_blob(entry.id).map_err(|error| self.damaged(&error))?;
                let data = blob.detach().data;
                match large_files {
                    Some(kept) if entry.is_pointer => kept.content(&data),
                    _ => Ok(data),
                }
            }
        }
    }

    /// Reads the files of `listing`.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn read_all(&self, listing: Listing) -> Result<Files, GitError> {
        let Listing { files, skipped } = listing;
        let read = files.into_iter().map(|entry| {
            let content = self.read(&entry)?;
            Ok(SourceFile { path: entry.path, content })
        });
        Ok(Files { files: read.collect::<Result<_, GitError>>()?, skipped })
    }

    /// Reads the files whose paths are `wanted`: [`Self::list`] and then [`Self::read_all`].
    ///
    /// # Errors
    ///
    /// Those of both.
    pub fn files(&self, wanted: &dyn Fn(&str) -> bool, limits: Limits) -> Result<Files, GitError> {
        self.read_all(self.list(wanted, limits)?)
    }

    fn damaged(&self, error: &gix::Error) -> GitError {
        if let Store::Repository { reading: Some(reading), .. } = &self.store {
            reading.distrust();
        }
        GitError::Damaged(chain(error))
    }
}
