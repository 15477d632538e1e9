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
    let references = ImageReferences::new(&collection, |_| vec!["b.png".into(), "../c.svg".into()]);
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
    let summit = Imported::new("s".into(), spec, "2031/a.md", 1);
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
    let texts =
        [file("2031/a.md", "![](b.png) ![](m.png)\n\n\n# x"), file("d/e.md", "x\n\n![](c.png)")];
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
    let files =
        [("2031/b.png", ImageFile::TooLarge), ("c.svg", ImageFile::Content(b"<svg/>".to_vec()))];
    let collection = attached(&files);
    assert!(collection.images.is_empty());
    let urls: Vec<_> =
        collection.notes[0].spec.images.iter().filter_map(|image| image.url.as_deref()).collect();
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
