//! `talknotes lint`: what is wrong, and an exit code for scripts.

use crate::workspace::{Line, TALK, Workspace};

#[test]
fn clean_notes_pass() {
    let notes = Workspace::with(&[("notes/a.md", TALK)]);
    let run = notes.run(&["lint", "notes"]).exits(0).prints_nothing();
    let summary = "1 note and 1 summit in 1 document: 0 errors, 0 warnings, 0 hints\n";
    assert_eq!(run.stderr(), summary);
}

#[test]
fn the_examples_are_clean() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/notes");
    let run = Workspace::new().run(&["lint", examples]).exits(0).prints_nothing();
    assert!(run.stderr().contains(": 0 errors, 0 warnings"), "{}", run.stderr());
}

#[test]
fn warnings_pass_and_are_told() {
    let notes = Workspace::with(&[("a.md", &format!("{TALK}\n```\nnever closed\n"))]);
    let run = notes.run(&["lint", "."]).exits(0).says(&[": 0 errors, 1 warning, "]);
    let line = Line::parse(run.stderr().lines().next().unwrap()).unwrap();
    assert_eq!((line.path.as_str(), line.code.as_str()), ("a.md", "TN1103"));
    assert_eq!(line.severity, "warning");
}

#[test]
fn errors_fail_and_all_are_told_at_once() {
    let notes = Workspace::with(&[("a.md", "---\ntitle: [\n---\n"), ("c.md", TALK)]);
    notes.write("b.md", b"\xff\xfe");
    notes.run(&["lint", "."]).exits(1).says(&[
        "a.md:",
        "TN1003",
        "b.md: error:",
        "TN1001",
        "1 note and 1 summit in 3 documents: 2 errors",
    ]);
}

#[test]
fn what_rendering_would_say_is_told_with_the_document_and_nothing_is_told_twice() {
    let notes = Workspace::with(&[(
        "notes/a.md",
        &format!("{TALK}\ntext under which a rule stands\n---\n\n:::poem\nend\n:::\n"),
    )]);
    let run = notes.run(&["lint", "notes"]).exits(0);
    let lines: Vec<&str> = run.stderr().lines().collect();
    let (_, diagnostics) = lines.split_last().unwrap();
    let mut codes = Vec::new();
    for line in diagnostics {
        let line = Line::parse(line).unwrap_or_else(|| run.fail(&format!("odd line: {line}")));
        assert_eq!(line.path, "notes/a.md");
        assert!(!line.place.is_empty(), "{line:?}");
        codes.push(line.code);
    }
    codes.sort();
    assert_eq!(codes, ["TN1101", "TN2005"]);
}
