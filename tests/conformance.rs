//! How far rendering follows the standards: `make conformance` prints a table.
//!
//! With the extensions off, every example outside raw HTML has to come out as its suite says. With
//! them on, conformance/differences.toml lists every example that comes out differently, and why.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

#[path = "conformance/cjk.rs"]
mod cjk;
#[path = "conformance/compare.rs"]
mod compare;
#[path = "conformance/suites.rs"]
mod suites;

use std::collections::{BTreeMap, BTreeSet};

use compare::{Changed, as_in_a_note, changed_on_purpose, common};
use serde::Deserialize;
use suites::{Example, Suite};
use talknotes::api::{LineBreaks, Rendering, TalkNoteSpec};
use talknotes::render;

/// Counts of examples.
#[derive(Default)]
struct Rate {
    same: usize,
    all: usize,
}

impl Rate {
    fn add(&mut self, is_same: bool) {
        self.all += 1;
        self.same += usize::from(is_same);
    }

    fn percent(&self) -> f64 {
        let count = |n: usize| f64::from(u32::try_from(n).unwrap());
        if self.all == 0 { 100.0 } else { 100.0 * count(self.same) / count(self.all) }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>3} of {:>3} ({:.1} %)", self.same, self.all, self.percent())
    }
}

#[test]
fn without_extensions_the_standards_are_followed() {
    println!(
        "\nExtensions off                 outside raw HTML      raw HTML              other schemes"
    );
    for suite in suites::all() {
        let [mut outside, mut raw, mut schemes] =
            [Rate::default(), Rate::default(), Rate::default()];
        let mut wrong = Vec::new();
        for example in &suite.examples {
            let html = render::by_standard(suite.standard, &example.markdown).unwrap();
            let is_same = common(&html) == common(&example.html);
            match changed_on_purpose(suite.standard, &example.markdown) {
                Some(Changed::RawHtml) => raw.add(is_same),
                Some(Changed::Scheme) => schemes.add(is_same),
                None => {
                    outside.add(is_same);
                    if !is_same {
                        wrong.push(describe(example, &common(&html), &common(&example.html)));
                    }
                }
            }
        }
        println!("{:<26} {outside}   {raw}   {schemes}", suite.title);
        assert!(outside.all > 0, "{} has no examples", suite.title);
        assert!(wrong.is_empty(), "{}: {}", suite.title, wrong.join("\n"));
    }
}

fn describe(example: &Example, found: &str, expected: &str) -> String {
    let Example { number, markdown, .. } = example;
    format!("\nexample {number}:\n{markdown}\n-- is\n{found}\n-- should be\n{expected}")
}

/// Why some examples come out differently with the extensions on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    difference: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    reason: String,
    /// Numbers of examples for each suite.
    examples: BTreeMap<String, BTreeSet<u32>>,
}

impl Differences {
    fn read() -> Self {
        toml::from_str(include_str!("conformance/differences.toml")).expect("differences.toml")
    }

    fn of(&self, suite: &str) -> BTreeMap<u32, &str> {
        let mut all = BTreeMap::new();
        for Difference { reason, examples } in &self.difference {
            for number in examples.get(suite).into_iter().flatten() {
                let twice = all.insert(*number, reason.as_str());
                assert_eq!(twice, None, "{suite} {number} has two reasons");
            }
        }
        all
    }
}

/// What a note shows. Lines are joined, as the suites have it: that a line break is one on the page
/// otherwise would change every example that has two lines.
fn in_a_note(markdown: &str) -> String {
    let rendering = Rendering { line_breaks: Some(LineBreaks::Soft), ..Rendering::default() };
    let spec = TalkNoteSpec {
        title: "An example".to_owned(),
        rendering: Some(rendering),
        ..TalkNoteSpec::default()
    };
    as_in_a_note(&render::note("example", &spec, markdown).html)
}

#[test]
fn with_extensions_every_difference_is_known_and_has_a_reason() {
    let known = Differences::read();
    println!("\nExtensions on                  outside raw HTML");
    let mut wrong = Vec::new();
    for suite in suites::all() {
        let reasons = known.of(suite.name);
        let mut rate = Rate::default();
        let mut differing = BTreeSet::new();
        for example in &suite.examples {
            if changed_on_purpose(suite.standard, &example.markdown).is_some() {
                continue;
            }
            let (found, expected) = (in_a_note(&example.markdown), as_in_a_note(&example.html));
            rate.add(found == expected);
            if found != expected {
                differing.insert(example.number);
                if !reasons.contains_key(&example.number) {
                    wrong.push(format!("{}{}", suite.name, describe(example, &found, &expected)));
                }
            }
        }
        println!("{:<26} {rate}", suite.title);
        report(&suite, &reasons);
        let gone: Vec<_> = reasons.keys().filter(|number| !differing.contains(number)).collect();
        if !gone.is_empty() {
            wrong.push(format!("{}: {gone:?} come out as the suite says", suite.name));
        }
    }
    assert!(wrong.is_empty(), "differences.toml is not exact: {}", wrong.join("\n"));
}

fn report(suite: &Suite, reasons: &BTreeMap<u32, &str>) {
    let mut by_reason: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (number, reason) in reasons {
        by_reason.entry(reason).or_default().push(number.to_string());
    }
    for (reason, numbers) in by_reason {
        println!("    {} {}: {reason}", suite.name, numbers.join(", "));
    }
}

#[test]
fn emphasis_stands_beside_cjk_punctuation() {
    let mut rate = Rate::default();
    let mut wrong = Vec::new();
    for (markdown, html) in cjk::CASES {
        let found = in_a_note(markdown);
        let expected = format!("<p>{html}</p>");
        rate.add(found == expected);
        if found != expected {
            wrong.push(format!("{markdown}\n-- is\n{found}\n-- should be\n{expected}"));
        }
    }
    println!("\n{:<26} {rate}", "CJK-friendly emphasis");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
