//! What is measured, as the environment says.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::support::Result;

/// From here on one round takes minutes.
const MANY: usize = 5_000;

/// What is measured.
pub struct Settings {
    /// Numbers of notes to publish from git (`BENCH_NOTES`, separated by spaces).
    pub published: Vec<usize>,
    /// Numbers of notes to reconcile that are in the cluster already (5,000, too, with `BENCH_FULL`).
    pub reconciled: Vec<usize>,
    /// Rounds of each measurement (`BENCH_ROUNDS`).
    rounds: Option<usize>,
    /// Number of pushed edits.
    pub pushes: usize,
    /// How long the quiet time is.
    pub quiet: Duration,
    /// Where the figures go as JSON (`BENCH_OUTPUT`).
    pub output: Option<PathBuf>,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// Where a variable is no positive number.
    pub fn from_environment() -> Result<Self> {
        let published = variable("BENCH_NOTES").unwrap_or_else(|| "1000 10000".to_owned());
        let mut published: Vec<usize> = published
            .split_whitespace()
            .map(|word| positive("BENCH_NOTES", word))
            .collect::<Result<_>>()?;
        published.sort_unstable();
        let most = *published.last().ok_or("BENCH_NOTES names no number of notes")?;
        let full = variable("BENCH_FULL").is_some_and(|value| value != "0");
        let mut reconciled: Vec<usize> =
            if full { vec![1_000, MANY] } else { vec![most.min(1_000)] };
        reconciled.dedup();
        let rounds = variable("BENCH_ROUNDS").map(|text| positive("BENCH_ROUNDS", &text));
        // With few notes it is a trial of the benchmark itself.
        let trial = most < 1_000;
        Ok(Self {
            published,
            reconciled,
            rounds: rounds.transpose()?,
            pushes: if trial { 3 } else { 20 },
            quiet: Duration::from_secs(if trial { 10 } else { 60 }),
            output: variable("BENCH_OUTPUT").map(PathBuf::from),
        })
    }

    /// How often `notes` are measured.
    pub fn rounds(&self, notes: usize) -> usize {
        self.rounds.unwrap_or(if notes < MANY { 3 } else { 1 })
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn positive(name: &str, text: &str) -> Result<usize> {
    match usize::from_str(text) {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{name}: {text} is not a positive number").into()),
    }
}
