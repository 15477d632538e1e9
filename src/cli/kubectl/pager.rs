//! Text for a person to page through.

use std::io::{IsTerminal as _, Write as _};
use std::process::{Command, ExitStatus, Stdio};

use tokio::signal::unix::{SignalKind, signal};

use crate::cli::Failure;

/// What a shell ends with where a program is missing or cannot be run (POSIX, 2.8.2).
const NOT_RUN: [i32; 2] = [126, 127];

/// Prints, through `$PAGER` where a person looks and it has been set.
///
/// # Errors
/// Where the text cannot be written. A pager that is left early is no failure.
pub(super) fn print(text: &str, no_pager: bool) -> Result<(), Failure> {
    let mut stdout = std::io::stdout();
    let pager = std::env::var("PAGER").ok().filter(|pager| !pager.trim().is_empty());
    let pager = pager.filter(|_| stdout.is_terminal() && !no_pager);
    if let Some(pager) = pager {
        // Ctrl-C is for the pager. Without this it would be left alone with the terminal.
        let _interrupts = signal(SignalKind::interrupt())?;
        let ended = page(&pager, text)?;
        if !ended.code().is_some_and(|code| NOT_RUN.contains(&code)) {
            return Ok(());
        }
        // The shell has said why; the text is what was asked for.
    }
    Ok(stdout.write_all(text.as_bytes())?)
}

fn page(pager: &str, text: &str) -> Result<ExitStatus, Failure> {
    let mut command = Command::new("sh");
    command.arg("-c").arg(pager).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let mut child =
        command.spawn().map_err(|error| format!("cannot start the pager {pager}: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(text.as_bytes());
    }
    Ok(child.wait()?)
}
