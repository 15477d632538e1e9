//! Completions as kubectl asks its plugins for them: the words so far as arguments of
//! `kubectl_complete-talknotes`, a candidate a line, and a directive at the end.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Arg, Args, Command, CommandFactory, Parser};
use kube::ResourceExt;

use super::session::{Connection, Session};
use super::{PLUGIN, Plugin};
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
pub(super) async fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (prefix, before) = match arguments.words.split_last() {
        Some((last, before)) => (last.as_str(), before),
        None => ("", &[][..]),
    };
    let root = Plugin::command();
    let line = Line::read(&root, before);
    let mut candidates = line.words(&root, prefix);
    let names = async { line.names(&line.connection()?.open().await?, prefix).await };
    let names = tokio::time::timeout(PATIENCE, names).await.ok().and_then(Result::ok);
    candidates.extend(names.unwrap_or_default());
    let mut out = std::io::stdout().lock();
    for candidate in candidates.iter().filter(|candidate| candidate.starts_with(prefix)) {
        writeln!(out, "{candidate}")?;
    }
    writeln!(out, "{NO_FILES}")?;
    Ok(ExitCode::SUCCESS)
}

/// The flags that say which objects there are.
#[derive(Parser)]
struct Whereabouts {
    #[command(flatten)]
    connection: Connection,
}

/// What stands in front of the word that is to be completed.
#[derive(Default)]
struct Line<'c> {
    command: Option<&'c Command>,
    /// The flag whose value is to be completed.
    flag: Option<&'c Arg>,
    /// The flags of [`Whereabouts`] with their values.
    whereabouts: Vec<String>,
}

impl<'c> Line<'c> {
    fn read(root: &'c Command, before: &[String]) -> Self {
        let own = Whereabouts::command();
        let is_whereabouts =
            |flag: &Arg| own.get_arguments().any(|arg| arg.get_id() == flag.get_id());
        let mut line = Self::default();
        let mut words = before.iter();
        while let Some(word) = words.next() {
            let Some(flag) = line.flag_of(root, word) else {
                line.command = line.command.or_else(|| root.find_subcommand(word));
                continue;
            };
            let mut given = vec![word.clone()];
            if flag.get_action().takes_values() && !word.contains('=') {
                match words.next() {
                    Some(value) => given.push(value.clone()),
                    None => line.flag = Some(flag),
                }
            }
            if is_whereabouts(flag) {
                line.whereabouts.extend(given);
            }
        }
        line
    }

    fn flag_of(&self, root: &'c Command, word: &str) -> Option<&'c Arg> {
        let word = word.split('=').next().unwrap_or_default();
        let is_meant = |flag: &&Arg| match word.strip_prefix("--") {
            Some(long) => flag.get_long() == Some(long),
            None => flag.get_short().is_some_and(|short| word == format!("-{short}")),
        };
        let own = self.command.into_iter().flat_map(Command::get_arguments);
        own.chain(root.get_arguments()).find(is_meant)
    }

    fn connection(&self) -> Result<Connection, Failure> {
        let name = std::iter::once(PLUGIN.to_owned());
        Ok(Whereabouts::try_parse_from(name.chain(self.whereabouts.iter().cloned()))?.connection)
    }

    /// Subcommands, flags, and the values that a flag can have.
    fn words(&self, root: &Command, prefix: &str) -> Vec<String> {
        if let Some(flag) = self.flag {
            let values = flag.get_possible_values();
            return values.iter().map(|value| value.get_name().to_owned()).collect();
        }
        if prefix.starts_with('-') {
            let own = self.command.into_iter().flat_map(Command::get_arguments);
            let shown = own.chain(root.get_arguments()).filter(|flag| !flag.is_hide_set());
            return shown.filter_map(|flag| Some(format!("--{}", flag.get_long()?))).collect();
        }
        if self.command.is_some() {
            return Vec::new();
        }
        let shown = root.get_subcommands().filter(|command| !command.is_hide_set());
        shown.map(|command| command.get_name().to_owned()).collect()
    }

    /// The objects that a subcommand or a flag takes.
    async fn names(&self, session: &Session, prefix: &str) -> Result<Vec<String>, Failure> {
        match (self.flag, self.command) {
            (Some(flag), _) if flag.get_id() == "summit" => summits(session, "").await,
            (None, Some(command)) if !prefix.starts_with('-') => {
                targets(session, command.get_name()).await
            }
            _ => Ok(Vec::new()),
        }
    }
}

async fn summits(session: &Session, prefix: &str) -> Result<Vec<String>, Failure> {
    let summits: Vec<Summit> = list(&session.api(), Default::default()).await?;
    Ok(summits.iter().map(|summit| format!("{prefix}{}", summit.name_any())).collect())
}

/// The objects that a subcommand takes.
async fn targets(session: &Session, command: &str) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    if matches!(command, "show" | "open" | "diff" | "reconcile" | "why") {
        let notes: Vec<TalkNote> = list(&session.api(), Default::default()).await?;
        found.extend(notes.iter().map(ResourceExt::name_any));
    }
    if matches!(command, "open" | "diff" | "reconcile" | "why") {
        found.extend(summits(session, "summit/").await?);
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

    /// What is offered without a cluster.
    fn offered(line: &str) -> Vec<String> {
        let root = Plugin::command();
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let (prefix, before) = words.split_last().unwrap();
        Line::read(&root, before).words(&root, prefix)
    }

    #[test]
    fn subcommands_and_flags_are_offered() {
        for line in ["", "--namespace moon ", "-n moon ", "--context=moon "] {
            let all = offered(line);
            for word in ["list", "show", "open", "diff", "reconcile", "suspend", "resume", "why"] {
                assert!(all.iter().any(|known| known == word), "{line}: {word}");
            }
            assert!(!all.iter().any(|word| word.starts_with("__")));
        }
        let flags = offered("--namespace list list --");
        for flag in ["--summit", "--output", "--context"] {
            assert!(flags.iter().any(|known| known == flag), "{flag}: {flags:?}");
        }
    }

    #[test]
    fn values_of_flags_are_offered() {
        for line in ["list --output ", "-n moon list -A -o ", "list --day=2031-05-14 -o "] {
            assert_eq!(offered(line), ["table", "wide", "json", "yaml", "name"], "{line}");
        }
        assert_eq!(offered("list --day "), [""; 0]);
        assert_eq!(offered("show --namespace "), [""; 0]);
    }
}
