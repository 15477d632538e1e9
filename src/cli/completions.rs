//! `talknotes completions`.

use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::Shell;

use super::Failure;

#[derive(Args)]
#[command(after_help = "\
Examples:
  talknotes completions bash > ~/.local/share/bash-completion/completions/talknotes
  talknotes completions fish > ~/.config/fish/completions/talknotes.fish
  talknotes completions zsh > ~/.zfunc/_talknotes    (with ~/.zfunc in $fpath)")]
pub(super) struct Arguments {
    /// Shell to complete in
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, command: &mut Command) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, command, "talknotes", &mut script);
    std::io::Write::write_all(&mut std::io::stdout().lock(), &script)?;
    Ok(ExitCode::SUCCESS)
}
