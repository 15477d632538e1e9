//! Colours, pipes and what must not reach a terminal.

use std::io::Read as _;
use std::process::Stdio;

use crate::workspace::{Run, TALK, Workspace};

const ESCAPE: char = '\u{1b}';

fn lint_with(variables: &[(&str, &str)]) -> Run {
    let notes = Workspace::new();
    notes.write("bad.md", b"\xff");
    let mut command = notes.command(&["lint", "."]);
    command.envs(variables.iter().copied());
    notes.finish(command).exits(1)
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    for (variables, coloured) in [
        (&[][..], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[("NO_COLOR", "1")], false),
        (&[("TERM", "xterm-256color")], false),
    ] {
        let run = lint_with(variables);
        if run.stderr().contains(ESCAPE) != coloured {
            run.fail(&format!("{variables:?}: expected colours: {coloured}"));
        }
        assert!(!run.stdout().contains(ESCAPE));
    }
}

#[test]
fn failures_are_coloured_alike() {
    let notes = Workspace::new();
    let mut command = notes.command(&["lint", "missing"]);
    command.env("CLICOLOR_FORCE", "1");
    assert!(notes.finish(command).exits(1).stderr().starts_with(ESCAPE));
    assert!(!notes.run(&["lint", "missing"]).stderr().contains(ESCAPE));
}

/// Everything that steers a terminal, in every place that is quoted.
#[test]
fn control_characters_of_notes_do_not_reach_the_terminal() {
    let evil = "\u{1b}[31m\u{1b}]0;title\u{7}\u{8}\u{9b}2J\u{7f}\u{85}";
    let talk = TALK.replace("Tides of Traffic", &format!("Tides {evil}")).replace("a way", evil);
    let field = format!("---\ndate: \"{evil}\"\nlang: \"\\e[31m\"\n---\n{talk}\n```{evil}\n");
    let manifest = format!("apiVersion: talknotes.dev/v1alpha1\nkind: \"Evil\\e[2J\"\n# {evil}\n");
    let notes = Workspace::with(&[("a.md", &field), ("b.md", &talk), ("c.yaml", &manifest)]);
    notes.write("evil\u{1b}[31m\u{9b}2J\n.md", b"\xff");
    let is_layout = |c: char| c == '\n';
    for arguments in [
        &["import", "."][..],
        &["import", ".", "-o", "json"],
        &["lint", "."],
        &["lint", ".", "-o", "short"],
        &["lint", ".", "-o", "github"],
        &["lint", ".", "--diff"],
    ] {
        let run = notes.run(arguments).exits(1);
        let all = format!("{}{}", run.stdout(), run.stderr());
        assert!(all.contains("evil") && all.contains("TN1001"), "{arguments:?}: {all}");
        for text in [run.stdout(), run.stderr()] {
            if text.chars().any(|c| c.is_control() && !is_layout(c)) {
                run.fail("expected no control characters");
            }
        }
        let lines = run.stderr().lines().chain(run.stdout().lines());
        let lines =
            lines.filter(|line| line.contains("TN1001") && !line.contains("talknotes explain"));
        assert_eq!(lines.count(), 1, "a path cannot look like another line");
    }
    let path = "no\u{1b}[31m such\nerror: path";
    let run = notes.run(&["import", path]).exits(1);
    assert_eq!(run.stderr().lines().count(), 1);
    assert!(!run.stderr().contains(ESCAPE));
}

#[test]
fn a_reader_that_leaves_is_no_failure_worth_words() {
    let notes = Workspace::with(&[("a.md", &TALK.replace("a way", &"a way ".repeat(20_000)))]);
    for arguments in [&["import", "."][..], &["import", ".", "-o", "json"], &["crds"]] {
        let mut command = notes.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // What `head -c 1` does.
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert!(output.status.code().is_some_and(|code| code < 2), "{:?}", output.status);
    }
}

#[test]
fn a_closed_standard_error_is_no_panic() {
    let notes = Workspace::new();
    notes.write("bad.md", b"\xff");
    for place in [".", "missing"] {
        let mut command = notes.command(&["lint", place]);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        command.stderr(writer);
        notes.finish(command).exits(1);
    }
}
