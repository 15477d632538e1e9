//! The parts of the process, each of which runs by itself.

use std::collections::HashMap;

use tokio::task::{Id, JoinError, JoinSet};

/// Parts that run, by their names. A name may be that of several.
#[derive(Default)]
pub struct Parts {
    tasks: JoinSet<()>,
    running: HashMap<Id, &'static str>,
}

impl Parts {
    /// Starts a part.
    pub fn spawn(&mut self, name: &'static str, part: impl Future<Output = ()> + Send + 'static) {
        let task = self.tasks.spawn(part);
        self.running.insert(task.id(), name);
    }

    /// Waits for the part that ends next, and says its name and how it failed where it did. None where
    /// all have ended.
    pub async fn next(&mut self) -> Option<String> {
        let ended = self.tasks.join_next_with_id().await?;
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        let name = self.running.remove(&id).unwrap_or("a part");
        Some(match ended {
            Ok(_) => name.to_owned(),
            Err(error) => format!("{name} ({error})"),
        })
    }

    /// Waits until no part called `name` runs, however those that ran have ended and whoever has seen
    /// it.
    pub async fn end_of(&mut self, name: &str) {
        while self.running.values().any(|running| *running == name) {
            if self.next().await.is_none() {
                return;
            }
        }
    }

    /// Ends all that still run.
    pub async fn shutdown(&mut self) {
        self.tasks.shutdown().await;
        self.running.clear();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    impl Parts {
        /// Waits until nothing runs any more, and leaves the ends to be seen.
        pub async fn settled(&self) {
            let metrics = tokio::runtime::Handle::current().metrics();
            while metrics.num_alive_tasks() > 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    #[tokio::test]
    async fn what_has_ended_is_not_waited_for_whoever_saw_it() {
        let mut parts = Parts::default();
        parts.spawn("a", async {});
        parts.spawn("b", std::future::pending());
        assert_eq!(parts.next().await.as_deref(), Some("a"));
        assert!(parts.end_of("a").now_or_never().is_some());
        assert!(parts.end_of("never started").now_or_never().is_some());
        assert!(parts.end_of("b").now_or_never().is_none());
        parts.shutdown().await;
        assert!(parts.end_of("b").now_or_never().is_some());
        assert_eq!(parts.next().await, None);
    }

    #[tokio::test]
    async fn a_part_that_panics_has_ended_and_all_of_a_name_are_waited_for() {
        let mut parts = Parts::default();
        parts.spawn("a", async { panic!("odd number") });
        parts.spawn("a", async {});
        parts.end_of("a").await;
        assert_eq!(parts.next().await, None);
        parts.spawn("c", async { panic!("odd number") });
        let said = parts.next().await.unwrap();
        assert!(said.starts_with("c (") && said.contains("panic"), "{said}");
    }
}
