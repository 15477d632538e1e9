//! The figures as a person reads them.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use crate::edits::Edits;
use crate::machine::Machine;
use crate::quiet::Quiet;
use crate::rounds::{Comparison, Round};

/// All figures of a run.
#[derive(Serialize)]
pub struct Report {
    pub machine: Machine,
    pub first_publish: Vec<Comparison>,
    pub reconcile: Vec<Comparison>,
    pub edits: Edits,
    pub quiet: Quiet,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.machine)?;
        writeln!(f, "Several rounds: smallest / median / largest. ms: processor time a note.")?;
        writeln!(f, "\nFirst publish, from git to every note Ready (target: a ratio of 0.8)\n")?;
        comparisons(f, &self.first_publish)?;
        writeln!(f, "\nReconciling notes that are in the cluster (target: a ratio of 0.85)\n")?;
        comparisons(f, &self.reconcile)?;
        edits(f, &self.edits)?;
        quiet(f, &self.quiet)
    }
}

fn comparisons(f: &mut Formatter<'_>, all: &[Comparison]) -> fmt::Result {
    let header = [
        "notes",
        "ratio",
        "by CPU",
        "operator s",
        "bare s",
        "operator notes/s",
        "bare notes/s",
        "controller ms",
        "all ms",
        "bare all ms",
        "peak MiB",
        "load",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for comparison in all {
        let notes = comparison.notes as f64;
        let column = |digits: usize, value: &dyn Fn(&Round) -> f64| {
            spread(&comparison.rounds.iter().map(value).collect::<Vec<f64>>(), digits)
        };
        rows.push(vec![
            comparison.notes.to_string(),
            column(2, &Round::ratio),
            column(2, &Round::cpu_ratio),
            column(2, &|round| round.operator),
            column(2, &|round| round.bare),
            column(0, &|round| notes / round.operator),
            column(0, &|round| notes / round.bare),
            column(2, &|round| round.controller_cpu),
            column(1, &|round| round.operator_cpu),
            column(1, &|round| round.bare_cpu),
            column(0, &|round| round.memory),
            column(1, &|round| round.load),
        ]);
    }
    table(f, &rows)?;
    for comparison in all {
        let writes = counts(&comparison.writes);
        writeln!(f, "writes of the operator for {} notes: {writes}", comparison.notes)?;
    }
    Ok(())
}

fn edits(f: &mut Formatter<'_>, edits: &Edits) -> fmt::Result {
    let milliseconds: Vec<f64> = edits.seconds.iter().map(|seconds| seconds * 1000.0).collect();
    writeln!(
        f,
        "\nOne changed note of {}, {} pushes, from git push to the page: median {:.0} ms, \
         95th percentile {:.0} ms, largest {:.0} ms",
        edits.notes,
        milliseconds.len(),
        quantile(&milliseconds, 0.5),
        quantile(&milliseconds, 0.95),
        quantile(&milliseconds, 1.0)
    )?;
    let total: f64 = edits.writes.values().sum();
    writeln!(f, "writes for one edit: {total} ({})", counts(&edits.writes))
}

fn quiet(f: &mut Formatter<'_>, quiet: &Quiet) -> fmt::Result {
    let total: u64 = quiet.writes.values().sum();
    let which = if total == 0 { String::new() } else { format!(" ({})", counts(&quiet.writes)) };
    writeln!(
        f,
        "\n{} s without a change, {} notes: {total} writes{which}, {} visits to the git server, \
         controller {:.0} MiB, viewer {:.0} MiB",
        quiet.seconds, quiet.notes, quiet.visits, quiet.controller, quiet.viewer
    )
}

fn counts<N: Display>(counts: &BTreeMap<String, N>) -> String {
    let parts: Vec<String> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
    parts.join(", ")
}

/// Prints rows under a header, columns flush right.
fn table(f: &mut Formatter<'_>, rows: &[Vec<String>]) -> fmt::Result {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}"));
        writeln!(f, "{}", cells.collect::<Vec<_>>().join("  "))?;
    }
    Ok(())
}

/// Smallest, median and largest value; one value alone as it is.
fn spread(values: &[f64], digits: usize) -> String {
    let at = |part| format!("{:.digits$}", quantile(values, part));
    if values.len() == 1 { at(0.5) } else { [at(0.0), at(0.5), at(1.0)].join(" / ") }
}

/// The value that `part` of the values do not exceed.
fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}
