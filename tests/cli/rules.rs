//! `talknotes rules`, and rules beside the notes.

use crate::workspace::{Workspace, of_kind, texts};

/// A document in which detection finds no talks.
const DIARY: &str =
    "# Days by the sea\n\nWind.\n\n## Morning walk\n\nSand.\n\n### Buoys that sing\n\nBells.\n";
const RULES: &str =
    "rules:\n- paths: [a.md]\n  talks: {at: Heading, level: 3}\n- paths: [b.md]\n  kind: Panel\n";

#[test]
fn rules_beside_the_notes_are_followed() {
    let workspace = Workspace::with(&[
        ("notes/a.md", DIARY),
        ("notes/b.md", DIARY),
        ("notes/.talknotes.yaml", RULES),
    ]);
    for location in ["notes", "notes/a.md"] {
        let run = workspace.run(&["import", location, "-o", "json", "--include", "*.md"]).exits(0);
        let manifests = run.json();
        assert_eq!(texts(&of_kind(&manifests, "TalkNote"), "/spec/title"), ["Buoys that sing"]);
        assert!(!run.stderr().contains("TN1803"), "{}", run.stderr());
    }
    let run = workspace.run(&["import", "--explain", "notes/a.md"]).exits(0);
    let line = "  talks by rule 1 of .talknotes.yaml, line 2";
    assert!(run.stdout().lines().any(|told| told == line), "{}", run.stdout());
}

#[test]
fn a_mistake_in_the_rules_is_told_as_of_any_file() {
    let broken = "rules:\n- talk: {at: None}\n";
    let workspace = Workspace::with(&[("notes/a.md", DIARY), ("notes/.talknotes.yaml", broken)]);
    let message = "`talk` is not known here; did you mean `talks`?";
    let told = ["error[TN1802]: ", message, "--> notes/.talknotes.yaml:2:3"];
    workspace.run(&["lint", "notes"]).exits(1).says(&told);
    workspace.run(&["import", "notes"]).exits(1).says(&told);
    // Both only show something; nothing of theirs is missing because of the mistake.
    let explained = workspace.run(&["import", "--explain", "notes"]).exits(0).says(&told);
    assert!(explained.stdout().contains("notes/a.md"), "{}", explained.stdout());
    let rules = workspace.run(&["rules", "notes"]).exits(0).says(&told);
    assert!(rules.stdout().contains("\nrules:"), "{}", rules.stdout());
}

/// Without its rules a document may seem to have lost its talks.
#[test]
fn rules_that_are_not_looked_at_are_told() {
    let workspace = Workspace::with(&[("rules.yaml", RULES), ("notes/a.md", DIARY)]);
    let link = workspace.path().join("notes/.talknotes.yaml");
    std::os::unix::fs::symlink("../rules.yaml", link).unwrap();
    let told = ["error[TN1006]: it is left out: ", "--> notes/.talknotes.yaml"];
    workspace.run(&["import", "notes"]).exits(1).says(&told);
    workspace.run(&["import", "--explain", "notes"]).exits(0).says(&told);
    workspace.run(&["rules", "notes"]).exits(0).says(&told);
}

#[test]
fn printed_rules_read_the_same_and_leave_their_own_file_out_of_account() {
    let workspace = Workspace::with(&[("notes/a.md", crate::workspace::TALK)]);
    let plain = workspace.run(&["import", "notes"]).exits(0);
    let rules = workspace.run(&["rules", "notes"]).exits(0).says_nothing();
    assert!(rules.stdout().contains("at: Heading"), "{}", rules.stdout());
    workspace.write("notes/.talknotes.yaml", rules.stdout());
    let again = workspace.run(&["import", "notes"]).exits(0);
    assert_eq!(again.stdout(), plain.stdout());
    assert_eq!(workspace.run(&["rules", "notes"]).exits(0).stdout(), rules.stdout());
    workspace.run(&["rules", "nowhere"]).exits(1).says(&["nowhere"]);
}
