//! Images of the repository that notes and overviews show: which files are meant, and what becomes of each.

mod places;

use std::collections::{BTreeMap, BTreeSet};

use super::codes::Code;
use super::report::{self, Place};
use super::{Collection, Imported, SourceFile};
use crate::api::names::hex_digest;
use crate::api::{NoteImage, TalkNoteSpec};
use places::{candidates, place_in};

/// Bytes of an image that is published. A ConfigMap holds one of them.
pub const MAX_IMAGE: usize = 512 * 1024;
/// Bytes of all images of a note or overview.
const MAX_OF_NOTE: usize = 4 * 1024 * 1024;
/// Bytes of all images of a repository.
const MAX_OF_ALL: usize = 64 * 1024 * 1024;
/// Images of a repository.
const MAX_IMAGES: usize = 2000;
/// Documents of a note in whose folders its images are looked for.
const MAX_DOCUMENTS: usize = 8;
/// Images of a note or overview, as the schema has it.
const MAX_LISTED: usize = 200;
/// A file that a note shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageFile {
    /// What it holds.
    Content(Vec<u8>),
    /// It has more than [`MAX_IMAGE`] bytes.
    TooLarge,
}

/// The images that the notes and overviews of a collection name.
#[derive(Debug)]
pub struct ImageReferences {
    found: Vec<Reference>,
}

#[derive(Debug)]
struct Reference {
    text: TextOf,
    source: String,
    /// Documents that the text was written in, each with the paths from the root of the repository
    /// that it may mean.
    candidates: Vec<(String, Vec<String>)>,
}

/// Whose Markdown it is; the position in the collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum TextOf {
    Note(usize),
    Summit(usize),
}

/// The documents that a note is written in.
fn documents_of(note: &Imported<TalkNoteSpec>) -> Vec<&str> {
    let others = note.also.iter().map(|place| place.path.as_str());
    let mut documents = vec![note.path.as_str()];
    documents.extend(others.filter(|path| *path != note.path));
    documents.dedup();
    documents.truncate(MAX_DOCUMENTS);
    documents
}

impl ImageReferences {
    /// Looks for images in all notes and overviews of `collection`; `sources` gives the paths that
    /// Markdown names.
    pub fn new(collection: &Collection, sources: impl Fn(&str) -> Vec<String>) -> Self {
        let mut found = Vec::new();
        let mut look = |text, markdown: &Option<String>, documents: &[&str]| {
            let markdown = markdown.as_deref().unwrap_or_default();
            for source in sources(markdown).into_iter().take(MAX_LISTED) {
                let candidates = documents
                    .iter()
                    .map(|document| ((*document).to_owned(), candidates(document, &source)))
                    .collect();
                found.push(Reference { text, source, candidates });
            }
        };
        // Manifests say themselves what their images are.
        for (at, note) in collection.notes.iter().enumerate() {
            if note.spec.images.is_empty() {
                look(TextOf::Note(at), &note.spec.markdown, &documents_of(note));
            }
        }
        for (at, summit) in collection.summits.iter().enumerate() {
            if summit.spec.images.is_empty() {
                let written = collection.overviews.get(&summit.name);
                let documents: Vec<&str> = match written {
                    Some(documents) => documents.iter().map(String::as_str).collect(),
                    None => vec![&summit.path],
                };
                look(TextOf::Summit(at), &summit.spec.overview, &documents);
            }
        }
        Self { found }
    }

    /// The files that are to be looked for.
    pub fn paths(&self) -> BTreeSet<String> {
        let all = self.found.iter().flat_map(|reference| &reference.candidates);
        all.flat_map(|(_, paths)| paths).cloned().collect()
    }

