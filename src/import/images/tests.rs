use std::collections::BTreeMap;

use super::shelf::{MAX_IMAGES, MAX_OF_ALL, MAX_OF_NOTE};
use super::*;
use crate::api::TalkNoteSpec;
use crate::api::names::hex_digest;
use crate::document::{Imported, Loaded, SourceFile};

fn collection(markdown: &str) -> Collection {
    let spec = TalkNoteSpec { markdown: Some(markdown.to_owned()), ..Default::default() };
    let note = Imported::new("a".into(), spec, "2031/a.md", 2);
    Collection { notes: vec![note], ..Collection::default() }
}

/// Files whose sizes are what a forge says, and whether they may be read.
#[derive(Default)]
struct Files {
    files: BTreeMap<String, (u64, Vec<u8>)>,
    read: std::cell::RefCell<Vec<String>>,
}

impl Files {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let files = files
            .iter()
            .map(|(path, content)| ((*path).to_owned(), (content.len() as u64, content.to_vec())));
        Self { files: files.collect(), read: Default::default() }
    }
}

impl ImageFiles for Files {
    type Error = std::convert::Infallible;

    fn find(&self, path: &str) -> Option<ImageFile> {
        let (bytes, content) = self.files.get(path)?;
        Some(ImageFile { bytes: *bytes, content_id: hex_digest(content).into_bytes().into() })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Self::Error> {
        self.read.borrow_mut().push(path.to_owned());
        Ok(self.files[path].1.clone())
    }

    fn is_image(&self, content: &[u8]) -> bool {
        content.starts_with(b"P")
    }

    fn url(&self, path: &str) -> Option<String> {
        Some(format!("https://git.example/{path}"))
    }
}

fn attached(files: &Files) -> Collection {
    let mut collection = collection("x");
    let references = ImageReferences::new(&collection, |_| vec!["b.png".into(), "../c.svg".into()]);
    let paths: Vec<String> = references.paths().into_iter().collect();
    assert_eq!(paths, ["2031/b.png", "c.svg"]);
    let document = SourceFile {
        path: "2031/a.md".into(),
        content: "b.png\n## A\n看 ![](b.png)\n![](../c.svg)".into(),
    };
    let Ok(_) =
        references.attach(&mut collection, &Contents::new(&Loaded::new(&[document])), files);
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
    let collection = attached(&Files::new(&[("2031/b.png", b"PNG")]));
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
    let summit = Imported::new("s".into(), spec, "2031/a.md", 1);
    let documents = vec!["2031/a.md".to_owned(), "d/e.md".to_owned()];
    let mut collection = Collection {
        summits: vec![summit],
        overviews: [("s".to_owned(), documents)].into(),
        ..Collection::default()
    };
    let sources = |_: Markdown<'_>| ["b.png", "c.png", "m.png"].map(str::to_owned).to_vec();
    let references = ImageReferences::new(&collection, sources);
    let paths: Vec<String> = references.paths().into_iter().collect();
    let wanted = ["2031/b.png", "2031/c.png", "2031/m.png", "d/b.png", "d/c.png", "d/m.png"];
    assert_eq!(paths, wanted);
    collection.summits[0].line = 4;
    let file = |path: &str, content: &str| SourceFile {
        path: path.to_owned(),
        content: content.as_bytes().to_vec(),
    };
    let texts =
        [file("2031/a.md", "![](b.png) ![](m.png)\n\n\n# x"), file("d/e.md", "x\n\n![](c.png)")];
    let documents = Loaded::new(&texts);
    let files = Files::new(&[("2031/b.png", b"PNG")]);
    let Ok(_) = references.attach(&mut collection, &Contents::new(&documents), &files);
    assert_eq!(collection.images.len(), 1);
    assert_eq!(collection.summits[0].spec.images[0].source, "b.png");
    let missing = collection.diagnostics.iter().map(|d| (d.path.as_str(), d.line, d.column));
    let above = ("2031/a.md", Some(1), Some(16));
    assert_eq!(missing.collect::<Vec<_>>(), [above, ("d/e.md", Some(3), Some(5))]);
}

#[test]
fn what_is_too_large_or_no_image_is_shown_from_the_repository() {
    let mut files = Files::new(&[("2031/b.png", b"PNG"), ("c.svg", b"<svg/>")]);
    files.files.get_mut("2031/b.png").unwrap().0 = MAX_IMAGE as u64 + 1;
    let collection = attached(&files);
    assert!(collection.images.is_empty());
    let urls: Vec<_> =
        collection.notes[0].spec.images.iter().filter_map(|image| image.url.as_deref()).collect();
    assert_eq!(urls, ["https://git.example/2031/b.png", "https://git.example/c.svg"]);
    let codes: Vec<_> = collection.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["TN1902", "TN1902"]);
    assert_eq!(*files.read.borrow(), ["c.svg"], "what is too large is not read");
}

