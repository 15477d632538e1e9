//! What fits: which of the files that notes name are images, and how many of them are published.

use std::collections::BTreeMap;

use super::{ImageFile, ImageFiles, MAX_IMAGE};
use crate::api::names::hex_digest;
use crate::document::ContentId;
use crate::document::elsewhere::{self, Elsewhere};
use crate::import::texts::TextOf;
use crate::render;

/// Bytes of all images of a note or overview.
pub(super) const MAX_OF_NOTE: u64 = 4 * 1024 * 1024;
/// Bytes of all images of a repository.
pub(super) const MAX_OF_ALL: u64 = 64 * 1024 * 1024;
/// Images of a repository.
pub(super) const MAX_IMAGES: usize = 2000;
/// Bytes that are read to learn which of the files are images.
const MAX_READ: u64 = 256 * 1024 * 1024;

/// An image that is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// SHA-256 of the file, in hex.
    pub digest: String,
    /// Digest of what is published of it, as [`render::Publication`] has it.
    pub published: String,
}

/// What was found of a file that was read: an image, or why it is not published.
pub type Looked = Result<Picture, Refusal>;

/// Why an image is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal(pub(super) Why);

/// The reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    TooLarge,
    NoImage,
    Elsewhere(Elsewhere),
    TooMuch,
}

/// What was taken so far. The size that is known of a file decides before the file is read.
#[derive(Default)]
pub(super) struct Shelf {
    /// Path and digests of each image, by its digest.
    pub images: BTreeMap<String, (String, Picture)>,
    /// What they hold, where that is asked for.
    pub contents: BTreeMap<String, Vec<u8>>,
    bytes: u64,
    of_text: BTreeMap<TextOf, u64>,
    /// What was found of those that were looked at, by what they hold.
    seen: BTreeMap<ContentId, Looked>,
    /// Bytes of all that were looked at, now or before: what fits must not depend on that.
    read: u64,
}

impl Shelf {
    /// The digest of the image at `path`, or why it is not taken.
    pub fn take<F: ImageFiles>(
        &mut self,
        text: TextOf,
        path: &str,
        file: &ImageFile,
        files: &F,
    ) -> Result<Result<String, Refusal>, F::Error> {
        if file.bytes > MAX_IMAGE as u64 {
            return Ok(Err(Refusal(Why::TooLarge)));
        }
        let of_text = self.of_text.get(&text).copied().unwrap_or_default() + file.bytes;
        if of_text > MAX_OF_NOTE {
            return Ok(Err(Refusal(Why::TooMuch)));
        }
        let looked = match self.seen.get(&file.content_id) {
            Some(looked) => looked.clone(),
            None if self.is_full(file.bytes) => return Ok(Err(Refusal(Why::TooMuch))),
            None => {
                let looked = self.look_at(path, file, files)?;
                self.seen.insert(file.content_id.clone(), looked.clone());
                looked
            }
        };
        if looked.is_ok() {
            self.of_text.insert(text, of_text);
        }
        Ok(looked.map(|picture| picture.digest))
    }

    fn is_full(&self, more: u64) -> bool {
        self.bytes + more > MAX_OF_ALL
            || self.images.len() >= MAX_IMAGES
            || self.read + more > MAX_READ
    }

    fn look_at<F: ImageFiles>(
        &mut self,
        path: &str,
        file: &ImageFile,
        files: &F,
    ) -> Result<Looked, F::Error> {
        // A file in a folder may have grown since.
        let (looked, bytes, content) = match files.known(&file.content_id) {
            Some(known) => (known, file.bytes, None),
            None => {
                let content = files.read(path)?;
                let looked = look(&content, files);
                files.learn(&file.content_id, &looked);
                (looked, file.bytes.max(content.len() as u64), Some(content))
            }
        };
        self.read += bytes;
        if let Ok(picture) = &looked {
            let shown = (path.to_owned(), picture.clone());
            if self.images.insert(picture.digest.clone(), shown).is_none() {
                self.bytes += bytes;
            }
            let content = content.filter(|_| files.keeps_contents());
            self.contents.extend(content.map(|content| (picture.digest.clone(), content)));
        }
        Ok(looked)
    }
}

/// What `content` is.
fn look<F: ImageFiles>(content: &[u8], files: &F) -> Looked {
    if let Some(elsewhere) = elsewhere::look(content) {
        return Err(Refusal(Why::Elsewhere(elsewhere)));
    }
    if content.len() > MAX_IMAGE || !files.is_image(content) {
        return Err(Refusal(Why::NoImage));
    }
    Ok(Picture { digest: hex_digest(content), published: render::digest_of_image(content) })
}
