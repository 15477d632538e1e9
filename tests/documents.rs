//! Documents as people write them become summits and notes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use talknotes::api::names::hex_digest;
use talknotes::api::{
    Direction, DraftPolicy, Format, LineBreaks, LinkKind, Medal, Nesting, Publication, Rendering,
    RobotsRule, Severity, Speaker, TalkKind, TalkNoteSpec,
};
use talknotes::document::{Collection, ReadOptions, SourceFile, explain, read};

/// SHA-256 of the speakers of the document of 2023, one a line, in the order of the talks.
const SPEAKERS_OF_2023: &str = "fdfd2a84aef43c65f898b061547f332f089af70adfed2e05ab593440d327d357";

fn file(path: &str, content: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), content: content.as_bytes().to_vec() }
}

fn read_all(files: &[(&str, &str)]) -> Collection {
    let files: Vec<SourceFile> = files.iter().map(|(path, text)| file(path, text)).collect();
    read(&files, ReadOptions::default())
}

fn read_one(path: &str, text: &str) -> Collection {
    read_all(&[(path, text)])
}

fn codes(collection: &Collection) -> Vec<(&str, Option<i32>)> {
    collection.diagnostics.iter().map(|d| (d.code.as_str(), d.line)).collect()
}

fn names(collection: &Collection) -> BTreeMap<String, String> {
    collection.notes.iter().map(|n| (n.spec.title.clone(), n.name.clone())).collect()
}

fn titles(collection: &Collection) -> Vec<&str> {
    collection.notes.iter().map(|note| note.spec.title.as_str()).collect()
}

fn note<'a>(collection: &'a Collection, title: &str) -> &'a TalkNoteSpec {
    let found = collection.notes.iter().find(|note| note.spec.title.contains(title));
    &found.unwrap_or_else(|| panic!("no note {title:?} in {:?}", titles(collection))).spec
}

/// A document that is not part of the repository; `None`, with a printed line, where it is absent.
fn shared(name: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/notes");
    let folder = std::env::var_os("TALKNOTES_SHARED_NOTES").map_or(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join(name)).ok();
    if text.is_none() {
        println!("skipped: {name} is not in {}", folder.display());
    }
    text
}

fn example(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/notes");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn the_hackmd_document_of_2023() {
    let Some(text) = shared("k8s-summit-2023.md") else { return };
    let collection = read_one("k8s-summit-2023.md", &text);
    assert_eq!(collection.summits.len(), 1);
    let summit = &collection.summits[0];
    assert_eq!(summit.name, "k8s-summit-2023");
    assert_eq!(text.lines().next(), Some(format!("# {}", summit.spec.title).as_str()));
    assert_eq!(summit.spec.start_date.as_deref(), Some("2023-10-25"));
    assert_eq!(summit.spec.end_date.as_deref(), Some("2023-10-26"));
    assert_eq!(summit.spec.links.len(), 1);
    assert_eq!(summit.spec.links[0].kind, Some(LinkKind::Reference));
    assert_eq!(summit.line, 1);

    assert_eq!(collection.notes.len(), 18);
    let on =
        |day: &str| collection.notes.iter().filter(|n| n.spec.day.as_deref() == Some(day)).count();
    assert_eq!((on("2023-10-25"), on("2023-10-26")), (9, 9));
    let orders: Vec<i32> = collection.notes.iter().map(|n| n.spec.order.unwrap()).collect();
    assert_eq!(orders, (1..=9).chain(1..=9).collect::<Vec<_>>());
    let speakers: Vec<String> = collection
        .notes
        .iter()
        .flat_map(|n| &n.spec.speakers)
        .map(|s| s.alias.as_ref().map_or(s.name.clone(), |alias| format!("{} ({alias})", s.name)))
        .collect();
    assert_eq!(speakers.len(), 17);
    // The people are real, so the repository holds only the digest of `name (alias)` a line.
    assert_eq!(hex_digest(speakers.join("\n").as_bytes()), SPEAKERS_OF_2023);
    assert!(collection.notes.iter().all(|n| n.spec.speakers.len() <= 1));
    assert!(collection.notes[6].spec.speakers.is_empty());
    assert!(titles(&collection)[17].ends_with(" (Auto Runbook)"));
    assert!(collection.notes.iter().all(|n| n.spec.publication.is_none() && n.spec.kind.is_none()));
}

#[test]
fn the_bodies_of_2023_are_slices_of_the_document() {
    let Some(text) = shared("k8s-summit-2023.md") else { return };
    let collection = read_one("k8s-summit-2023.md", &text);
    let mut rest = text.as_str();
    for note in &collection.notes {
        let body = note.spec.markdown.as_deref().unwrap();
        assert!(body.starts_with("### Personal\n") && body.contains("\n### 共筆"), "{body}");
        let at = rest.find(body).unwrap_or_else(|| panic!("{} is no slice", note.spec.title));
        rest = &rest[at + body.len()..];
    }
    assert_eq!(rest.trim(), "");
    let traps: Vec<Option<i32>> =
        collection.diagnostics.iter().filter(|d| d.code == "TN1101").map(|d| d.line).collect();
    assert_eq!(traps, [Some(664), Some(677), Some(686)]);
    assert!(
        collection.diagnostics.iter().all(|d| d.code == "TN1101"),
        "{:?}",
        collection.diagnostics
    );
}

