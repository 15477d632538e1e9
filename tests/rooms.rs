//! The rooms of the house: who may know whom, and which rooms are pure. See the crate's doc.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "rooms/circles.rs"]
mod circles;
#[path = "rooms/paths.rs"]
mod paths;
#[path = "rooms/sizes.rs"]
mod sizes;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use paths::{Named, named};

/// Each room with the rooms that it may use.
const MAY_USE: [(&str, &[&str]); 13] = [
    ("api", &[]),
    ("document", &["api"]),
    ("render", &["api"]),
    ("lint", &["api", "document", "render"]),
    ("git", &["document"]),
    ("telemetry", &["api"]),
    ("webhook", &["git"]),
    ("notify", &[]),
    ("import", &["api", "document", "git", "render"]),
    (
        "controller",
        &["api", "document", "git", "import", "notify", "render", "telemetry", "webhook"],
    ),
    ("viewer", &["api", "render", "telemetry"]),
    ("preview", &["api", "document", "lint", "render", "viewer"]),
    (
        "cli",
        &[
            "api",
            "controller",
            "document",
            "git",
            "import",
            "lint",
            "preview",
            "render",
            "telemetry",
            "viewer",
        ],
    ),
];

/// Rooms without clients, clocks, environment and files.
const PURE: [&str; 3] = ["document", "lint", "render"];

/// What a pure room must not name.
const IMPURE: [&[&str]; 22] = [
    &["kube", "Client"],
    &["kube", "Api"],
    &["kube", "Config"],
    &["kube", "runtime"],
    &["kube", "client"],
    &["kube", "config"],
    &["tokio"],
    &["reqwest"],
    &["gix"],
    &["axum"],
    &["notify"],
    &["tempfile"],
    &["fastrand"],
    &["std", "fs"],
    &["std", "env"],
    &["std", "net"],
    &["std", "os"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "io", "stdin"],
    &["std", "io", "stdout"],
    &["std", "io", "stderr"],
];

/// Names of clocks, wherever they are from.
const CLOCKS: [&str; 2] = ["SystemTime", "Instant"];

/// Macros that speak to people or read files.
const MACROS: [&str; 6] = ["println", "eprintln", "print", "eprint", "dbg", "option_env"];

