//! The documentation says what the code does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use talknotes::{controller, document, lint, render};

#[test]
fn diagnostics_md_lists_exactly_the_codes_that_there_are_each_with_its_page() {
    let documented: Vec<(String, String)> = include_str!("../docs/diagnostics.md")
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains("`TN"))
        .map(|row| {
            let mut cells = row.split('|').map(str::trim).skip(1);
            let link = cells.next().unwrap();
            let code = link.split('`').nth(1).unwrap();
            assert_eq!(link, format!("[`{code}`](diagnostics/{code}.md)"));
            (code.to_owned(), cells.next().unwrap().to_owned())
        })
        .collect();
    assert_eq!(documented, known());
}

#[test]
fn every_code_has_a_page_and_no_page_is_without_its_code() {
    let pages = lint::explained().into_iter().map(|explained| {
        let lines: Vec<&str> = explained.page.lines().collect();
        assert_eq!(lines[0], format!("# {}: {}", explained.code, explained.title));
        let severity = lines[2].strip_prefix("Severity: ").expect("the severity");
        for heading in ["## Example", "## What to do", "## Corrected"] {
            assert!(lines.contains(&heading), "{}: {heading}", explained.code);
        }
        (explained.code, severity.to_owned())
    });
    assert_eq!(pages.collect::<Vec<_>>(), known());
}

fn known() -> Vec<(String, String)> {
    let pair =
        |code: &str, severity: talknotes::api::Severity| (code.to_owned(), severity.to_string());
    let mut known = Vec::new();
    known.extend(document::Code::ALL.iter().map(|c| pair(c.code(), c.severity())));
    known.extend(render::Code::ALL.iter().map(|c| pair(c.code(), c.severity())));
    known.extend(controller::Code::ALL.iter().map(|c| pair(c.code(), c.severity())));
    known
}

/// Each talk names where its pattern can be seen at work.
#[test]
fn patterns_md_names_tests_and_files_that_there_are() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = include_str!("../docs/patterns.md");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| talk |"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 20, "{rows:?}");
    for row in rows {
        let [talk, _, place, proof] = row[..] else { panic!("{row:?}") };
        let quoted = |text: &str| -> Vec<String> {
            text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        };
        for path in quoted(place).iter().filter(|text| text.contains('/') && !text.contains(' ')) {
            assert!(path == "deploy/" || root.join(path).exists(), "{talk}: {path}");
        }
        let proofs = quoted(proof);
        assert!(!proofs.is_empty(), "{talk} is shown nowhere");
        for test in proofs {
            let (file, function) = test.split_once("::").unwrap_or((&test, ""));
            let folder = if file.starts_with("src/") { "" } else { "tests" };
            let source = std::fs::read_to_string(root.join(folder).join(file)).expect(file);
            assert!(source.contains(&format!("fn {function}")), "{talk}: {test}");
        }
    }
}

/// A table that says "yes" names the test that shows it.
#[test]
fn features_md_names_tests_that_there_are() {
    let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let named = include_str!("../docs/features.md").split('`');
    let named: Vec<_> = named.filter_map(|text| text.split_once(".rs::")).collect();
    assert!(named.len() > 50, "{named:?}");
    for (file, function) in named {
        let source = std::fs::read_to_string(tests.join(format!("{file}.rs"))).unwrap();
        assert!(source.contains(&format!("fn {function}(")), "{file}.rs has no {function}");
    }
}
