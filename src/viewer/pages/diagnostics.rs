//! `/-/diagnostics`: what is wrong with the documents. Only a preview has it.

use askama::Template;

use super::{Absent, Content, Setting};
use crate::api::{Diagnostic, Severity};
use crate::viewer::language::Language;

#[derive(Template)]
#[template(path = "diagnostics.html")]
struct Diagnostics<'a> {
    l: Language,
    diagnostics: Vec<Remark<'a>>,
}

/// What is to be said of a place in a document, as pages show it.
pub struct Remark<'a> {
    /// The class of its block.
    pub class: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Its code, such as `TN1101`.
    pub code: &'a str,
    /// `path:line:column`, as far as it is known.
    pub place: String,
    /// What is to be said.
    pub message: &'a str,
}

pub fn content(setting: Setting<'_>) -> Result<Content, Absent> {
    let diagnostics = setting.shelf.diagnostics();
    if diagnostics.is_empty() {
        return Err(Absent::Missing);
    }
    let diagnostics = diagnostics.iter().map(remark).collect();
    let l = setting.language;
    Ok(Content::new(l.say("diagnostics"), Diagnostics { l, diagnostics }.render()?))
}

/// A diagnostic as pages show it.
pub fn remark(diagnostic: &Diagnostic) -> Remark<'_> {
    let Diagnostic { path, line, column, severity, code, message } = diagnostic;
    let numbers = [line, column].into_iter().flatten().map(i32::to_string);
    let place = std::iter::once(path.clone()).chain(numbers).collect::<Vec<_>>().join(":");
    let class = match severity {
        Severity::Error => "danger",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    Remark { class, severity: *severity, code, place, message }
}
