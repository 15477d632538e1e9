//! The documentation says what the code does.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use talknotes::{controller, document, render};

#[test]
fn diagnostics_md_lists_exactly_the_codes_that_there_are() {
    let documented: Vec<(String, String)> = include_str!("../docs/diagnostics.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `TN"))
        .map(|row| {
            let mut cells = row.split('|').map(str::trim);
            let code = cells.next().unwrap().trim_end_matches('`');
            (format!("TN{code}"), cells.next().unwrap().to_owned())
        })
        .collect();
    let pair =
        |code: &str, severity: talknotes::api::Severity| (code.to_owned(), severity.to_string());
    let mut known = Vec::new();
    known.extend(document::Code::ALL.iter().map(|c| pair(c.code(), c.severity())));
    known.extend(render::Code::ALL.iter().map(|c| pair(c.code(), c.severity())));
    known.extend(controller::Code::ALL.iter().map(|c| pair(c.code(), c.severity())));
    assert_eq!(documented, known);
}
