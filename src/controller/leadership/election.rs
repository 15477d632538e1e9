//! Who holds the Lease. One attempt at a time: look at it, take or renew it where that is allowed.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, OwnerReference};
use kube::api::PostParams;
use kube::{Api, Resource};

/// What a Lease that names no duration is worth.
const DEFAULT_DURATION: Duration = Duration::from_secs(15);

/// Where a replica stands after an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The Lease is ours and was just renewed.
    Leading,
    /// Somebody else holds it; empty where somebody was faster a moment ago.
    Following {
        /// Identity of the holder.
        holder: String,
    },
}

/// A candidate for one Lease.
pub struct Election {
    leases: Api<Lease>,
    name: String,
    identity: String,
    owner: Option<OwnerReference>,
    duration: Duration,
    seen: Seen,
}

/// The version of the Lease that was seen last, and since when by the local clock. The times that
/// stand in a Lease are those of another machine's clock and decide nothing.
#[derive(Default)]
struct Seen {
    version: Option<String>,
    since: Option<Instant>,
}

impl Seen {
    /// How long the Lease has been as it is.
    fn age(&mut self, version: Option<&String>, now: Instant) -> Duration {
        if self.version.as_ref() != version || self.since.is_none() {
            self.version = version.cloned();
            self.since = Some(now);
        }
        self.since.map_or(Duration::ZERO, |since| now.duration_since(since))
    }
}

impl Election {
    /// A candidate `identity` for the Lease `name`, which others may take when it has not been renewed
    /// for `duration`. The Lease goes when its last holder's `owner` goes.
    pub fn new(
        leases: Api<Lease>,
        name: String,
        identity: String,
        owner: Option<OwnerReference>,
        duration: Duration,
    ) -> Self {
        Self { leases, name, identity, owner, duration, seen: Seen::default() }
    }

    /// Takes or renews the Lease where that is allowed.
    ///
    /// # Errors
    /// Where the API server refuses or does not answer.
    pub async fn attempt(&mut self) -> kube::Result<Standing> {
        let parameters = PostParams::default();
        let Some(lease) = self.leases.get_opt(&self.name).await? else {
            // Whoever held it may not know yet that it was deleted.
            if self.seen.age(None, Instant::now()) < self.duration {
                return Ok(Standing::Following { holder: String::new() });
            }
            let lease = self.taken(Lease::default());
            return standing(self.leases.create(&parameters, &lease).await);
        };
        let holder = holder(&lease);
        if holder != self.identity && !holder.is_empty() && !self.has_expired(&lease) {
            return Ok(Standing::Following { holder: holder.to_owned() });
        }
        let lease = self.taken(lease);
        // The version in it makes this a compare-and-swap.
        standing(self.leases.replace(&self.name, &parameters, &lease).await)
    }

    /// Gives the Lease up, so that nobody has to wait until it expires.
    ///
    /// # Errors
    /// Where the API server refuses or does not answer.
    pub async fn resign(&self) -> kube::Result<()> {
        let Some(mut lease) = self.leases.get_opt(&self.name).await? else { return Ok(()) };
        if holder(&lease) != self.identity {
            return Ok(());
        }
        if let Some(spec) = &mut lease.spec {
            spec.holder_identity = None;
        }
        standing(self.leases.replace(&self.name, &PostParams::default(), &lease).await).map(drop)
    }

    fn has_expired(&mut self, lease: &Lease) -> bool {
        let duration = lease
            .spec
            .as_ref()
            .and_then(|spec| u64::try_from(spec.lease_duration_seconds?).ok())
            .map_or(DEFAULT_DURATION, Duration::from_secs);
        self.seen.age(lease.meta().resource_version.as_ref(), Instant::now()) >= duration
    }

    /// `lease` as it is when we hold it from now on.
    fn taken(&self, mut lease: Lease) -> Lease {
        lease.metadata.name = Some(self.name.clone());
        lease.metadata.owner_references = self.owner.clone().map(|owner| vec![owner]);
        let now = Some(MicroTime(Timestamp::now()));
        let renewed = holder(&lease) == self.identity;
        let spec = lease.spec.get_or_insert_with(LeaseSpec::default);
        if !renewed {
            spec.acquire_time.clone_from(&now);
            let before = spec.lease_transitions;
            spec.lease_transitions = Some(before.map_or(0, |count| count.saturating_add(1)));
        }
        spec.holder_identity = Some(self.identity.clone());
        spec.lease_duration_seconds = i32::try_from(self.duration.as_secs()).ok();
        spec.renew_time = now;
        lease
    }
}

fn holder(lease: &Lease) -> &str {
    lease.spec.as_ref().and_then(|spec| spec.holder_identity.as_deref()).unwrap_or_default()
}

/// A conflict means that somebody else was faster.
fn standing(answer: kube::Result<Lease>) -> kube::Result<Standing> {
    match answer {
        Ok(_) => Ok(Standing::Leading),
        Err(kube::Error::Api(status)) if status.code == 409 => {
            Ok(Standing::Following { holder: String::new() })
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_ages_by_the_local_clock_and_is_young_again_when_it_changes() {
        let (mut seen, start) = (Seen::default(), Instant::now());
        let later = start + Duration::from_secs(10);
        assert_eq!(seen.age(Some(&"1".to_owned()), start), Duration::ZERO);
        assert_eq!(seen.age(Some(&"1".to_owned()), later), Duration::from_secs(10));
        assert_eq!(seen.age(Some(&"2".to_owned()), later), Duration::ZERO);
        assert_eq!(seen.age(None, later), Duration::ZERO, "a Lease that was deleted");
        assert_eq!(seen.age(None, later + Duration::from_secs(1)), Duration::from_secs(1));
    }
}
