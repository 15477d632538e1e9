//! What is exported is imported again as the same objects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use talknotes::api::{SummitSpec, TalkNoteSpec};
use talknotes::document::{
    Collection, Fidelity, Form, Layout, Metadata, ReadOptions, Selection, SourceFile, Written, read,
};

type Objects = (BTreeMap<String, SummitSpec>, BTreeMap<String, TalkNoteSpec>);

fn objects(found: &Collection) -> Objects {
    let summits = found.summits.iter().map(|summit| (summit.name.clone(), summit.spec.clone()));
    let notes = found.notes.iter().map(|note| (note.name.clone(), note.spec.clone()));
    (summits.collect(), notes.collect())
}

fn export((summits, notes): &Objects, form: Form) -> Vec<Written> {
    let mut layout = Layout::new(form);
    let mut written: Vec<Written> =
        summits.iter().map(|(name, spec)| layout.summit("", name, spec).unwrap()).collect();
    written.extend(notes.iter().map(|(name, spec)| layout.note("", name, spec).unwrap()));
    written
}

/// Exports, imports all files together, and compares.
fn assert_round_trip(objects_before: &Objects, form: Form, what: &str) -> Vec<Written> {
    let written = export(objects_before, form);
    let all = Selection::new(&[], &[]).unwrap();
    let files: Vec<SourceFile> = written.iter().map(|written| written.file.clone()).collect();
    for file in &files {
        assert!(all.contains(&file.path), "{what}: {} would not be read", file.path);
        assert!(!file.path.contains("..") && !file.path.starts_with('/'), "{}", file.path);
    }
    let paths: std::collections::BTreeSet<&str> = files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths.len(), files.len(), "{what}: two objects have one file");
    let after = objects(&read(&files, ReadOptions::default()));
    for (name, spec) in &objects_before.1 {
        assert_eq!(after.1.get(name), Some(spec), "{what}: {name}");
    }
    assert_eq!(&after, objects_before, "{what}");
    written
}

fn files_below(folder: &Path, root: &Path, found: &mut Vec<SourceFile>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, root, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            found.push(SourceFile { path: name, content: std::fs::read(&path).unwrap() });
        }
    }
}

#[test]
fn examples_and_corpus_survive() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut notes = 0;
    for folder in ["examples", "tests/corpus", "tests/browser/notes"] {
        let mut files = Vec::new();
        files_below(&root.join(folder), &root.join(folder), &mut files);
        let found = objects(&read(&files, ReadOptions::default()));
        notes += found.1.len();
        for form in [Form::Markdown, Form::Yaml] {
            for written in assert_round_trip(&found, form, folder) {
                assert_eq!(written.fidelity, Fidelity::Exact, "{}", written.file.path);
            }
        }
    }
    assert!(notes > 200, "only {notes} notes were tried");
}

fn note(spec: Value) -> TalkNoteSpec {
    serde_json::from_value(spec).unwrap()
}

const TEXTS: &[&str] = &[
    "",
    " ",
    "\n",
    "\n\n",
    "a",
    "a\n",
    "\na",
    "\n\na\n\n",
    "---",
    "---\n",
    "---\ntitle: b\n---\nc",
    "+++\ntitle = 'b'\n+++\n",
    "...\n",
    "Title: x\n\ny",
    "# A - Ada\n",
    "##x\n",
    "```\nopen",
    "a  \nb\t",
    "\u{feff}a",
    "a\u{feff}",
    "a\r\nb",
    "\r",
    "${HOME} $x {{ y }}",
    "- [ ] todo\n",
    "🥇 中文 \u{202e}x",
    "\u{0}",
    "a\u{85}b\u{2028}c",
    "\u{1b}[31mred",
    "%YAML 1.2\n---\n",
    "<!-- x -->",
    "{}",
    "null",
];