#[test]
fn the_hugo_post_of_2024() {
    let Some(text) = shared("k8s-summit-2024.md") else { return };
    let collection = read_one("posts/2024.md", &text);
    assert_eq!(collection.summits.len(), 1);
    let summit = &collection.summits[0];
    assert_eq!(summit.name, "k8s-summit-2024");
    assert!(text.contains(&format!("title: \"{}\"", summit.spec.title)));
    assert_eq!(summit.spec.start_date.as_deref(), Some("2024-10-24"));
    assert_eq!(
        summit.spec.tags,
        [
            "tech-event",
            "sre",
            "devops",
            "platform-engineering",
            "k8s",
            "IT",
            "PlatformEngineering",
            "k8ssummit2024"
        ]
    );
    let overview = summit.spec.overview.as_deref().unwrap();
    for part in
        ["## Overview", "## Agenda", "## Ref: ", "\n### Murmur", "\n[agenda]: https", "```text\n#"]
    {
        assert!(overview.contains(part), "{part}");
    }
    assert!(!overview.contains("Keynote 1") && !overview.contains("Interesting Sessions"));
    assert!(summit.spec.links.iter().any(|l| l.url.ends_with("/2024/agenda")));

    assert_eq!(collection.notes.len(), 28);
    let first = |kind| collection.notes[..8].iter().filter(|n| n.spec.kind == Some(kind)).count();
    assert_eq!((first(TalkKind::Keynote), first(TalkKind::Workshop)), (4, 4));
    let medals = collection.notes.iter().filter(|n| n.spec.medal == Some(Medal::Gold)).count();
    assert_eq!(medals, 7);
    assert!(collection.notes.iter().all(|n| n.spec.publication == Some(Publication::Draft)));
    assert!(collection.notes.iter().all(|n| n.spec.speakers.is_empty() && n.spec.day.is_none()));
    assert!(titles(&collection).iter().all(|t| !t.contains('🥇') && !t.starts_with("Keynote")));
    assert!(
        titles(&collection)[18].contains(" - 以 ") && titles(&collection)[18].ends_with(" 為例")
    );
    let options = ReadOptions { drafts: DraftPolicy::Publish, ..ReadOptions::default() };
    let published = read(&[file("posts/2024.md", &text)], options);
    assert!(published.notes.iter().all(|n| n.spec.publication == Some(Publication::Published)));
}

#[test]
fn the_links_and_bodies_of_2024() {
    let Some(text) = shared("k8s-summit-2024.md") else { return };
    let collection = read_one("k8s-summit-2024.md", &text);
    let etcd = &collection.notes[8].spec;
    let kinds: Vec<LinkKind> = etcd.links.iter().filter_map(|link| link.kind).collect();
    use LinkKind::{Reference, Slides, Source, Workshop};
    assert_eq!(kinds, [Workshop, Slides, Workshop, Source, Reference, Reference]);
    assert_eq!(etcd.links[0].title.as_deref(), Some(etcd.title.as_str()));
    assert!(etcd.markdown.as_deref().unwrap().starts_with("* [Slide](https://"));
    assert_eq!(collection.notes[24].spec.markdown.as_deref(), Some("dbt"));
    let default_values = collection.notes[16].spec.markdown.as_deref().unwrap();
    assert!(default_values.starts_with("* T") && default_values.contains("\n  * D"));
    assert_eq!(default_values.lines().filter(|line| line.starts_with("* ")).count(), 2);
    assert_eq!(collection.notes[1].spec.links.len(), 8);

    let signed: Vec<_> = collection.diagnostics.iter().filter(|d| d.code == "TN1401").collect();
    assert_eq!(signed.len(), 1);
    assert_eq!((signed[0].line, signed[0].column), (Some(65), Some(3)));
    assert!(!signed[0].message.contains("signature="), "{}", signed[0].message);
    let keynote = &collection.notes[2].spec;
    assert!(keynote.links.iter().all(|link| !link.url.contains("signature")));
    assert_eq!(keynote.links.len(), 2);
    assert!(keynote.markdown.as_deref().unwrap().contains("signature="));
    assert!(collection.diagnostics.iter().all(|d| d.severity != Severity::Error));
}

#[test]
fn names_of_the_real_documents_survive_edits() {
    for path in ["k8s-summit-2023.md", "k8s-summit-2024.md"] {
        let Some(text) = shared(path) else { return };
        let before = names(&read_one(path, &text));
        let bullets = text.replace("\n* ", "\n- ").replace("\n  * ", "\n  - ");
        let edits = [
            text.replace("draft: true", "draft: false"),
            text.replace("\n## ", "\n## 🥇 ").replace("🥇 🥇", "🥇"),
            text.replace(" (J", " (Q").replace("Kuo\n", "Example\n"),
            text.replace("# 10/26(Thu.)\n", ""),
            format!("{text}\nOne more line.\n"),
            bullets,
        ];
        for (index, edit) in edits.iter().enumerate() {
            assert_eq!(names(&read_one(path, edit)), before, "{path}, edit {index}");
        }
    }
}

