//! What the notes of a revision name of its files: other documents, and images. One walk finds both.

use super::contents::{Contents, Markdown};
use super::images::ImageReferences;
use super::link_targets::LinkReferences;
use super::mentions::Mentions;
use super::revision_files::RevisionFiles;
use super::revision_images::RevisionImages;
use crate::document::Collection;
use crate::git::{GitError, Limits};
use crate::render::Forge;

/// Leads the links of `collection` to the pages that documents became, and finds the images that its
/// notes name. `files` are those that it was read from, `url` is the repository's. Blocks.
///
/// # Errors
/// Where the snapshot cannot be read.
pub fn resolve(
    collection: &mut Collection,
    files: &RevisionFiles,
    mentions: &mut Mentions,
    url: &str,
) -> Result<RevisionImages, GitError> {
    mentions.turn();
    let (mentions, contents) = (&*mentions, Contents::new(files));
    let links = LinkReferences::new(collection, |text| mentions.links(text, &contents));
    let images = ImageReferences::new(collection, |text| mentions.images(text, &contents));
    let (linked, shown) = (links.paths(), images.paths());
    let mut found = Vec::new();
    if !(linked.is_empty() && shown.is_empty()) {
        let is_named = |path: &str| linked.contains(path) || shown.contains(path);
        found = files.snapshot().list(&is_named, Limits::NONE)?.files;
    }
    if !links.is_empty() {
        let there = found.iter().map(|entry| &entry.path).filter(|path| linked.contains(*path));
        let there = there.cloned().collect();
        let ids = |text: Markdown<'_>| mentions.ids(text, &contents);
        links.attach(collection, &contents, &there, ids, |path| Forge::of(url)?.raw(path));
    }
    found.retain(|entry| shown.contains(&entry.path));
    contents.finish()?;
    Ok(RevisionImages::new(images, found, url))
}
