//! How much of repositories is in memory at once.
//!
//! Each repository has limits of its own, and several are visited at the same time: what they hold
//! together has a bound here, for all scopes of the process. Whoever needs more than is free waits for
//! those who came before.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::document::READ_AT_ONCE;

/// Bytes of documents that all visits together may have in memory: those of two repositories that are read for the
/// first time.
const DOCUMENTS: u64 = 2 * READ_AT_ONCE;
/// Transfers from git servers under way at once: each may have an object of 128 MiB in memory while it
/// writes down what it got.
const TRANSFERS: usize = 2;
/// What is counted as one.
const UNIT: u64 = 1024;

/// Room for what is read of repositories. Clones share it.
#[derive(Clone, Debug)]
pub struct Loads {
    transfers: Arc<Semaphore>,
    documents: Arc<Semaphore>,
}

/// Room that is free again when this is dropped.
#[must_use = "the room is free again at once"]
#[derive(Debug)]
pub struct Room(#[allow(dead_code, reason = "it is held")] Option<OwnedSemaphorePermit>);

impl Default for Loads {
    fn default() -> Self {
        let documents = Arc::new(Semaphore::new(units(DOCUMENTS) as usize));
        Self { transfers: Arc::new(Semaphore::new(TRANSFERS)), documents }
    }
}

impl Loads {
    /// Waits until something may be transferred. To be given back before any other room is asked for.
    pub async fn transfer(&self) -> Room {
        // Never closed; the same holds for those below.
        Room(self.transfers.clone().acquire_owned().await.ok())
    }

    /// Waits until documents of `bytes` may be read.
    pub async fn documents(&self, bytes: u64) -> Room {
        let wanted = units(bytes.min(DOCUMENTS));
        Room(self.documents.clone().acquire_many_owned(wanted).await.ok())
    }
}

fn units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn together_they_hold_no_more_than_one_may() {
        let loads = Loads::default();
        let first = loads.documents(DOCUMENTS - UNIT).await;
        let small = loads.documents(1).await;
        assert!(loads.documents(1).now_or_never().is_none(), "there is room for a third");
        drop(first);
        assert!(loads.documents(1).now_or_never().is_some());
        drop(small);
        // One that says more than there is waits for all of it, and not for ever.
        let all = loads.documents(u64::MAX).now_or_never();
        assert!(all.is_some());
        assert!(loads.documents(1).now_or_never().is_none());
    }
}