const TWO_DAYS: &str = "# 2031 年會\n\nhello\n\n# 5/14 (Wed)\n## One - Ada Example\n### Personal\na\n\n## Two - Bob Example\nb\n\n# 5/15\n## Three\nc\n";

#[test]
fn names_depend_on_summit_and_title_only() {
    let before = names(&read_one("a.md", TWO_DAYS));
    let moved = "# 2031 年會\n# 5/14 (Wed)\n## 🥈 Three - Nia Person\nother\n## Workshop 2: Two - Cy Example\n# 5/16\n## 1. ONE\n";
    let after = names(&read_one("a.md", moved));
    assert_eq!(before["One"], after["ONE"]);
    assert_eq!(before["Two"], after["Two"]);
    assert_eq!(before["Three"], after["Three"]);
    assert_ne!(before["One"], names(&read_one("b.md", TWO_DAYS))["One"]);
    let crlf = names(&read_one("a.md", &format!("\u{feff}{}", TWO_DAYS.replace('\n', "\r\n"))));
    assert_eq!(before, crlf);
}

#[test]
fn talks_of_one_title_stay_two() {
    let two = |a: &str, b: &str| {
        format!(
            "# 2031 S\n# 5/14\n## Lightning talks today - {a}\nx\n## Lightning talks today - {b}\ny\n"
        )
    };
    let collection = read_one("a.md", &two("Ada Example", "Bob Example"));
    let swapped = read_one("a.md", &two("Bob Example", "Ada Example"));
    let by_speaker = |c: &Collection| -> BTreeMap<String, String> {
        c.notes.iter().map(|n| (n.spec.speakers[0].name.clone(), n.name.clone())).collect()
    };
    assert_eq!(by_speaker(&collection), by_speaker(&swapped));
    assert_ne!(collection.notes[0].name, collection.notes[1].name);
    assert!(codes(&collection).is_empty());

    let same = read_one("a.md", &two("Ada Example", "Ada Example"));
    assert_eq!(same.notes.len(), 1, "the same talk twice is one note");
    assert_eq!(same.notes[0].spec.markdown.as_deref(), Some("x\n\ny"));
    assert_eq!(codes(&same), [("TN1501", Some(5))]);
}

#[test]
fn order_counts_within_a_day() {
    let order =
        |c: &Collection| -> Vec<i32> { c.notes.iter().filter_map(|n| n.spec.order).collect() };
    assert_eq!(order(&read_one("a.md", TWO_DAYS)), [1, 2, 1]);
}

#[test]
fn days_and_weekdays() {
    let collection = read_one("a.md", &TWO_DAYS.replace("(Wed)", "(Mon)"));
    assert_eq!(codes(&collection), [("TN1301", Some(5))]);
    assert_eq!(note(&collection, "One").day.as_deref(), Some("2031-05-14"));
    let collection = read_one("a.md", &TWO_DAYS.replace("2031 ", ""));
    assert_eq!(codes(&collection), [("TN1302", Some(5))], "what cures one cures all");
    assert_eq!(note(&collection, "One").day, None);
    let by_file = read_one("summit-2031.md", &TWO_DAYS.replace("2031 ", ""));
    assert_eq!(note(&by_file, "One").day.as_deref(), Some("2031-05-14"));
}

#[test]
fn nothing_of_a_document_is_lost() {
    let text = "---\ntitle: S\n---\nabove\n\n# Day 1 (2031-05-14)\nunder the day\n\n## One\nbody\n\n## Summary\nthe end\n\n## Interesting Sessions\nwords between\n* [Two](https://x.example/session/2)\n* not a talk\n";
    let collection = read_one("a.md", text);
    assert_eq!(titles(&collection), ["One", "Two"]);
    let overview = collection.summits[0].spec.overview.as_deref().unwrap();
    for part in ["above", "under the day", "## Summary\nthe end", "words between", "* not a talk"] {
        assert!(overview.contains(part), "{part} in {overview}");
    }
}

#[test]
fn references_defined_elsewhere_come_along() {
    let text = "# 2031 S\n# 5/14\n## One\nsee [this][Ref]\n## Two\nnothing\n## Links\n[ref]: https://x.example/a\n";
    let collection = read_one("a.md", text);
    assert_eq!(
        note(&collection, "One").markdown.as_deref(),
        Some("see [this][Ref]\n\n[ref]: https://x.example/a")
    );
    assert_eq!(note(&collection, "One").links[0].url, "https://x.example/a");
    assert_eq!(note(&collection, "Two").markdown.as_deref(), Some("nothing"));
}

