//! The diagnostics of one document while it is read.

use super::codes::Code;
use crate::api::{Diagnostic, Severity};

/// Longest message and path that the schema takes, in characters.
const MAX_TEXT: usize = 1024;
/// Characters that are kept for saying how much is not told.
const MAX_UNTOLD: usize = 64;

/// A place in a document: line and column in characters, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    /// The beginning of `line`.
    pub fn line(line: usize) -> Self {
        Self { line, column: 1 }
    }
}

/// Most diagnostics of one document: a line of three characters can be worth one, which takes a hundred
/// times the memory.
const MAX_FOUND: usize = 500;

/// Collects the diagnostics of the document `path`: the first of them, and an error where there is one,
/// for what has an error is not taken for what its author meant.
#[derive(Clone, Debug)]
pub(super) struct Report {
    path: String,
    found: Vec<Diagnostic>,
    /// How many were found besides.
    untold: usize,
}

impl Report {
    pub fn new(path: &str) -> Self {
        Self { path: path.to_owned(), found: Vec::new(), untold: 0 }
    }

    /// Adds a diagnostic at `place`.
    pub fn at(&mut self, code: Code, place: Place, message: impl Into<String>) {
        self.push(code, Some(place), message.into());
    }

    /// Adds a diagnostic about the document as a whole.
    pub fn whole(&mut self, code: Code, message: impl Into<String>) {
        self.push(code, None, message.into());
    }

    /// What was found. The last one says how much more there is.
    pub fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        if let (Some(last), 1..) = (self.found.last_mut(), self.untold) {
            let untold = self.untold;
            last.message = last.message.chars().take(MAX_TEXT - MAX_UNTOLD).collect();
            last.message
                .push_str(&format!("; and {untold} more in this document, not listed here"));
        }
        self.found
    }

    /// How many diagnostics are kept.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// How many bytes it takes, about.
    pub fn weight(&self) -> usize {
        let told = self.found.iter();
        let told = told.map(|own| size_of::<Diagnostic>() + own.path.len() + own.message.len());
        self.path.len() + told.sum::<usize>()
    }

    /// Keeps no more than `most` diagnostics, one at least.
    pub fn shorten(&mut self, most: usize) {
        let dropped = self.found.split_off(self.found.len().min(most.max(1)));
        self.untold += dropped.len();
        if let Some(error) = dropped.into_iter().find(is_error) {
            self.keep_error(error);
        }
    }

    fn push(&mut self, code: Code, place: Option<Place>, message: String) {
        if self.found.len() < MAX_FOUND {
            return self.found.push(diagnostic(&self.path, code, place, &message));
        }
        self.untold += 1;
        if code.severity() == Severity::Error {
            self.keep_error(diagnostic(&self.path, code, place, &message));
        }
    }

    /// Puts `error` in the place of the last one where there is no error yet.
    fn keep_error(&mut self, error: Diagnostic) {
        if !self.found.iter().any(is_error) {
            self.found.pop();
            self.found.push(error);
        }
    }
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

/// A diagnostic within the limits of the schema.
pub(crate) fn diagnostic(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_nothing_but_faults_has_as_many_as_can_be_told_and_its_first_error() {
        let mut report = Report::new("a.md");
        for line in 1..=100_000 {
            report.at(Code::HeadingWithoutSpace, Place::line(line), "a space is missing");
        }
        report.whole(Code::LeftOut, "it is left out");
        report.at(Code::HeadingWithoutSpace, Place::line(100_001), "a space is missing");
        let mut short = report.clone();
        let found = report.into_diagnostics();
        assert_eq!(found.len(), MAX_FOUND);
        let last = found.last().unwrap();
        assert_eq!(last.severity, Severity::Error);
        assert!(last.message.ends_with("; and 99502 more in this document, not listed here"));

        short.shorten(0);
        let found = short.into_diagnostics();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Error);
        assert!(found[0].message.contains("100001 more"), "{}", found[0].message);
    }
}
