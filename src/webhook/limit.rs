//! How many reports of a repository are looked at.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Reports that may come at once.
const BURST: f64 = 30.0;
/// Reports a second in the long run.
const A_SECOND: f64 = 1.0;
/// Most repositories that are remembered: paths that nobody has must not fill the memory.
const MOST: usize = 10_000;

/// A bucket of tokens for each path.
#[derive(Default)]
pub(super) struct Limit(Mutex<HashMap<String, (f64, Instant)>>);

impl Limit {
    /// Takes a token, or says how long to wait for one.
    pub(super) fn admit(&self, path: &str, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = |(tokens, since): (f64, Instant)| {
            let more = now.saturating_duration_since(since).as_secs_f64() * A_SECOND;
            (tokens + more).min(BURST)
        };
        if buckets.len() >= MOST {
            buckets.retain(|_, bucket| filled(*bucket) < BURST);
        }
        let tokens = buckets.get(path).copied().map_or(BURST, filled);
        if tokens < 1.0 || buckets.len() >= MOST && !buckets.contains_key(path) {
            return Err(Duration::from_secs_f64(1.0 / A_SECOND));
        }
        buckets.insert(path.to_owned(), (tokens - 1.0, now));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_does_not() {
        let (limit, now) = (Limit::default(), Instant::now());
        let passed = (0..100).filter(|_| limit.admit("a", now).is_ok()).count();
        assert_eq!(passed, 30);
        assert!(limit.admit("b", now).is_ok(), "others are not concerned");
        let later = now + Duration::from_secs(2);
        assert_eq!((0..100).filter(|_| limit.admit("a", later).is_ok()).count(), 2);
    }

    #[test]
    fn paths_that_nobody_has_do_not_fill_the_memory() {
        let (limit, now) = (Limit::default(), Instant::now());
        for number in 0..2 * MOST {
            let _ = limit.admit(&number.to_string(), now);
        }
        assert!(limit.0.lock().unwrap().len() <= MOST);
        let later = now + Duration::from_secs(60);
        assert!(limit.admit("new", later).is_ok());
        assert_eq!(limit.0.lock().unwrap().len(), 1);
    }
}