    /// Puts the images into notes and summits and into [`Collection::images`], and says what is missing.
    /// `documents` are the files that the collection was read from, `files` those of
    /// [`Self::paths`] that there are; `is_image` judges by the bytes, and `url` knows where a file can
    /// be seen.
    pub fn attach(
        self,
        collection: &mut Collection,
        documents: &[SourceFile],
        files: &BTreeMap<String, ImageFile>,
        is_image: impl Fn(&[u8]) -> bool,
        url: impl Fn(&str) -> Option<String>,
    ) {
        let texts: BTreeMap<&str, &[u8]> =
            documents.iter().map(|file| (file.path.as_str(), file.content.as_slice())).collect();
        let mut budget = Budget::default();
        for Reference { text, source, candidates } in self.found {
            let Some(Owner { path, line, .. }) = Owner::of(text, collection) else { continue };
            // The text of an overview may stand above the heading that names the summit.
            let from = if matches!(text, TextOf::Summit(_)) { 1 } else { line };
            let found = place_in(&texts, &candidates, &path, from, &source);
            let (path, place) = found.unwrap_or((&path, Place::line(line)));
            let mut paths = candidates.iter().flat_map(|(_, paths)| paths);
            let file = paths.find_map(|path| Some((path, files.get(path)?)));
            let (image, said) = match file {
                None => (None, Some((Code::ImageMissing, missing(&source)))),
                Some((_, ImageFile::Content(content)))
                    if is_image(content) && budget.takes(text, content) =>
                {
                    let digest = hex_digest(content);
                    let stated = Some(format!("sha256:{digest}"));
                    collection.images.entry(digest).or_insert_with(|| content.clone());
                    (Some(NoteImage { source, digest: stated, url: None }), None)
                }
                Some((path, file)) => {
                    let url = url(path);
                    let said = linked(&source, file, &is_image, url.is_some());
                    let image = NoteImage { source, digest: None, url };
                    (Some(image), Some((Code::ImageLinked, said)))
                }
            };
            let said = said.map(|(code, said)| report::diagnostic(path, code, Some(place), &said));
            collection.diagnostics.extend(said);
            if let Some(Owner { images, .. }) = Owner::of(text, collection) {
                images.extend(image);
            }
        }
        collection.diagnostics.sort();
        // A note and the overview may show the same image.
        collection.diagnostics.dedup();
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

/// How much was taken so far.
#[derive(Default)]
struct Budget {
    all: usize,
    of_text: BTreeMap<TextOf, usize>,
    taken: BTreeSet<String>,
}

impl Budget {
    fn takes(&mut self, text: TextOf, content: &[u8]) -> bool {
        let digest = hex_digest(content);
        let of_text = self.of_text.entry(text).or_default();
        let is_new = !self.taken.contains(&digest);
        let more = if is_new { content.len() } else { 0 };
        let fits = content.len() <= MAX_IMAGE
            && *of_text + content.len() <= MAX_OF_NOTE
            && self.all + more <= MAX_OF_ALL
            && (!is_new || self.taken.len() < MAX_IMAGES);
        if fits {
            *of_text += content.len();
            self.all += more;
            self.taken.insert(digest);
        }
        fits
    }
}

fn missing(source: &str) -> String {
    let from = match source.starts_with('/') {
        true => "the root of the repository, or from its folder `static`",
        false => "the folder of the document",
    };
    let source = super::text::first_chars(source, 200);
    format!(
        "there is no image {source} in the repository, so that its text is shown; the path is counted \
         from {from}"
    )
}

fn linked(
    source: &str,
    file: &ImageFile,
    is_image: &impl Fn(&[u8]) -> bool,
    has_url: bool,
) -> String {
    let source = super::text::first_chars(source, 200);
    let reason = match file {
        ImageFile::TooLarge => format!("has more than {} KiB", MAX_IMAGE / 1024),
        ImageFile::Content(content) if !is_image(content) => {
            "is no PNG, JPEG, GIF, WebP or AVIF".to_owned()
        }
        ImageFile::Content(_) => "is more than is published of one note or repository".to_owned(),
    };
    let shown = if has_url { "shown from the repository" } else { "not shown" };
    format!("the image {source} {reason}, so it is {shown}; make it smaller, or convert it")
}

#[cfg(test)]
mod tests;
