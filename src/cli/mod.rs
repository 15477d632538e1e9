//! The command line: one file a subcommand.

mod cluster;
mod codes;
mod completions;
mod controller;
mod crds;
mod diagnostics;
mod doctor;
mod explain;
mod export;
mod files;
mod findings;
mod healthcheck;
mod import;
mod kubectl;
mod lint;
mod new;
mod preview;
mod rules;
mod screen;
mod site;
mod source;
mod viewer;

use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::telemetry::logs::{self, LogFormat};

/// Publishes summit notes as Kubernetes objects.
#[derive(Parser)]
#[command(name = "talknotes", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "\
No cluster is needed to begin:
  talknotes preview notes/     see your notes as pages that follow what you save
  talknotes site notes/ public see them as files for any web server
  talknotes lint notes/        see what is wrong with them
  talknotes import notes/      see the objects that they become

`talknotes <COMMAND> --help` says more about each.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

#[derive(Args)]
struct Global {
    /// How log lines are written, text or json; if not given, text on a terminal and json elsewhere
    #[arg(
        long,
        global = true,
        env = "TALKNOTES_LOG_FORMAT",
        value_name = "FORMAT",
        help_heading = "Global options",
        hide_possible_values = true
    )]
    log_format: Option<LogFormat>,
}

#[derive(Subcommand)]
enum Command {
    /// Show notes as pages, from a folder or a git URL, without a cluster
    Preview(preview::Arguments),
    /// Write the pages as files, for any web server, without a cluster
    Site(site::Arguments),
    /// Print the Summit and TalkNote manifests of a folder or a git URL
    Import(import::Arguments),
    /// Say what is wrong with the notes of a folder or a git URL
    Lint(lint::Arguments),
    /// Print the rules by which detection reads a folder or a git URL, as a file to start from
    Rules(rules::Arguments),
    /// Write a document to take notes in
    New(new::Arguments),
    /// Write the summits and notes of a cluster as files, which import reads back
    Export(export::Arguments),
    /// Say what a code in brackets means, with examples
    Explain(codes::Arguments),
    /// Run the operator
    Controller(controller::Arguments),
    /// Serve what is published in a cluster as web pages
    Viewer(viewer::Arguments),
    /// Look at notes in a cluster and act on them: the kubectl plugin under another name
    Kubectl(kubectl::Arguments),
    /// Say what is wrong with the TalkNotes of a cluster, and what to do about it
    Doctor(doctor::Arguments),
    /// Ask a URL whether all is well, where there is no curl
    Healthcheck(healthcheck::Arguments),
    /// Print the custom resource definitions
    Crds(crds::Arguments),
    /// Print a script that completes commands in your shell
    Completions(completions::Arguments),
}

/// Why a command failed; shown to the user with its causes.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Parses the arguments, runs the subcommand and turns its outcome into an exit code: 0 done, 1 failed
/// or errors found in notes, 2 wrong arguments.
pub fn main() -> ExitCode {
    // Fails only where a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if let Some(plugin) = kubectl::called_by_kubectl() {
        let (arguments, global) = plugin.into_arguments();
        logs::init(global.log_format);
        return exit_code(kubectl::run(arguments));
    }
    let Cli { command, global } = Cli::parse();
    logs::init(global.log_format);
    let outcome = match command {
        Command::Preview(arguments) => block_on(preview::run(arguments)),
        Command::Site(arguments) => block_on(site::run(arguments)),
        Command::Import(arguments) => import::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Explain(arguments) => codes::run(&arguments),
        Command::Controller(arguments) => block_on(controller::run(arguments)),
        Command::Viewer(arguments) => block_on(viewer::run(arguments)),
        Command::Kubectl(arguments) => kubectl::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Healthcheck(arguments) => block_on(healthcheck::run(arguments)),
        Command::Crds(arguments) => crds::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, &mut Cli::command()),
    };
    exit_code(outcome)
}

fn exit_code(outcome: Result<ExitCode, Failure>) -> ExitCode {
    outcome.unwrap_or_else(|failure| {
        report(failure.as_ref());
        ExitCode::FAILURE
    })
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<ExitCode, Failure> {
    let runtime = runtime()?;
    let outcome = runtime.block_on(work);
    // A visit to a git server may still be under way; its deadline is not worth waiting for.
    runtime.shutdown_background();
    outcome.map(|()| ExitCode::SUCCESS)
}

/// A reader that has gone (`talknotes import … | head`) is no failure worth words.
fn report(failure: &(dyn std::error::Error + 'static)) {
    let broken_pipe = failure
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe);
    if !broken_pipe {
        anstream::eprintln!("{}", diagnostics::failure(failure));
    }
}

/// Cancelled at the first interrupt or termination signal; the second one ends the process at once.
fn shutdown() -> Result<tokio_util::sync::CancellationToken, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let token = tokio_util::sync::CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        for first in [true, false] {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if first {
                cancelled.cancel();
            } else {
                std::process::exit(130);
            }
        }
    });
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
