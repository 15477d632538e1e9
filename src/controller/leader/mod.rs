//! One writer among several replicas: leader election by Lease.
//!
//! A replica that holds the Lease renews it every two seconds and lets its own writes pass for five
//! seconds after each renewal, counted by its own clock from before it asked. Others take the Lease
//! when they have seen it unchanged for seven seconds by their own clocks. The two seconds between
//! are for requests that are on their way.
//!
//! ```text
//! campaign ──▶ lead, renew ──▶ lost: the process ends and starts again as a candidate
//!                    └───────▶ asked to end: finish, close the fence, resign
//! ```

mod election;
mod fence;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::{Api, Client};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use self::election::{Election, Standing};
use self::fence::Fence;
use crate::telemetry::metrics::Metrics;

/// Stands in the Lease between what a replica is called and where it is reached.
const AT: char = '@';
/// How long others wait for a holder that is silent.
const LEASE_DURATION: Duration = Duration::from_secs(7);
/// How long after a renewal was begun the holder still writes.
const WRITES_AFTER_RENEWAL: Duration = Duration::from_secs(5);
/// Pause between renewals.
const RENEWAL_PAUSE: Duration = Duration::from_secs(2);
/// Pause between looks at a Lease that somebody else holds.
const CAMPAIGN_PAUSE: Duration = Duration::from_secs(1);
/// How long the API server may take to answer about a Lease.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(2);

/// How replicas choose one that writes.
#[derive(Clone, Debug)]
pub struct LeaderElection {
    /// Namespace of the Lease.
    pub namespace: String,
    /// Name of the Lease. Those who look after the same objects have to use the same.
    pub lease: String,
    /// What this replica is called. No other may be called so.
    pub identity: String,
    /// Where other replicas hand webhooks to this one.
    pub address: Option<SocketAddr>,
    /// The Pod that this replica runs in: the Lease is to go with the last one that held it.
    pub pod: Option<OwnerReference>,
}

/// Whether this process may write, and the end of that.
#[derive(Clone)]
pub struct Leadership {
    /// None where there is one replica only, which always leads.
    fence: Option<Fence>,
    leads: watch::Receiver<bool>,
    /// Who holds the Lease, as far as we have seen.
    holder: watch::Receiver<String>,
    resign: CancellationToken,
}

impl Leadership {
    /// Of the only replica.
    pub fn unopposed() -> Self {
        let (leads, holder) = (watch::channel(true).1, watch::channel(String::new()).1);
        Self { fence: None, leads, holder, resign: CancellationToken::new() }
    }

    /// Of one candidate among several. The second value holds the office and has to be run: it ends
    /// when leadership is lost, or after [`Self::resign`].
    pub fn elected(
        client: Client,
        settings: LeaderElection,
        metrics: Arc<Metrics>,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (sender, leads) = watch::channel(false);
        let (fence, resign) = (Fence::closed(), CancellationToken::new());
        let (seen, holder) = watch::channel(String::new());
        let leadership = Self { fence: Some(fence.clone()), leads, holder, resign: resign.clone() };
        let LeaderElection { namespace, lease, identity, address, pod } = settings;
        let identity = match address {
            Some(address) => format!("{identity}{AT}{address}"),
            None => identity,
        };
        tracing::info!(%namespace, %lease, %identity, "standing for election");
        let leases: Api<Lease> = Api::namespaced(client, &namespace);
        let election = Election::new(leases, lease, identity, pod, LEASE_DURATION);
        let office = Office { election, fence, sender, seen, metrics };
        (leadership, office.hold(resign))
    }

    /// A client that writes only while this process leads.
    pub fn guard(&self, client: Client) -> Client {
        self.fence.as_ref().map_or(client.clone(), |fence| fence.guard(&client))
    }

