//! Whether the viewer has something to show, and how old it may be.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// State of the source that fills the library. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct SourceHealth(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    ready: bool,
    last_event: Option<Instant>,
    last_error: Option<Instant>,
}

impl SourceHealth {
    /// The library holds everything there is. It stays ready when the source fails later: the last
    /// good notes are better than none.
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

    /// Whether the library was complete once.
    pub fn is_ready(&self) -> bool {
        self.with(|state| state.ready)
    }

    /// The state in words, with ages in seconds.
    pub fn report(&self) -> String {
        let age = |time: Option<Instant>| {
            time.map_or_else(|| "never".to_owned(), |t| format!("{} s ago", t.elapsed().as_secs()))
        };
        self.with(|state| {
            let ready = if state.ready { "ready" } else { "waiting for the first list of notes" };
            let (event, error) = (age(state.last_event), age(state.last_error));
            format!("{ready}\nlast event: {event}\nlast error: {error}\n")
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_after_the_first_list_and_for_ever() {
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
}
