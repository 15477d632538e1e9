//! How well talks are found in notes that nobody prepared: `cargo test --test corpus -- --nocapture`
//! prints a table per style, and fails with
//! the name of a style that falls below the floors. A case is a document `<name>.md` with `<name>.json` beside it, or a
//! folder `<name>/` of documents with `<name>.json` beside it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use talknotes::api::{Speaker, TalkNoteSpec};
use talknotes::document::{ReadOptions, SourceFile, read};

/// What each style and all of them together must reach. Nobody is ever invented.
const FLOORS: Floors = Floors { title_f1: 0.97, speakers: 0.95, days: 0.95 };

struct Floors {
    title_f1: f64,
    speakers: f64,
    days: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Expected {
    /// Path of the document in its repository; the name of the file where it is absent.
    path: Option<String>,
    talks: Vec<ExpectedTalk>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ExpectedTalk {
    title: String,
    speakers: Vec<Speaker>,
    day: Option<String>,
    /// A reader could not tell the day, so that any is right.
    #[serde(default)]
    any_day: bool,
}

#[derive(Clone, Copy, Default)]
struct Score {
    expected: usize,
    found: usize,
    matched: usize,
    speakers: usize,
    invented: usize,
    days: usize,
}

impl Score {
    fn add(&mut self, other: Self) {
        self.expected += other.expected;
        self.found += other.found;
        self.matched += other.matched;
        self.speakers += other.speakers;
        self.invented += other.invented;
        self.days += other.days;
    }

    fn recall(self) -> f64 {
        rate(self.matched, self.expected)
    }

    fn precision(self) -> f64 {
        rate(self.matched, self.found)
    }

    fn title_f1(self) -> f64 {
        let (recall, precision) = (self.recall(), self.precision());
        if self.expected == 0 {
            return f64::from(u8::from(self.found == 0));
        }
        if recall + precision == 0.0 {
            0.0
        } else {
            2.0 * recall * precision / (recall + precision)
        }
    }
}

fn rate(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[test]
fn talks_are_found_in_documents_of_all_styles() {
    let mut styles: BTreeMap<String, Score> = BTreeMap::new();
    let root = root();
    for case in cases(&root) {
        styles.entry(style(&root, &case)).or_default().add(score(&case));
    }
    let mut all = Score::default();
    println!(
        "{:<18}{:>7}{:>8}{:>8}{:>8}{:>10}{:>10}{:>7}",
        "style", "talks", "recall", "precis", "F1", "speakers", "invented", "days"
    );
    for (style, score) in &styles {
        print(style, *score);
        all.add(*score);
    }
    print("all", all);
    let held_out = std::env::var_os("TALKNOTES_CORPUS").is_some();
    assert!(held_out || (styles.len() > 10 && all.expected > 100), "the corpus is gone");
    let faults: Vec<String> = styles
        .iter()
        .map(|(style, score)| (style.as_str(), *score))
        .chain([("all", all)])
        .flat_map(|(style, score)| faults(style, score))
        .collect();
    assert!(faults.is_empty(), "below the floors:\n{}", faults.join("\n"));
}

/// What of a style is below the floors.
fn faults(style: &str, score: Score) -> Vec<String> {
    let rates = [
        ("title F1", score.title_f1(), FLOORS.title_f1),
        ("exact speakers", rate(score.speakers, score.matched), FLOORS.speakers),
        ("days", rate(score.days, score.matched), FLOORS.days),
    ];
    let low = rates.into_iter().filter(|(_, rate, floor)| rate < floor);
    let mut faults: Vec<String> =
        low.map(|(what, rate, floor)| format!("{style}: {what} {rate:.3} < {floor}")).collect();
    if score.invented > 0 {
        faults.push(format!("{style}: {} invented speakers", score.invented));
    }
    faults
}

fn print(style: &str, score: Score) {
    println!(
        "{style:<18}{:>7}{:>8.2}{:>8.2}{:>8.2}{:>10.2}{:>10}{:>7.2}",
        score.expected,
        score.recall(),
        score.precision(),
        score.title_f1(),
        rate(score.speakers, score.matched),
        score.invented,
        rate(score.days, score.matched)
    );
}

/// Compares what a case gives with what it should, and prints each difference.
fn score(case: &Path) -> Score {
    let expected: Expected = serde_json::from_str(&std::fs::read_to_string(case).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let collection = read(&documents(case, expected.path.as_deref()), ReadOptions::default());
    let mut found: Vec<TalkNoteSpec> = collection.notes.into_iter().map(|note| note.spec).collect();
    let mut score =
        Score { expected: expected.talks.len(), found: found.len(), ..Score::default() };
    let name = case.display();
    for talk in &expected.talks {
        let Some(at) = found.iter().position(|note| same_title(&note.title, &talk.title)) else {
            println!("{name}: missed {:?}", talk.title);
            continue;
        };
        let note = found.remove(at);
        score.matched += 1;
        if set(&note.speakers) == set(&talk.speakers) {
            score.speakers += 1;
        } else {
            println!("{name}: speakers of {:?}: {:?}", talk.title, show(&note.speakers));
            score.invented += usize::from(invents(&note.speakers, &talk.speakers));
        }
        if talk.any_day || note.day == talk.day {
            score.days += 1;
        } else {
            println!("{name}: day of {:?}: {:?}", talk.title, note.day);
        }
    }
    for note in &found {
        println!("{name}: not a talk {:?}", note.title);
    }
    score
}

/// The documents of a case, which stands at the path of its expectations.
fn documents(case: &Path, path: Option<&str>) -> Vec<SourceFile> {
    let folder = case.with_extension("");
    if folder.is_dir() {
        return files(&folder)
            .into_iter()
            .map(|file| SourceFile {
                path: file.strip_prefix(&folder).unwrap().to_string_lossy().into_owned(),
                content: std::fs::read(&file).unwrap(),
            })
            .collect();
    }
    let file = case.with_extension("md");
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    vec![SourceFile {
        path: path.map_or(name, str::to_owned),
        content: std::fs::read(&file).unwrap(),
    }]
}

fn same_title(a: &str, b: &str) -> bool {
    let key = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    key(a) == key(b)
}

fn show(speakers: &[Speaker]) -> Vec<String> {
    speakers
        .iter()
        .map(|s| {
            // A handle is the same with its mark and without.
            let bare = |name: &str| name.strip_prefix('@').unwrap_or(name).to_owned();
            format!(
                "{} ({}) / {}",
                bare(&s.name),
                bare(s.alias.as_deref().unwrap_or_default()),
                s.organization.as_deref().unwrap_or_default()
            )
        })
        .collect()
}

fn set(speakers: &[Speaker]) -> BTreeSet<String> {
    show(speakers).into_iter().collect()
}

/// Whether a name is there that is nobody's.
fn invents(found: &[Speaker], expected: &[Speaker]) -> bool {
    let bare = |speaker: &Speaker| speaker.name.trim_start_matches('@').to_owned();
    found.iter().any(|speaker| expected.iter().all(|known| bare(known) != bare(speaker)))
}

/// The folder of the cases: this repository's, or another one such as of cases held out.
fn root() -> PathBuf {
    std::env::var_os("TALKNOTES_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"), PathBuf::from)
}

/// The style of a case: the folder that it is in, or in a folder without styles its name up to the
/// first `-`.
fn style(root: &Path, case: &Path) -> String {
    let folder = case.parent().unwrap();
    let name = if folder == root { case.file_stem() } else { folder.file_name() };
    let name = name.unwrap().to_string_lossy().into_owned();
    if folder == root { name.split('-').next().unwrap().to_owned() } else { name }
}

/// The expectations of all cases: in the folder itself, or in a folder for each style.
fn cases(root: &Path) -> Vec<PathBuf> {
    let is_case = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let found = std::fs::read_dir(folder).into_iter().flatten();
        found.map(|entry| entry.unwrap().path()).collect()
    };
    let mut cases: Vec<PathBuf> = entries(root)
        .into_iter()
        .flat_map(|path| if path.is_dir() { entries(&path) } else { vec![path] })
        .filter(is_case)
        .collect();
    cases.sort();
    cases
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}
