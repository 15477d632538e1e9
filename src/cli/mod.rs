//! The command line: one file a subcommand.

use std::process::ExitCode;

/// Parses the arguments, runs the subcommand and turns its outcome into an exit code.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