#[test]
fn rooms_use_only_the_rooms_below_them() {
    for (room, allowed) in MAY_USE {
        for file in sources(room) {
            for named in read(&file) {
                if let Some(used) = forbidden_room(&named, room, allowed) {
                    panic!("{}:{}: {room} must not use {used}", file.display(), named.line);
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
            for named in read(&file) {
                let (text, place) = (named.text(), file.display());
                assert!(
                    !is_impure(&named),
                    "{place}:{}: {text} has no place in {room}",
                    named.line
                );
            }
        }
    }
}

/// Lines that a file has at most without its tests, and a function.
const MAX_FILE: usize = 300;
const MAX_FUNCTION: usize = 60;

#[test]
fn files_and_functions_that_read_documents_are_small() {
    let mut large = Vec::new();
    for file in sources("document") {
        let text = std::fs::read_to_string(&file).unwrap();
        let (name, lines) = (file.strip_prefix(root()).unwrap().display(), sizes::lines(&text));
        if lines > MAX_FILE {
            large.push(format!("{name} has {lines} lines"));
        }
        let functions = sizes::functions(&text).unwrap();
        let long = functions.iter().filter(|function| function.lines > MAX_FUNCTION);
        large.extend(long.map(|own| format!("{name}:{}: {} is long", own.line, own.name)));
    }
    assert!(large.is_empty(), "{}", large.join("\n"));
}

#[test]
fn modules_that_read_documents_stand_in_no_circle() {
    let modules: BTreeSet<String> =
        sources("document").iter().map(|file| module(file).join("::")).collect();
    let mut uses = circles::Uses::new();
    for file in sources("document") {
        let own = module(&file).join("::");
        let used = read(&file).into_iter().filter_map(|named| module_of(&named.path, &modules));
        // What contains another, or is contained, is no circle.
        let beside = |used: &String| {
            !used.starts_with(&format!("{own}::")) && !own.starts_with(&format!("{used}::"))
        };
        uses.entry(own.clone())
            .or_default()
            .extend(used.filter(|used| *used != own).filter(beside));
    }
    let found = circles::in_circles(&uses);
    let found: Vec<&str> =
        found.iter().filter_map(|module| module.strip_prefix("crate::document::")).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn circles_are_seen() {
    let uses = |pairs: &[(&str, &str)]| {
        let mut uses = circles::Uses::new();
        for (own, used) in pairs {
            uses.entry((*own).to_owned()).or_default().insert((*used).to_owned());
        }
        circles::in_circles(&uses).into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(uses(&[("a", "b"), ("b", "c"), ("c", "b")]), "b c");
    assert_eq!(uses(&[("a", "b"), ("a", "c"), ("b", "c")]), "");
}

/// The innermost module that a path leads to.
fn module_of(path: &[String], modules: &BTreeSet<String>) -> Option<String> {
    let ends = (1..=path.len()).rev().filter_map(|end| path.get(..end));
    ends.map(|part| part.join("::")).find(|part| modules.contains(part))
}

/// Paths of a file in `src/document/reading`.
fn of(text: &str) -> Vec<String> {
    let module = ["crate", "document", "reading"].map(str::to_owned);
    named(text, &module).unwrap().iter().map(Named::text).collect()
}

fn rooms_of(text: &str) -> Vec<String> {
    let module = ["crate", "document", "reading"].map(str::to_owned);
    let used = named(text, &module).unwrap();
    used.iter().filter_map(|named| forbidden_room(named, "document", &["api"])).collect()
}

fn impure(text: &str) -> bool {
    let module = ["crate", "document", "reading"].map(str::to_owned);
    named(text, &module).unwrap().iter().any(is_impure)
}

#[test]
fn rooms_are_seen_however_they_are_named() {
    for text in [
        "use crate::git::Remote;",
        "use crate::{api::Link, git::Remote};",
        "use crate::{\n    api::{\n        Link,\n    },\n    git,\n};",
        "use crate::{api, git as other};",
        "pub(crate) use crate::git::Remote as Elsewhere;",
        "use super::super::git::Remote;",
        "use self::super::super::git;",
        "mod inner { use super::super::super::git; }",
        "fn f() { crate::git::x() }",
        "fn f() { use crate::git; }",
        "fn f() -> crate::git::Remote { todo!() }",
        "fn f() { let _: Vec<crate::git::Remote> = g::<crate::git::Remote>(); }",
        "fn f(x: u8) { match x { crate::git::X => {} _ => {} } }",
        "impl crate::git::Trait for X {}",
        "fn f() { println!(\"{}\", crate::git::x()); }",
        "fn f() { vec![a(crate::git::x())]; }",
        "macro_rules! m { () => { $crate::git::x() } }",
        "macro_rules! m { () => { use crate::{api, git::Remote}; } }",
        "use crate as c; fn f() { c::git::x() }",
        "extern crate self as talknotes; fn f() { talknotes::git::x() }",
        "#[derive(X)] #[serde(with = \"crate::git::x\")] struct S;",
        "struct S { #[serde(default = \"crate::git::x\")] a: u8 }",
        "use r#crate_alias::x; use crate::r#git;",
    ] {
        let used = rooms_of(text);
        assert!(!used.is_empty() && used.iter().all(|room| room == "git"), "{text}: {used:?}");
    }
    assert_eq!(rooms_of("use crate::*;"), ["*"], "which would bring all of them");
}

#[test]
fn what_may_be_used_is_not_complained_of() {
    for text in [
        "use crate::api::Link; use super::x; use crate::document::Y; use kube::ResourceExt;",
        "//! See crate::git.\n/// [`crate::git::Remote`]\nfn f() {}",
        "fn f() { let s = \"crate::git::x std::fs::read\"; }",
        "#[cfg(test)] mod tests { use crate::git::Remote; fn f() { std::fs::read(\"x\"); } }",
        "struct S; impl S { #[cfg(test)] fn f() { std::fs::read(\"x\"); } }",
        "fn f() { let fs = 1; g(fs); } mod env {} use self::env::x;",
    ] {
        assert_eq!(rooms_of(text), Vec::<String>::new(), "{text}");
        assert!(!impure(text), "{text}: {:?}", of(text));
    }
}

#[test]
fn what_is_impure_is_seen_however_it_is_named() {
    for text in [
        "use std::fs;",
        "use std::{fs};",
        "use std::{\n    collections::BTreeMap,\n    fs::{self, File},\n};",
        "use std::{self as s}; fn f() { s::fs::read(\"x\"); }",
        "use std as s; fn f() { s::env::var(\"x\"); }",
        "use std::fs as files;",
        "pub use std::process::Command;",
        "use std::*; fn f() { fs::read(\"x\"); }",
        "fn f() { ::std::fs::read(\"x\"); }",
        "fn f() { std::thread::spawn(g); }",
        "fn f() -> std::net::IpAddr { g() }",
        "extern crate tokio;",
        "extern crate tokio as runtime; fn f() { runtime::spawn(g()); }",
        "fn f() { assert!(std::fs::exists(\"x\").unwrap()); }",
        "macro_rules! m { () => { std::env::var(\"x\") } }",
        "use kube::{ResourceExt, runtime::watcher};",
        "use kube::Client as K;",
        "fn f() { jiff::Timestamp::now(); }",
        "use jiff::Zoned; fn f() { Zoned::now(); }",
        "fn f() { g(Timestamp::now); }",
        "use std::time; fn f() { time::Instant::now(); }",
        "use std::time::{Duration, SystemTime};",
        "fn f() { println!(\"x\"); }",
        "use std::io; fn f() { io::stdin(); }",
        "#[tokio::main] fn f() {}",
        "struct S { #[serde(default = \"std::env::args\")] a: u8 }",
    ] {
        assert!(impure(text), "{text}: {:?}", of(text));
    }
}

#[test]
fn there_is_something_to_check() {
    assert!(sources("document").len() > 3 && sources("render").len() > 3);
    let file = root().join("src/document/images/places.rs");
    assert_eq!(module(&file).join("::"), "crate::document::images::places");
    assert_eq!(module(&root().join("src/git/mod.rs")).join("::"), "crate::git");
}

/// The room that `named` is in, where `room` may not use it. A glob of the crate is all of them.
fn forbidden_room(named: &Named, room: &str, allowed: &[&str]) -> Option<String> {
    let [first, used, ..] = named.path.as_slice() else { return None };
    let is_room = MAY_USE.iter().any(|(known, _)| known == used) || used == "*";
    let is_forbidden = first == "crate" && is_room && used != room;
    (is_forbidden && !allowed.contains(&used.as_str())).then(|| used.clone())
}

fn is_impure(named: &Named) -> bool {
    let last = named.path.last().map(String::as_str).unwrap_or_default();
    let says = |word: &str| named.path.iter().any(|part| part == word);
    IMPURE.iter().any(|path| named.is_in(path))
        || CLOCKS.iter().any(|clock| says(clock))
        || (named.path.len() == 1 && MACROS.contains(&last))
        || (named.path.len() > 1 && last == "now")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> Vec<Named> {
    let text = std::fs::read_to_string(file).unwrap();
    named(&text, &module(file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The module that a file is.
fn module(file: &Path) -> Vec<String> {
    let path = file.strip_prefix(root().join("src")).unwrap().with_extension("");
    let mut module = vec!["crate".to_owned()];
    module.extend(path.iter().map(|part| part.to_string_lossy().into_owned()));
    module.pop_if(|last| last == "mod");
    module
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
