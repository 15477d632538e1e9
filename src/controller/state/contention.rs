//! Two writers that undo each other's work.
//!
//! Restoring what somebody changed is what an operator is for. Restoring it every second for ever,
//! because another program keeps changing it, is contention: it costs the API server and helps nobody.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::controller::state::memory::{Fact, Key, Memory};

/// More restorations than this within [`WINDOW`] are contention.
const TOLERATED: usize = 5;
/// See [`TOLERATED`].
const WINDOW: Duration = Duration::from_secs(60);

/// When each object was restored lately.
pub struct Contention {
    restored: Fact<VecDeque<Instant>>,
}

impl Contention {
    /// Those that `memory` knows.
    pub fn of(memory: &Memory) -> Self {
        Self { restored: memory.restored() }
    }

    /// Counts a restoration of the object and says whether it is one too many: then it is left alone
    /// until the window has passed.
    pub fn is_one_too_many(&self, key: &Key) -> bool {
        self.is_one_too_many_at(key, Instant::now())
    }

    fn is_one_too_many_at(&self, key: &Key, now: Instant) -> bool {
        self.restored.update(key, |times| {
            times.retain(|time| now.duration_since(*time) < WINDOW);
            if times.len() >= TOLERATED {
                return true;
            }
            times.push_back(now);
            false
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controller::state::memory::key;

    #[test]
    fn five_restorations_a_minute_are_patience_and_six_are_contention() {
        let (contention, start) = (Contention::of(&Memory::default()), Instant::now());
        let [a, b] = ["a", "b"].map(|name| key("ConfigMap", "north", name));
        for second in 0..5 {
            assert!(!contention.is_one_too_many_at(&a, start + Duration::from_secs(second)));
        }
        assert!(contention.is_one_too_many_at(&a, start + Duration::from_secs(6)));
        assert!(!contention.is_one_too_many_at(&b, start + Duration::from_secs(6)));
        assert!(!contention.is_one_too_many_at(&a, start + Duration::from_secs(70)));
    }
}