/// Many notes that name `each` files of their own, all of which begin with `first` and say that they
/// have `bytes`.
fn many(notes: usize, each: usize, bytes: u64, first: u8) -> (Collection, Files) {
    let mut collection = collection("x");
    let note = collection.notes[0].clone();
    collection.notes = (0..notes)
        .map(|at| {
            let mut note = note.clone();
            note.spec.markdown = Some(at.to_string());
            note
        })
        .collect();
    let mut files = Files::default();
    for (note, at) in (0..notes).flat_map(|note| (0..each).map(move |at| (note, at))) {
        let mut content = vec![first];
        content.extend(format!("{note} {at}").into_bytes());
        files.files.insert(format!("2031/{note}-{at}.png"), (bytes, content));
    }
    let sources =
        |own: Markdown<'_>| (0..each).map(|at| format!("{}-{at}.png", own.text)).collect();
    let references = ImageReferences::new(&collection, sources);
    let Ok(_) = references.attach(&mut collection, &Contents::new(&Loaded::default()), &files);
    (collection, files)
}

#[test]
fn nothing_is_read_that_is_beyond_what_one_note_may_show() {
    let (collection, files) = many(1, 5000, MAX_IMAGE as u64, b'P');
    let fit = (MAX_OF_NOTE / MAX_IMAGE as u64) as usize;
    assert_eq!(collection.images.len(), fit);
    assert_eq!(files.read.borrow().len(), fit);
    let images = &collection.notes[0].spec.images;
    assert_eq!(images.len(), MAX_LISTED);
    assert!(images[fit..].iter().all(|image| image.url.is_some()), "the others are links");
    assert_eq!(collection.diagnostics.len(), MAX_LISTED - fit);
}

#[test]
fn nothing_is_read_that_is_beyond_what_one_repository_may_show() {
    let small = 1024;
    let (collection, files) = many(30, 100, small, b'P');
    assert_eq!(collection.images.len(), MAX_IMAGES);
    assert_eq!(files.read.borrow().len(), MAX_IMAGES);
    let links = collection.notes.iter().flat_map(|note| &note.spec.images);
    assert_eq!(links.filter(|image| image.url.is_some()).count(), 30 * 100 - MAX_IMAGES);
}

#[test]
fn twelve_hundred_large_images_are_published_as_far_as_they_fit_and_the_others_are_links() {
    let large = 450 * 1024;
    let (collection, files) = many(300, 4, large, b'P');
    let fit = (MAX_OF_ALL / large) as usize;
    assert_eq!((collection.images.len(), files.read.borrow().len()), (fit, fit));
    let images: Vec<_> = collection.notes.iter().flat_map(|note| &note.spec.images).collect();
    assert_eq!(images.len(), 1200);
    assert_eq!(images.iter().filter(|image| image.url.is_some()).count(), 1200 - fit);
    assert!(collection.diagnostics.iter().all(|said| said.code == Code::ImageLinked.code()));
    assert_eq!(collection.diagnostics.len(), 1200 - fit);
}

