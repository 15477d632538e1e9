//! What the fuzz targets promise, on a bounded number of pseudo-random inputs that are the same in each
//! run. `make fuzz` looks further, guided by coverage.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use talknotes::document::SourceFile;
// The promises name the rooms as the fuzz crate has them.
use talknotes::{api, document, render};

#[path = "../fuzz/src/reading.rs"]
mod reading;
#[path = "../fuzz/src/rendering.rs"]
mod rendering;

/// Changed copies of each seed.
const COPIES: u64 = 4;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Our own notes, in the order of their paths.
fn seeds() -> Vec<Vec<u8>> {
    let mut folders = vec![root().join("tests/corpus"), root().join("examples/notes")];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    assert!(paths.len() > 50, "{} seeds", paths.len());
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The tokens of a dictionary, without those that only libFuzzer can write.
fn tokens(dictionary: &str) -> Vec<String> {
    let path = root().join("fuzz/dictionaries").join(dictionary);
    let text = fs::read_to_string(path).unwrap();
    let quoted = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    let tokens: Vec<String> = quoted.map(unescaped).filter(|t| !t.contains('\\')).collect();
    assert!(tokens.len() > 10, "{dictionary}");
    tokens
}

/// What a token of a dictionary stands for.
fn unescaped(token: &str) -> String {
    token.replace("\\x0a", "\n").replace("\\\"", "\"")
}

/// `seed` with pieces cut, doubled, moved and put in.
fn changed(seed: &[u8], tokens: &[String], rng: &mut Rng) -> Vec<u8> {
    let mut text = seed.to_vec();
    for _ in 0..rng.usize(1..8) {
        let at = rng.usize(0..=text.len());
        let end = (at + rng.usize(0..200)).min(text.len());
        match rng.u8(0..4) {
            0 => drop(text.drain(at..end)),
            1 => {
                let piece = text[at..end].to_vec();
                let to = rng.usize(0..=text.len());
                text.splice(to..to, piece);
            }
            2 => {
                let token = &tokens[rng.usize(0..tokens.len())];
                let times = rng.usize(1..4);
                text.splice(at..at, token.repeat(times).into_bytes());
            }
            _ => text[at..end].fill(rng.u8(..)),
        }
    }
    text
}

fn each(dictionary: &str, mut check: impl FnMut(&[u8])) {
    let tokens = tokens(dictionary);
    for (number, seed) in (0..).zip(seeds()) {
        check(&seed);
        for copy in 0..COPIES {
            check(&changed(&seed, &tokens, &mut Rng::with_seed(number * COPIES + copy)));
        }
    }
}

#[test]
fn documents_keep_their_promises() {
    let mut last = Vec::new();
    each("document.dict", |text| {
        let file = |path: &str, content: &[u8]| SourceFile {
            path: path.to_owned(),
            content: content.to_vec(),
        };
        reading::read(&[file("2031/notes.md", text), file("2031/index.md", &last)]);
        last = text.to_vec();
    });
}

#[test]
fn front_matter_keeps_its_promises() {
    each("front_matter.dict", |text| {
        let talk = b"# 2031-05-14\n## Tides\n";
        let yaml = [b"---\ntitle: Tides\n", text, b"\n---\n", talk].concat();
        let json = [b"{\"title\": \"Tides\", ", text, b"}\n", talk].concat();
        for content in [yaml, json] {
            reading::read(&[SourceFile { path: "harbor/notes.md".to_owned(), content }]);
        }
    });
}

#[test]
fn rendering_keeps_its_promises() {
    each("markdown.dict", |text| rendering::render_note(&String::from_utf8_lossy(text)));
}

#[test]
fn the_fuzz_crate_uses_what_the_product_uses() {
    let dependencies = |path: &str| {
        let text = fs::read_to_string(root().join(path)).unwrap();
        toml::from_str::<toml::Table>(&text).unwrap()["dependencies"].as_table().unwrap().clone()
    };
    let version = |dependency: &toml::Value| {
        dependency.get("version").unwrap_or(dependency).as_str().map(str::to_owned)
    };
    let product = dependencies("Cargo.toml");
    for (name, dependency) in dependencies("fuzz/Cargo.toml") {
        if name != "libfuzzer-sys" {
            let same = product.get(&name).and_then(version);
            assert_eq!(version(&dependency), same, "{name}");
        }
    }
}