#[test]
fn documents_without_days() {
    let hackmd = "S 2031 共筆\n===\n\n[TOC]\n\n## 一個標題 - 王小明 (Ming)\na\n## Two - Ada Example\nb\n## Not sure\nc\n## 心得\nd\n";
    let collection = read_one("s.md", hackmd);
    assert_eq!(titles(&collection), ["一個標題", "Two", "Not sure"]);
    assert_eq!(collection.summits[0].spec.title, "S 2031 共筆");
    assert_eq!(collection.summits[0].spec.overview.as_deref(), Some("[TOC]\n\n## 心得\nd"));

    let sections = "# Harbor Summit 2031\n## One\n### Personal\na\n## Two\n### Personal\nb\n";
    assert_eq!(titles(&read_one("s.md", sections)), ["One", "Two"]);

    let post = "---\ndate: 2031-01-01\n---\n## Setup\nx\n## More - the details\ny\n";
    assert_eq!(codes(&read_one("posts/s.md", post)), [("TN1201", None)]);
    let with_names =
        post.replace("Setup", "One - Ada Example").replace("the details", "Bob Example");
    assert_eq!(titles(&read_one("posts/s.md", &with_names)), ["One", "More"]);
}

#[test]
fn headings_below_a_day_in_other_shapes() {
    let deeper = "# S 2031\n## Day 1 (5/14)\n### Keynote: One\nx\n#### Part\ny\n### Lunch\n### Two - Ada Example\n## Day 2 (5/15)\n### Three\n";
    let collection = read_one("s.md", deeper);
    assert_eq!(titles(&collection), ["One", "Two", "Three"]);
    assert_eq!(note(&collection, "One").markdown.as_deref(), Some("x\n#### Part\ny"));
    assert_eq!(note(&collection, "Three").day.as_deref(), Some("2031-05-15"));
    let unnamed = read_one("s.md", "# S 2031\n# 5/14\n## \ntext\n## One\nx\n");
    assert_eq!(titles(&unnamed), ["One"]);
    assert_eq!(codes(&unnamed), [("TN1203", Some(3))]);
    assert!(unnamed.summits[0].spec.overview.as_deref().unwrap().contains("text"));
}

#[test]
fn one_talk_a_file() {
    let index = "---\ntitle: Imaginary Days 2031\nlocation: Nowhere\n---\nWelcome.\n";
    let a = "---\ntitle: \"Keynote: Clouds that rain\"\ndate: 2031-05-14T09:00:00+08:00\nspeakers: 王小明, Ada Example\nstartTime: 9:30\nroom: A\nlang: zh-TW\ntags: a, b\n---\n\n# Clouds\n\ntext\n";
    let b = "---\ntitle: Dogs\ndate: 2031-05-15\n---\n# Dogs - Bob Example\n\ntext\n";
    let collection = read_all(&[
        ("notes/my-summit/_index.md", index),
        ("notes/my-summit/a.md", a),
        ("notes/my-summit/b.md", b),
    ]);
    assert_eq!(codes(&collection), []);
    assert_eq!(collection.summits.len(), 1);
    let summit = &collection.summits[0];
    assert_eq!(
        (summit.name.as_str(), summit.spec.title.as_str()),
        ("my-summit", "Imaginary Days 2031")
    );
    assert_eq!(summit.spec.overview.as_deref(), Some("Welcome."));
    assert_eq!(summit.path, "notes/my-summit/_index.md");
    let clouds = note(&collection, "Clouds that rain");
    assert_eq!(clouds.kind, Some(TalkKind::Keynote));
    assert_eq!(clouds.speakers.len(), 2);
    assert_eq!((clouds.start_time.as_deref(), clouds.room.as_deref()), (Some("09:30"), Some("A")));
    assert_eq!(
        (clouds.day.as_deref(), clouds.language.as_deref()),
        (Some("2031-05-14"), Some("zh-TW"))
    );
    assert_eq!(clouds.tags, ["a", "b"]);
    assert_eq!(clouds.summit_ref.as_ref().unwrap().name, "my-summit");
    assert_eq!(note(&collection, "Dogs").markdown.as_deref(), Some("text"));
}

#[test]
fn prose_gives_no_talks_and_says_why() {
    for (path, text) in [
        ("README.md", "# My notes\n\nHello.\n\n## Install - macOS\n\nx\n"),
        ("posts/day.md", "---\ntitle: A day\ndate: 2031-01-01\n---\n# A day\n\nprose\n"),
        ("empty.md", ""),
    ] {
        let collection = read_one(path, text);
        assert_eq!(collection.notes.len(), 0, "{path}");
        assert_eq!(collection.summits.len(), 0, "{path}");
        // A README beside notes is no mistake of its author.
        let expected: &[_] = if path == "README.md" { &[] } else { &[("TN1201", None)] };
        assert_eq!(codes(&collection), expected, "{path}");
        assert!(collection.unreadable.is_empty());
    }
}

#[test]
fn fields_of_the_wrong_type_lose_nothing_else() {
    let text = "---\ntitle: S\ndate: soon\ntags: {a: b}\nlang: 12\ndraft: maybe\nslug: [x]\n---\n# 2031-05-14\n## One of many tides\nx\n";
    let collection = read_one("a.md", text);
    assert_eq!(codes(&collection), [3, 4, 5, 6, 7].map(|line| ("TN1005", Some(line))));
    assert_eq!(note(&collection, "One").publication, Some(Publication::Draft));
}

#[test]
fn toml_front_matter() {
    let text = "+++\ntitle = 'S'\ndate = 2031-05-14T08:00:00Z\ntags = ['a', 'b']\ndraft = true\nurl = '/x/my-summit/'\n+++\n# 2031-05-14\n## One of many tides\nx\n";
    let collection = read_one("a.md", text);
    assert_eq!(collection.summits[0].name, "my-summit");
    assert_eq!(collection.summits[0].spec.tags, ["a", "b"]);
    assert_eq!(collection.notes[0].spec.publication, Some(Publication::Draft));
    assert_eq!(collection.notes[0].line, 9);
}

