//! Findings in one line each, as editors and grep want them.

use std::fmt::Write as _;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};

use super::Report;
use crate::api::{Diagnostic, Severity};
use crate::cli::diagnostics::visible;

const BOLD: Style = Style::new().bold();

/// Writes one line a finding to standard error, as compilers do, so that editors find the place:
/// `path:line:column: severity: message [code]`. Colours only on a terminal.
pub(super) fn print(report: &Report<'_>) -> std::io::Result<()> {
    let mut out = anstream::stderr().lock();
    for finding in &report.findings {
        let Diagnostic { path, line, column, severity, code, message } = &finding.diagnostic;
        let mut place = visible(&report.source.place(path));
        for number in [line, column].into_iter().flatten() {
            let _ = write!(place, ":{number}");
        }
        let color = style(*severity);
        let message = visible(message);
        writeln!(out, "{BOLD}{place}:{BOLD:#} {color}{severity}:{color:#} {message} [{code}]")?;
    }
    Ok(())
}

fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::Cyan,
    };
    color.on_default().bold()
}
