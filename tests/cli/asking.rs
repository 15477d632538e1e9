//! `talknotes lint` on a terminal: what it asks, and how it looks there.

use std::process::Stdio;

use pty_process::blocking::Command;
use unicode_width::UnicodeWidthStr as _;

use crate::support::terminal::{CTRL_C, CTRL_D, Terminal};
use crate::workspace::Workspace;

const FAULTY: &str = "# Harbor Days 2031\n\n##Tides - Mira Quell\n\nWater.\n";
const CORRECT: &str = "# Harbor Days 2031\n\n## Tides - Mira Quell\n\nWater.\n";
const QUESTION: &str = "Write these changes to 1 file? [y/N] ";

fn read(notes: &Workspace) -> String {
    std::fs::read_to_string(notes.path().join("a.md")).unwrap()
}

/// `talknotes lint --fix` where it asks.
fn asked(notes: &Workspace) -> Terminal {
    let mut terminal = Terminal::start(notes.command_on_terminal(&["lint", ".", "--fix"]), 80);
    terminal.shows("+## Tides - Mira Quell");
    terminal.shows(QUESTION);
    assert_eq!(read(notes), FAULTY, "nothing is written before somebody agrees");
    terminal
}

#[test]
fn a_yes_writes() {
    for yes in ["y\n", "YES\n"] {
        let notes = Workspace::with(&[("a.md", FAULTY)]);
        let mut terminal = asked(&notes);
        terminal.press(yes);
        let (status, seen) = terminal.end();
        assert_eq!(status.code(), Some(0), "{seen}");
        assert!(seen.contains("corrected 1 file\n") && seen.contains(", 0 warnings, "), "{seen}");
        assert_eq!(read(&notes), CORRECT);
    }
}

#[test]
fn everything_else_writes_nothing() {
    for (answer, echo) in [("n\n", "n\n"), ("\n", "\n"), ("yo\n", "yo\n"), (CTRL_D, "\n")] {
        let notes = Workspace::with(&[("a.md", FAULTY)]);
        let mut terminal = asked(&notes);
        terminal.press(answer);
        let (status, seen) = terminal.end();
        // What is wrong is only a warning.
        assert_eq!(status.code(), Some(0), "{seen}");
        assert!(seen.contains(&format!("{QUESTION}{echo}nothing was written\n")), "{seen:?}");
        assert!(seen.contains("TN1102"), "what is left is told: {seen}");
        assert_eq!(read(&notes), FAULTY);
    }
}

#[test]
fn ctrl_c_ends_it_and_writes_nothing() {
    use std::os::unix::process::ExitStatusExt as _;
    let notes = Workspace::with(&[("a.md", FAULTY)]);
    let mut terminal = asked(&notes);
    terminal.press(CTRL_C);
    let (status, seen) = terminal.end();
    // A shell shows the exit code 130, and ends the script that it runs.
    assert_eq!(status.signal(), Some(2), "{status}: {seen}");
    assert_eq!(read(&notes), FAULTY);
    let files = std::fs::read_dir(notes.path()).unwrap().count();
    assert_eq!(files, 1, "no file is left beside it");
}

#[test]
fn who_looks_elsewhere_is_not_asked() {
    let notes = Workspace::with(&[("a.md", FAULTY)]);
    let command = Command::from(notes.command_on_terminal(&["lint", ".", "--fix"]));
    let (status, seen) = Terminal::start(command.stdin(Stdio::null()), 80).end();
    assert_eq!(status.code(), Some(1), "{seen}");
    assert!(seen.contains("nobody can be asked here") && !seen.contains("[y/N]"), "{seen}");
    assert_eq!(read(&notes), FAULTY);
}

#[test]
fn a_terminal_has_colours_unless_it_knows_none() {
    for (variables, coloured) in [
        (&[][..], true),
        (&[("NO_COLOR", "1")], false),
        (&[("TERM", "dumb")], false),
        (&[("CLICOLOR", "0")], false),
    ] {
        for arguments in
            [&["lint", "."][..], &["lint", ".", "-o", "short"], &["lint", ".", "--diff"]]
        {
            let notes = Workspace::with(&[("a.md", FAULTY)]);
            let mut command = notes.command_on_terminal(arguments);
            command.envs(variables.iter().copied());
            let (_, seen) = Terminal::start(command, 80).end();
            assert_eq!(seen.contains('\u{1b}'), coloured, "{variables:?} {arguments:?}: {seen:?}");
        }
    }
}

#[test]
fn output_into_a_file_has_no_colours_while_messages_have_some() {
    let notes = Workspace::with(&[("a.md", FAULTY)]);
    let file = notes.path().join("diff");
    let command = Command::from(notes.command_on_terminal(&["lint", "a.md", "--diff"]));
    let command = command.stdout(std::fs::File::create(&file).unwrap());
    let (_, seen) = Terminal::start(command, 80).end();
    assert!(seen.contains('\u{1b}'), "{seen}");
    let diff = std::fs::read_to_string(&file).unwrap();
    assert!(diff.contains("+## Tides") && !diff.contains('\u{1b}'), "{diff}");
}

/// What is underlined, by the columns in which a terminal shows it: Chinese characters take two.
fn underlined(seen: &str, below: &str) -> String {
    let mut lines = seen.lines().skip_while(|line| !line.contains(below));
    let (text, marks) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let marked = |column: usize| marks.chars().nth(column) == Some('^');
    let mut column = 0;
    let mut found = String::new();
    for c in text.chars() {
        if marked(column) {
            found.push(c);
        }
        column += c.to_string().width();
    }
    found
}

#[test]
fn chinese_text_is_underlined_where_it_stands() {
    let text = "# Harbor Days 2031\n\n## 潮汐 - 林小舟\n\n潮汐講者說 <script>浪</script> 會來\n";
    let notes = Workspace::with(&[("a.md", text)]);
    for columns in [40, 80, 200] {
        let mut command = notes.command_on_terminal(&["lint", "a.md"]);
        command.env("NO_COLOR", "1");
        let (_, seen) = Terminal::start(command, columns).end();
        assert_eq!(underlined(&seen, "潮汐講者說"), "<script>", "{columns}: {seen}");
    }
}

#[test]
fn lines_beside_a_message_fit_the_terminal() {
    let far = "潮汐".repeat(60);
    let text =
        format!("# Harbor Days 2031\n\n## Tides - Mira Quell\n\n{far} <script>x</script> {far}\n");
    let notes = Workspace::with(&[("a.md", &text)]);
    for columns in [40, 100] {
        let mut command = notes.command_on_terminal(&["lint", "a.md"]);
        command.env("NO_COLOR", "1");
        let (_, seen) = Terminal::start(command, columns).end();
        let shown = seen.lines().find(|line| line.contains("<script>"));
        let shown = shown.unwrap_or_else(|| panic!("the place is shown: {seen}"));
        assert!(shown.width() <= usize::from(columns), "{columns}: {} {shown}", shown.width());
        assert_eq!(underlined(&seen, "<script>"), "<script>", "{columns}: {seen}");
    }
}
