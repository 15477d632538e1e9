//! Reports on their way to forges: of each repository the newest, and nothing waits for them.
//!
//! What was told is remembered, so that a visit that finds nothing new tells nothing. After a restart it is
//! told once more, which changes nothing at the forge.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use crate::controller::state::memory::Key;
use crate::notify::Failure;

/// Forges told at once.
const AT_ONCE: usize = 4;
/// How often it is tried before the next visit has to ask for it.
const ATTEMPTS: u32 = 6;
/// First pause between two attempts; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_secs(1);

/// A report that can be delivered.
pub trait Delivery: Send + Sync + 'static {
    /// Tries once.
    fn attempt(&self) -> impl Future<Output = Result<(), Failure>> + Send;
    /// It is given up for now, for a reason that it was not given up for before.
    fn failed(&self, why: &str) -> impl Future<Output = ()> + Send;
}

/// The reports of all repositories.
pub struct CommitStatuses {
    told: Mutex<HashMap<Key, Told>>,
    at_once: Semaphore,
}

/// What is being told of a repository, or was.
struct Told {
    /// Digest of the report; none where it could not be delivered.
    report: Option<u64>,
    /// Why the last one could not be.
    failure: Option<String>,
    task: AbortHandle,
}

impl Default for CommitStatuses {
    fn default() -> Self {
        Self { told: Mutex::default(), at_once: Semaphore::new(AT_ONCE) }
    }
}

impl CommitStatuses {
    /// Delivers the report with the digest `report`, unless it is known or on its way. An older one of the
    /// repository `key` is no longer delivered.
    pub fn tell(self: &Arc<Self>, key: Key, report: u64, delivery: impl Delivery) {
        let mut told = self.lock();
        let before = told.get(&key);
        if before.is_some_and(|before| before.report == Some(report)) {
            return;
        }
        let failure = before.and_then(|before| before.failure.clone());
        if let Some(before) = before {
            before.task.abort();
        }
        let (this, of) = (Arc::clone(self), key.clone());
        // Waits for the lock before it says how it ended.
        let task = tokio::spawn(async move {
            let failed = this.deliver(&delivery).await.err();
            if this.ended(&of, report, failed.as_ref()) {
                delivery.failed(failed.as_deref().unwrap_or_default()).await;
            }
        });
        told.insert(key, Told { report: Some(report), failure, task: task.abort_handle() });
    }

    /// The repository `key` is gone.
    pub fn gone(&self, key: &Key) {
        if let Some(told) = self.lock().remove(key) {
            told.task.abort();
        }
    }

    async fn deliver(&self, delivery: &impl Delivery) -> Result<(), String> {
        let mut pause = PAUSE;
        for attempt in 1..=ATTEMPTS {
            let result = {
                // Never closed.
                let _turn = self.at_once.acquire().await;
                delivery.attempt().await
            };
            match result {
                Ok(()) => return Ok(()),
                Err(Failure::Refused(why)) => return Err(why),
                Err(Failure::Later(why, _)) if attempt == ATTEMPTS => return Err(why),
                Err(Failure::Later(why, wait)) => {
                    tracing::debug!(why, "a forge could not be told of a commit yet");
                    tokio::time::sleep(wait.unwrap_or(pause)).await;
                    pause = pause.saturating_mul(2);
                }
            }
        }
        Ok(())
    }

    /// Whether it failed in a way that is news.
    fn ended(&self, key: &Key, report: u64, failed: Option<&String>) -> bool {
        let mut told = self.lock();
        let Some(of) = told.get_mut(key).filter(|of| of.report == Some(report)) else {
            return false;
        };
        let is_news = failed.is_some() && of.failure.as_ref() != failed;
        of.failure = failed.cloned();
        if failed.is_some() {
            of.report = None;
        }
        is_news
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Told>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
