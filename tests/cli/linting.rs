//! `talknotes lint`: what is wrong, and an exit code for scripts.

use serde_json::{Value, json};

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
    let run = notes.run(&["lint", ".", "-o", "short"]).exits(0).says(&[": 0 errors, 1 warning, "]);
    let line = Line::parse(run.stderr().lines().next().unwrap()).unwrap();
    assert_eq!((line.path.as_str(), line.code.as_str()), ("a.md", "TN1103"));
    assert_eq!(line.severity, "warning");
}

#[test]
fn errors_fail_and_all_are_told_at_once() {
    let notes = Workspace::with(&[("a.md", "---\ntitle: [\n---\n"), ("c.md", TALK)]);
    notes.write("b.md", b"\xff\xfe");
    notes.run(&["lint", ".", "-o", "short"]).exits(1).says(&[
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
    let run = notes.run(&["lint", "notes", "-o", "short"]).exits(0);
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

/// A document with a fault that stands behind characters of every width.
pub const FAULTY: &str = "# Harbor Days

# 2031-05-14 (Mon.)

## Tides of Traffic - Mira Quell

Notes:\t講者 🎤 said <script>x</script>
above
---

:::warn
Water finds a way.
:::
";

#[test]
fn what_is_meant_is_underlined_and_helped() {
    let run = Workspace::with(&[("notes/a.md", FAULTY)]).run(&["lint", "notes"]).exits(0);
    let expected = "\
warning[TN1301]: 2031-05-14 is not that day of the week; correct one of them
 --> notes/a.md:3:3
  |
3 | # 2031-05-14 (Mon.)
  |   ^^^^^^^^^^^^^^^^^
  |
  = help: 2031-05-14 is a Wednesday
";
    assert!(run.stderr().starts_with(expected), "{}", run.stderr());
    let expected = "
7 | Notes:    講者 🎤 said <script>x</script>
  |                        ^^^^^^^^
";
    assert!(run.stderr().contains(expected), "{}", run.stderr());
    let expected = "
8 | above
  | ^^^^^
9 | ---
  | --- this makes a heading of it
  |
  = help: `talknotes lint --fix` does this
";
    assert!(run.stderr().contains(expected), "{}", run.stderr());
    assert!(run.stderr().contains("  = help: did you mean `warning`?\n"), "{}", run.stderr());
    let summary = "1 note and 1 summit in 1 document: 0 errors, 4 warnings, 0 hints\n";
    assert!(run.stderr().ends_with(summary), "{}", run.stderr());
}

/// Whoever has seen three of a kind knows what is meant; programs get all.
#[test]
fn few_of_each_code_are_shown() {
    let talks: String =
        (1..=9).map(|number| format!("##Tide {number} of 9 - Mira Quell\n\nWater.\n\n")).collect();
    let notes = Workspace::with(&[("a.md", &format!("# Harbor Days 2031\n\n{talks}"))]);
    let run = notes.run(&["lint", "."]).exits(0);
    assert_eq!(run.stderr().matches("warning[TN1102]").count(), 3, "{}", run.stderr());
    let told = "6 more findings of TN1102 not shown\n`talknotes lint --output short` lists all";
    assert!(
        run.stderr().contains(told) && run.stderr().contains(" 9 warnings,"),
        "{}",
        run.stderr()
    );
    let run = notes.run(&["lint", ".", "--output", "short"]).exits(0);
    assert_eq!(run.stderr().matches("[TN1102]").count(), 9);
}

#[test]
fn secrets_stay_out_of_logs() {
    let url = "https://files.example/a?token=hunter2";
    let text = TALK.replace("a way.", &format!("[a way]({url})."));
    let notes = Workspace::with(&[("a.md", &text)]);
    for output in ["human", "short", "json", "sarif", "github"] {
        let run = notes.run(&["lint", ".", "-o", output]).exits(0);
        let all = format!("{}{}", run.stdout(), run.stderr());
        assert!(all.contains("TN1401") && !all.contains("hunter2"), "{output}: {all}");
    }
}

#[test]
fn what_is_denied_is_an_error_and_what_is_allowed_is_not_told() {
    let notes = Workspace::with(&[("a.md", FAULTY)]);
    let run = notes.run(&["lint", ".", "--deny", "warnings"]).exits(1);
    assert!(run.stderr().ends_with(": 4 errors, 0 warnings, 0 hints\n"), "{}", run.stderr());
    let run = notes.run(&["lint", ".", "-D", "tn2005", "-A", "TN1301"]).exits(1);
    assert!(run.stderr().ends_with(": 1 error, 2 warnings, 0 hints\n"), "{}", run.stderr());
    notes.run(&["lint", ".", "--deny", "TN1310"]).exits(2).says(&["did you mean TN1301?"]);
    let broken = Workspace::with(&[("a.md", "---\ntitle: [\n---\n")]);
    broken.run(&["lint", ".", "--allow", "TN1003"]).exits(1).says(&["error[TN1003]"]);
}

#[test]
fn json_has_places_help_and_fixes() {
    let notes = Workspace::with(&[("notes/a.md", FAULTY)]);
    let run = notes.run(&["lint", "notes", "--output", "json"]).exits(0);
    let found: Value = serde_json::from_str(run.stdout()).unwrap();
    assert_eq!(found["version"], 1);
    let summary = json!({
        "documents": 1, "notes": 1, "summits": 1, "errors": 0, "warnings": 4, "hints": 0
    });
    assert_eq!(found["summary"], summary);
    let one = &found["diagnostics"][2];
    assert_eq!((&one["code"], &one["path"]), (&json!("TN1101"), &json!("notes/a.md")));
    assert_eq!(
        (&one["line"], &one["column"], &one["severity"]),
        (&json!(8), &json!(1), &json!("warning"))
    );
    let above = FAULTY.find("above").unwrap();
    let place =
        |line, column, offset: usize| json!({ "line": line, "column": column, "offset": offset });
    assert_eq!(one["range"], json!({ "start": place(8, 1, above), "end": place(8, 6, above + 5) }));
    let dashes = place(9, 1, above + 6);
    let edit = json!({ "range": { "start": dashes, "end": dashes }, "replacement": "\n" });
    assert_eq!(one["fix"], json!({ "title": "put a blank line between them", "edits": [edit] }));
    assert!(one["url"].as_str().unwrap().ends_with("/docs/diagnostics/TN1101.md"));
}

#[test]
fn libraries_do_not_talk_between_the_findings() {
    let notes =
        Workspace::with(&[("a.md", &format!("{TALK}\n<table><b>x</b><tr><td>y</table>\n"))]);
    let run = notes.run(&["lint", "."]).exits(0);
    assert_eq!(run.stderr(), "1 note and 1 summit in 1 document: 0 errors, 0 warnings, 0 hints\n");
}

#[test]
fn github_shows_them_beside_the_lines() {
    let notes = Workspace::with(&[("a,b.md", FAULTY)]);
    let run = notes.run(&["lint", ".", "--output", "github"]).exits(0);
    let lines: Vec<&str> = run.stdout().lines().collect();
    assert_eq!(
        lines[0],
        "::warning file=a%2Cb.md,line=3,endLine=3,col=3,endColumn=19,title=TN1301::2031-05-14 is not \
         that day of the week; correct one of them%0A2031-05-14 is a Wednesday"
    );
    assert_eq!(lines.len(), 4);
}
