//! A revision that is read after another one gives what it would give alone, whatever changed between them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code
)]

#[path = "support/corpus.rs"]
mod corpus;

use std::borrow::Cow;
use std::cell::RefCell;
use std::convert::Infallible;
use std::path::Path;

use fastrand::Rng;
use talknotes::api::{DraftPolicy, Format, ReadingRule, TalkKind};
use talknotes::document::{
    Collection, ContentId, Files, KeepingRoom, Loaded, RULES_FILE, ReadOptions, Readings,
    SourceFile, read,
};

/// Edits after each of which everything is read.
const EDITS: usize = 40;

/// Largest document that is edited, in bytes: unoptimized reading takes its time.
const LARGEST: usize = 1500;

/// Lines that change what a document is about or what it tells of others.
const LINES: [&str; 14] = [
    "# Harbor Days 2031",
    "## Tides of Traffic - Mira Quell",
    "### Ropes, and why they hold",
    "# 2031-05-14",
    "Speaker: Bo Pier",
    "- [Knots that hold](2-maps.md) - Ada Example",
    "* 09:30 [Lamps](../harbor/index.md), Room B",
    "| Title | Speaker |\n| --- | --- |\n| Waves and their names | Nora Quill |",
    "---\ntitle: Lanterns\nspeaker: Nora Quill\ndraft: true\n---",
    "---\ntitle: Beacons - Bo Pier\nexpiryDate: 2031-06-01T00:00:00Z\n---",
    "---\ntitle: Harbor Days 2031\npublishDate: 2031-06-02T00:00:00Z\n---\n\n- [Maps](1-tides.md) 10:00",
    "**Buoys that sing** - Cy Mole",
    "text\n---",
    "```",
];

const RULES: [&str; 4] = [
    "rules:\n- talks: {at: Heading, level: 2}\n",
    "rules:\n- paths: ['2031/**']\n  kind: Panel\n- days: {startDate: 2031-05-14}\n",
    "rules:\n- speakers: {at: [None]}\n  language: fr\n",
    "rules: [\n",
];

#[test]
fn a_revision_gives_what_it_gives_alone() {
    for seed in 0..4 {
        let mut rng = Rng::with_seed(seed);
        let mut files = documents(&mut rng);
        // As if there were room for the structure of none, of some, or of all documents.
        let held = [0, 2000, usize::MAX][seed as usize % 3];
        let (mut whole, mut changes) = (Readings::default(), Readings::default().holding(held));
        for edit in 0..EDITS {
            let said = format!("seed {seed}, edit {edit}: {}", change(&mut files, &mut rng));
            let options = options(&mut rng);
            let alone = read(&files, options.clone());
            assert_same(&whole.read(&files, &options), &alone, &said);
            let loaded = Loaded::new(&files);
            let Ok(mut again) = changes.read_changes(&loaded, &options);
            complete(&mut again, &loaded);
            assert_same(&again, &alone, &said);
        }
    }
}

/// Files that count how often they are read.
struct Counted<'f> {
    files: Loaded<'f>,
    read: RefCell<Vec<String>>,
}

impl<'f> Counted<'f> {
    fn new(files: &'f [SourceFile]) -> Self {
        Self { files: Loaded::new(files), read: RefCell::default() }
    }

    /// What was read since the last time.
    fn taken(&self) -> Vec<String> {
        let mut read = self.read.take();
        read.retain(|path| path != RULES_FILE);
        read
    }
}

impl Files for Counted<'_> {
    type Error = Infallible;

    fn list(&self) -> Vec<(&str, ContentId)> {
        self.files.list()
    }

    fn read(&self, path: &str) -> Result<Option<Cow<'_, [u8]>>, Infallible> {
        self.read.borrow_mut().push(path.to_owned());
        self.files.read(path)
    }
}

#[test]
fn only_what_changed_is_read_and_what_becomes_one_with_others() {
    let file = |path: &str, text: &str| SourceFile { path: path.into(), content: text.into() };
    let talk = |title: &str, text: &str| {
        format!("---\ntitle: {title}\nsummit: Harbor Days 2031\nspeakers: [Bo Pier]\n---\n{text}\n")
    };
    let mut files = vec![
        file("a.md", &talk("Ropes that hold", "Hemp.")),
        file("b.md", &talk("Tides of traffic", "Water.")),
        file("c.md", &talk("Lamps and lenses", "Light.")),
    ];
    let mut readings = Readings::default();
    let mut expect = |files: &[SourceFile], read: &[&str]| {
        let counted = Counted::new(files);
        let Ok(mut collection) = readings.read_changes(&counted, &ReadOptions::default());
        assert_eq!(counted.taken(), read);
        complete(&mut collection, &counted.files);
        assert_same(&collection, &talknotes::document::read(files, ReadOptions::default()), "");
    };
    expect(&files, &["a.md", "b.md", "c.md"]);
    expect(&files, &[]);
    files[1].content = talk("Tides of traffic", "More water.").into();
    expect(&files, &["b.md"]);
    // The same talk as that of the first document, which must be read again to join the texts.
    files[2].content = talk("Ropes that hold", "Nylon.").into();
    expect(&files, &["c.md", "a.md", "c.md"]);
    files[1].content = talk("Tides of traffic", "Still water.").into();
    expect(&files, &["a.md", "b.md", "c.md"]);
    files[2].content = talk("Lamps and lenses", "Light.").into();
    expect(&files, &["a.md", "c.md"]);
    expect(&files, &[]);
}

/// Reads the texts that were not read.
fn complete(collection: &mut Collection, files: &Loaded<'_>) {
    for note in &mut collection.notes {
        if let Some(text) = note.text.take() {
            let Ok(content) = files.read(&text.document);
            note.spec.markdown = Some(text.within(&content.unwrap()));
        }
    }
}

