//! The documents of a revision, read from the repository where they are needed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::document::{ContentId, Files};
use crate::git::{Entry, GitError, Listing, Snapshot};

/// The documents of a revision.
pub struct RevisionFiles {
    snapshot: Snapshot,
    entries: BTreeMap<String, Entry>,
}

impl RevisionFiles {
    /// Those of `listing`, which `snapshot` has.
    pub fn new(snapshot: Snapshot, listing: Listing) -> Self {
        let entries = listing.files.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
        Self { snapshot, entries }
    }

    /// The documents.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The revision with all of its files.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl Files for RevisionFiles {
    type Error = GitError;

    fn list(&self) -> Vec<(&str, ContentId)> {
        self.entries.iter().map(|(path, entry)| (path.as_str(), entry.content_id())).collect()
    }

    fn paths(&self) -> Vec<&str> {
        self.entries.keys().map(String::as_str).collect()
    }

    fn read(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>, GitError> {
        let entry = self.entries.get(path);
        entry.map(|entry| Ok(Cow::Owned(self.snapshot.read(entry)?))).transpose()
    }
}
