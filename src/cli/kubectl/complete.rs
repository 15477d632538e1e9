//! Completions as kubectl asks its plugins for them: the words so far as arguments of
//! `kubectl_complete-talknotes`, a candidate a line, and a directive at the end.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Command, CommandFactory};
use kube::ResourceExt;

use super::Plugin;
use super::session::{Connection, Session};
use crate::api::{NoteRepository, Summit, TalkNote};
use crate::cli::Failure;
use crate::cli::cluster::list;

/// Somebody waits with a finger on the tabulator.
const PATIENCE: Duration = Duration::from_secs(2);
/// `ShellCompDirectiveNoFileComp` of the library cobra, which kubectl's shells understand.
const NO_FILES: &str = ":4";

#[derive(Args)]
pub(super) struct Arguments {
    /// The words so far, the last one to be completed
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

/// Never fails: a shell has nowhere to show why.
pub(super) async fn run(
    connection: &Connection,
    arguments: &Arguments,
) -> Result<ExitCode, Failure> {
    let (prefix, before) = match arguments.words.split_last() {
        Some((last, before)) => (last.as_str(), before),
        None => ("", &[][..]),
    };
    let root = Plugin::command();
    let mut candidates = words(&root, before, prefix);
    if let Some(command) = before.first().filter(|_| !prefix.starts_with('-')) {
        let names = async { names(&connection.open().await?, command).await };
        candidates.extend(
            tokio::time::timeout(PATIENCE, names)
                .await
                .ok()
                .and_then(Result::ok)
                .unwrap_or_default(),
        );
    }
    let mut out = std::io::stdout().lock();
    for candidate in candidates.iter().filter(|candidate| candidate.starts_with(prefix)) {
        writeln!(out, "{candidate}")?;
    }
    writeln!(out, "{NO_FILES}")?;
    Ok(ExitCode::SUCCESS)
}

/// Subcommands and flags.
fn words(root: &Command, before: &[String], prefix: &str) -> Vec<String> {
    let command = before.iter().find_map(|word| root.find_subcommand(word));
    if prefix.starts_with('-') {
        let flags = |command: &Command| -> Vec<String> {
            let shown = command.get_arguments().filter(|flag| !flag.is_hide_set());
            shown.filter_map(|flag| Some(format!("--{}", flag.get_long()?))).collect()
        };
        let own = command.map(flags).unwrap_or_default();
        return own.into_iter().chain(flags(root)).collect();
    }
    if command.is_some() {
        return Vec::new();
    }
    let shown = root.get_subcommands().filter(|command| !command.is_hide_set());
    shown.map(|command| command.get_name().to_owned()).collect()
}

/// The objects that a subcommand takes.
async fn names(session: &Session, command: &str) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    if matches!(command, "show" | "open" | "diff" | "reconcile" | "why") {
        let notes: Vec<TalkNote> = list(&session.api(), Default::default()).await?;
        found.extend(notes.iter().map(ResourceExt::name_any));
    }
    if matches!(command, "open" | "diff" | "reconcile" | "why") {
        let summits: Vec<Summit> = list(&session.api(), Default::default()).await?;
        found.extend(summits.iter().map(|summit| format!("summit/{}", summit.name_any())));
    }
    if matches!(command, "reconcile" | "why" | "suspend" | "resume") {
        let all: Vec<NoteRepository> = list(&session.api(), Default::default()).await?;
        let prefix = if matches!(command, "suspend" | "resume") { "" } else { "noterepository/" };
        found.extend(all.iter().map(|object| format!("{prefix}{}", object.name_any())));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subcommands_and_flags_are_offered() {
        let root = Plugin::command();
        let all = words(&root, &[], "");
        for word in ["list", "show", "open", "diff", "reconcile", "suspend", "resume", "why"] {
            assert!(all.iter().any(|known| known == word), "{word}");
        }
        assert!(!all.iter().any(|word| word.starts_with("__")));
        let flags = words(&root, &["list".to_owned()], "--");
        for flag in ["--summit", "--output", "--context"] {
            assert!(flags.iter().any(|known| known == flag), "{flag}: {flags:?}");
        }
    }
}
