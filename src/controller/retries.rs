//! How often an object has failed in a row.

use super::memory::Memory;

/// Failed attempts per object since its last success.
#[derive(Default)]
pub struct Retries {
    attempts: Memory<u32>,
}

impl Retries {
    /// Counts a failure and says how many there have been in a row.
    pub fn failed(&self, key: &str) -> u32 {
        self.attempts.update(key, |count| {
            *count = count.saturating_add(1);
            *count
        })
    }

    /// Forgets the failures of an object.
    pub fn succeeded(&self, key: &str) {
        self.attempts.forget(key);
    }
}
