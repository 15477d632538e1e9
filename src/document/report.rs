//! The diagnostics of one document while it is read.

use super::codes::Code;
use crate::api::Diagnostic;

/// Longest message and path that the schema takes, in characters.
const MAX_TEXT: usize = 1024;

/// A place in a document: line and column in characters, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    /// The beginning of `line`.
    pub fn line(line: usize) -> Self {
        Self { line, column: 1 }
    }
}

/// Collects the diagnostics of the document `path`.
#[derive(Clone, Debug)]
pub(super) struct Report {
    path: String,
    found: Vec<Diagnostic>,
}

impl Report {
    pub fn new(path: &str) -> Self {
        Self { path: path.to_owned(), found: Vec::new() }
    }

    /// Adds a diagnostic at `place`.
    pub fn at(&mut self, code: Code, place: Place, message: impl Into<String>) {
        self.push(code, Some(place), message.into());
    }

    /// Adds a diagnostic about the document as a whole.
    pub fn whole(&mut self, code: Code, message: impl Into<String>) {
        self.push(code, None, message.into());
    }

    /// What was found.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.found
    }

    fn push(&mut self, code: Code, place: Option<Place>, message: String) {
        self.found.push(diagnostic(&self.path, code, place, &message));
    }
}

/// A diagnostic within the limits of the schema.
pub(super) fn diagnostic(
    path: &str,
    code: Code,
    place: Option<Place>,
    message: &str,
) -> Diagnostic {
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    Diagnostic {
        path: path.chars().take(MAX_TEXT).collect(),
        line: place.map(|place| number(place.line)),
        column: place.map(|place| number(place.column)),
        severity: code.severity(),
        code: code.code().to_owned(),
        message: message.chars().take(MAX_TEXT).collect(),
    }
}
