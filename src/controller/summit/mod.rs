//! The `Summit` controller: one event, one index of its notes.

mod apply;
mod build;
mod fetch;
mod status;
mod validate;

use std::sync::Arc;
use std::time::{Duration, Instant};

use kube::runtime::controller::Action;

use super::context::{Context, key};
use super::error::Error;
use super::kind::Kind;
use super::runner::contained;
use super::{next_visit, report};
use crate::api::{Diagnostic, Summit};

/// A summit is not visited again before this many times the duration of its last visit: while
/// thousands of its notes are published for the first time, its index is rewritten some dozen times
/// and not thousands of times.
const BREATHER: u32 = 10;
/// No summit waits longer than this for its next visit.
const LONGEST_BREATHER: Duration = Duration::from_secs(5);

/// When a summit was visited last, and how long that took.
#[derive(Clone, Copy)]
pub struct Pace {
    finished: Instant,
    took: Duration,
}

impl Pace {
    /// How long the next visit still has to wait.
    fn remaining(&self, now: Instant) -> Option<Duration> {
        let pause = self.took.saturating_mul(BREATHER).min(LONGEST_BREATHER);
        pause.checked_sub(now.duration_since(self.finished)).filter(|rest| !rest.is_zero())
    }
}

struct Done {
    config_map: String,
    digest: String,
    dates: Option<String>,
    notes: usize,
    unpublished: usize,
    diagnostics: Vec<Diagnostic>,
}

/// Visits a summit: fetch, validate, build, apply, and report on every path.
pub async fn reconcile(summit: Arc<Summit>, ctx: Arc<Context>) -> Result<Action, Error> {
    if summit.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let (namespace, name) = summit.address();
    let memory = key(Summit::NAME, &namespace, &name);
    let start = Instant::now();
    if let Some(rest) = ctx.summits.get(&memory).and_then(|pace| pace.remaining(start)) {
        return Ok(Action::requeue(rest));
    }
    let result = contained(visit(&summit, &ctx)).await;
    if let Some(status) = status::of(&summit, &result, (ctx.now)()) {
        report::status(summit.as_ref(), status, &ctx).await?;
    }
    ctx.summits.put(memory, Pace { finished: Instant::now(), took: start.elapsed() });
    result.map(|_| next_visit())
}

async fn visit(summit: &Summit, ctx: &Context) -> Result<Done, Error> {
    let notes = fetch::notes(summit, ctx); // the watches' stores
    let valid = validate::summit(summit, notes)?; // pure
    let wanted = build::wanted(valid)?; // pure
    apply::wanted(wanted, ctx).await // client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_costly_summit_waits_longer_and_a_cheap_one_hardly() {
        let now = Instant::now();
        let after = |took| Pace { finished: now, took }.remaining(now);
        assert_eq!(after(Duration::from_millis(5)), Some(Duration::from_millis(50)));
        assert_eq!(after(Duration::from_secs(9)), Some(LONGEST_BREATHER));
        let later = now + Duration::from_millis(50);
        assert_eq!(Pace { finished: now, took: Duration::from_millis(5) }.remaining(later), None);
    }
}
