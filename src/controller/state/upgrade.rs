//! Pages that another version of the renderer made are rendered again, one after the other: a new version
//! costs the cluster a little for a while, and not everything at once.
//!
//! Nothing is written down of it: each page says which renderer made it, so that a process that starts
//! again goes on where the last one stood.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::controller::state::memory::{Fact, Key, Memory};
use crate::render;

/// Pause between two pages: 10,000 notes take 17 minutes.
const PAUSE: Duration = Duration::from_millis(100);
/// Progress is logged each time after so many pages.
const LOGGED: u64 = 500;

/// Whose turn it is. Clones share it: one page at a time in all scopes.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<Option<Instant>>>);

impl Turns {
    /// The next turn from `now` on.
    fn next(&self, now: Instant) -> Instant {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = last.map_or(now, |last| now.max(last + PAUSE));
        *last = Some(next);
        next
    }
}

/// The pages of a scope that are to be rendered again.
pub struct Upgrade {
    waiting: Fact<Instant>,
    turns: Turns,
    done: AtomicU64,
}

impl Upgrade {
    /// Those that `memory` knows.
    pub fn of(memory: &Memory, turns: Turns) -> Self {
        Self { waiting: memory.turns(), turns, done: AtomicU64::new(0) }
    }

    /// How long the page of the object `key` has to wait; none where it is its turn.
    pub fn wait(&self, key: &Key) -> Option<Duration> {
        self.wait_at(key, Instant::now())
    }

    fn wait_at(&self, key: &Key, now: Instant) -> Option<Duration> {
        let turn = self.waiting.get(key).unwrap_or_else(|| {
            let turn = self.turns.next(now);
            self.waiting.put(key.clone(), turn);
            turn
        });
        turn.checked_duration_since(now).filter(|rest| !rest.is_zero())
    }

    /// The page of the object `key` is current.
    pub fn done(&self, key: &Key) {
        if self.waiting.get(key).is_none() {
            return;
        }
        self.waiting.forget(key);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let waiting = self.waiting();
        if waiting == 0 {
            tracing::info!(done, renderer = render::VERSION, "all pages are of this renderer");
        } else if done % LOGGED == 1 {
            let renderer = render::VERSION;
            tracing::info!(done, waiting, renderer, "pages of another renderer are rendered again");
        }
    }

    /// How many pages wait.
    pub fn waiting(&self) -> usize {
        self.waiting.count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controller::state::memory::key;

    #[test]
    fn pages_have_their_turns_one_after_the_other() {
        let (memory, now) = (Memory::default(), Instant::now());
        let upgrade = Upgrade::of(&memory, Turns::default());
        let [a, b] = ["a", "b"].map(|name| key("TalkNote", "north", name));
        assert_eq!(upgrade.wait_at(&a, now), None);
        assert_eq!(upgrade.wait_at(&b, now), Some(PAUSE));
        assert_eq!(upgrade.wait_at(&b, now + PAUSE / 2), Some(PAUSE / 2), "a turn stays");
        assert_eq!(upgrade.wait_at(&b, now + PAUSE), None);
        assert_eq!(upgrade.waiting(), 2);
        upgrade.done(&a);
        upgrade.done(&a);
        assert_eq!(upgrade.waiting(), 1);
        memory.forget(&b);
        assert_eq!(upgrade.waiting(), 0, "what is forgotten does not wait");
    }
}
