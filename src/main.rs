//! The `talknotes` command.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Gives memory back that an import needed, which that of glibc keeps (docs/decisions/0028-allocator.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    talknotes::cli::main()
}
