//! `talknotes explain`, and that the pages of the codes say what is true.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use talknotes::{document, lint, render};

use crate::workspace::Workspace;

#[test]
fn a_page_is_printed_and_slips_are_forgiven() {
    let folder = Workspace::new();
    let run = folder.run(&["explain", "tn1302"]).exits(0).says_nothing();
    assert!(run.stdout().starts_with("TN1302: the date of a day cannot be known\n"));
    assert!(run.stdout().contains("\nWhat to do\n"), "{}", run.stdout());
    folder
        .run(&["explain", "TN1320"])
        .exits(1)
        .says(&["error: there is no code TN1320; did you mean TN1302?"]);
    let run = folder.run(&["explain", "rubbish"]).exits(1);
    assert_eq!(run.stderr(), "error: there is no code rubbish (`talknotes explain` lists them)\n");
}

#[test]
fn all_codes_are_listed() {
    let run = Workspace::new().run(&["explain"]).exits(0).says_nothing();
    assert_eq!(run.stdout().lines().count(), lint::explained().len());
    assert!(run.stdout().contains("TN1103  a code fence is never closed\n"), "{}", run.stdout());
}

/// A file, or commands that make some.
struct Block {
    kind: String,
    name: String,
    text: String,
}

/// The blocks of code below a heading of a page. The blocks have headings of their own.
fn blocks(page: &str, heading: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut below = "";
    for (index, part) in page.split("````").enumerate() {
        if index % 2 == 0 {
            let mut headings = part.lines().filter_map(|line| line.strip_prefix("## "));
            below = headings.next_back().unwrap_or(below);
        } else if below == heading {
            let (info, text) = part.split_once('\n').unwrap();
            let (kind, name) = info.split_once(' ').unwrap_or((info, ""));
            found.push(Block { kind: kind.into(), name: name.into(), text: text.into() });
        }
    }
    found
}

/// The codes that lint finds in the files that `blocks` are or make.
fn codes(blocks: &[Block]) -> BTreeSet<String> {
    assert!(!blocks.is_empty());
    let folder = Workspace::new();
    for block in blocks {
        if block.kind == "sh" {
            let status = Command::new("sh")
                .args(["-eu", "-c", &block.text])
                .current_dir(folder.path())
                .status()
                .unwrap();
            assert!(status.success(), "{}", block.text);
        } else {
            folder.write(&block.name, &block.text);
        }
    }
    let run = folder.run(&["lint", ".", "--output", "json"]);
    let found: Value = serde_json::from_str(run.stdout()).unwrap_or_else(|_| run.fail("no JSON"));
    let code = |one: &Value| one["code"].as_str().unwrap().to_owned();
    found["diagnostics"].as_array().unwrap().iter().map(code).collect()
}

#[test]
fn examples_have_what_they_are_examples_of_and_corrected_nothing_at_all() {
    let reading = document::Code::ALL.iter().map(|code| code.code());
    let rendering = render::Code::ALL.iter().map(|code| code.code());
    for code in reading.chain(rendering) {
        let page = lint::explain(code).unwrap().page;
        let bad = codes(&blocks(&page, "Example"));
        assert!(bad.contains(code), "{code}: the example has {bad:?}");
        let good = codes(&blocks(&page, "Corrected"));
        assert!(good.is_empty(), "{code}: the corrected example has {good:?}");
    }
}
