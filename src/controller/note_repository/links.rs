//! Links from document to document, which become links from page to page.

use super::images::raw_url;
use crate::document::{Collection, LinkReferences, SourceFile};
use crate::git::{GitError, Limits, Snapshot};
use crate::render;

/// Leads the links of `collection` to the pages that documents became. `documents` are the files that it
/// was read from, `url` is the repository's. Blocks.
///
/// # Errors
/// Where the snapshot cannot be read.
pub fn attach(
    collection: &mut Collection,
    documents: &[SourceFile],
    snapshot: &Snapshot,
    url: &str,
) -> Result<(), GitError> {
    let references = LinkReferences::new(collection, render::local_links);
    if references.is_empty() {
        return Ok(());
    }
    let paths = references.paths();
    let found = snapshot.list(&|path| paths.contains(path), Limits::NONE)?;
    let there = found.files.into_iter().map(|entry| entry.path).collect();
    references.attach(collection, documents, &there, render::anchors, |path| raw_url(url, path));
    Ok(())
}
