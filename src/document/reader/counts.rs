//! How many documents were read in which way.

use std::collections::BTreeMap;

use crate::api::{DocumentReading, ReadingDecider};

/// Documents that were read alike.
#[derive(Clone, Copy, Default)]
pub(super) struct Counted {
    pub documents: usize,
    pub talks: usize,
    /// The least confidence of any of them, in percent.
    pub confidence: Option<u8>,
}

impl Counted {
    pub fn add(&mut self, other: Self) {
        self.documents += other.documents;
        self.talks += other.talks;
        self.confidence = self.confidence.into_iter().chain(other.confidence).min();
    }
}

/// Readings as a status has them, the most frequent first.
pub(super) fn readings_in_order(
    counted: BTreeMap<(&'static str, ReadingDecider), Counted>,
) -> Vec<DocumentReading> {
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let mut readings: Vec<DocumentReading> = counted
        .into_iter()
        .map(|((reading, by), counted)| DocumentReading {
            reading: reading.to_owned(),
            by,
            documents: number(counted.documents),
            talks: number(counted.talks),
            confidence: counted.confidence.map(i32::from),
        })
        .collect();
    readings.sort_by_key(|reading| std::cmp::Reverse((reading.documents, reading.talks)));
    readings
}
