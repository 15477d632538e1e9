//! Work that takes the processor for long, away from the threads that serve everything else.
//!
//! A page may take a second, and with a limit of one core there is one worker thread: while that
//! renders, no probe is answered and no Lease renewed, and the process would be restarted because it
//! works.

use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;

use crate::controller::shared::error::Error;

/// As many works at once as there are cores to use; the others wait. Clones share them.
#[derive(Clone, Debug)]
pub struct Compute(Arc<Semaphore>);

impl Default for Compute {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))))
    }
}

impl Compute {
    /// What `work` makes, on a thread where it is in nobody's way.
    ///
    /// # Errors
    /// Those of `work`.
    ///
    /// # Panics
    /// Where `work` does.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        // Never closed, and without a permit the work would be done all the same.
        let _permit = self.0.acquire().await;
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Error::Internal("the process ends".to_owned())),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::controller::runtime::runner::contained;
    use crate::controller::shared::error::Class;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn long_work_leaves_the_only_worker_to_others() {
        let compute = Compute::default();
        let (probe, asked) = mpsc::channel();
        // The work lasts until somebody else was served.
        let work = tokio::spawn(async move {
            let served = move || {
                asked
                    .recv_timeout(Duration::from_secs(60))
                    .map_err(|_| Error::Internal("nobody was served".to_owned()))
            };
            compute.run(served).await
        });
        tokio::spawn(async move { probe.send(()) });
        work.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_panic_goes_where_it_would_have_gone_without_a_thread_between() {
        let compute = Compute::default();
        let panicking = compute.run::<()>(|| panic!("odd number"));
        let error = contained(panicking).await.unwrap_err();
        assert_eq!(error.class(), Class::Bug);
        assert_eq!(error.to_string(), "internal error: odd number");
    }
}
