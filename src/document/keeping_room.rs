//! How much of what was read is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much is kept of all repositories together, in bytes. The texts of talks are not, since the revision has them; without its text a talk
/// takes about one kilobyte. Documents for which there is no room are read again each time.
const MOST: usize = 24 * 1024 * 1024;

/// The room for what is kept, which several [`Readings`] share. Clones are the same room.
#[derive(Clone, Debug, Default)]
pub struct KeepingRoom(Arc<AtomicUsize>);

impl KeepingRoom {
    /// Takes `bytes`, if there are as many left.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let more = |used: usize| used.checked_add(bytes).filter(|sum| *sum <= MOST);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    /// Gives `bytes` back.
    pub(super) fn give_back(&self, bytes: usize) {
        self.0.fetch_sub(bytes, Ordering::Relaxed);
    }
}
