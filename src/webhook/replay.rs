//! Reports that came before: somebody may have kept one, and send it again and again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

/// For how long a report is remembered.
const WINDOW: Duration = Duration::from_secs(600);
/// Most reports that are remembered; each was signed by somebody who knows a token.
const MOST: usize = 10_000;

/// What was acted upon lately: digests of bodies, which are signed. Whatever else a report has may be made
/// up by whoever sends it again.
#[derive(Default)]
pub(super) struct Replays(Mutex<HashMap<[u8; 32], Instant>>);

impl Replays {
    /// Whether the report `body` for `uid` is new. It is remembered from here on.
    pub(super) fn is_new(&self, uid: &str, body: &[u8], now: Instant) -> bool {
        let digest =
            Sha256::new().chain_update(uid).chain_update([0]).chain_update(body).finalize();
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, at| now.saturating_duration_since(*at) < WINDOW);
        }
        if seen.len() >= MOST {
            // Better asked once too often than not at all.
            seen.clear();
        }
        let before = seen.insert(digest.into(), now);
        before.is_none_or(|before| now.saturating_duration_since(before) >= WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_once_in_a_while_and_for_its_repository() {
        let (replays, now) = (Replays::default(), Instant::now());
        assert!(replays.is_new("a", b"body", now));
        assert!(!replays.is_new("a", b"body", now + Duration::from_secs(60)));
        assert!(replays.is_new("b", b"body", now));
        assert!(replays.is_new("a", b"other", now));
        assert!(replays.is_new("a", b"body", now + Duration::from_secs(60) + WINDOW));
    }

    #[test]
    fn the_memory_has_a_bound() {
        let (replays, now) = (Replays::default(), Instant::now());
        for number in 0..2 * MOST {
            assert!(replays.is_new("a", &number.to_be_bytes(), now));
        }
        assert!(replays.0.lock().unwrap().len() <= MOST);
    }
}