    /// Waits until this process leads.
    pub async fn acquired(&self) {
        // The office ends with the process, so that its end is no reason to go on.
        if self.leads.clone().wait_for(|leads| *leads).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Where the replica that leads takes webhooks; none where it is this one. Waits until one leads
    /// that says where it is reached.
    pub async fn leader(&self) -> Option<SocketAddr> {
        let mut holder = self.holder.clone();
        let address = |holder: &String| holder.split_once(AT)?.1.parse::<SocketAddr>().ok();
        let elsewhere = async {
            let known = holder.wait_for(|holder| address(holder).is_some()).await;
            let known = known.ok().and_then(|holder| address(&holder));
            match known {
                Some(address) => address,
                // The process ends.
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.acquired() => None,
            address = elsewhere => Some(address),
        }
    }

    /// Ends the office: it closes the fence and gives up the Lease.
    pub fn resign(&self) {
        self.resign.cancel();
    }
}

struct Office {
    election: Election,
    fence: Fence,
    sender: watch::Sender<bool>,
    seen: watch::Sender<String>,
    metrics: Arc<Metrics>,
}

/// How an office ended.
enum End {
    /// Somebody else may lead.
    Lost,
    /// We were asked to go.
    Resigned,
}

impl Office {
    /// An attempt is never broken off: what it writes could arrive all the same, and the Lease would be
    /// held by nobody.
    async fn hold(mut self, resign: CancellationToken) {
        if self.campaign(&resign).await
            && let End::Resigned = self.renew(&resign).await
        {
            self.hand_over().await;
        }
        self.sender.send_replace(false);
        self.metrics.leads(false);
    }

    /// Tries until the Lease is ours; false where we are asked to go before. An API server that is away
    /// is waited for.
    async fn campaign(&mut self, resign: &CancellationToken) -> bool {
        let (mut rival, mut is_sure) = (None, true);
        while !resign.is_cancelled() {
            let attempt = self.attempt().await;
            is_sure = attempt.is_ok();
            match attempt {
                Ok(Standing::Leading) => {
                    tracing::info!("leading");
                    self.metrics.leads(true);
                    self.sender.send_replace(true);
                    return true;
                }
                Ok(Standing::Following { holder }) => {
                    self.seen.send_if_modified(|seen| {
                        let is_new = *seen != holder;
                        seen.clone_from(&holder);
                        is_new
                    });
                    if !holder.is_empty() && rival.as_ref() != Some(&holder) {
                        tracing::info!(leader = %holder, "standing by");
                        rival = Some(holder);
                    }
                }
                Err(error) => tracing::warn!(%error, "cannot stand for election, trying again"),
            }
            let _ = timeout(CAMPAIGN_PAUSE, resign.cancelled()).await;
        }
        // The answer got lost, and maybe only the answer.
        if !is_sure {
            self.hand_over().await;
        }
        false
    }

    /// Renews until leadership is lost or given up.
    async fn renew(&mut self, resign: &CancellationToken) -> End {
        while timeout(RENEWAL_PAUSE, resign.cancelled()).await.is_err() {
            match self.attempt().await {
                Ok(Standing::Leading) => {}
                Ok(Standing::Following { holder }) => {
                    self.fence.close();
                    tracing::error!(leader = %holder, "leadership lost to another replica");
                    return End::Lost;
                }
                Err(error) => tracing::warn!(%error, "cannot renew the lease, trying again"),
            }
            if !self.fence.is_open() {
                tracing::error!("leadership lost: the lease could not be renewed in time");
                return End::Lost;
            }
        }
        End::Resigned
    }

    /// One attempt, which opens the fence where it succeeds.
    async fn attempt(&mut self) -> Result<Standing, String> {
        let begun = Instant::now();
        let answer = timeout(REQUEST_TIMEOUT, self.election.attempt()).await;
        let standing = match answer {
            Ok(answer) => answer.map_err(|error| error.to_string())?,
            Err(_) => return Err(format!("no answer within {} s", REQUEST_TIMEOUT.as_secs())),
        };
        if standing == Standing::Leading {
            self.fence.open_until(begun + WRITES_AFTER_RENEWAL);
        }
        Ok(standing)
    }

    /// The Lease is given up only when no write of ours can still be under way.
    async fn hand_over(&self) {
        self.fence.close();
        self.fence.drained().await;
        match timeout(REQUEST_TIMEOUT, self.election.resign()).await {
            Ok(Ok(true)) => tracing::info!("gave up leadership"),
            Ok(Ok(false)) => tracing::info!("the lease is not ours any more"),
            Ok(Err(error)) => tracing::warn!(%error, "cannot give up the lease; it expires"),
            Err(_) => tracing::warn!("the API server does not answer; the lease expires"),
        }
    }
}
