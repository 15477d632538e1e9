//! Findings as workflow commands of GitHub Actions, which shows them beside the lines of a pull
//! request.

use std::io::Write;

use super::Report;
use crate::api::Severity;
use crate::cli::diagnostics::visible;
use crate::lint::Finding;

/// Writes a line for each finding to standard output.
pub(super) fn print(report: &Report<'_>) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for finding in &report.findings {
        writeln!(out, "{}", command(report, finding))?;
    }
    Ok(())
}

fn command(report: &Report<'_>, finding: &Finding) -> String {
    let known = &finding.diagnostic;
    let name = match known.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = vec![("file", visible(&report.source.place(&known.path)))];
    let text = report.texts.get(known.path.as_str());
    let mut number = |name, number: usize| properties.push((name, number.to_string()));
    match text.zip(finding.marks.first()) {
        Some((text, mark)) => {
            let (start, end) = (text.position(mark.start), text.position(mark.end));
            number("line", start.line);
            number("endLine", end.line);
            number("col", start.column);
            // The last column, not the one behind it.
            number("endColumn", end.column.saturating_sub(1).max(start.column));
        }
        None => known
            .line
            .and_then(|line| line.try_into().ok())
            .into_iter()
            .for_each(|line| number("line", line)),
    }
    properties.push(("title", known.code.clone()));
    let properties: Vec<String> = properties
        .into_iter()
        .map(|(name, value)| format!("{name}={}", property(&value)))
        .collect();
    let help = finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    let message = known.message.lines().map(visible).collect::<Vec<_>>().join("\n");
    format!("::{name} {}::{}", properties.join(","), data(&format!("{message}{help}")))
}

/// What would end the line, or begin an escape.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What would end a property, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_the_command() {
        assert_eq!(data("50% of\r\n::error::x"), "50%25 of%0D%0A::error::x");
        assert_eq!(property("a,line=1::b"), "a%2Cline=1%3A%3Ab");
    }
}
