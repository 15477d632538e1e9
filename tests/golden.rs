//! Everything that reading says of the documents that there are, held as text in `tests/golden`: what a change of the
//! code changes is seen in review, line by line. `UPDATE_GOLDEN=1` (`make golden`) writes the files anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code
)]

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use similar::TextDiff;
use talknotes::api::names::hex_digest;
use talknotes::api::{Format, ReadingRule};
use talknotes::document::{
    Collection, Explanation, Imported, Metadata, ReadOptions, ReadingScore, SourceFile,
    SourcePlace, explain, read, rules,
};
use talknotes::lint;

/// Lines of a difference that a failure shows.
const SHOWN: usize = 60;

#[test]
fn of_the_corpus() {
    let root = repository().join("tests/corpus");
    let mut styles: BTreeMap<String, String> = BTreeMap::new();
    for case in corpus::cases(&root) {
        let documents = corpus::documents(&case, corpus::expected(&case).path.as_deref());
        let name = case.file_stem().unwrap().to_string_lossy().into_owned();
        let text = styles.entry(corpus::style(&root, &case)).or_default();
        *text += &titled(&name, &documents);
    }
    assert!(styles.len() > 10, "the corpus is gone");
    for (style, text) in &styles {
        holds(&format!("corpus/{style}"), text);
    }
    let known = corpus::files(&repository().join("tests/golden/corpus"));
    for file in known {
        let style = file.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(styles.contains_key(&style), "{} is of no style: remove it", file.display());
    }
}

#[test]
fn of_the_examples() {
    let examples = repository().join("examples");
    let mut text = String::new();
    for folder in ["notes", "manifests"] {
        text += &titled(folder, &corpus::below(&examples.join(folder)));
    }
    holds("examples", &text);
}

#[test]
fn of_the_pages_of_diagnostics() {
    let mut text = String::new();
    for page in lint::explained() {
        for (part, documents) in parts(&page.page) {
            text += &titled(&format!("{} {part}", page.code), &documents);
        }
    }
    holds("diagnostics", &text);
}

/// Documents that are not part of the repository, so that it holds only digests of what is said of them.
#[test]
fn of_the_shared_notes() {
    let beside = repository().join("../shared/notes");
    let folder = std::env::var_os("TALKNOTES_SHARED_NOTES").map_or(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: there is no {}", folder.display());
        return;
    }
    let mut text = String::new();
    for document in corpus::below(&folder) {
        let digest = hex_digest(titled(&document.path, std::slice::from_ref(&document)).as_bytes());
        writeln!(text, "{digest} {}", document.path).unwrap();
    }
    holds("shared-notes", &text);
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares what is said now with what is held under `name`, or holds it.
#[track_caller]
fn holds(name: &str, now: &str) {
    let path = repository().join("tests/golden").join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, now).unwrap();
        return;
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    if held != now {
        let diff = TextDiff::from_lines(held.as_str(), now).unified_diff().to_string();
        let shown: Vec<&str> = diff.lines().take(SHOWN).collect();
        panic!(
            "{name} is read otherwise; if that is meant, run `make golden`\n{}",
            shown.join("\n")
        );
    }
}

/// The documents in the fences of a page, those under one heading together.
fn parts(page: &str) -> BTreeMap<String, Vec<SourceFile>> {
    let mut parts: BTreeMap<String, Vec<SourceFile>> = BTreeMap::new();
    let (mut part, mut open) = (String::new(), false);
    for line in page.lines() {
        match line.strip_prefix("````") {
            Some("") => open = false,
            Some(info) => {
                let path = info.split(' ').nth(1).unwrap_or("document.md").to_owned();
                let file = SourceFile { path, content: Vec::new() };
                parts.entry(part.clone()).or_default().push(file);
                open = true;
            }
            None if open => {
                let file = parts.get_mut(&part).and_then(|files| files.last_mut()).unwrap();
                file.content.extend(line.bytes().chain(*b"\n"));
            }
            None => part = line.strip_prefix("## ").map_or(part, str::to_owned),
        }
    }
    parts
}

