//! `talknotes import --explain`.

use std::io::Write;

use serde_json::Value;

use super::Failure;
use super::diagnostics::visible;
use super::findings;
use super::source::Source;
use crate::api::ReadingRule;
use crate::document::{self, Explanation, ReadingScore};

/// Prints for each document how it is read, what came second, and what spoke for either.
pub(super) fn print(source: &Source) -> Result<(), Failure> {
    let (files, faults) = source.files_and_faults_of_rules()?;
    findings::tell(source, &faults, &files)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for explanation in document::explain(&files, source.options()) {
        let Explanation { path, chosen, runner_up, threshold, decided, detected } = explanation;
        let stated = decided.iter().any(|(part, _)| *part == "talks");
        writeln!(out, "{}", visible(&source.place(&path)))?;
        match chosen {
            Some(chosen) => write(&mut out, "read as", &chosen)?,
            None if stated => writeln!(out, "  no talks: a rule says where they stand")?,
            None => writeln!(out, "  no talks: no reading reaches {threshold:.1} points")?,
        }
        if let Some(second) = runner_up {
            write(&mut out, if stated { "detected" } else { "second" }, &second)?;
        }
        for (part, rule) in decided {
            writeln!(out, "  {part} by {rule}")?;
        }
        if detected != ReadingRule::default() {
            writeln!(out, "  detection as a rule: {}", in_a_line(&detected)?)?;
        }
    }
    Ok(out.flush()?)
}

/// A rule in one line of YAML.
fn in_a_line(rule: &ReadingRule) -> serde_json::Result<String> {
    let value = serde_json::to_value(rule)?;
    let parts = ["talks", "speakers", "days"].iter();
    let parts = parts.filter_map(|part| Some(format!("{part}: {}", flow(value.get(part)?))));
    Ok(format!("{{{}}}", parts.collect::<Vec<_>>().join(", ")))
}

/// A value in one line of YAML. Its texts are words of ours.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", flow(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if text.contains([':', '：']) => value.to_string(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn write(out: &mut impl Write, place: &str, reading: &ReadingScore) -> std::io::Result<()> {
    let ReadingScore { reading, score, evidence } = reading;
    writeln!(out, "  {place}: {reading} ({score:.1} points)")?;
    for (seen, points) in evidence {
        writeln!(out, "    {points:+.1} {seen}")?;
    }
    Ok(())
}
