//! Images of the repository that notes and overviews show: which files are meant, and what becomes of each.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::Code;
use super::report::{self, Place};
use super::{Collection, Imported, SourceFile};
use crate::api::names::hex_digest;
use crate::api::{NoteImage, TalkNoteSpec};

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
/// Characters of a path, as the schema has it.
const MAX_SOURCE: usize = 1024;

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

/// The files that `source` may mean in the document at `document`. None where it leads out of the
/// repository.
fn candidates(document: &str, source: &str) -> Vec<String> {
    let path = source.split(['?', '#']).next().unwrap_or_default();
    if path.is_empty() || source.chars().count() > MAX_SOURCE || path.contains(['\0', '\\']) {
        return Vec::new();
    }
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let bases: &[&str] = match path.strip_prefix('/') {
        // Hugo serves its folder `static` as the root of the site.
        Some(_) => &["", "static"],
        None => &[folder],
    };
    bases.iter().filter_map(|base| joined(base, path)).collect()
}

fn joined(base: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let hidden = parts.iter().any(|part| part.starts_with('.'));
    (!parts.is_empty() && !hidden).then(|| parts.join("/"))
}

/// The document in which `source` stands, and where: in the object's own at or below the line `from`,
/// else in one of the others that its text was written in.
fn place_in<'p>(
    texts: &BTreeMap<&str, &[u8]>,
    candidates: &'p [(String, Vec<String>)],
    path: &'p str,
    from: usize,
    source: &str,
) -> Option<(&'p str, Place)> {
    let others = candidates.iter().filter(|(other, _)| other != path);
    let others = others.map(|(other, _)| (other.as_str(), 1));
    std::iter::once((path, from))
        .chain(others)
        .find_map(|(path, from)| Some((path, place(texts.get(path).copied()?, from, source)?)))
}

