//! `talknotes rules`.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use super::source::{Source, about_rules};
use super::{Failure, findings};
use crate::api::DraftPolicy;
use crate::document;

#[derive(Args)]
#[command(after_help = "\
Reading with these rules gives the same talks: save them as .talknotes.yaml beside the notes, or put \
them into spec.rules of a NoteRepository, and correct what is wrong. Rules that are there already are \
left out of account. docs/rules.md says what a rule can say.

Examples:
  talknotes rules notes/
  talknotes rules notes/ > notes/.talknotes.yaml
  talknotes rules https://git.example/summit-notes.git")]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let Arguments { source } = arguments;
    let (collection, files) = source.read_with_files(DraftPolicy::default())?;
    findings::tell(source, &about_rules(&collection), &files)?;
    let rules = document::rules(&files, source.options().format)?;
    let mut out = std::io::stdout().lock();
    out.write_all(rules.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
