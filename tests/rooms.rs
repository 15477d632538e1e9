//! The rooms of the house: who may know whom, and which rooms are pure. See the crate's doc.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may use.
const MAY_USE: [(&str, &[&str]); 9] = [
    ("api", &[]),
    ("document", &["api"]),
    ("render", &["api"]),
    ("lint", &["api", "document", "render"]),
    ("git", &["document"]),
    ("telemetry", &[]),
    ("controller", &["api", "document", "git", "render", "telemetry"]),
    ("viewer", &["api", "document", "lint", "render", "telemetry"]),
    ("cli", &["api", "controller", "document", "git", "lint", "render", "telemetry", "viewer"]),
];

/// Rooms without clients, clocks, environment and files.
const PURE: [&str; 3] = ["document", "lint", "render"];

/// What a pure room must not name.
const IMPURE: [&str; 16] = [
    "kube::Client",
    "kube::Api",
    "kube::runtime",
    "kube::client",
    "tokio",
    "reqwest",
    "gix",
    "axum",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "::now(",
];

#[test]
fn rooms_use_only_the_rooms_below_them() {
    for (room, allowed) in MAY_USE {
        for file in sources(room) {
            for (number, line) in code_lines(&file) {
                for used in rooms_named_in(&line) {
                    assert!(
                        used == room || allowed.contains(&used.as_str()),
                        "{}:{number}: {room} must not use {used}",
                        file.display()
                    );
                }
            }
        }
    }
}

#[test]
fn every_room_has_its_rule() {
    let rooms: BTreeSet<String> = std::fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(rooms, MAY_USE.iter().map(|(room, _)| (*room).to_owned()).collect());
}

#[test]
fn reading_and_rendering_are_pure() {
    for room in PURE {
        for file in sources(room) {
            for (number, line) in code_lines(&file) {
                for word in IMPURE {
                    assert!(
                        !line.contains(word),
                        "{}:{number}: {word} has no place in {room}",
                        file.display()
                    );
                }
            }
        }
    }
}

#[test]
fn the_check_sees_what_it_is_to_see() {
    assert_eq!(rooms_named_in("use crate::{api::Link, git::Remote};"), ["api", "git"]);
    assert_eq!(rooms_named_in("    crate::controller::run(x)"), ["controller"]);
    assert!(sources("document").len() > 3 && sources("render").len() > 3);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files of a room, without its unit tests in files of their own.
fn sources(room: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join("src").join(room)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path)
            {
                files.push(path);
            }
        }
    }
    files
}

fn is_test(path: &Path) -> bool {
    let stem = path.file_stem().unwrap().to_string_lossy();
    stem == "tests" || stem.ends_with("_tests")
}

/// Lines with their numbers, without comments, up to the unit tests.
fn code_lines(file: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .enumerate()
        .map(|(index, line)| (index + 1, line.split("//").next().unwrap_or_default().to_owned()))
        .collect()
}

/// Rooms after `crate::`, also in a group: `crate::{a::X, b::Y}`.
fn rooms_named_in(line: &str) -> Vec<String> {
    let word = |text: &str| {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    line.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group.split(',').map(word).collect::<Vec<_>>(),
            None => vec![word(rest)],
        })
        .filter(|name| MAY_USE.iter().any(|(room, _)| room == name))
        .collect()
}