/// Where `source` stands first in the document, at or below `line`.
fn place(document: &[u8], line: usize, source: &str) -> Option<Place> {
    let text = String::from_utf8_lossy(document);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let encoded = source.replace(' ', "%20");
    let lines =
        text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
    for (index, text) in lines.enumerate().skip(line.saturating_sub(1)) {
        if let Some(at) = text.find(source).or_else(|| text.find(&encoded)) {
            let column = text.get(..at).unwrap_or_default().chars().count() + 1;
            return Some(Place { line: index + 1, column });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::TalkNoteSpec;
    use crate::document::Imported;

    fn collection(markdown: &str) -> Collection {
        let spec = TalkNoteSpec { markdown: Some(markdown.to_owned()), ..Default::default() };
        let note = Imported::new("a".into(), spec, "2031/a.md", 2);
        Collection { notes: vec![note], ..Collection::default() }
    }

    fn attached(files: &[(&str, ImageFile)]) -> Collection {
        let mut collection = collection("x");
        let references =
            ImageReferences::new(&collection, |_| vec!["b.png".into(), "../c.svg".into()]);
        let paths: Vec<String> = references.paths().into_iter().collect();
        assert_eq!(paths, ["2031/b.png", "c.svg"]);
        let document = SourceFile {
            path: "2031/a.md".into(),
            content: "b.png\n## A\n看 ![](b.png)\n![](../c.svg)".into(),
        };
        let files = files.iter().map(|(path, file)| ((*path).to_owned(), file.clone())).collect();
        let url = |path: &str| Some(format!("https://git.example/{path}"));
        references.attach(&mut collection, &[document], &files, |b| b.starts_with(b"P"), url);
        collection
    }

    #[test]
    fn paths_are_counted_from_the_document_and_never_lead_out() {
        assert_eq!(candidates("a/b/c.md", "d.png"), ["a/b/d.png"]);
        assert_eq!(candidates("a/b/c.md", "../.././x//d.png?raw=1#y"), ["x/d.png"]);
        assert_eq!(candidates("a/b.md", "/d.png"), ["d.png", "static/d.png"]);
        assert_eq!(candidates("a/b.md", "圖 1.png"), ["a/圖 1.png"]);
        assert_eq!(candidates("a/b.md", "/../x"), ["x"], "out of static, but in the repository");
        for bad in ["../../etc/passwd", ".git/config", "..", "", "?", "a\\b", "a\0b"] {
            assert_eq!(candidates("a/b.md", bad), Vec::<String>::new(), "{bad}");
        }
    }

    #[test]
    fn an_image_is_published_once_and_a_missing_one_is_said_with_its_place() {
        let collection = attached(&[("2031/b.png", ImageFile::Content(b"PNG".to_vec()))]);
        assert_eq!(collection.images.len(), 1);
        let digest = format!("sha256:{}", hex_digest(b"PNG"));
        assert_eq!(collection.notes[0].spec.images.len(), 1);
        assert_eq!(collection.notes[0].spec.images[0].digest.as_ref(), Some(&digest));
        let missing = &collection.diagnostics[0];
        assert_eq!((missing.line, missing.column), (Some(4), Some(5)));
        assert_eq!((missing.code.as_str(), missing.path.as_str()), ("TN1901", "2031/a.md"));
    }

    #[test]
    fn overviews_show_images_of_all_documents_that_they_were_written_in() {
        let overview = Some("![](b.png) ![](c.png)".to_owned());
        let spec = crate::api::SummitSpec { overview, ..Default::default() };
        let summit = Imported {
            name: "s".into(),
            spec,
            path: "2031/a.md".into(),
            line: 1,
            also: Vec::new(),
        };
        let documents = vec!["2031/a.md".to_owned(), "d/e.md".to_owned()];
        let mut collection = Collection {
            summits: vec![summit],
            overviews: [("s".to_owned(), documents)].into(),
            ..Collection::default()
        };
        let sources = |_: &str| ["b.png", "c.png", "m.png"].map(str::to_owned).to_vec();
        let references = ImageReferences::new(&collection, sources);
        let paths: Vec<String> = references.paths().into_iter().collect();
        let wanted = ["2031/b.png", "2031/c.png", "2031/m.png", "d/b.png", "d/c.png", "d/m.png"];
        assert_eq!(paths, wanted);
        collection.summits[0].line = 4;
        let file = |path: &str, content: &str| SourceFile {
            path: path.to_owned(),
            content: content.as_bytes().to_vec(),
        };
        let texts = [
            file("2031/a.md", "![](b.png) ![](m.png)\n\n\n# x"),
            file("d/e.md", "x\n\n![](c.png)"),
        ];
        let files = [("2031/b.png".to_owned(), ImageFile::Content(b"PNG".to_vec()))].into();
        references.attach(&mut collection, &texts, &files, |_| true, |_| None);
        assert_eq!(collection.images.len(), 1);
        assert_eq!(collection.summits[0].spec.images[0].source, "b.png");
        let missing = collection.diagnostics.iter().map(|d| (d.path.as_str(), d.line, d.column));
        let above = ("2031/a.md", Some(1), Some(16));
        assert_eq!(missing.collect::<Vec<_>>(), [above, ("d/e.md", Some(3), Some(5))]);
    }

    #[test]
    fn what_is_too_large_or_no_image_is_shown_from_the_repository() {
        let files = [
            ("2031/b.png", ImageFile::TooLarge),
            ("c.svg", ImageFile::Content(b"<svg/>".to_vec())),
        ];
        let collection = attached(&files);
        assert!(collection.images.is_empty());
        let urls: Vec<_> = collection.notes[0]
            .spec
            .images
            .iter()
            .filter_map(|image| image.url.as_deref())
            .collect();
        assert_eq!(urls, ["https://git.example/2031/b.png", "https://git.example/c.svg"]);
        let codes: Vec<_> = collection.diagnostics.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, ["TN1902", "TN1902"]);
    }

    #[test]
    fn a_note_of_thousands_of_images_stays_within_its_limits() {
        let mut collection = collection("x");
        let names = |_: &str| (0..5000).map(|n| format!("{n}.png")).collect();
        let references = ImageReferences::new(&collection, names);
        let image = |n: usize| {
            let mut content = vec![b'P'; MAX_IMAGE];
            content.extend(n.to_string().into_bytes());
            content.drain(..8);
            ImageFile::Content(content)
        };
        let paths = references.paths();
        assert_eq!(paths.len(), MAX_LISTED);
        let files = paths.into_iter().enumerate().map(|(n, path)| (path, image(n))).collect();
        references.attach(&mut collection, &[], &files, |b| b.starts_with(b"P"), |_| None);
        assert_eq!(collection.images.len(), MAX_OF_NOTE / MAX_IMAGE);
        assert_eq!(collection.notes[0].spec.images.len(), MAX_LISTED);
    }
}
