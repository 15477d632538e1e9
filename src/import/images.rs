//! Images of the repository that notes and overviews show: which files are meant, and what becomes of each.

pub(super) mod places;

use std::collections::{BTreeMap, BTreeSet};

use super::contents::{Contents, Markdown};
use super::texts::{Text, TextOf, texts};
use crate::api::NoteImage;
use crate::api::names::hex_digest;
use crate::document::elsewhere::{self, Elsewhere};
use crate::document::report::{self, Place};
use crate::document::text::first_chars;
use crate::document::{Code, Collection, ContentId};
use places::{candidates, place_in};

/// Bytes of an image that is published. A ConfigMap holds one of them.
pub const MAX_IMAGE: usize = 512 * 1024;
/// Bytes of all images of a note or overview.
const MAX_OF_NOTE: u64 = 4 * 1024 * 1024;
/// Bytes of all images of a repository.
const MAX_OF_ALL: u64 = 64 * 1024 * 1024;
/// Images of a repository.
const MAX_IMAGES: usize = 2000;
/// Documents of a note in whose folders its images are looked for.
const MAX_DOCUMENTS: usize = 8;
/// Images of a note or overview, as the schema has it.
const MAX_LISTED: usize = 200;
/// Bytes that are read to learn which of the files are images.
const MAX_READ: u64 = 256 * 1024 * 1024;
/// Bytes that are kept of the paths that the notes of a repository name.
const MAX_OF_REFERENCES: usize = 32 * 1024 * 1024;
/// What a path costs beside its characters.
const REFERENCE: usize = 128;

/// A file that a note shows and that was not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFile {
    /// Its size.
    pub bytes: u64,
    /// The same for files that hold the same: one of them is read.
    pub content_id: ContentId,
}

/// Where images lie. What is beyond the budgets is never read.
pub trait ImageFiles {
    /// Why a file cannot be read.
    type Error;

    /// The file at a path from the root of the repository, where there is one.
    fn find(&self, path: &str) -> Option<ImageFile>;
    /// What that file holds.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, Self::Error>;
    /// Whether `content` is an image of a kind that is published.
    fn is_image(&self, content: &[u8]) -> bool;
    /// Where people can see the file outside of the cluster.
    fn url(&self, path: &str) -> Option<String>;
}

/// The images that the notes and overviews of a collection name.
#[derive(Debug)]
pub struct ImageReferences {
    found: Vec<Reference>,
    /// Texts some of whose images are not looked for, because the others name too many.
    unsought: BTreeSet<TextOf>,
}

#[derive(Debug)]
struct Reference {
    text: TextOf,
    source: String,
    /// Documents that the text was written in, each with the paths from the root of the repository
    /// that it may mean.
    candidates: Vec<(String, Vec<String>)>,
}

impl ImageReferences {
    /// Looks for images in all notes and overviews of `collection`; `sources` gives the paths that
    /// Markdown names.
    pub fn new(collection: &Collection, sources: impl Fn(Markdown<'_>) -> Vec<String>) -> Self {
        let (mut found, mut unsought, mut room) = (Vec::new(), BTreeSet::new(), MAX_OF_REFERENCES);
        let texts = texts(collection, |note| !note.images.is_empty(), |own| !own.images.is_empty());
        for Text { of: text, markdown, mut documents } in texts {
            if matches!(text, TextOf::Note(_)) {
                documents.truncate(MAX_DOCUMENTS);
            }
            for source in sources(markdown).into_iter().take(MAX_LISTED) {
                let candidates = documents
                    .iter()
                    .map(|document| ((*document).to_owned(), candidates(document, &source)))
                    .collect();
                let reference = Reference { text, source, candidates };
                match room.checked_sub(reference.cost()) {
                    Some(rest) => {
                        room = rest;
                        found.push(reference);
                    }
                    None => drop(unsought.insert(text)),
                }
            }
        }
        Self { found, unsought }
    }

    /// Whether no text names an image.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The files that are to be looked for.
    pub fn paths(&self) -> BTreeSet<String> {
        let all = self.found.iter().flat_map(|reference| &reference.candidates);
        all.flat_map(|(_, paths)| paths).cloned().collect()
    }

    /// Puts the images into notes and summits and into [`Collection::images`], and says what is missing
    /// or left out. `documents` are those that the collection was read from. No file is read that
    /// is beyond what is published of one note or repository.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn attach<F: ImageFiles>(
        self,
        collection: &mut Collection,
        documents: &Contents<'_, F::Error>,
        files: &F,
    ) -> Result<(), F::Error> {
        let mut shelf = Shelf::default();
        for Reference { text, source, candidates } in self.found {
            let Some(Owner { path, line, .. }) = Owner::of(text, collection) else { continue };
            let mut paths = candidates.iter().flat_map(|(_, paths)| paths);
            let file = paths.find_map(|path| Some((path, files.find(path)?)));
            let (image, said) = match file {
                None => (None, Some((Code::ImageMissing, missing(&source)))),
                Some((path, file)) => match shelf.take(text, path, &file, files)? {
                    Ok(digest) => (Some((Some(format!("sha256:{digest}")), None)), None),
                    Err(why) => {
                        let url = files.url(path);
                        let said = linked(&source, why, url.is_some());
                        (Some((None, url)), Some(said))
                    }
                },
            };
            if let Some((code, said)) = said {
                // The text of an overview may stand above the heading that names the summit.
                let from = if matches!(text, TextOf::Summit(_)) { 1 } else { line };
                let found = place_in(documents, &candidates, &path, from, &source);
                let (path, place) = found.unwrap_or((&path, Place::line(line)));
                let said = report::diagnostic(path, code, Some(place), &said);
                collection.diagnostics.push(said);
            }
            if let (Some((digest, url)), Some(owner)) = (image, Owner::of(text, collection)) {
                owner.images.push(NoteImage { source, digest, url });
            }
        }
        for text in self.unsought {
            let Some(Owner { path, line, .. }) = Owner::of(text, collection) else { continue };
            let place = Some(Place::line(line));
            let said = report::diagnostic(&path, Code::ImageLinked, place, UNSOUGHT);
            collection.diagnostics.push(said);
        }
        collection.images = shelf.images;
        collection.diagnostics.sort();
        // A note and the overview may show the same image.
        collection.diagnostics.dedup();
        Ok(())
    }
}

