//! Findings as one JSON object, for other programs. `docs/linting.md` describes it.

use std::io::Write;

use serde_json::{Value, json};

use super::Report;
use crate::api::Severity;
use crate::cli::diagnostics::escaped;
use crate::lint::{Edit, Finding, Position, Text, url};

/// Of the shape. Fields that are added do not change it.
const VERSION: u32 = 1;

/// Writes the object to standard output.
pub(super) fn print(report: &Report<'_>) -> std::io::Result<()> {
    let diagnostics: Vec<Value> =
        report.findings.iter().map(|one| diagnostic(report, one)).collect();
    let object = json!({
        "version": VERSION,
        "summary": {
            "documents": report.collection.documents,
            "notes": report.collection.notes.len(),
            "summits": report.collection.summits.len(),
            "errors": report.count(Severity::Error),
            "warnings": report.count(Severity::Warning),
            "hints": report.count(Severity::Info),
        },
        "diagnostics": diagnostics,
    });
    writeln!(std::io::stdout().lock(), "{}", escaped(&format!("{object:#}")))
}

fn diagnostic(report: &Report<'_>, finding: &Finding) -> Value {
    let known = &finding.diagnostic;
    let text = report.texts.get(known.path.as_str());
    let range =
        text.zip(finding.marks.first()).map(|(text, mark)| range(text, mark.start, mark.end));
    let edit = |text: &Text<'_>, edit: &Edit| json!({ "range": range_of(text, edit), "replacement": edit.replacement });
    let fix = text.zip(finding.fix.as_ref()).map(|(text, fix)| {
        let edits: Vec<Value> = fix.edits.iter().map(|one| edit(text, one)).collect();
        json!({ "title": fix.title, "edits": edits })
    });
    json!({
        "code": known.code,
        "severity": known.severity.to_string(),
        "message": known.message,
        "help": finding.help,
        "url": url(&known.code),
        "path": report.source.place(&known.path),
        "line": known.line,
        "column": known.column,
        "range": range,
        "fix": fix,
    })
}

fn range_of(text: &Text<'_>, edit: &Edit) -> Value {
    range(text, edit.start, edit.end)
}

fn range(text: &Text<'_>, start: usize, end: usize) -> Value {
    let place = |offset| {
        let Position { line, column, offset, .. } = text.position(offset);
        json!({ "line": line, "column": column, "offset": offset })
    };
    json!({ "start": place(start), "end": place(end) })
}
