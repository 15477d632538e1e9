//! `talknotes lint --output sarif`, for code scanning.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::linting::FAULTY;
use crate::support::go_module::{Build, GoModule, Pinned};
use crate::workspace::Workspace;

/// Holds a document against a JSON Schema. Nothing of it is ours but the call.
const VALIDATOR: GoModule = GoModule {
    folder: "tests/sarif",
    title: "a validator of JSON Schema",
    sources: &["go.mod", "go.sum", "main.go"],
    build: Build::Packages(&[("validate", ".")]),
    takes: "this takes some seconds",
};

/// Ships the schema of the specification, as text in its code.
const SCHEMA: Pinned = Pinned {
    path: "github.com/owenrumney/go-sarif/v3",
    version: "v3.3.1",
    sum: "h1:bKY8YnWcY8zYTiGVObC5wZLlfEvMkCxK9XMGXBbzEtQ=",
};

/// The schema in a file.
fn schema() -> NamedTempFile {
    let code = SCHEMA.folder().unwrap().join("pkg/report/v210/sarif/schema.go");
    let code = fs::read_to_string(code).unwrap();
    let text = code.split('`').nth(1).expect("the text in the code");
    let mut file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// What the validator says of `document`; nothing where it fits.
fn misfits(schema: &Path, document: &str) -> String {
    let mut command = Command::new(VALIDATOR.find_or_build().unwrap().join("validate"));
    command.arg(schema).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    said
}

#[test]
fn the_log_fits_the_schema_of_the_specification() {
    let schema = schema();
    let notes = Workspace::with(&[
        ("my notes/a.md", FAULTY),
        ("my notes/#講:者%.md", "---\ntitle: [\n---\n"),
        ("my notes/diary.md", "Just a diary.\n"),
        ("clean/a.md", crate::workspace::TALK),
    ]);
    notes.write("my notes/bad.md", b"\xff");
    let absolute = notes.path().join("my notes").display().to_string();
    for (place, code) in [("my notes", 1), (absolute.as_str(), 1), ("clean", 0)] {
        let run = notes.run(&["lint", place, "--output", "sarif"]).exits(code);
        assert_eq!(misfits(schema.path(), run.stdout()), "", "{}", run.stdout());
    }
}

#[test]
fn the_validator_finds_what_does_not_fit() {
    let schema = schema();
    let notes = Workspace::with(&[("a.md", FAULTY)]);
    let run = notes.run(&["lint", ".", "--output", "sarif"]).exits(0);
    let log: Value = serde_json::from_str(run.stdout()).unwrap();
    for (pointer, value) in [
        ("/runs/0/results/0/level", json!("grave")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/results/0/message", json!({})),
        ("/runs/0/tool/driver/rules/0", json!({ "id": "TN1001", "page": "x" })),
    ] {
        let mut odd = log.clone();
        *odd.pointer_mut(pointer).unwrap() = value;
        assert_ne!(misfits(schema.path(), &odd.to_string()), "", "{pointer}");
    }
}

/// What no schema says: that the values are right, and those that code scanning needs are there.
#[test]
fn findings_stand_where_they_are() {
    let notes = Workspace::with(&[("my notes/a.md", FAULTY)]);
    let run = notes.run(&["lint", "my notes", "--output", "sarif"]).exits(0);
    let log: Value = serde_json::from_str(run.stdout()).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let driver = &log["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "talknotes");
    assert_eq!(log["runs"][0]["columnKind"], "utf16CodeUnits");
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    for result in results {
        let rule =
            &driver["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["helpUri"].as_str().unwrap().starts_with("https://"));
        assert!(rule["shortDescription"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(result["level"], "warning");
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "my%20notes/a.md");
        assert!(location["region"]["startLine"].as_u64().unwrap() >= 1);
    }
    // Behind characters of one unit, a tab among them, and one of two.
    let script = &results[1]["locations"][0]["physicalLocation"]["region"];
    let expected = json!({ "startLine": 7, "startColumn": 19, "endLine": 7, "endColumn": 27 });
    assert_eq!(*script, expected);
    let change = &results[2]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "my%20notes/a.md");
    let at = json!({ "startLine": 9, "startColumn": 1, "endLine": 9, "endColumn": 1 });
    assert_eq!(change["replacements"][0]["deletedRegion"], at);
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "\n");
}