#[test]
fn a_document_that_cannot_be_read_takes_nothing_from_the_others() {
    let bomb = format!("---\na: &a [x]\nb: [{}]\n---\n", "*a, ".repeat(5000));
    let deep = format!("---\na: {}\n---\n", "[".repeat(10_000));
    let large = format!("---\na: {}\n---\n", "x".repeat(70_000));
    let mut files: Vec<SourceFile> = [
        ("1-good.md", TWO_DAYS),
        ("2-bomb.md", bomb.as_str()),
        ("3-deep.md", deep.as_str()),
        ("4-large.md", large.as_str()),
        ("5-open.md", "---\ntitle: x\n# a\n"),
        ("6-bad.md", "---\ntitle: [x\n---\n"),
        ("7-toml.md", "+++\ntitle = \n+++\n"),
    ]
    .iter()
    .map(|(path, text)| file(path, text))
    .collect();
    files.push(SourceFile { path: "8-binary.md".into(), content: vec![0xff, 0xfe, 0x00] });
    files.push(SourceFile { path: "9-huge.md".into(), content: vec![b'a'; 2 << 20] });
    let collection = read(&files, ReadOptions::default());
    assert_eq!(collection.notes.len(), 3);
    assert_eq!(collection.documents, 9);
    let unreadable: Vec<&str> = collection.unreadable.iter().map(String::as_str).collect();
    let bad: Vec<&str> = files[1..].iter().map(|f| f.path.as_str()).collect();
    assert_eq!(unreadable, bad);
    let errors: Vec<&str> = collection.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(
        errors,
        ["TN1003", "TN1003", "TN1004", "TN1003", "TN1003", "TN1003", "TN1001", "TN1002"]
    );
    assert!(collection.diagnostics.iter().all(|d| d.severity == Severity::Error));
}

#[test]
fn manifests() {
    let good = "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata:\n  name: by-hand\nspec:\n  title: By hand\n  markdown: |\n    text\n---\napiVersion: talknotes.dev/v1alpha1\nkind: Summit\nmetadata: {name: s}\nspec: {title: S}\n---\napiVersion: v1\nkind: ConfigMap\n";
    let bad = "# a comment\napiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata: {name: x}\nspec:\n  title: [1\n";
    let collection = read_all(&[
        ("good.yaml", good),
        ("bad.yml", bad),
        ("other.yaml", "a: [b\n"),
        (
            "same.yaml",
            "apiVersion: talknotes.dev/v1alpha1\nkind: Summit\nmetadata: {name: s}\nspec: {title: T}\n",
        ),
    ]);
    let imported: Vec<(&str, usize)> =
        collection.notes.iter().map(|n| (n.name.as_str(), n.line)).collect();
    assert_eq!(imported, [("by-hand", 1)]);
    assert_eq!(collection.summits.len(), 1);
    assert_eq!((collection.summits[0].spec.title.as_str(), collection.summits[0].line), ("S", 10));
    assert_eq!(collection.unreadable.iter().collect::<Vec<_>>(), ["bad.yml", "same.yaml"]);
    let found: Vec<(&str, &str)> =
        collection.diagnostics.iter().map(|d| (d.path.as_str(), d.code.as_str())).collect();
    assert_eq!(found, [("bad.yml", "TN1701"), ("same.yaml", "TN1503")]);
    assert!(collection.diagnostics[0].line.unwrap() >= 6);
    assert_eq!(collection.documents, 3);
    let markdown_only = ReadOptions { format: Format::Hugo, ..ReadOptions::default() };
    assert_eq!(read(&[file("good.yaml", good)], markdown_only).notes.len(), 0);
}

#[test]
fn the_schema_is_never_broken() {
    let long = "x".repeat(600);
    let body = "好".repeat(300_000);
    let links: String = (0..300).map(|n| format!("* https://x.example/{n}\n")).collect();
    let text = format!("# 2031 S\n# 5/14\n## {long}\n{links}\n## Fine\nx\n");
    let collection = read_one("a.md", &text);
    assert_eq!(collection.notes[0].spec.title.chars().count(), 500);
    assert_eq!(collection.notes[0].spec.links.len(), 200);
    assert_eq!(codes(&collection), [("TN1601", Some(3)), ("TN1602", Some(3))]);
    let text = format!("# 2031 S\n# 5/14\n## Too much\n{}\n## Fine\nx\n", "a ".repeat(250_000));
    let collection = read_one("a.md", &text);
    assert_eq!(titles(&collection), ["Fine"]);
    assert_eq!(codes(&collection), [("TN1603", Some(3))]);
    assert!(collection.unreadable.contains("a.md"), "an earlier note of it is to be kept");
    let text = format!("# 2031 S\n# 5/14\n## Chinese and nothing else\n{body}\n");
    assert_eq!(read_one("a.md", &text).notes.len(), 1);
}

