//! How often something costly may be done.

use std::time::{Duration, Instant};

/// An object is not reconciled again before this many times the duration of its last reconciliation: while
/// thousands of notes are published for the first time, their summit's index is rewritten some dozen
/// times and not thousands of times.
const BREATHER: u32 = 10;
/// No object waits longer than this for its next reconciliation.
const LONGEST_BREATHER: Duration = Duration::from_secs(5);

/// When an object was reconciled last, and how long that took.
#[derive(Clone, Copy, PartialEq)]
pub struct Debounce {
    finished: Instant,
    took: Duration,
}

impl Debounce {
    /// Of a reconciliation that began at `start` and ends now.
    pub fn since(start: Instant) -> Self {
        Self { finished: Instant::now(), took: start.elapsed() }
    }

    /// How long the next reconciliation still has to wait.
    pub fn remaining(&self, now: Instant) -> Option<Duration> {
        let pause = self.took.saturating_mul(BREATHER).min(LONGEST_BREATHER);
        pause.checked_sub(now.duration_since(self.finished)).filter(|rest| !rest.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_costs_more_waits_longer() {
        let now = Instant::now();
        let after = |took| Debounce { finished: now, took }.remaining(now);
        assert_eq!(after(Duration::from_millis(5)), Some(Duration::from_millis(50)));
        assert_eq!(after(Duration::from_secs(9)), Some(LONGEST_BREATHER));
        let later = now + Duration::from_millis(50);
        assert_eq!(
            Debounce { finished: now, took: Duration::from_millis(5) }.remaining(later),
            None
        );
    }
}
