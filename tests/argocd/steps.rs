//! Says how long each step of a story took.

use std::io::Write as _;
use std::time::Instant;

/// The steps of one story.
pub struct Steps {
    story: &'static str,
    since: Instant,
}

impl Steps {
    /// The first step begins now.
    pub fn of(story: &'static str) -> Self {
        Self { story, since: Instant::now() }
    }

    /// The step `what` is done, and the next one begins.
    pub fn done(&mut self, what: &str) {
        let seconds = self.since.elapsed().as_secs_f64();
        // Directly: the test runner holds back what is printed with macros.
        let _ = writeln!(std::io::stderr(), "argocd: {}: {what}: {seconds:.1} s", self.story);
        self.since = Instant::now();
    }
}
