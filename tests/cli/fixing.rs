//! `talknotes lint --fix`: what it shows, what it writes, and what it leaves alone.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::workspace::{Run, Workspace};

const FAULTY: &str = "# Harbor Days 2031\n\n##Tides - Mira Quell\n\nWater.\n\n## Ropes - Bo Pier\n\nabove\n---\nunder\n";
const CORRECT: &str = "# Harbor Days 2031\n\n## Tides - Mira Quell\n\nWater.\n\n## Ropes - Bo Pier\n\nabove\n\n---\nunder\n";
const DIFF: &str = "\
--- notes/a.md
+++ notes/a.md
@@ -1,11 +1,12 @@
 # Harbor Days 2031
 
-##Tides - Mira Quell
+## Tides - Mira Quell
 
 Water.
 
 ## Ropes - Bo Pier
 
 above
+
 ---
 under
";

fn read(workspace: &Workspace, path: &str) -> String {
    fs::read_to_string(workspace.path().join(path)).unwrap()
}

/// The names of the objects that a document gives.
fn names(workspace: &Workspace) -> Vec<String> {
    let run: Run = workspace.run(&["import", "notes", "-o", "json"]).exits(0);
    let name = |manifest: &serde_json::Value| manifest["metadata"]["name"].to_string();
    run.json().iter().map(name).collect()
}

#[test]
fn a_diff_is_shown_and_nothing_written_until_somebody_agrees() {
    let notes = Workspace::with(&[("notes/a.md", FAULTY)]);
    for option in ["--diff", "--dry-run"] {
        let run = notes.run(&["lint", "notes", option]).exits(0);
        assert_eq!(run.stdout(), DIFF);
    }
    let run = notes
        .run(&["lint", "notes", "--fix"])
        .exits(1)
        .says(&["error: nobody can be asked here, so nothing was written: add --yes"]);
    assert_eq!(run.stdout(), DIFF);
    assert_eq!(read(&notes, "notes/a.md"), FAULTY);
}

#[test]
fn what_is_written_is_clean_has_the_same_talks_and_is_left_alone_next_time() {
    let notes = Workspace::with(&[("notes/a.md", FAULTY)]);
    let before = names(&notes);
    let path = notes.path().join("notes/a.md");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let run = notes.run(&["lint", "notes", "--fix", "--yes"]).exits(0);
    assert_eq!(
        run.stderr(),
        "corrected 1 file\n2 notes and 1 summit in 1 document: 0 errors, 0 warnings, 0 hints\n"
    );
    assert_eq!(read(&notes, "notes/a.md"), CORRECT);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(names(&notes), before);
    let files = fs::read_dir(notes.path().join("notes")).unwrap().count();
    assert_eq!(files, 1, "no file is left beside it");
    let run = notes.run(&["lint", "notes", "--fix", "--yes"]).exits(0).prints_nothing();
    assert!(run.stderr().starts_with("there is nothing that can be corrected"), "{}", run.stderr());
    assert_eq!(read(&notes, "notes/a.md"), CORRECT);
}

/// With its key a field is read, and this is what it is for.
#[test]
fn keys_get_their_right_names() {
    let wrong = "---\n\"titl\": Tides of Traffic # of water\nspeekers: [Mira Quell]\ndat: 2031-05-14\nmode: x\n---\n\n#Water\n\nFinds a way.\n";
    let right =
        wrong.replace("titl\"", "title\"").replace("speekers", "speakers").replace("dat:", "date:");
    let notes = Workspace::with(&[("notes/a.md", wrong)]);
    let run = notes.run(&["lint", "notes"]).exits(0);
    let expected = "\
warning[TN1007]: the key `speekers` is not read; did you mean `speakers`?
 --> notes/a.md:3:1
  |
3 | speekers: [Mira Quell]
  | ^^^^^^^^
  |
  = help: `talknotes lint --fix` does this
";
    assert!(run.stderr().contains(expected), "{}", run.stderr());
    notes.run(&["lint", "notes", "--fix", "--yes"]).exits(0);
    assert_eq!(read(&notes, "notes/a.md"), right);
    let manifests = notes.run(&["import", "notes", "-o", "json"]).exits(0).says_nothing().json();
    let talk = manifests.iter().find(|manifest| manifest["kind"] == "TalkNote").unwrap();
    assert_eq!(talk["spec"]["title"], "Tides of Traffic");
    assert_eq!(talk["spec"]["speakers"][0]["name"], "Mira Quell");
}

#[test]
fn windows_line_ends_and_byte_order_marks_stay() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let notes = Workspace::with(&[("notes/a.md", &windows(FAULTY))]);
    notes.run(&["lint", "notes", "--fix", "--yes"]).exits(0);
    assert_eq!(read(&notes, "notes/a.md"), windows(CORRECT));
}

#[test]
fn links_are_not_followed_and_urls_not_corrected() {
    let notes = Workspace::with(&[("outside/a.md", FAULTY), ("notes/b.md", CORRECT)]);
    symlink(notes.path().join("outside"), notes.path().join("notes/folder")).unwrap();
    symlink(notes.path().join("outside/a.md"), notes.path().join("notes/a.md")).unwrap();
    notes.run(&["lint", "notes", "--fix", "--yes"]).exits(0).says(&["TN1013"]);
    notes.run(&["lint", "notes/a.md", "--fix", "--yes"]).exits(1).says(&["symbolic link"]);
    assert_eq!(read(&notes, "outside/a.md"), FAULTY);
    let run = notes.run(&["lint", "notes", "--fix", "-o", "json"]).exits(1);
    assert!(run.stdout().is_empty());
    notes.run(&["lint", "notes", "--yes"]).exits(2).says(&["--fix"]);
}

#[test]
fn hostile_text_does_not_reach_the_terminal_in_a_diff() {
    let evil = FAULTY.replace("above", "above \u{1b}[31m\u{9b}2J\u{202e}");
    let run = Workspace::with(&[("a.md", &evil)]).run(&["lint", ".", "--diff"]).exits(0);
    let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!run.stdout().chars().chain(run.stderr().chars()).any(steers), "{:?}", run.stdout());
    assert!(run.stdout().contains("above \u{fffd}[31m"), "{}", run.stdout());
}