/// All that is said of documents, under a heading.
fn titled(name: &str, documents: &[SourceFile]) -> String {
    let mut text = format!("== {name}\n");
    collection(&mut text, read(documents, ReadOptions::default()));
    for explanation in explain(documents, ReadOptions::default()) {
        explained(&mut text, explanation);
    }
    let rules = rules(documents, Format::Auto).unwrap();
    let rules = rules.lines().skip_while(|line| !line.starts_with("rules:"));
    rules.for_each(|line| writeln!(text, "  {line}").unwrap());
    text + "\n"
}

fn collection(text: &mut String, found: Collection) {
    // Taken apart, so that a field that is added is not forgotten here.
    let Collection {
        summits,
        notes,
        diagnostics,
        unreadable,
        withheld,
        detected,
        documents,
        readings,
        overviews,
        images,
    } = found;
    writeln!(text, "documents {documents}").unwrap();
    summits.iter().for_each(|summit| object(text, "summit", summit));
    overviews.iter().for_each(|(name, paths)| writeln!(text, "overview {name} {paths:?}").unwrap());
    notes.iter().for_each(|note| object(text, "note", note));
    for told in diagnostics {
        let (line, column) = (told.line.unwrap_or(0), told.column.unwrap_or(0));
        let (path, code, message) = (told.path, told.code, told.message);
        writeln!(text, "{} {code} {path}:{line}:{column} {message}", told.severity).unwrap();
    }
    unreadable.iter().for_each(|path| writeln!(text, "unreadable {path}").unwrap());
    withheld.iter().for_each(|path| writeln!(text, "withheld {path}").unwrap());
    detected.iter().for_each(|path| writeln!(text, "detected {path}").unwrap());
    for counted in readings {
        let (documents, talks) = (counted.documents, counted.talks);
        let by = json(&counted.by);
        writeln!(text, "{} (by {by}): {talks} talks in {documents}", counted.reading).unwrap();
    }
    assert!(images.is_empty(), "reading attaches no images");
}

fn object<S: Serialize>(text: &mut String, kind: &str, object: &Imported<S>) {
    let Imported { name, spec, metadata, path, line, also, text: _ } = object;
    write!(text, "{kind} {name} {path}:{line}").unwrap();
    also.iter().for_each(|SourcePlace { path, line }| write!(text, " +{path}:{line}").unwrap());
    let mut spec = serde_json::to_value(spec).unwrap();
    for field in ["markdown", "overview"] {
        if let Some(serde_json::Value::String(markdown)) = spec.get_mut(field) {
            let digest: String = hex_digest(markdown.as_bytes()).chars().take(12).collect();
            *markdown = format!("{digest}, {} bytes", markdown.len());
        }
    }
    writeln!(text, "\n  {}", json(&spec)).unwrap();
    if metadata != &Metadata::default() {
        writeln!(text, "  {metadata:?}").unwrap();
    }
}

fn explained(text: &mut String, explanation: Explanation) {
    let Explanation { path, chosen, runner_up, threshold: _, unsure, decided, detected } =
        explanation;
    writeln!(text, "why {path}").unwrap();
    for (place, score) in [("chosen", chosen), ("second", runner_up)] {
        let Some(ReadingScore { reading, score, confidence: _, evidence }) = score else {
            continue;
        };
        write!(text, "  {place}: {reading}, {score:.2}").unwrap();
        evidence.iter().for_each(|(what, points)| write!(text, "; {points:+.2} {what}").unwrap());
        text.push('\n');
    }
    if unsure {
        text.push_str("  not sure\n");
    }
    decided.iter().for_each(|(part, rule)| writeln!(text, "  {part} by {rule}").unwrap());
    if detected != ReadingRule::default() {
        writeln!(text, "  as a rule: {}", json(&detected)).unwrap();
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}
