//! The time that a visit may take.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::GitError;

/// When a visit has to be over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    start: Instant,
    timeout: Duration,
}

impl Deadline {
    /// A visit that starts now.
    pub(super) fn after(timeout: Duration) -> Self {
        Self { start: Instant::now(), timeout }
    }

    /// How long the whole visit may take.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// What is left of it.
    pub(super) fn remaining(&self) -> Result<Duration, GitError> {
        self.timeout
            .checked_sub(self.start.elapsed())
            .filter(|left| !left.is_zero())
            .ok_or(GitError::Timeout(self.timeout))
    }

    /// Runs `work` with a flag that becomes true at the deadline. The thread that watches the clock
    /// ends with the work.
    pub(super) fn watch<T>(&self, work: impl FnOnce(&AtomicBool) -> T) -> Result<T, GitError> {
        let left = self.remaining()?;
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (done, finished) = channel::<()>();
            let watch = || {
                let finished = finished;
                if finished.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
                    stop.store(true, Ordering::Relaxed);
                }
            };
            std::thread::Builder::new()
                .name("git-deadline".to_owned())
                .spawn_scoped(scope, watch)
                .map_err(|error| {
                    GitError::Failed(format!("no thread for the deadline: {error}"))
                })?;
            let result = work(&stop);
            drop(done);
            Ok(result)
        })
    }
}
