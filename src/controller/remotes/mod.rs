//! When a git server is asked again after it failed: the one place that decides it.
//!
//! A server that says how long to stay away is obeyed, for the repository and, where it limits a rate,
//! for all repositories of that host: they are asked from one address. Nobody's wish breaks that wait.
//! Credentials that were refused are shown again at growing pauses only, unless they change or a
//! person asks for it.

pub mod answers;
pub mod caches;
pub mod commit_statuses;
pub mod loads;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::controller::remotes::commit_statuses::CommitStatuses;
use crate::controller::shared::error::{Class, Error};
use crate::git::{AppTokens, GitError, Reason, Remote};

/// Shortest pause after a refusal that does not say for how long.
const SHORTEST: Duration = Duration::from_secs(60);
/// Growing pauses stay below this, or the interval where that is longer.
const LONGEST: Duration = Duration::from_secs(3600);
/// Repositories that wait for the same moment are spread over a tenth of the wait, and over this at
/// most.
const MOST_SPREAD: Duration = Duration::from_secs(60);
/// For how long after its end a refusal counts as one in a row.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// What git servers said that counts for later visits.
#[derive(Default)]
pub struct Remotes {
    refusals: Mutex<HashMap<String, Refusal>>,
    app_tokens: Arc<AppTokens>,
    commit_statuses: Arc<CommitStatuses>,
}

/// Why somebody is not asked before `until`.
#[derive(Clone)]
struct Refusal {
    error: GitError,
    until: Timestamp,
    /// How many there were in a row.
    failures: u32,
    /// The wish for a visit that was known then.
    requested_at: Option<String>,
}

/// A visit to a remote.
pub struct Call<'a> {
    /// Whom it is for.
    pub remote: &'a Remote,
    /// The pause between visits that find all well.
    pub interval: Duration,
    /// The wish for a visit by hand.
    pub requested_at: Option<&'a str>,
    /// When it begins.
    pub now: Timestamp,
}

impl Remotes {
    /// The tokens that GitHub gave.
    pub fn app_tokens(&self) -> Arc<AppTokens> {
        self.app_tokens.clone()
    }

    /// What forges are told.
    pub fn commit_statuses(&self) -> &Arc<CommitStatuses> {
        &self.commit_statuses
    }

    /// Whether the remote may be asked now.
    ///
    /// # Errors
    /// What the server said, where it is not to be asked yet.
    pub fn admit(&self, call: &Call<'_>) -> Result<(), Error> {
        let refusals = self.lock();
        let held = |name: Option<String>| {
            name.and_then(|name| refusals.get(&name)).filter(|refusal| refusal.until > call.now)
        };
        let remote = call.remote;
        let told_to_wait = held(Some(remote.identity())).or_else(|| held(remote.host_identity()));
        let refused = held(remote.credentials_identity())
            .filter(|refusal| refusal.requested_at.as_deref() == call.requested_at);
        match told_to_wait.or(refused) {
            Some(refusal) => {
                let until = spread(until(refusal.until, call.now));
                // A Secret may be renewed at any time: it is looked at each interval.
                let retry = if told_to_wait.is_some() { until } else { until.min(call.interval) };
                Err(Error::Git { source: refusal.error.clone(), retry: Some(retry) })
            }
            None => Ok(()),
        }
    }

    /// Takes note of how a visit ended, and says when to come again where it failed.
    pub fn heard<T>(&self, call: &Call<'_>, result: Result<T, Error>) -> Result<T, Error> {
        match result {
            Err(Error::Git { source, retry: None }) => {
                let retry = self.failed(call, &source);
                Err(Error::Git { source, retry })
            }
            other => {
                self.forget(call.remote);
                other
            }
        }
    }

    fn failed(&self, call: &Call<'_>, error: &GitError) -> Option<Duration> {
        let remote = call.remote;
        if let Some(time) = error.wait_until() {
            let host = error.limits_the_host().then(|| remote.host_identity()).flatten();
            for name in [Some(remote.identity()), host].into_iter().flatten() {
                self.refuse(name, error, call, |_| time);
            }
            return Some(spread(until(time, call.now)));
        }
        match (error.reason(), Error::from(error.clone()).class()) {
            (Reason::AuthenticationFailed, _) => {
                self.app_tokens.forget();
                if let Some(name) = remote.credentials_identity() {
                    let pause = |failures| grown(call.interval, failures);
                    self.refuse(name, error, call, |failures| later(call.now, pause(failures)));
                }
                Some(call.interval)
            }
            (Reason::RateLimited, _) => {
                let failures = self.refuse(remote.identity(), error, call, |_| call.now);
                Some(grown(call.interval.max(SHORTEST), failures))
            }
            (_, Class::Terminal) => Some(call.interval),
            _ => None,
        }
    }

    /// Keeps a refusal under `name` and says how many there were in a row.
    fn refuse(
        &self,
        name: String,
        error: &GitError,
        call: &Call<'_>,
        until: impl Fn(u32) -> Timestamp,
    ) -> u32 {
        let mut refusals = self.lock();
        refusals.retain(|_, refusal| call.now.duration_since(refusal.until) < REMEMBERED);
        let failures = refusals.get(&name).map_or(0, |refusal| refusal.failures).saturating_add(1);
        let refusal = Refusal {
            error: error.clone(),
            until: until(failures),
            failures,
            requested_at: call.requested_at.map(str::to_owned),
        };
        refusals.insert(name, refusal);
        failures
    }

    /// The server answered: what it said earlier holds no more.
    fn forget(&self, remote: &Remote) {
        let names = [Some(remote.identity()), remote.credentials_identity()];
        let mut refusals = self.lock();
        for name in names.into_iter().flatten() {
            refusals.remove(&name);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Refusal>> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn until(time: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(time.duration_since(now)).unwrap_or_default()
}

fn later(now: Timestamp, pause: Duration) -> Timestamp {
    now.checked_add(pause).unwrap_or(now)
}

/// A wait that all repositories of a host do not end at the same moment.
fn spread(wait: Duration) -> Duration {
    wait + wait.mul_f64(0.1).min(MOST_SPREAD).mul_f64(fastrand::f64())
}

/// A pause that doubles with each failure in a row.
fn grown(first: Duration, failures: u32) -> Duration {
    let factor = 2_u32.saturating_pow(failures.saturating_sub(1));
    first.saturating_mul(factor).min(LONGEST.max(first))
}

#[cfg(test)]
mod tests;
