//! From the revisions of a repository to collections.

use super::mentions::Mentions;
use super::preview::Preview;
use super::references;
use super::revision_files::RevisionFiles;
use super::revision_images::{KnownImages, PublishedImage};
use crate::api::Diagnostic;
use crate::document::{Collection, Files as _, KeepingRoom, READ_AT_ONCE, ReadOptions, Readings};
use crate::git::GitError;

/// Imports the revisions of one repository, one after another: each costs what it changes.
#[derive(Default)]
pub struct Importer {
    readings: Readings,
    mentions: Mentions,
    images: KnownImages,
}

impl Importer {
    /// Nothing was imported yet. What is kept between revisions takes its part of `room`.
    pub fn within(room: &KeepingRoom) -> Self {
        Self { readings: Readings::within(room), ..Self::default() }
    }

    /// Bytes of the documents among `files` that are to be read, as many as are in memory at once.
    pub fn unread(&self, files: &RevisionFiles) -> u64 {
        let unread =
            files.entries().filter(|file| !self.readings.knows(&file.path, &file.content_id()));
        unread.fold(0, |sum: u64, file| sum.saturating_add(file.bytes)).min(READ_AT_ONCE)
    }

    /// Reads what the documents of a revision give, and looks at the images that it names and that no revision before
    /// it had. `skipped` tells of what is not among `files`, `url` is the repository's. Notes have no Markdown, but
    /// [`crate::document::Imported::text`]; images are given without what they hold. Where only a `preview` is wanted,
    /// they are that. Blocks.
    ///
    /// # Errors
    /// Where the revision cannot be read.
    pub fn import(
        &mut self,
        files: &RevisionFiles,
        options: &ReadOptions,
        skipped: &[Diagnostic],
        url: &str,
        preview: Option<&Preview>,
    ) -> Result<(Collection, Vec<PublishedImage>), GitError> {
        let mut collection = self.readings.read_changes(files, options)?;
        collection.leave_out(skipped, files.paths());
        if let Some(preview) = preview {
            preview.of(&mut collection);
        }
        let images = references::resolve(&mut collection, files, &mut self.mentions, url)?;
        let published = images.name(&mut collection, files, &mut self.images)?;
        Ok((collection, published))
    }
}
