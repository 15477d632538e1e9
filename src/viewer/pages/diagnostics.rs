//! `/-/diagnostics`: what is wrong with the documents. Only a preview has it.

use askama::Template;

use super::{Absent, Content};
use crate::api::{Diagnostic, Severity};
use crate::viewer::library::Shelf;

#[derive(Template)]
#[template(path = "diagnostics.html")]
struct Diagnostics<'a> {
    diagnostics: Vec<Remark<'a>>,
}

pub(super) struct Remark<'a> {
    pub class: &'static str,
    pub severity: Severity,
    pub code: &'a str,
    pub place: String,
    pub message: &'a str,
}

pub fn content(shelf: &Shelf) -> Result<Content, Absent> {
    if shelf.diagnostics().is_empty() {
        return Err(Absent::Missing);
    }
    let diagnostics = shelf.diagnostics().iter().map(remark).collect();
    Ok(Content {
        title: "Remarks about the documents".to_owned(),
        description: String::new(),
        robots: None,
        main: Diagnostics { diagnostics }.render()?,
    })
}

pub(super) fn remark(diagnostic: &Diagnostic) -> Remark<'_> {
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
