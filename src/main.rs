//! The `talknotes` command.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

/// Gives back the memory that an import and each push need for a moment (docs/decisions/0028-allocator.md).
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    talknotes::cli::main()
}
