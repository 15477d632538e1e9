//! Findings in the Static Analysis Results Interchange Format, SARIF 2.1.0 (OASIS), as code scanning
//! reads it.

use std::io::Write;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use super::Report;
use crate::api::Severity;
use crate::cli::diagnostics::escaped;
use crate::lint::{Edit, Explained, Finding, Text, explained, url};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What has to be encoded in the path of a URI (RFC 3986), and `:`, which would end a scheme.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Writes the log to standard output.
pub(super) fn print(report: &Report<'_>) -> std::io::Result<()> {
    let pages = explained();
    let rules: Vec<Value> = pages.iter().map(rule).collect();
    let results: Vec<Value> =
        report.findings.iter().map(|finding| result(report, &pages, finding)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "talknotes",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    writeln!(std::io::stdout().lock(), "{}", escaped(&format!("{log:#}")))
}

fn rule(page: &Explained) -> Value {
    json!({
        "id": page.code,
        "shortDescription": { "text": page.title },
        "help": { "text": page.page, "markdown": page.page },
        "helpUri": url(&page.code),
    })
}

fn result(report: &Report<'_>, pages: &[Explained], finding: &Finding) -> Value {
    let known = &finding.diagnostic;
    let text = report.texts.get(known.path.as_str());
    let artifact = json!({ "uri": uri(&report.source.place(&known.path)) });
    let marked = text.zip(finding.marks.first());
    let region = marked.map(|(text, mark)| region(text, mark.start, mark.end));
    let region = region.or_else(|| known.line.map(|line| json!({ "startLine": line })));
    let location = object([("artifactLocation", Some(artifact.clone())), ("region", region)]);
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", known.message),
        None => known.message.clone(),
    };
    let rule = pages.iter().position(|page| page.code == known.code);
    let fixes = text.zip(finding.fix.as_ref()).map(|(text, fix)| {
        let edits: Vec<Value> = fix.edits.iter().map(|edit| replacement(text, edit)).collect();
        json!([{
            "description": { "text": fix.title },
            "artifactChanges": [{ "artifactLocation": artifact, "replacements": edits }],
        }])
    });
    object([
        ("ruleId", Some(json!(known.code))),
        ("ruleIndex", rule.map(|rule| json!(rule))),
        ("level", Some(json!(level(known.severity)))),
        ("message", Some(json!({ "text": message }))),
        ("locations", Some(json!([{ "physicalLocation": location }]))),
        ("fixes", fixes),
    ])
}

/// An object without the fields that have no value.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn replacement(text: &Text<'_>, edit: &Edit) -> Value {
    json!({
        "deletedRegion": region(text, edit.start, edit.end),
        "insertedContent": { "text": edit.replacement },
    })
}

/// Columns count UTF-16 code units, as the run says; the end is behind the last one (3.30).
fn region(text: &Text<'_>, start: usize, end: usize) -> Value {
    let (start, end) = (text.position(start), text.position(end));
    json!({
        "startLine": start.line,
        "startColumn": start.utf16,
        "endLine": end.line,
        "endColumn": end.utf16,
    })
}

/// A relative reference, or a `file` URI for an absolute path.
fn uri(path: &str) -> String {
    let encoded = utf8_percent_encode(path, PATH).to_string();
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("notes/a b#1.md"), "notes/a%20b%231.md");
        assert_eq!(uri("筆記.md"), "%E7%AD%86%E8%A8%98.md");
        assert_eq!(uri("/notes/a.md"), "file:///notes/a.md");
        assert_eq!(uri("a:b\n.md"), "a%3Ab%0A.md");
    }
}
