//! Who holds the Lease. One attempt at a time: look at it, take or renew it where that is allowed.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, OwnerReference};
use kube::api::PostParams;
use kube::{Api, Resource};

/// What a Lease that names no duration is worth.
const DEFAULT_DURATION: Duration = Duration::from_secs(15);

/// How often a Lease that others change at the same time is looked at again.
const MOST_CONFLICTS: usize = 5;

/// Where a replica stands after an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The Lease is ours and was just renewed.
    Leading,
    /// Somebody else holds it.
    Following {
        /// Identity of the holder; empty where the Lease was deleted a moment ago.
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
        let mut conflicts = 0;
        loop {
            let found = self.leases.get_opt(&self.name).await?;
            if let Some(holder) = self.rival(found.as_ref()) {
                return Ok(Standing::Following { holder });
            }
            let is_new = found.is_none();
            let lease = self.taken(found.unwrap_or_default());
            let answer = match is_new {
                true => self.leases.create(&parameters, &lease).await,
                // The version in it makes this a compare-and-swap.
                false => self.leases.replace(&self.name, &parameters, &lease).await,
            };
            match answer {
                // Somebody changed it meanwhile: only another look tells whether that was a rival.
                Err(error) if is_conflict(&error) && conflicts < MOST_CONFLICTS => conflicts += 1,
                answer => return answer.map(|_| Standing::Leading),
            }
        }
    }

    /// Gives the Lease up, so that nobody has to wait until it expires. False where it was not ours.
    ///
    /// # Errors
    /// Where the API server refuses or does not answer: then the Lease may be ours still.
    pub async fn resign(&self) -> kube::Result<bool> {
        let mut conflicts = 0;
        loop {
            let Some(mut lease) = self.leases.get_opt(&self.name).await? else { return Ok(false) };
            if holder(&lease) != self.identity {
                return Ok(false);
            }
            if let Some(spec) = &mut lease.spec {
                spec.holder_identity = None;
            }
            match self.leases.replace(&self.name, &PostParams::default(), &lease).await {
                // Such as a renewal of our own that arrived late.
                Err(error) if is_conflict(&error) && conflicts < MOST_CONFLICTS => conflicts += 1,
                answer => return answer.map(|_| true),
            }
        }
    }

    /// Who keeps us from taking the Lease: empty where it is gone and its last holder may not know yet.
    fn rival(&mut self, lease: Option<&Lease>) -> Option<String> {
        let Some(lease) = lease else {
            let is_young = self.seen.age(None, Instant::now()) < self.duration;
            return is_young.then(String::new);
        };
        let holder = holder(lease);
        let is_free = holder == self.identity || holder.is_empty() || self.has_expired(lease);
        (!is_free).then(|| holder.to_owned())
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

/// Whether the Lease was changed since it was looked at.
fn is_conflict(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == 409)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use http::{Method, Request, Response};
    use kube::Client;
    use kube::client::Body;
    use tower::{BoxError, service_fn};

    use super::*;

    /// A Lease as an API server keeps it, where others write `conflicts` times just before we do.
    #[derive(Clone, Default)]
    struct Shelf(Arc<Mutex<(Lease, u64, usize)>>);

    impl Shelf {
        fn held_by(identity: &str, conflicts: usize) -> Self {
            let spec = LeaseSpec {
                holder_identity: Some(identity.to_owned()),
                lease_duration_seconds: Some(3600),
                ..LeaseSpec::default()
            };
            let mut lease = Lease { spec: Some(spec), ..Lease::default() };
            lease.metadata.resource_version = Some("0".to_owned());
            Self(Arc::new(Mutex::new((lease, 0, conflicts))))
        }

        fn holder(&self) -> String {
            holder(&self.0.lock().unwrap().0).to_owned()
        }

        async fn answer(self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
            let method = request.method().clone();
            let body = request.into_body().collect_bytes().await?;
            let mut shelf = self.0.lock().unwrap();
            let (lease, version, conflicts) = &mut *shelf;
            if method == Method::PUT {
                let wanted: Lease = serde_json::from_slice(&body)?;
                *version += 1;
                if *conflicts > 0 {
                    *conflicts -= 1;
                    lease.metadata.resource_version = Some(version.to_string());
                }
                if wanted.metadata.resource_version != lease.metadata.resource_version {
                    let status = serde_json::json!({ "kind": "Status", "apiVersion": "v1",
                        "status": "Failure", "code": 409, "reason": "Conflict", "message": "changed" });
                    let body = Body::from(status.to_string().into_bytes());
                    return Ok(Response::builder().status(409).body(body)?);
                }
                *lease = wanted;
                lease.metadata.resource_version = Some(version.to_string());
            }
            Ok(Response::new(Body::from(serde_json::to_vec(&*lease)?)))
        }

        fn candidate(&self, identity: &str) -> Election {
            let shelf = self.clone();
            let client = Client::new(service_fn(move |r| shelf.clone().answer(r)), "default");
            let leases = Api::namespaced(client, "default");
            let duration = Duration::from_secs(7);
            Election::new(leases, "x".to_owned(), identity.to_owned(), None, duration)
        }
    }

    #[tokio::test]
    async fn a_lease_that_others_change_meanwhile_is_given_up_all_the_same() {
        let shelf = Shelf::held_by("a", 2);
        assert!(shelf.candidate("a").resign().await.unwrap());
        assert_eq!(shelf.holder(), "");
    }

    #[tokio::test]
    async fn what_is_said_of_a_lease_that_was_not_given_up_is_true() {
        let shelf = Shelf::held_by("a", usize::MAX);
        shelf.candidate("a").resign().await.unwrap_err();
        assert_eq!(shelf.holder(), "a");
        assert!(!shelf.candidate("b").resign().await.unwrap(), "it is not b's");
        assert_eq!(shelf.holder(), "a");
    }

    #[tokio::test]
    async fn a_leader_whose_lease_is_labelled_meanwhile_goes_on_to_lead() {
        let shelf = Shelf::held_by("a", 2);
        assert_eq!(shelf.candidate("a").attempt().await.unwrap(), Standing::Leading);
        let rival = Standing::Following { holder: "a".to_owned() };
        assert_eq!(shelf.candidate("b").attempt().await.unwrap(), rival);
        let shelf = Shelf::held_by("a", usize::MAX);
        shelf.candidate("a").attempt().await.unwrap_err();
    }

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
