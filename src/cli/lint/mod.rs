//! `talknotes lint`.

mod fix;
mod github;
mod json;
mod sarif;
mod short;

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::source::Source;
use super::{Failure, diagnostics, findings};
use crate::api::{Diagnostic, DraftPolicy, Severity};
use crate::document::{Collection, SourceFile};
use crate::lint::{self, Finding, Texts};

#[derive(Args)]
#[command(after_help = "\
Exit codes: 0 no errors, 1 errors or nothing to read, 2 wrong arguments. Warnings and hints do not \
change it unless --deny makes errors of them. `talknotes explain CODE` says more about a code.

Examples:
  talknotes lint notes/
  talknotes lint notes/ --fix
  talknotes lint . --deny warnings --output github
  talknotes lint https://git.example/summit-notes.git --branch next")]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// How findings are written: human and short to standard error, the others to standard output
    #[arg(long, short, value_enum, default_value = "human")]
    output: Output,
    /// Make errors of these: warnings, hints (with warnings) or a code; may be given several times
    #[arg(long, short = 'D', value_name = "WHAT", value_parser = denied)]
    deny: Vec<Denied>,
    /// Say nothing of a code, unless it is an error; may be given several times
    #[arg(long, short = 'A', value_name = "CODE", value_parser = code)]
    allow: Vec<String>,
    /// Correct what can be corrected without a doubt: show the changes, ask, and write them
    #[arg(long)]
    fix: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, visible_alias = "dry-run")]
    diff: bool,
    /// With --fix, do not ask
    #[arg(long, short, requires = "fix")]
    yes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// With the text that is meant, underlined
    Human,
    /// One line each, as editors and grep want it
    Short,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

#[derive(Clone, PartialEq, Eq)]
enum Denied {
    Warnings,
    Hints,
    Code(String),
}

fn denied(text: &str) -> Result<Denied, String> {
    match text {
        "warnings" => Ok(Denied::Warnings),
        "hints" => Ok(Denied::Hints),
        other => code(other).map(Denied::Code).map_err(|error| {
            format!("{error}; it can be warnings, hints or a code such as TN1301")
        }),
    }
}

fn code(text: &str) -> Result<String, String> {
    lint::explain(text).map(|explained| explained.code).map_err(|near| match near {
        Some(near) => format!("there is no such code; did you mean {near}?"),
        None => "there is no such code".to_owned(),
    })
}

/// Everything that a way of writing findings needs.
struct Report<'r> {
    source: &'r Source,
    collection: &'r Collection,
    texts: &'r Texts<'r>,
    findings: Vec<Finding>,
}

impl Report<'_> {
    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.diagnostic.severity == severity).count()
    }

    /// How much was read, and what was found in it, in words.
    fn summary(&self) -> String {
        let Collection { notes, summits, documents, .. } = self.collection;
        format!(
            "{} and {} in {}: {}, {}, {}",
            diagnostics::count(notes.len(), "note"),
            diagnostics::count(summits.len(), "summit"),
            diagnostics::count(*documents, "document"),
            diagnostics::count(self.count(Severity::Error), "error"),
            diagnostics::count(self.count(Severity::Warning), "warning"),
            diagnostics::count(self.count(Severity::Info), "hint"),
        )
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let Arguments { source, output, .. } = arguments;
    if (arguments.fix || arguments.diff) && !matches!(output, Output::Human | Output::Short) {
        return Err("--fix and --diff show changes to people: use them without --output".into());
    }
    let (mut collection, mut files) = source.read_with_files(DraftPolicy::Publish)?;
    if arguments.diff {
        fix::show(&fix::changes(source, &collection, &files)?)?;
    } else if arguments.fix && fix::run(source, &collection, &files, arguments.yes)? {
        (collection, files) = source.read_with_files(DraftPolicy::Publish)?;
    }
    report(arguments, &collection, &files)
}

fn report(
    arguments: &Arguments,
    collection: &Collection,
    files: &[SourceFile],
) -> Result<ExitCode, Failure> {
    let texts = lint::texts(files);
    let findings = weighed(lint::findings(collection, &texts), arguments);
    let report = Report { source: &arguments.source, collection, texts: &texts, findings };
    if collection.documents == 0 && report.findings.is_empty() {
        return Err(arguments.source.nothing_found().into());
    }
    match arguments.output {
        Output::Human => findings::print(&report.findings, &texts, &arguments.source)?,
        Output::Short => short::print(&report)?,
        Output::Json => json::print(&report)?,
        Output::Sarif => sarif::print(&report)?,
        Output::Github => github::print(&report)?,
    }
    anstream::eprintln!("{}", report.summary());
    let errors = report.count(Severity::Error) > 0;
    Ok(if errors { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The findings that are to be told, as grave as they were said to be.
fn weighed(findings: Vec<Finding>, arguments: &Arguments) -> Vec<Finding> {
    let Arguments { deny, allow, .. } = arguments;
    let denies = |diagnostic: &Diagnostic| {
        let grave = match diagnostic.severity {
            Severity::Error => false,
            Severity::Warning => deny.contains(&Denied::Warnings) || deny.contains(&Denied::Hints),
            Severity::Info => deny.contains(&Denied::Hints),
        };
        grave || deny.contains(&Denied::Code(diagnostic.code.clone()))
    };
    let told = |finding: &Finding| {
        finding.diagnostic.severity == Severity::Error || !allow.contains(&finding.diagnostic.code)
    };
    let weigh = |mut finding: Finding| {
        if denies(&finding.diagnostic) {
            finding.diagnostic.severity = Severity::Error;
        }
        finding
    };
    findings.into_iter().filter(told).map(weigh).collect()
}