#[test]
fn files_that_are_no_images_are_looked_at_once_and_are_not_counted_as_images() {
    let (mut collection, files) = many(4, 100, 10, b'x');
    assert!(collection.images.is_empty());
    assert_eq!(files.read.borrow().len(), 400);
    files.read.borrow_mut().clear();
    let twice = |_: Markdown<'_>| vec!["0-0.png".to_owned(), "/2031/0-0.png".to_owned()];
    let references = ImageReferences::new(&collection, twice);
    collection.notes.iter_mut().for_each(|note| note.spec.images.clear());
    let again = ImageReferences::new(&collection, twice);
    assert!(references.is_empty(), "a note that says itself what its images are is not looked at");
    let Ok(_) = again.attach(&mut collection, &Contents::new(&Loaded::default()), &files);
    assert_eq!(*files.read.borrow(), ["2031/0-0.png"]);
}

#[test]
fn a_repository_that_names_more_than_can_be_kept_in_mind_is_told_so() {
    let mut collection = collection("x");
    let note = collection.notes[0].clone();
    collection.notes = vec![note; 160];
    let long =
        |_: Markdown<'_>| (0..MAX_LISTED).map(|at| format!("{}{at}", "x".repeat(1000))).collect();
    let references = ImageReferences::new(&collection, long);
    let kept: usize = references.found.iter().map(Reference::cost).sum();
    assert!(kept <= MAX_OF_REFERENCES, "{kept}");
    let Ok(_) =
        references.attach(&mut collection, &Contents::new(&Loaded::default()), &Files::default());
    let untold = collection.diagnostics.iter().filter(|said| said.message == UNSOUGHT);
    assert!(untold.count() > 0);
}

/// The same files, of which it is known from an earlier revision what they are.
struct Known<'f> {
    files: &'f Files,
    known: std::cell::RefCell<BTreeMap<ContentId, Looked>>,
}

impl ImageFiles for Known<'_> {
    type Error = std::convert::Infallible;

    fn find(&self, path: &str) -> Option<ImageFile> {
        self.files.find(path)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Self::Error> {
        self.files.read(path)
    }

    fn is_image(&self, content: &[u8]) -> bool {
        self.files.is_image(content)
    }

    fn url(&self, path: &str) -> Option<String> {
        self.files.url(path)
    }

    fn known(&self, id: &ContentId) -> Option<Looked> {
        self.known.borrow().get(id).cloned()
    }

    fn learn(&self, id: &ContentId, looked: &Looked) {
        self.known.borrow_mut().insert(id.clone(), looked.clone());
    }

    fn keeps_contents(&self) -> bool {
        false
    }
}

#[test]
fn what_a_revision_before_knew_of_a_file_is_not_read_again_and_says_the_same() {
    let files = Files::new(&[("2031/b.png", b"PNG"), ("c.svg", b"<svg/>")]);
    let known = Known { files: &files, known: Default::default() };
    let attached = || {
        let mut collection = collection("x");
        let sources = |_: Markdown<'_>| vec!["b.png".to_owned(), "../c.svg".to_owned()];
        let references = ImageReferences::new(&collection, sources);
        let contents = Loaded::default();
        let Ok(shown) = references.attach(&mut collection, &Contents::new(&contents), &known);
        assert!(collection.images.is_empty(), "what they hold is not asked for");
        let [(path, picture)] = shown.as_slice() else { panic!("{shown:?}") };
        assert_eq!((path.as_str(), &picture.digest), ("2031/b.png", &hex_digest(b"PNG")));
        assert_eq!(picture.published, crate::render::Publication::image(b"PNG".to_vec()).digest);
        collection
    };
    let first = attached();
    assert_eq!(*files.read.borrow(), ["2031/b.png", "c.svg"]);
    files.read.borrow_mut().clear();
    let again = attached();
    assert!(files.read.borrow().is_empty());
    assert_eq!(again.notes[0].spec.images, first.notes[0].spec.images);
    assert_eq!(again.diagnostics, first.diagnostics);
}
