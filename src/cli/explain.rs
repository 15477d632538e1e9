//! `talknotes import --explain`.

use std::io::Write;

use super::Failure;
use super::diagnostics::visible;
use super::source::Source;
use crate::document::{Explanation, ReadingScore};

/// Prints for each document how it is read, what came second, and what spoke for either.
pub(super) fn print(source: &Source) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for explanation in source.explain()? {
        let Explanation { path, chosen, runner_up, threshold } = explanation;
        writeln!(out, "{}", visible(&source.place(&path)))?;
        match chosen {
            Some(chosen) => write(&mut out, "read as", &chosen)?,
            None => writeln!(out, "  no talks: no reading reaches {threshold:.1} points")?,
        }
        if let Some(second) = runner_up {
            write(&mut out, "second", &second)?;
        }
    }
    Ok(out.flush()?)
}

fn write(out: &mut impl Write, place: &str, reading: &ReadingScore) -> std::io::Result<()> {
    let ReadingScore { reading, score, evidence } = reading;
    writeln!(out, "  {place}: {reading} ({score:.1} points)")?;
    for (seen, points) in evidence {
        writeln!(out, "    {points:+.1} {seen}")?;
    }
    Ok(())
}