#[test]
fn hostile_structure_is_read() {
    let headings = "## a\n".repeat(100_000);
    let deep = "> ".repeat(200_000);
    for text in [
        format!("# 2031 S\n# 5/14\n{headings}"),
        deep,
        "* [a](https://x.example/session/1)\n".repeat(20_000),
        format!("## Keynote 1: x\n{}", "[a]".repeat(200_000)),
        "#".repeat(1_000_000),
        format!("{}\n===\n", "text\n".repeat(100_000)),
    ] {
        assert_eq!(read_one("a.md", &text).documents, 1);
    }
}

#[test]
fn personal_data_is_not_copied() {
    let text = "# 2031 S\n# 5/14\n## One - 王小明 (ming@corp.example)\nx\n";
    let collection = read_one("a.md", text);
    let speaker = Speaker { name: "王小明".into(), ..Speaker::default() };
    assert_eq!(note(&collection, "One").speakers, [speaker]);
    assert_eq!(codes(&collection), [("TN1402", Some(3))]);
}

#[test]
fn order_of_files_makes_no_difference() {
    let mut files = vec![file("b.md", TWO_DAYS), file("a.md", TWO_DAYS), file("c.md", "x")];
    let one = read(&files, ReadOptions::default());
    files.reverse();
    assert_eq!(one, read(&files, ReadOptions::default()));
}

#[test]
fn the_hackmd_example() {
    let collection = read_one("cloud-harbor-2031.md", &example("cloud-harbor-2031.md"));
    assert_eq!(codes(&collection), []);
    let summit = &collection.summits[0];
    assert_eq!(summit.name, "cloud-harbor-2031");
    assert_eq!(summit.spec.time_zone.as_deref(), Some("Asia/Taipei"));
    assert_eq!(summit.spec.start_date.as_deref(), Some("2031-05-14"));
    assert_eq!(summit.spec.end_date.as_deref(), Some("2031-05-15"));
    let speakers: Vec<Vec<&str>> = collection
        .notes
        .iter()
        .map(|n| n.spec.speakers.iter().map(|s| s.name.as_str()).collect())
        .collect();
    let expected: [&[&str]; 6] = [
        &["林小舟"],
        &["Ada Lighthouse"],
        &["陳小帆", "Bob Example"],
        &["Grace Pier"],
        &["王小港"],
        &[],
    ];
    assert_eq!(speakers, expected);
    assert!(
        collection.notes.iter().all(|n| n.spec.markdown.as_deref().unwrap().contains("### 共筆"))
    );
    assert!(collection.notes.iter().all(|n| n.spec.language.as_deref() == Some("zh-TW")));
}

#[test]
fn the_hugo_example() {
    let path = "posts/tidal-platform-days-2031.md";
    let collection = read_one(path, &example(path));
    assert_eq!(codes(&collection), []);
    let summit = &collection.summits[0];
    assert_eq!(summit.name, "tidal-platform-days-2031");
    assert_eq!(
        summit.spec.tags,
        ["tidal", "platform-engineering", "kubernetes", "tidal2031", "PlatformEngineering", "SRE"]
    );
    assert_eq!(collection.notes.len(), 9);
    let medals: Vec<Medal> = collection.notes.iter().filter_map(|n| n.spec.medal).collect();
    assert_eq!(medals, [Medal::Gold, Medal::Silver, Medal::Gold, Medal::Bronze]);
    assert!(
        collection.notes.iter().all(|n| n.spec.publication.is_none() && !n.spec.links.is_empty())
    );
    assert_eq!(note(&collection, "從單體到群島").speakers[0].alias.as_deref(), Some("Isla"));
    assert_eq!(note(&collection, "Chaos").markdown.as_deref(), Some("bring a stopwatch"));
    assert_eq!(note(&collection, "eBPF").kind, Some(TalkKind::Workshop));
}

#[test]
fn a_reading_is_explained() {
    let files = [file("a.md", TWO_DAYS), file("b.md", "# Prose\n\n## Why\nx\n")];
    let explained = explain(&files, ReadOptions::default());
    let chosen = explained[0].chosen.as_ref().unwrap();
    assert_eq!(chosen.reading, "each heading of level 2 is a talk");
    assert!(chosen.evidence.iter().any(|(what, points)| *what == "under a day" && *points > 0.0));
    let sum: f32 = chosen.evidence.iter().map(|(_, points)| points).sum();
    assert!((sum - chosen.score).abs() < 0.01 && chosen.score >= explained[0].threshold);
    assert_eq!(explained[1].chosen, None);
    assert!(explained[1].runner_up.as_ref().unwrap().score < explained[1].threshold);
}

#[test]
fn a_summit_of_a_folder_without_a_name_has_a_title_all_the_same() {
    let collection = read_one("harbor//tides.md", "# Tides - Ada Example\n\nHigh and low.\n");
    assert!(collection.summits.iter().all(|summit| !summit.spec.title.is_empty()));
}

#[test]
fn lines_may_end_in_a_carriage_return_alone() {
    let text = "# 2031-05-14\n\n## Tides - Ada Example\n\nHigh.\n";
    let notes = |text: &str| read_one("harbor.md", text).notes;
    assert_eq!(notes(&text.replace('\n', "\r")), notes(text));
}

