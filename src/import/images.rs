//! Images of the repository that notes and overviews show: which files are meant, and what becomes of each.

pub(super) mod places;
mod shelf;

use std::collections::BTreeSet;

use super::contents::{Contents, Markdown};
use super::texts::{Text, TextOf, texts};
use crate::api::NoteImage;
use crate::document::report::{self, Place};
use crate::document::text::first_chars;
use crate::document::{Code, Collection, ContentId};
use places::{candidates, place_in};
pub use shelf::{Looked, Picture, Refusal};
use shelf::{Shelf, Why};

/// Bytes of an image that is published. A ConfigMap holds one of them.
pub const MAX_IMAGE: usize = 512 * 1024;
/// Documents of a note in whose folders its images are looked for.
const MAX_DOCUMENTS: usize = 8;
/// Images of a note or overview, as the schema has it.
const MAX_LISTED: usize = 200;
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

    /// What was found before of a file with this content, which needs not be read then.
    fn known(&self, _: &ContentId) -> Option<Looked> {
        None
    }
    /// This was found of a file with this content.
    fn learn(&self, _: &ContentId, _: &Looked) {}
    /// Whether [`Collection::images`] is to have what the images hold.
    fn keeps_contents(&self) -> bool {
        true
    }
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
            let mut named = sources(markdown);
            named.extend(logo(text, collection).filter(|logo| !named.contains(logo)));
            for source in named.into_iter().take(MAX_LISTED) {
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
    /// is beyond what is published of one note or repository. Gives the path of each image that is published.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn attach<F: ImageFiles>(
        self,
        collection: &mut Collection,
        documents: &Contents<'_, F::Error>,
        files: &F,
    ) -> Result<Vec<(String, Picture)>, F::Error> {
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
        collection.images = shelf.contents;
        collection.diagnostics.sort();
        // A note and the overview may show the same image.
        collection.diagnostics.dedup();
        Ok(shelf.images.into_values().collect())
    }
}

/// The path of the image that stands for a summit. What is no path is nobody's file.
fn logo(text: TextOf, collection: &Collection) -> Option<String> {
    let TextOf::Summit(at) = text else { return None };
    let logo = collection.summits.get(at)?.spec.theme.as_ref()?.logo.as_ref()?;
    (!logo.contains(':') && !logo.starts_with("//")).then(|| logo.clone())
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

fn linked(source: &str, Refusal(why): Refusal, has_url: bool) -> (Code, String) {
    let source = first_chars(source, 200);
    let shown = if has_url { "shown from the repository" } else { "not shown" };
    let reason = match why {
        Why::Elsewhere(elsewhere) => {
            let told = elsewhere.told();
            let said = format!(
                "the image {source} {told}, so it is {shown}; to publish it, add it to git itself"
            );
            return (Code::ImageKeptElsewhere, said);
        }
        Why::TooLarge => format!("has more than {} KiB", MAX_IMAGE / 1024),
        Why::NoImage => "is no PNG, JPEG, GIF, WebP or AVIF".to_owned(),
        Why::TooMuch => "is more than is published of one note or repository".to_owned(),
    };
    let said =
        format!("the image {source} {reason}, so it is {shown}; make it smaller, or convert it");
    (Code::ImageLinked, said)
}

#[cfg(test)]
mod tests;