#[test]
fn what_is_kept_is_less_than_the_texts_and_goes_with_its_documents() {
    let talk =
        format!("# Tides of Traffic - Mira Quell\n\n{}", "Water finds a way.\n\n".repeat(500));
    let file =
        |name: usize| SourceFile { path: format!("2031/{name}.md"), content: talk.clone().into() };
    let files: Vec<SourceFile> = (0..20).map(file).collect();
    let mut readings = Readings::default();
    readings.read(&files, &ReadOptions::default());
    let all = readings.weight();
    assert!(all > 0 && all < 20 * talk.len() / 2, "{all} of {}", 20 * talk.len());
    readings.read(&files[..5], &ReadOptions::default());
    assert!(readings.weight() * 3 < all);
    readings.read(&[], &ReadOptions::default());
    assert_eq!(readings.weight(), 0);
}

#[test]
fn several_repositories_share_one_room() {
    let talk = format!("# Tides of Traffic - Mira Quell\n\n{}", "Water finds a way.\n".repeat(5));
    let file = |name: usize| SourceFile {
        path: format!("2031/{}-{name}.md", "x".repeat(10_000)),
        content: talk.clone().into(),
    };
    let files: Vec<SourceFile> = (0..1000).map(file).collect();
    let room = KeepingRoom::default();
    let mut first = Readings::within(&room);
    first.read(&files, &ReadOptions::default());
    let alone = first.weight();
    let mut second = Readings::within(&room);
    second.read(&files, &ReadOptions::default());
    assert!(alone > 0 && second.weight() < alone, "{alone}, {}", second.weight());
    drop(first);
    second.read(&files, &ReadOptions::default());
    assert_eq!(second.weight(), alone, "what one gives back is there for the other");
}

#[track_caller]
fn assert_same(again: &Collection, alone: &Collection, said: &str) {
    assert_eq!(again.notes, alone.notes, "{said}");
    assert_eq!(again.diagnostics, alone.diagnostics, "{said}");
    assert_eq!(again, alone, "{said}");
}

/// Some documents of the corpus, each at a path of its own.
fn documents(rng: &mut Rng) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files = Vec::new();
    let mut cases = corpus::cases(&root);
    rng.shuffle(&mut cases);
    for (number, case) in cases.iter().take(10).enumerate() {
        let found = corpus::documents(case, corpus::expected(case).path.as_deref());
        let small = found.into_iter().filter(|file| file.content.len() <= LARGEST).take(3);
        files.extend(
            small.map(|file| SourceFile { path: format!("{number}/{}", file.path), ..file }),
        );
    }
    files
}

/// Changes one thing, and says what.
fn change(files: &mut Vec<SourceFile>, rng: &mut Rng) -> String {
    let path = format!(
        "{}/{}",
        rng.choice(["2031", "harbor", "2031/_drafts", "0", "1"]).unwrap(),
        name(rng)
    );
    let at = rng.usize(..files.len());
    match rng.u8(..8) {
        0 if files.len() > 4 => format!("without {}", files.swap_remove(at).path),
        1 if !files.iter().any(|file| file.path == path) => {
            let said = format!("{} becomes {path}", files[at].path);
            files[at].path = path;
            said
        }
        2 if !files.iter().any(|file| file.path == path) => {
            let said = format!("with {path}");
            files.push(SourceFile { path, content: text(rng).into_bytes() });
            said
        }
        3 => {
            files.retain(|file| file.path != RULES_FILE);
            let rules = rng.choice(RULES).filter(|_| rng.bool());
            let file = |rules: &str| SourceFile { path: RULES_FILE.into(), content: rules.into() };
            files.extend(rules.map(file));
            format!("rules {rules:?}")
        }
        _ => {
            let old = String::from_utf8_lossy(&files[at].content).into_owned();
            let mut lines: Vec<&str> = old.lines().collect();
            let line = rng.usize(..=lines.len());
            if rng.bool() && line < lines.len() {
                lines.remove(line);
            } else {
                lines.insert(line, rng.choice(LINES).unwrap());
            }
            files[at].content = (lines.join("\n") + "\n").into_bytes();
            format!("line {line} of {}", files[at].path)
        }
    }
}

fn name(rng: &mut Rng) -> &'static str {
    rng.choice(["index.md", "README.md", "1-tides.md", "2-maps.md", "2031-05-14.md", "notes.yaml"])
        .unwrap()
}

fn text(rng: &mut Rng) -> String {
    let lines: Vec<&str> = (0..rng.usize(1..8)).map(|_| rng.choice(LINES).unwrap()).collect();
    lines.join("\n\n") + "\n"
}

fn options(rng: &mut Rng) -> ReadOptions {
    // What a document holds back depends on the time that it is.
    let times = ["2031-05-31T00:00:00Z", "2031-06-01T12:00:00Z", "2031-06-03T00:00:00Z"];
    let now = rng.choice(times).filter(|_| rng.bool()).map(|time| time.parse().unwrap());
    if rng.u8(..4) > 0 {
        return ReadOptions { now, ..ReadOptions::default() };
    }
    let rule = ReadingRule { kind: Some(TalkKind::Workshop), ..ReadingRule::default() };
    ReadOptions {
        format: rng.choice([Format::Auto, Format::HackMD, Format::Hugo]).unwrap(),
        drafts: rng.choice([DraftPolicy::Hide, DraftPolicy::Publish]).unwrap(),
        rules: if rng.bool() { vec![rule] } else { Vec::new() },
        namespace: rng.bool().then(|| "summits".to_owned()),
        now,
    }
}
