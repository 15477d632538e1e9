//! What the notes of a revision name of its files: other documents, and images. One walk finds both.

use super::forge::raw_url;
use super::images::ImageReferences;
use super::link_targets::LinkReferences;
use super::revision_images::RevisionImages;
use crate::document::{Collection, SourceFile};
use crate::git::{GitError, Limits, Snapshot};
use crate::render;

/// Leads the links of `collection` to the pages that documents became, and finds the images that its
/// notes name. `documents` are the files that it was read from, `url` is the repository's. Blocks.
///
/// # Errors
/// Where the snapshot cannot be read.
pub fn resolve(
    collection: &mut Collection,
    documents: &[SourceFile],
    snapshot: Snapshot,
    url: &str,
) -> Result<RevisionImages, GitError> {
    let links = LinkReferences::new(collection, render::local_links);
    let images = ImageReferences::new(collection, render::local_images);
    let (linked, shown) = (links.paths(), images.paths());
    let mut found = Vec::new();
    if !(linked.is_empty() && shown.is_empty()) {
        let is_named = |path: &str| linked.contains(path) || shown.contains(path);
        found = snapshot.list(&is_named, Limits::NONE)?.files;
    }
    if !links.is_empty() {
        let there = found.iter().map(|entry| &entry.path).filter(|path| linked.contains(*path));
        let there = there.cloned().collect();
        links.attach(collection, documents, &there, render::anchors, |path| raw_url(url, path));
    }
    found.retain(|entry| shown.contains(&entry.path));
    Ok(RevisionImages::new(images, found, snapshot, url))
}
