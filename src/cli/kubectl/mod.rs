//! `kubectl talknotes`: the plugin, one file a subcommand. The same binary under the name
//! `kubectl-talknotes`, or `talknotes kubectl`.

mod complete;
mod diff;
mod list;
mod open;
mod pager;
mod reconcile;
mod session;
mod show;
mod status;
mod suspend;
mod terminal;
mod webhook;
mod why;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use super::{Failure, Global};
use session::Connection;

/// Name of the binary for which kubectl looks.
const PLUGIN: &str = "kubectl-talknotes";
/// Name of the binary that kubectl asks for completions.
const COMPLETER: &str = "kubectl_complete-talknotes";

/// Looks at summit notes in a cluster and acts on them.
#[derive(Parser)]
#[command(
    name = "kubectl-talknotes",
    bin_name = "kubectl talknotes",
    version,
    max_term_width = 100
)]
pub(super) struct Plugin {
    #[command(flatten)]
    arguments: Arguments,
    #[command(flatten)]
    pub(super) global: Global,
}

#[derive(Args)]
#[command(after_help = "\
Link the binary as kubectl-talknotes into a folder of $PATH, and as kubectl_complete-talknotes for \
completion; then kubectl finds it:
  ln -s \"$(command -v talknotes)\" ~/.local/bin/kubectl-talknotes
  ln -s \"$(command -v talknotes)\" ~/.local/bin/kubectl_complete-talknotes

Examples:
  kubectl talknotes list --day 2031-05-14
  kubectl talknotes why tides-of-traffic
  talknotes kubectl show tides-of-traffic")]
pub(super) struct Arguments {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List notes: when, who, and whether they are published
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    /// Show a note in the terminal
    Show(show::Arguments),
    /// Open the page of a note or summit, or print its address
    Open(open::Arguments),
    /// Show what publishing would change
    Diff(diff::Arguments),
    /// Ask for a reconciliation now
    Reconcile(reconcile::Arguments),
    /// Stop a repository from being fetched and applied
    Suspend(suspend::Arguments),
    /// Let a suspended repository be fetched and applied again
    Resume(suspend::Arguments),
    /// Say why a note, summit or repository is not ready, and what to do
    Why(why::Arguments),
    /// Say where a repository takes reports of pushes, and how to set that up at the git server
    Webhook(webhook::Arguments),
    /// Print completions as kubectl asks for them
    #[command(name = "__complete", hide = true)]
    Complete(complete::Arguments),
}

/// The program under one of the names by which kubectl calls it; `None` under its own.
pub(super) fn called_by_kubectl() -> Option<Plugin> {
    let mut words = std::env::args_os();
    let program = std::path::PathBuf::from(words.next()?);
    match program.file_stem()?.to_str()? {
        PLUGIN => Some(Plugin::parse()),
        COMPLETER => {
            let begin = [PLUGIN, "__complete", "--"].map(std::ffi::OsString::from);
            Some(Plugin::parse_from(begin.into_iter().chain(words)))
        }
        _ => None,
    }
}

impl Plugin {
    /// Its subcommand.
    pub(super) fn into_arguments(self) -> (Arguments, Global) {
        (self.arguments, self.global)
    }
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { connection, command } = arguments;
    super::runtime()?.block_on(async {
        if let Command::Complete(words) = &command {
            return complete::run(words).await;
        }
        let session = connection.open().await?;
        match command {
            Command::List(arguments) => list::run(&session, &arguments).await,
            Command::Show(arguments) => show::run(&session, &arguments).await,
            Command::Open(arguments) => open::run(&session, &arguments).await,
            Command::Diff(arguments) => diff::run(&session, &arguments).await,
            Command::Reconcile(arguments) => reconcile::run(&session, &arguments).await,
            Command::Suspend(arguments) => suspend::run(&session, &arguments, true).await,
            Command::Resume(arguments) => suspend::run(&session, &arguments, false).await,
            Command::Why(arguments) => why::run(&session, &arguments).await,
            Command::Webhook(arguments) => webhook::run(&session, &arguments).await,
            Command::Complete(_) => Ok(ExitCode::SUCCESS),
        }
    })
}
