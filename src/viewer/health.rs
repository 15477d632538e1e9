//! Whether the viewer has something to show, and how old it may be.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::telemetry::watches::WatchHealth;

/// State of the source that fills the library. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct SourceHealth {
    state: Arc<Mutex<State>>,
    watches: Option<WatchHealth>,
}

#[derive(Debug, Default)]
struct State {
    ready: bool,
    last_event: Option<Instant>,
    last_error: Option<Instant>,
}

impl SourceHealth {
    /// For a source that follows a cluster by `watches`: it is not ready while one of them is stale.
    pub fn watching(watches: WatchHealth) -> Self {
        Self { state: Arc::default(), watches: Some(watches) }
    }

    /// The library holds everything there is. It keeps the last good notes when the source fails
    /// later.
    pub fn complete(&self) {
        self.with(|state| {
            state.ready = true;
            state.last_event = Some(Instant::now());
        });
    }

    /// The source said something.
    pub fn event(&self) {
        self.with(|state| state.last_event = Some(Instant::now()));
    }

    /// The source failed; it is asked again.
    pub fn error(&self) {
        self.with(|state| state.last_error = Some(Instant::now()));
    }

    /// Whether the library was complete once, and still hears of changes.
    pub fn is_ready(&self) -> bool {
        self.with(|state| state.ready) && self.problems().is_empty()
    }

    fn problems(&self) -> Vec<String> {
        self.watches.as_ref().map(WatchHealth::problems).unwrap_or_default()
    }

    /// The state in words, with ages in seconds.
    pub fn report(&self) -> String {
        let age = |time: Option<Instant>| {
            time.map_or_else(|| "never".to_owned(), |t| format!("{} s ago", t.elapsed().as_secs()))
        };
        let problems = self.problems();
        self.with(|state| {
            let ready = match (state.ready, problems.as_slice()) {
                (true, []) => "ready".to_owned(),
                (true, problems) => problems.join("\n"),
                (false, _) => "waiting for the first list of notes".to_owned(),
            };
            let (event, error) = (age(state.last_event), age(state.last_error));
            format!("{ready}\nlast event: {event}\nlast error: {error}\n")
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_folder_is_ready_after_the_first_list_and_for_ever() {
        let health = SourceHealth::default();
        health.event();
        health.error();
        assert!(!health.is_ready());
        assert!(health.report().starts_with("waiting"), "{}", health.report());
        health.complete();
        health.error();
        assert!(health.is_ready());
        assert!(health.report().starts_with("ready\n"), "{}", health.report());
    }

    #[test]
    fn a_stale_watch_is_named_and_takes_readiness_away() {
        let watches = WatchHealth::new(Duration::ZERO);
        let health = SourceHealth::watching(watches.clone());
        health.complete();
        assert!(health.is_ready());
        watches.expect("configmaps", None);
        assert!(!health.is_ready());
        assert!(health.report().starts_with("configmaps: "), "{}", health.report());
    }
}