impl Reference {
    /// Bytes that it takes in memory, roughly.
    fn cost(&self) -> usize {
        let paths = self.candidates.iter().flat_map(|(document, paths)| {
            std::iter::once(document.len()).chain(paths.iter().map(String::len))
        });
        REFERENCE + self.source.len() + paths.map(|length| length + REFERENCE / 2).sum::<usize>()
    }
}

/// A note or summit that shows an image.
struct Owner<'c> {
    path: String,
    line: usize,
    images: &'c mut Vec<NoteImage>,
}

impl<'c> Owner<'c> {
    fn of(text: TextOf, collection: &'c mut Collection) -> Option<Self> {
        Some(match text {
            TextOf::Note(at) => {
                let note = collection.notes.get_mut(at)?;
                Self { path: note.path.clone(), line: note.line, images: &mut note.spec.images }
            }
            TextOf::Summit(at) => {
                let summit = collection.summits.get_mut(at)?;
                let images = &mut summit.spec.images;
                Self { path: summit.path.clone(), line: summit.line, images }
            }
        })
    }
}

/// Why an image is not published.
#[derive(Clone, Copy)]
enum Refusal {
    TooLarge,
    NoImage,
    Elsewhere(Elsewhere),
    TooMuch,
}

/// What was taken so far. The size that is known of a file decides before the file is read.
#[derive(Default)]
struct Shelf {
    images: BTreeMap<String, Vec<u8>>,
    bytes: u64,
    of_text: BTreeMap<TextOf, u64>,
    /// The digests of those that were read, by what they hold, or why that is not published.
    known: BTreeMap<ContentId, Result<String, Refusal>>,
    read: u64,
}

impl Shelf {
    /// The digest of the image at `path`, or why it is not taken.
    fn take<F: ImageFiles>(
        &mut self,
        text: TextOf,
        path: &str,
        file: &ImageFile,
        files: &F,
    ) -> Result<Result<String, Refusal>, F::Error> {
        if file.bytes > MAX_IMAGE as u64 {
            return Ok(Err(Refusal::TooLarge));
        }
        let of_text = self.of_text.get(&text).copied().unwrap_or_default() + file.bytes;
        if of_text > MAX_OF_NOTE {
            return Ok(Err(Refusal::TooMuch));
        }
        let digest = match self.known.get(&file.content_id) {
            Some(digest) => digest.clone(),
            None if self.is_full(file.bytes) => return Ok(Err(Refusal::TooMuch)),
            None => {
                let digest = self.look_at(files.read(path)?, file.bytes, files);
                self.known.insert(file.content_id.clone(), digest.clone());
                digest
            }
        };
        if digest.is_ok() {
            self.of_text.insert(text, of_text);
        }
        Ok(digest)
    }

    fn is_full(&self, more: u64) -> bool {
        self.bytes + more > MAX_OF_ALL
            || self.images.len() >= MAX_IMAGES
            || self.read + more > MAX_READ
    }

    fn look_at<F: ImageFiles>(
        &mut self,
        content: Vec<u8>,
        known: u64,
        files: &F,
    ) -> Result<String, Refusal> {
        // A file in a folder may have grown since.
        let bytes = known.max(content.len() as u64);
        self.read += bytes;
        if let Some(elsewhere) = elsewhere::look(&content) {
            return Err(Refusal::Elsewhere(elsewhere));
        }
        if content.len() > MAX_IMAGE || !files.is_image(&content) {
            return Err(Refusal::NoImage);
        }
        let digest = hex_digest(&content);
        if self.images.insert(digest.clone(), content).is_none() {
            self.bytes += bytes;
        }
        Ok(digest)
    }
}

/// What is said of a note or overview whose images are not looked for.
const UNSOUGHT: &str = "not all of its images are looked for, because the notes of the repository name \
                        more of them than are kept in mind, so their texts are shown; spread the notes \
                        over several repositories";

fn missing(source: &str) -> String {
    let from = match source.starts_with('/') {
        true => "the root of the repository, or from its folder `static`",
        false => "the folder of the document",
    };
    let source = first_chars(source, 200);
    format!(
        "there is no image {source} in the repository, so that its text is shown; the path is counted \
         from {from}"
    )
}

fn linked(source: &str, why: Refusal, has_url: bool) -> (Code, String) {
    let source = first_chars(source, 200);
    let shown = if has_url { "shown from the repository" } else { "not shown" };
    let reason = match why {
        Refusal::Elsewhere(elsewhere) => {
            let told = elsewhere.told();
            let said = format!(
                "the image {source} {told}, so it is {shown}; to publish it, add it to git itself"
            );
            return (Code::ImageKeptElsewhere, said);
        }
        Refusal::TooLarge => format!("has more than {} KiB", MAX_IMAGE / 1024),
        Refusal::NoImage => "is no PNG, JPEG, GIF, WebP or AVIF".to_owned(),
        Refusal::TooMuch => "is more than is published of one note or repository".to_owned(),
    };
    let said =
        format!("the image {source} {reason}, so it is {shown}; make it smaller, or convert it");
    (Code::ImageLinked, said)
}

#[cfg(test)]
mod tests;
