//! `talknotes lint`.

use std::process::ExitCode;

use clap::Args;

use super::source::Source;
use super::{Failure, diagnostics};
use crate::api::{Diagnostic, DraftPolicy, Severity};
use crate::document::Collection;
use crate::render;

#[derive(Args)]
#[command(after_help = "\
The exit code is 1 when there are errors, or nothing to read; warnings and hints do not change it. \
docs/diagnostics.md says what each code in brackets means.

Examples:
  talknotes lint notes/
  talknotes lint https://git.example/summit-notes.git --branch next")]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let collection = arguments.source.read(DraftPolicy::Publish)?;
    let found = all_diagnostics(&collection);
    diagnostics::print(&found, |path| arguments.source.place(path))?;
    if collection.documents == 0 && found.is_empty() {
        return Err(arguments.source.nothing_found().into());
    }
    anstream::eprintln!(
        "{} and {} in {}: {}",
        diagnostics::count(collection.notes.len(), "note"),
        diagnostics::count(collection.summits.len(), "summit"),
        diagnostics::count(collection.documents, "document"),
        diagnostics::summary(&found)
    );
    let errors = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    Ok(if errors { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What rendering says again that reading has said with line and column.
const TOLD_BY_READING: [render::Code; 3] =
    [render::Code::SetextRule, render::Code::LinkSigned, render::Code::ImageUnknown];

/// What reading says, and what rendering each note says.
pub(super) fn all_diagnostics(collection: &Collection) -> Vec<Diagnostic> {
    let mut found = collection.diagnostics.clone();
    for note in &collection.notes {
        let markdown = note.spec.markdown.as_deref().unwrap_or_default();
        let rendered = render::note(&note.name, &note.spec, markdown);
        // Lines of the note's text are not lines of the document, whose heading line is known.
        let told = |diagnostic: &Diagnostic| {
            TOLD_BY_READING.iter().any(|code| code.code() == diagnostic.code)
        };
        let new = rendered.diagnostics.into_iter().filter(|diagnostic| !told(diagnostic));
        found.extend(new.map(|diagnostic| Diagnostic {
            path: note.path.clone(),
            line: i32::try_from(note.line).ok(),
            column: None,
            ..diagnostic
        }));
    }
    found.sort();
    found.dedup();
    found
}
