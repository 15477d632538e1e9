//! Diagnostics on a terminal, and how failures look beside them.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write;

use anstyle::{AnsiColor, Style};

use crate::api::{Diagnostic, Severity};

const BOLD: Style = Style::new().bold();

fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::Cyan,
    };
    color.on_default().bold()
}

/// Writes one line a diagnostic to standard error, as compilers do, so that editors find the place:
/// `path:line:column: severity: message [code]`. Colours only on a terminal.
pub(super) fn print(diagnostics: &[Diagnostic]) -> std::io::Result<()> {
    let mut out = anstream::stderr().lock();
    for diagnostic in diagnostics {
        let Diagnostic { path, line, column, severity, code, message } = diagnostic;
        let mut place = visible(path);
        for number in [line, column].into_iter().flatten() {
            let _ = write!(place, ":{number}");
        }
        let color = style(*severity);
        let message = visible(message);
        writeln!(out, "{BOLD}{place}:{BOLD:#} {color}{severity}:{color:#} {message} [{code}]")?;
    }
    Ok(())
}

/// Paths and messages quote what strangers wrote: nothing of it may steer a terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// How many there are of each severity, in words.
pub(super) fn summary(diagnostics: &[Diagnostic]) -> String {
    let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let words = |number: usize, word: &str| {
        format!("{number} {word}{}", if number == 1 { "" } else { "s" })
    };
    format!(
        "{}, {}",
        words(count(Severity::Error), "error"),
        words(count(Severity::Warning), "warning")
    )
}

/// A failure with its causes, each said once.
pub(super) fn failure(failure: &(dyn Error + 'static)) -> String {
    let color = style(Severity::Error);
    let mut text = format!("{color}error:{color:#} {failure}");
    let mut cause = failure.source();
    while let Some(next) = cause {
        let words = next.to_string();
        if !text.contains(&words) {
            let _ = write!(text, "\n  because: {words}");
        }
        cause = next.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\n"), "a\u{fffd}[31mb\u{fffd}");
    }

    #[test]
    fn a_summary_counts_in_english() {
        assert_eq!(summary(&[]), "0 errors, 0 warnings");
    }
}