#[test]
fn a_document_says_how_its_notes_are_shown() {
    let rendering = |front: &str| {
        let text = format!(
            "---\n{front}\n---\n# 2031-05-14\n\n## Clouds that rain - Ada Example\n\ntext\n"
        );
        read_one("a.md", &text).notes.first().and_then(|note| note.spec.rendering)
    };
    let soft = Rendering { line_breaks: Some(LineBreaks::Soft), ..Rendering::default() };
    let hard = Rendering { line_breaks: Some(LineBreaks::Hard), ..Rendering::default() };
    assert_eq!(rendering("title: Cloud Days"), None);
    assert_eq!(rendering("title: Cloud Days\nbreaks: false"), Some(soft));
    assert_eq!(rendering("title: Cloud Days\nslug: clouds"), Some(soft), "Hugo joins lines");
    assert_eq!(rendering("title: Cloud Days\ndraft: true"), None, "a draft is one in any tool");
    assert_eq!(rendering("title: Cloud Days\nslug: clouds\nbreaks: true"), Some(hard));
    let as_written = Rendering { nesting: Some(Nesting::AsWritten), ..Rendering::default() };
    assert_eq!(rendering("title: Cloud Days\nnesting: aswritten"), Some(as_written));
    let rtl = Rendering { direction: Some(Direction::RTL), ..Rendering::default() };
    assert_eq!(rendering("title: Cloud Days\ndir: rtl"), Some(rtl));
    assert_eq!(rendering("title: Cloud Days\ndir: up"), None);
}

#[test]
fn rules_for_search_engines_hold_for_all_that_a_document_gives() {
    let text = "---\nevent: Harbor Days 2031\nrobots: noindex, nofollow\n---\n# Harbor Days 2031\n\nAll about it.\n\n# 2031-05-14\n\n## Tides - Ada Example\n\ntext\n";
    let collection = read_one("a.md", text);
    let rules = [RobotsRule::NoIndex, RobotsRule::NoFollow];
    assert_eq!(collection.summits[0].spec.robots, rules);
    assert_eq!(collection.notes[0].spec.robots, rules);
    let exact = "---\ntalknotes: talk\ntitle: A\nrobots: NoIndex nofollow\n---\n";
    assert_eq!(read_one("a.md", exact).notes[0].spec.robots, rules);
    let many = format!("---\ntalknotes: talk\ntitle: A\nrobots: {}\n---\n", "all ".repeat(20));
    assert_eq!(read_one("a.md", &many).notes[0].spec.robots.len(), 16, "as the schema has it");
    // Where a talk stands twice, the rules of both hold.
    let again = text.replace("noindex, nofollow", "noarchive, noindex");
    let both = read_all(&[("days/a.md", text), ("days/b.md", &again)]);
    assert_eq!(both.notes.len(), 1);
    let rules = [RobotsRule::NoIndex, RobotsRule::NoFollow, RobotsRule::NoArchive];
    assert_eq!(both.notes[0].spec.robots, rules);
}

/// An index in a list, and its files.
fn indexed(list: &str, tides: &str) -> Collection {
    let index = format!("# Harbor Days 2031\n\n## 2031-05-14\n\n{list}");
    let ropes = "# Ropes and Knots\n\n- tie\n";
    let gulls = "# Gulls on Call\n\n- wake\n";
    read_all(&[
        ("harbor-2031/README.md", &index),
        ("harbor-2031/a-gulls.md", gulls),
        ("harbor-2031/b-ropes.md", ropes),
        ("harbor-2031/c-tides.md", tides),
    ])
}

const TIDES: &str = "# Tides of Traffic\n\n- water\n";

#[test]
fn an_index_hands_over_speakers_times_rooms_and_order() {
    let list = "- 09:30-10:15 [Tides of Traffic](c-tides.md) - Mira Quell (Harbor Labs)\n- 10:30 [Ropes and Knots](b-ropes.md) - Ada Lighthouse\n- [Gulls on Call](a-gulls.md) - Bo Pier\n";
    let table = "| Time | Room | Talk | Speaker |\n|---|---|---|---|\n| 09:30-10:15 | R1 | [Tides of Traffic](c-tides.md) | Mira Quell (Harbor Labs) |\n| 10:30 | R2 | [Ropes and Knots](./b-ropes.md#top) | Ada Lighthouse |\n| | | [Gulls on Call](a-gulls.md) | Bo Pier |\n";
    for (index, room) in [(list, None), (table, Some("R1"))] {
        let collection = indexed(index, TIDES);
        assert_eq!(collection.notes.len(), 3, "{:?}", titles(&collection));
        let tides = note(&collection, "Tides");
        assert_eq!(tides.speakers[0].name, "Mira Quell");
        assert_eq!(tides.speakers[0].organization.as_deref(), Some("Harbor Labs"));
        assert_eq!(tides.day.as_deref(), Some("2031-05-14"));
        let times = (tides.start_time.as_deref(), tides.end_time.as_deref());
        assert_eq!((times, tides.room.as_deref()), ((Some("09:30"), Some("10:15")), room));
        let order = ["Tides", "Ropes", "Gulls"].map(|title| note(&collection, title).order);
        assert_eq!(order, [Some(1), Some(2), Some(3)], "that of the index, not of the files");
    }
}

