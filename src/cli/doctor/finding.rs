//! What was found.

use serde::Serialize;

use crate::api::Severity;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// Which check has found it.
    pub check: &'static str,
    /// The object that is meant, such as `Summit notes/harbour`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    pub fn error(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, check, message)
    }

    pub fn warning(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, check, message)
    }

    pub fn info(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, check, message)
    }

    fn new(severity: Severity, check: &'static str, message: impl Into<String>) -> Self {
        Self { severity, check, object: None, message: message.into(), advice: None }
    }

    /// The same with what to do.
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// The same about an object.
    pub fn about(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// In words.
    pub fn lines(&self) -> Vec<String> {
        let object = self.object.as_ref().map_or_else(String::new, |object| format!("{object}: "));
        let mut lines = vec![format!("{}: {object}{}", self.severity, self.message)];
        lines.extend(self.advice.iter().map(|advice| format!("  what to do: {advice}")));
        lines
    }
}

/// All that was found, the gravest first.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Version of this format.
    pub version: u32,
    /// Number of errors.
    pub errors: usize,
    /// Number of warnings.
    pub warnings: usize,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Report {
    pub fn of(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.severity);
        let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        Self { version: 1, errors, warnings, findings }
    }

    /// In one line.
    pub fn summary(&self) -> String {
        match (self.errors, self.warnings) {
            (0, 0) => "nothing is wrong".to_owned(),
            (errors, warnings) => format!("errors: {errors}, warnings: {warnings}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_comes_first_and_is_counted() {
        let warning = Finding::warning("objects", "waits").about("Summit notes/harbour");
        let error = Finding::error("kinds", "is missing").advise("install it");
        let report = Report::of(vec![warning, Finding::info("quotas", "unseen"), error]);
        let first: Vec<String> = report.findings.iter().flat_map(Finding::lines).collect();
        assert_eq!(first[0], "error: is missing");
        assert_eq!(first[1], "  what to do: install it");
        assert_eq!(first[2], "warning: Summit notes/harbour: waits");
        assert_eq!(report.summary(), "errors: 1, warnings: 1");
        assert_eq!(Report::of(Vec::new()).summary(), "nothing is wrong");
    }
}
