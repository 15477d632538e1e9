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

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use corpus::{cases, documents, expected, root, style};
use talknotes::api::{Speaker, TalkNoteSpec};
use talknotes::document::{ReadOptions, read};

/// What each style and all of them together must reach. Nobody is ever invented.
const FLOORS: Floors = Floors { title_f1: 0.97, speakers: 0.95, days: 0.95 };

struct Floors {
    title_f1: f64,
    speakers: f64,
    days: f64,
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
    let expected = expected(case);
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