const TITLES: &[&str] = &[
    "a",
    "true",
    "null",
    "~",
    "2031",
    "2031-05-14",
    "1e3",
    "0x1f",
    "12:30",
    "a: b",
    "a #b",
    "#a",
    "- a",
    "-",
    "'a'",
    "\"a\"",
    "a\"b'c\\d",
    "[a]",
    "{a: b}",
    "*a",
    "&a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "a - b",
    "a — b",
    "🥇 Keynote 1: a - Ada",
    "潮汐式調和：控制器",
    " a ",
    "a\tb",
    "a\nb",
    "---",
    "a\u{7f}\u{85}b",
    "\u{202e}x",
    "yes",
    "?",
    "",
];

#[test]
fn hostile_texts_and_titles_survive() {
    let mut all = Objects::default();
    for (index, text) in TEXTS.iter().enumerate() {
        all.1.insert(format!("text-{index}"), note(json!({ "title": "t", "markdown": text })));
        let overview = (!text.is_empty()).then_some(*text);
        let spec = json!({ "title": "t", "overview": overview });
        all.0.insert(format!("summit-{index}"), serde_json::from_value(spec).unwrap());
    }
    for (index, title) in TITLES.iter().enumerate() {
        let spec = json!({
            "title": title, "room": title, "track": title, "summitRef": { "name": title },
            "speakers": [{ "name": format!("x{title}"), "alias": title, "organization": title }],
            "tags": [format!("x{title}")], "markdown": title,
            "links": [{ "url": "https://x.example", "title": title, "kind": "Slides" }],
        });
        all.1.insert(format!("title-{index}"), note(spec));
        let spec = json!({ "title": title, "location": title, "url": title, "timeZone": title });
        all.0.insert(format!("titled-{index}"), serde_json::from_value(spec).unwrap());
    }
    for form in [Form::Markdown, Form::Yaml] {
        let written = assert_round_trip(&all, form, "hostile");
        assert!(written.iter().all(|w| w.fidelity != Fidelity::ForClusterOnly));
    }
}

#[test]
fn every_field_survives_as_markdown() {
    let spec = note(json!({
        "summitRef": { "name": "s" }, "title": "t", "kind": "Lightning",
        "speakers": [{ "name": "Ada" }, { "name": "林", "alias": "Lin", "organization": "Harbor" }],
        "day": "2031-05-14", "startTime": "09:30", "endTime": "10:15", "track": "1", "room": "2",
        "language": "zh-Hant-TW", "medal": "Bronze", "tags": ["#a", "b, c", "true"],
        "links": [{ "url": "https://x.example/?signature=1" }, { "url": "javascript:x", "kind": "Other" }],
        "order": 0, "publication": "Published", "publishAt": "2031-05-14T18:00:00+08:00",
        "markdown": "x", "contentFrom": { "configMapKeyRef": { "name": "a", "key": "b" } },
        "images": [
            { "source": "a b.png", "digest": format!("sha256:{}", "0a".repeat(32)) },
            { "source": "c.svg", "url": "https://x.example/c.svg" },
        ],
        "targets": [{ "source": "b.md#c", "note": "b", "summit": "s", "anchor": "note-c" }],
        "source": {
            "repository": "https://github.com/harbor/notes", "path": "a b.md", "branch": "main",
            "revision": "0c".repeat(20), "line": 3, "changedAt": "2031-05-14T10:00:00Z",
        },
        "rendering": { "lineBreaks": "Hard", "nesting": "Inferred", "direction": "RTL", "tocMaxLevel": 2 },
        "robots": ["noindex", "nofollow"],
    }));
    let elsewhere = note(json!({
        "title": "t", "publication": "Draft", "contentFrom": { "configMapKeyRef": { "name": "a", "key": "b" } },
    }));
    let summit = serde_json::from_value(json!({
        "title": "s", "url": "https://x.example/", "startDate": "2031-05-14", "endDate": "2031-05-15",
        "timeZone": "Asia/Taipei", "location": "Pier 4", "tags": ["1"],
        "links": [{ "url": "https://x.example/a" }], "overview": "![a](a.png)",
        "images": [{ "source": "a.png", "digest": format!("sha256:{}", "0b".repeat(32)) }],
        "targets": [{ "source": "c.pdf", "url": "https://x.example/c.pdf" }],
        "rendering": { "lineBreaks": "Soft", "nesting": "AsWritten", "direction": "Auto" },
        "robots": ["none"], "theme": { "color": "#0b7a75", "logo": "a.png" },
    }));
    let summits = [("s".to_owned(), summit.unwrap())].into();
    let all = (summits, [("a".to_owned(), spec), ("b".to_owned(), elsewhere)].into());
    for written in assert_round_trip(&all, Form::Markdown, "fields") {
        assert_eq!(written.fidelity, Fidelity::Exact);
    }
}

