//! How often an object has failed in a row.

use crate::controller::state::memory::{Fact, Key, Memory};

/// Failed attempts per object since its last success.
pub struct Retries {
    attempts: Fact<u32>,
}

impl Retries {
    /// Those that `memory` knows.
    pub fn of(memory: &Memory) -> Self {
        Self { attempts: memory.attempts() }
    }

    /// Counts a failure.
    pub fn failed(&self, key: &Key) {
        self.attempts.update(key, |count| *count = count.saturating_add(1));
    }

    /// How many failures there have been in a row.
    pub fn attempts(&self, key: &Key) -> u32 {
        self.attempts.get(key).unwrap_or_default()
    }

    /// Forgets the failures of an object.
    pub fn succeeded(&self, key: &Key) {
        self.attempts.forget(key);
    }
}