#[test]
fn what_a_file_says_itself_wins_over_its_index() {
    let list = "- 09:30-10:15 [Tides of Traffic](c-tides.md) - Mira Quell (Harbor Labs)\n- 10:30 [Ropes and Knots](b-ropes.md) - Ada Lighthouse\n- [Gulls on Call](a-gulls.md) - Bo Pier\n";
    let own = "---\ntitle: Tides of Traffic\nspeakers: [Cy Moorage]\nday: 2031-05-15\nstartTime: 14:00\nendTime: 15:00\nroom: Mole\norder: 7\n---\n- water\n";
    let collection = indexed(list, own);
    let tides = note(&collection, "Tides");
    let names: Vec<&str> = tides.speakers.iter().map(|speaker| speaker.name.as_str()).collect();
    assert_eq!(names, ["Cy Moorage"]);
    assert_eq!((tides.day.as_deref(), tides.order), (Some("2031-05-15"), Some(7)));
    let times = (tides.start_time.as_deref(), tides.end_time.as_deref());
    assert_eq!((times, tides.room.as_deref()), ((Some("14:00"), Some("15:00")), Some("Mole")));
    let same = TIDES.replace("- water", "Speaker: Mira Quell\n\n- water");
    let speaker = note(&indexed(list, &same), "Tides").speakers[0].clone();
    assert_eq!(speaker.organization.as_deref(), Some("Harbor Labs"), "the index completes it");
}

#[test]
fn an_index_of_an_event_gives_its_summit_to_files_that_name_none() {
    let index = "Harbor Days 2031 notes\n===\n\nAll of it.\n\n- Day 1 (2031-05-14)\n  - [Tides of Traffic](/notes/tides) - Mira Quell\n  - [Ropes and Knots](notes/ropes.md) - Bo Pier\n";
    let collection = read_all(&[
        ("README.md", index),
        ("notes/tides.md", TIDES),
        ("notes/ropes.md", "---\nsummit: pier-days\n---\n# Ropes and Knots\n\n- tie\n"),
    ]);
    let summit = |title: &str| note(&collection, title).summit_ref.as_ref().unwrap().name.clone();
    assert_eq!(summit("Tides"), "harbor-days-2031-notes");
    assert_eq!(summit("Ropes"), "pier-days", "what the file says itself");
    let found = collection.summits.iter().find(|summit| summit.name == "harbor-days-2031-notes");
    let spec = &found.unwrap().spec;
    assert_eq!(spec.title, "Harbor Days 2031 notes");
    assert!(spec.overview.as_ref().unwrap().contains("All of it."), "{spec:?}");
}

#[test]
fn a_list_of_related_talks_is_no_index() {
    let related = "# Tides of Traffic\n\nSpeaker: Mira Quell\n\n- water\n\n## Related talks\n\n- [Gulls on Call](a-gulls.md) - slides by Nia Berth\n- [Ropes and Knots](b-ropes.md)\n";
    let collection = indexed("Nothing is listed here.\n", related);
    assert_eq!(note(&collection, "Gulls").speakers, []);
    assert_eq!(note(&collection, "Gulls").order, Some(1), "the order of the files");
}

/// The start times on the agenda of the only summit.
fn agenda(collection: &Collection) -> Vec<(Option<String>, Option<String>)> {
    let card = |note: &talknotes::document::Imported<TalkNoteSpec>| {
        talknotes::render::Card::new(&note.name, &note.spec)
    };
    let mut cards: Vec<_> = collection.notes.iter().map(card).collect();
    cards.reverse();
    let summit = &collection.summits[0];
    let rendered = talknotes::render::summit(&summit.name, &summit.spec, cards);
    rendered.document.agenda.into_iter().map(|card| (card.day, card.start_time)).collect()
}

#[test]
fn a_day_of_a_programme_goes_on_after_midnight() {
    let talk = |(time, title): (&str, &str)| format!("## {time} {title} - Mira Quell\n\n* x\n\n");
    let first = [
        ("09:30-10:15", "Opening the locks"),
        ("23:30-00:15", "Lamps at low tide"),
        ("00:30-01:30", "Stars for rowers"),
        ("02:00", "Shanties until dawn"),
    ];
    let second =
        [("06:00", "A swim before breakfast"), ("10:00", "Morning tide"), ("24:30", "Last ferry")];
    let text = format!(
        "# 2031-05-14\n\n{}# 2031-05-15\n\n{}",
        first.map(talk).concat(),
        second.map(talk).concat()
    );
    let collection = read_one("pier-nights-2031.md", &text);
    assert_eq!(codes(&collection), []);
    let expected = [
        ("2031-05-14", "09:30"),
        ("2031-05-14", "23:30"),
        ("2031-05-14", "00:30"),
        ("2031-05-14", "02:00"),
        ("2031-05-15", "06:00"),
        ("2031-05-15", "10:00"),
        ("2031-05-15", "24:30"),
    ];
    let expected = expected.map(|(day, time)| (Some(day.to_owned()), Some(time.to_owned())));
    assert_eq!(agenda(&collection), expected);
}
