//! Two real documents, where they are at hand. Nothing of their text stands here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::workspace::{Run, Workspace, of_kind, texts};

/// A real document; `None`, with a printed line, where it is absent.
fn shared(name: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/notes");
    let folder = std::env::var_os("TALKNOTES_SHARED_NOTES").map_or(beside, PathBuf::from);
    let path = folder.join(name);
    if !path.is_file() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn import(name: &str) -> Option<(Run, Vec<Value>)> {
    let path = shared(name)?;
    let path = path.to_str().expect("a path in UTF-8");
    let json = Workspace::new().run(&["import", path, "-o", "json"]).exits(0);
    let manifests = json.json();
    let yaml = Workspace::new().run(&["import", path, "-o", "yaml"]).exits(0);
    assert_eq!(yaml.yaml(), manifests, "the same objects in both formats");
    assert!(!json.stderr().contains("error"), "{}", json.stderr());
    Some((json, manifests))
}

fn tally(texts: Vec<String>) -> BTreeMap<String, usize> {
    texts.into_iter().fold(BTreeMap::new(), |mut tally, text| {
        *tally.entry(text).or_default() += 1;
        tally
    })
}

fn tally_of(pairs: &[(&str, usize)]) -> BTreeMap<String, usize> {
    pairs.iter().map(|(text, count)| ((*text).to_owned(), *count)).collect()
}

#[test]
fn the_document_of_2023_is_one_summit_with_eighteen_talks() {
    let Some((_, manifests)) = import("k8s-summit-2023.md") else { return };
    let (summits, talks) = (of_kind(&manifests, "Summit"), of_kind(&manifests, "TalkNote"));
    assert_eq!((summits.len(), talks.len()), (1, 18));
    assert_eq!(texts(&summits, "/spec/startDate"), ["2023-10-25"]);
    assert_eq!(texts(&summits, "/spec/endDate"), ["2023-10-26"]);
    let days = tally(texts(&talks, "/spec/day"));
    assert_eq!(days, tally_of(&[("2023-10-25", 9), ("2023-10-26", 9)]));
    assert_eq!(texts(&talks, "/spec/speakers/0/name").len(), 17);
    assert!(talks.iter().all(|talk| talk.pointer("/spec/speakers/1").is_none()));
    let summit = texts(&summits, "/metadata/name");
    assert_eq!(tally(texts(&talks, "/spec/summitRef/name")), tally_of(&[(&summit[0], 18)]));
    assert_eq!(tally(texts(&talks, "/metadata/name")).len(), 18, "names are unique");
}

#[test]
fn the_document_of_2024_is_a_draft_with_twenty_eight_talks() {
    let Some((_, manifests)) = import("k8s-summit-2024.md") else { return };
    let talks = of_kind(&manifests, "TalkNote");
    assert_eq!((of_kind(&manifests, "Summit").len(), talks.len()), (1, 28));
    assert_eq!(tally(texts(&talks, "/spec/publication")), tally_of(&[("Draft", 28)]));
    assert_eq!(texts(&talks, "/spec/medal").len(), 7);
    assert_eq!(tally(texts(&talks, "/metadata/name")).len(), 28, "names are unique");
}

#[test]
fn both_documents_have_warnings_and_no_errors() {
    let Some(path) = shared("k8s-summit-2023.md") else { return };
    let folder = path.parent().and_then(|folder| folder.to_str()).expect("a path in UTF-8");
    let run = Workspace::new().run(&["lint", folder]).exits(0).prints_nothing();
    let summary = run.stderr().lines().last().unwrap_or_default();
    assert!(summary.starts_with("46 notes and 2 summits in 2 documents: 0 errors, "), "{summary}");
}
