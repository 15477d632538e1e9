//! `talknotes kubectl show` on a terminal: its width, and the pager.

use std::process::Command;

use axum::Json;
use axum::routing::get;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::support::access::write_kubeconfig;
use crate::support::terminal::{CTRL_C, Terminal};
use crate::workspace::Workspace;

/// Serves one note as an API server does, on a free port.
struct Cluster {
    runtime: tokio::runtime::Runtime,
    folder: Workspace,
}

impl Cluster {
    fn with(markdown: &str) -> Self {
        let note = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
            "metadata": { "name": "tides", "namespace": "default" },
            "spec": { "title": "潮汐與控制器", "speakers": [{ "name": "林小舟" }], "markdown": markdown },
        });
        let path = "/apis/talknotes.dev/v1alpha1/namespaces/default/talknotes/tides";
        let answer = move || std::future::ready(Json::<Value>(note.clone()));
        let router = axum::Router::new().route(path, get(answer));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await });
        let folder = Workspace::new();
        let (cluster, user) = (json!({ "server": server }), json!({}));
        write_kubeconfig(&folder.path().join("config"), &cluster, &user).unwrap();
        Self { runtime, folder }
    }

    /// `show` on a terminal without a pager of whoever runs the tests.
    fn show(&self, options: &[&str]) -> Command {
        let arguments = ["kubectl", "--kubeconfig", "config", "show", "tides"];
        self.folder.command_on_terminal(&[&arguments, options].concat())
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let runtime = std::mem::replace(
            &mut self.runtime,
            tokio::runtime::Builder::new_current_thread().build().unwrap(),
        );
        runtime.shutdown_background();
    }
}

/// More than a pipe holds, so that whoever writes it notices a reader that has gone.
fn long() -> String {
    "Water finds a way.\n\n".repeat(20_000)
}

#[test]
fn lines_are_as_wide_as_the_terminal_is() {
    let cluster = Cluster::with(&format!("{}。\n\n{}\n", "潮".repeat(90), "tide ".repeat(50)));
    for (columns, widest) in [(20, 20), (40, 40), (81, 81), (300, 100)] {
        let mut command = cluster.show(&[]);
        command.env("NO_COLOR", "1");
        let (status, seen) = Terminal::start(command, columns).end();
        assert_eq!(status.code(), Some(0), "{seen}");
        let width = seen.lines().map(|line| line.width()).max().unwrap();
        // Chinese characters take two columns each, so that one may be left.
        assert!((widest - 1..=widest).contains(&width), "{columns}: {width}\n{seen}");
        assert_eq!(seen.matches('潮').count(), 91, "nothing is lost");
    }
    let mut command = cluster.show(&[]);
    command.env("NO_COLOR", "1").env("COLUMNS", "30");
    let (_, seen) = Terminal::start(command, 80).end();
    assert!(seen.lines().all(|line| line.width() <= 30), "{seen}");
}

#[test]
fn styles_are_for_terminals_that_know_them() {
    let cluster = Cluster::with("**Water** finds [a way](https://x.example/way).\n");
    for (variables, styled, linked) in [
        (&[][..], true, false),
        (&[("TERM_PROGRAM", "WezTerm")], true, true),
        (&[("TERM_PROGRAM", "WezTerm"), ("NO_COLOR", "1")], false, false),
        (&[("TERM", "dumb")], false, false),
    ] {
        let mut command = cluster.show(&[]);
        command.envs(variables.iter().copied());
        let (_, seen) = Terminal::start(command, 80).end();
        assert_eq!(seen.contains("\u{1b}[1m"), styled, "{variables:?}: {seen:?}");
        assert_eq!(seen.contains("\u{1b}]8;;https://x.example/way"), linked, "{variables:?}");
    }
}

#[test]
fn a_pager_gets_the_note_where_somebody_looks() {
    let cluster = Cluster::with("Water finds a way.\n");
    let mut command = cluster.show(&[]);
    command.env("PAGER", "cat > paged; echo \"$LESS\"");
    let (status, seen) = Terminal::start(command, 80).end();
    assert_eq!((status.code(), seen.as_str()), (Some(0), "FRX\n"));
    assert!(cluster.file("paged").ends_with("\nWater finds a way.\n"), "{}", cluster.file("paged"));

    let mut command = cluster.show(&["--no-pager"]);
    command.env("PAGER", "cat > never");
    let (_, seen) = Terminal::start(command, 80).end();
    assert!(seen.ends_with("\nWater finds a way.\n") && cluster.file("never").is_empty(), "{seen}");

    let mut command = cluster.show(&[]);
    command.env("PAGER", "cat > never").stdout(std::process::Stdio::piped());
    let run = cluster.folder.finish(command).exits(0).says_nothing();
    assert!(run.stdout().ends_with("\nWater finds a way.\n") && cluster.file("never").is_empty());
}

#[test]
fn a_pager_that_is_left_early_is_no_failure() {
    let cluster = Cluster::with(&long());
    for pager in ["head -n 1", "true", "exit 3"] {
        let mut command = cluster.show(&[]);
        command.env("PAGER", pager).env("NO_COLOR", "1");
        let (status, seen) = Terminal::start(command, 80).end();
        assert_eq!(status.code(), Some(0), "{pager}: {seen}");
        let shown = if pager.starts_with("head") { "潮汐與控制器\n" } else { "" };
        assert_eq!(seen, shown, "{pager}");
    }
}

#[test]
fn a_pager_that_is_not_there_hides_nothing() {
    let cluster = Cluster::with("Water finds a way.\n");
    let mut command = cluster.show(&[]);
    command.env("PAGER", "no-such-pager").env("NO_COLOR", "1");
    let (status, seen) = Terminal::start(command, 80).end();
    assert_eq!(status.code(), Some(0), "{seen}");
    assert!(seen.contains("no-such-pager") && seen.ends_with("\nWater finds a way.\n"), "{seen}");
}

#[test]
fn ctrl_c_is_for_the_pager() {
    let cluster = Cluster::with("Water finds a way.\n");
    let mut command = cluster.show(&[]);
    // The signal ends a program whose beginning says that it is there. A shell that waits in `read` has a
    // moment before it, in which a signal is not noticed until the next line comes.
    let pager = "trap : INT; cat; sh -c 'echo ready; exec sleep 60'; echo interrupted; \
                 read answer </dev/tty; echo \"left with $answer\"";
    command.env("PAGER", pager);
    let mut terminal = Terminal::start(command, 80);
    terminal.shows("ready");
    terminal.press(CTRL_C);
    terminal.shows("interrupted");
    terminal.press("q\n");
    terminal.shows("left with q");
    let (status, seen) = terminal.end();
    assert_eq!(status.code(), Some(0), "{seen}");
}
