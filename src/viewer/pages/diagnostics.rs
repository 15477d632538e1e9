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

pub(super) struct Remark<'a> {
    pub class: &'static str,
    pub severity: Severity,
    pub code: &'a str,
    pub place: String,
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
