//! `talknotes import --explain`.

use std::collections::BTreeMap;
use std::io::Write;

use super::Failure;
use super::diagnostics::visible;
use super::findings;
use super::source::{Source, about_rules};
use crate::api::{DraftPolicy, ReadingRule};
use crate::document::{self, Collection, Explanation, ReadingScore, SourcePlace};

/// Prints for each document how it is read, what came second, and what spoke for either.
pub(super) fn print(source: &Source) -> Result<(), Failure> {
    let (collection, files) = source.read_with_files(DraftPolicy::default())?;
    findings::tell(source, &about_rules(&collection), &files)?;
    let twice = twice(source, &collection);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for explanation in document::explain(&files, source.options()) {
        let Explanation { path, chosen, runner_up, threshold, unsure, decided, detected } =
            explanation;
        let stated = decided.iter().any(|(part, _)| *part == "talks");
        writeln!(out, "{}", visible(&source.place(&path)))?;
        match chosen {
            Some(chosen) => write(&mut out, "read as", &chosen)?,
            None if stated => writeln!(out, "  no talks: a rule says where they stand")?,
            None => writeln!(out, "  no talks: no reading reaches {threshold:.1} points")?,
        }
        if let Some(second) = runner_up {
            let place = match (stated, unsure) {
                (true, _) => "detected",
                (false, true) => "not sure",
                (false, false) => "second",
            };
            write(&mut out, place, &second)?;
        }
        for (part, rule) in decided {
            writeln!(out, "  {part} by {rule}")?;
        }
        if detected != ReadingRule::default() {
            writeln!(out, "  detection as a rule: {}", as_rule(&detected)?)?;
        }
        for line in twice.get(&path).into_iter().flatten() {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(out.flush()?)
}

/// Says for each document which of its talks stand in other places, too.
fn twice(source: &Source, collection: &Collection) -> BTreeMap<String, Vec<String>> {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for note in collection.notes.iter().filter(|note| !note.also.is_empty()) {
        let own = SourcePlace { path: note.path.clone(), line: note.line };
        let places: Vec<&SourcePlace> = std::iter::once(&own).chain(&note.also).collect();
        for place in &places {
            let others = places.iter().filter(|other| *other != place);
            let others: Vec<String> = others
                .map(|other| match other.path == place.path {
                    true => format!("line {}", other.line),
                    false => format!("line {} of {}", other.line, source.place(&other.path)),
                })
                .collect();
            let title = visible(&note.spec.title);
            let others = visible(&others.join(" and "));
            let line = format!("line {}, {title:?}: one note with {others}", place.line);
            told.entry(place.path.clone()).or_default().push(line);
        }
    }
    told
}

/// A rule in one line of YAML.
fn as_rule(rule: &ReadingRule) -> serde_json::Result<String> {
    let value = serde_json::to_value(rule)?;
    let parts = ["talks", "speakers", "days"].iter();
    let parts =
        parts.filter_map(|part| Some(format!("{part}: {}", document::in_a_line(value.get(part)?))));
    Ok(format!("{{{}}}", parts.collect::<Vec<_>>().join(", ")))
}

fn write(out: &mut impl Write, place: &str, reading: &ReadingScore) -> std::io::Result<()> {
    let ReadingScore { reading, score, confidence, evidence } = reading;
    let sure = confidence.map(|percent| format!(", {percent} % sure")).unwrap_or_default();
    writeln!(out, "  {place}: {reading} ({score:.1} points{sure})")?;
    for (seen, points) in evidence {
        writeln!(out, "    {points:+.1} {seen}")?;
    }
    Ok(())
}