#[test]
fn names_become_paths_that_are_read_and_lead_nowhere_else() {
    let mut all = Objects::default();
    for name in ["index", "readme", "license", "changelog.v1", "a.b", "index-note", "readme-note"] {
        all.1.insert(name.to_owned(), note(json!({ "title": name, "markdown": "x" })));
        let spec = json!({ "title": name, "markdown": "x", "summitRef": { "name": name } });
        all.1.insert(format!("{name}-2"), note(spec));
        all.0.insert(name.to_owned(), serde_json::from_value(json!({ "title": name })).unwrap());
    }
    for summit in
        ["../../etc", "/etc", "..", ".", "", "A B", "年會", ".hidden", "node_modules", "a/b\\c\0"]
    {
        let spec = json!({ "title": "x", "markdown": "x", "summitRef": { "name": summit } });
        all.1.insert(format!("of-{}", all.1.len()), note(spec));
    }
    assert_round_trip(&all, Form::Markdown, "names");
}

/// What no file can hold so that it is read back is written for kubectl, and said to be.
#[test]
fn what_import_refuses_is_written_for_the_cluster_only() {
    let long = "a".repeat(253);
    let mut all = Objects::default();
    all.1.insert(long.clone(), note(json!({ "title": "x", "markdown": "x" })));
    all.1.insert("../x".to_owned(), note(json!({ "title": "x", "markdown": "x" })));
    all.1
        .insert("huge".to_owned(), note(json!({ "title": "x", "markdown": "字".repeat(390_000) })));
    for written in export(&all, Form::Markdown) {
        assert_eq!(written.fidelity, Fidelity::ForClusterOnly, "{}", written.file.path);
        assert!(written.file.path.len() < 255 && !written.file.path.contains('/'));
        let value: Value =
            serde_saphyr::from_str(std::str::from_utf8(&written.file.content).unwrap()).unwrap();
        let name = value["metadata"]["name"].as_str().unwrap();
        assert_eq!(note(value["spec"].clone()), all.1[name]);
    }
}

#[test]
fn labels_and_annotations_survive_but_for_those_that_are_no_business_of_a_file() {
    let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let labels = map(&[("crew", "north"), ("1.10", "007"), ("empty", "")]);
    let annotations = map(&[
        ("argocd.argoproj.io/sync-wave", "-1"),
        ("argocd.argoproj.io/sync-options", "Prune=false"),
        ("x.example/Text", "two\nlines: \"a\" # {b} 年\t\u{7f}"),
    ]);
    let mut seen = annotations.clone();
    seen.extend(map(&[
        ("talknotes.dev/source-path", "a.md"),
        ("kubectl.kubernetes.io/last-applied-configuration", "{}"),
        ("argocd.argoproj.io/tracking-id", "x"),
    ]));
    let kept = Metadata::given(&labels, &seen);
    assert_eq!(kept, Metadata { labels, annotations });
    let spec = note(json!({ "title": "Ropes", "markdown": "tie" }));
    let summit: SummitSpec = serde_json::from_value(json!({ "title": "Pier Days" })).unwrap();
    for form in [Form::Markdown, Form::Yaml] {
        let mut layout = Layout::new(form);
        let written = [
            layout.summit_with("", "pier-days", &kept, &summit).unwrap(),
            layout.note_with("", "ropes", &kept, &spec).unwrap(),
        ];
        assert!(written.iter().all(|written| written.fidelity == Fidelity::Exact), "{written:?}");
        let files = written.map(|written| written.file);
        let found = read(&files, ReadOptions::default());
        assert_eq!(found.notes[0].metadata, kept);
        assert_eq!(found.summits[0].metadata, kept);
        assert_eq!(found.diagnostics, []);
    }
}
