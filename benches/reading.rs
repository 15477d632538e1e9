//! What reading costs beside parsing the same bytes, and a revision beside the first one: `make bench-reading`, explained in
//! `docs/benchmarks.md`. Ratios are of times in one run on one thread, the best of several rounds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark")]
#![allow(clippy::indexing_slicing, missing_docs, dead_code, reason = "a benchmark")]

#[path = "../tests/support/corpus.rs"]
mod corpus;
#[path = "publish/notes.rs"]
mod notes;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use comrak::{Arena, Options, parse_document};
use talknotes::document::{Loaded, ReadOptions, Readings, SourceFile, read};

/// Rounds of which the best counts; of what takes longer than [`LONG`] there is one.
const ROUNDS: usize = 5;
const LONG: Duration = Duration::from_secs(2);

/// Sets of documents that are read together.
type Sets = Vec<Vec<SourceFile>>;

fn main() {
    // `cargo test --benches` runs benchmarks, too, without this argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        eprintln!("this is a benchmark: run it with make bench-reading");
        return;
    }
    let largest = std::env::var("BENCH_TALKS").ok().and_then(|count| count.parse().ok());
    println!("Reading against comrak's parse of the same bytes (target: a ratio of 8)\n");
    println!(
        "{:<28}{:>10}{:>12}{:>12}{:>9}",
        "documents", "KiB", "comrak MB/s", "read MB/s", "ratio"
    );
    against_parser("corpus", &corpus_sets());
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/notes");
    if shared.is_dir() {
        against_parser("notes, ten copies", &copies(&corpus::below(&shared), 10));
    }
    for talks in [1000, 10_000].into_iter().filter(|count| *count <= largest.unwrap_or(10_000)) {
        for each in [200, 50, 1] {
            let name = format!("{talks} talks, {each} a document");
            against_parser(&name, &vec![notes::documents_of(talks, each)]);
        }
    }
    println!("\nA revision with one changed document against the first\n");
    println!(
        "{:<28}{:>10}{:>12}{:>9}{:>12}{:>12}",
        "documents", "first ms", "second ms", "share", "kept KiB", "texts KiB"
    );
    for each in [50, 1] {
        revisions(&format!("1000 talks, {each} a document"), notes::documents_of(1000, each));
    }
}

fn against_parser(name: &str, sets: &Sets) {
    let bytes: usize = sets.iter().flatten().map(|file| file.content.len()).sum();
    let parsed = best(|| sets.iter().flatten().for_each(parse));
    let taken =
        best(|| sets.iter().for_each(|files| drop(black_box(read(files, ReadOptions::default())))));
    let rate = |time: Duration| bytes as f64 / time.as_secs_f64() / 1e6;
    let ratio = taken.as_secs_f64() / parsed.as_secs_f64();
    println!(
        "{name:<28}{:>10}{:>12.1}{:>12.2}{ratio:>9.1}",
        bytes / 1024,
        rate(parsed),
        rate(taken)
    );
}

fn parse(file: &SourceFile) {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    black_box(parse_document(&arena, &String::from_utf8_lossy(&file.content), &options));
}

fn revisions(name: &str, mut files: Vec<SourceFile>) {
    let mut readings = Readings::default();
    let begin = Instant::now();
    black_box(readings.read_changes(&Loaded::new(&files), &ReadOptions::default())).unwrap();
    let first = begin.elapsed();
    let mut edit = 0;
    let second = best(|| {
        edit += 1;
        files[0].content.extend(format!("\nEdit {edit}.\n").bytes());
        black_box(readings.read_changes(&Loaded::new(&files), &ReadOptions::default())).unwrap();
    });
    let (first, second) = (first.as_secs_f64() * 1e3, second.as_secs_f64() * 1e3);
    let (kept, texts) =
        (readings.weight() / 1024, files.iter().map(|f| f.content.len()).sum::<usize>() / 1024);
    println!("{name:<28}{first:>10.1}{second:>12.2}{:>9.3}{kept:>12}{texts:>12}", second / first);
}

/// The time that work takes on a thread of its own, which knows no answers about texts yet.
fn best(mut work: impl FnMut() + Send) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let timed = || {
            let begin = Instant::now();
            work();
            begin.elapsed()
        };
        best = best.min(std::thread::scope(|scope| scope.spawn(timed).join().unwrap()));
        if best > LONG {
            break;
        }
    }
    best
}

fn corpus_sets() -> Sets {
    let cases = corpus::cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"));
    let set =
        |case: &std::path::PathBuf| corpus::documents(case, corpus::expected(case).path.as_deref());
    cases.iter().map(set).collect()
}

/// Each document alone, several times.
fn copies(files: &[SourceFile], count: usize) -> Sets {
    files.iter().flat_map(|file| vec![vec![file.clone()]; count]).collect()
}
