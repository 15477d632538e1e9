//! Room for what is kept in memory, in bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much is kept of the readings of all repositories together, in bytes. The texts of talks are not, since the revision has them; without its
/// text a talk takes about one kilobyte. Documents for which there is no room are read again each time.
const READINGS: usize = 24 * 1024 * 1024;

/// Room that several share, such as [`crate::document::Readings`]. Clones are the same room.
#[derive(Clone, Debug)]
pub struct KeepingRoom {
    taken: Arc<AtomicUsize>,
    most: usize,
}

impl Default for KeepingRoom {
    fn default() -> Self {
        Self::of(READINGS)
    }
}

impl KeepingRoom {
    /// Room for `most` bytes.
    pub fn of(most: usize) -> Self {
        Self { taken: Arc::default(), most }
    }

    /// Bytes that are taken.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Takes `bytes`, if there are as many left.
    pub fn take(&self, bytes: usize) -> bool {
        let more = |taken: usize| taken.checked_add(bytes).filter(|sum| *sum <= self.most);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    /// Gives `bytes` back.
    pub fn give_back(&self, bytes: usize) {
        self.taken.fetch_sub(bytes, Ordering::Relaxed);
    }
}
