//! The `talknotes` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    talknotes::cli::main()
}
