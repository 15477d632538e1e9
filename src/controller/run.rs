//! Wires the controllers: client, stores, watches, runners, probes. Ends at a signal, or with an error
//! when any part ends by itself.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kube::Client;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::compute::Compute;
use super::leadership::{LeaderElection, Leadership};
use super::scope::{self, Process, Tasks};
use super::startup::Startup;
use crate::telemetry::metrics::Metrics;
use crate::telemetry::probes;
use crate::telemetry::watches::WatchHealth;

/// How the controllers run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Namespaces to look after; all where it is empty.
    pub namespaces: Vec<String>,
    /// Where probes and metrics are served.
    pub health_address: SocketAddr,
    /// Folder of the git caches.
    pub cache_dir: PathBuf,
    /// How replicas choose the one that writes; none where there is one replica.
    pub leader_election: Option<LeaderElection>,
    /// How long a watch may show no sign of life before the process calls itself unready.
    pub stale_after: Duration,
}

/// Why the controllers ended.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The address of the probes cannot be used.
    #[error(
        "cannot listen on {address} for probes and metrics: {source}; choose another with --health-address"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The folder of the git caches cannot be used.
    #[error("cannot make the cache folder {path}: {source}; choose another with --cache-dir")]
    CacheDir {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The API server does not know our kinds.
    #[error(
        "the cluster has no {kind} kind: install the CRDs with `talknotes crds | kubectl apply -f -`"
    )]
    KindMissing {
        /// The kind.
        kind: &'static str,
    },
    /// The API server does not answer.
    #[error("cannot list {kind} objects: {source}")]
    Unreachable {
        /// The kind.
        kind: &'static str,
        /// Why not.
        source: Box<kube::Error>,
    },
    /// A part of the process ended that never should.
    #[error("{0} ended; the process ends too, so that it is started again whole")]
    Ended(String),
}

/// Runs until `shutdown`.
///
/// # Errors
/// Where the process cannot start, and where one of its parts ends by itself.
pub async fn run(
    client: Client,
    options: Options,
    shutdown: CancellationToken,
) -> Result<(), RunError> {
    let Options { namespaces, health_address: address, cache_dir, leader_election, stale_after } =
        options;
    std::fs::create_dir_all(&cache_dir)
        .map_err(|source| RunError::CacheDir { path: cache_dir.clone(), source })?;
    let listener =
        TcpListener::bind(address).await.map_err(|source| RunError::Listen { address, source })?;
    let scopes: Vec<Option<String>> = match namespaces.as_slice() {
        [] => vec![None],
        names => names.iter().cloned().map(Some).collect(),
    };
    let metrics = Arc::new(Metrics::default());
    metrics.workers(Handle::current().metrics().num_workers());
    let (startup, health) = (Startup::default(), WatchHealth::new(stale_after));
    let mut tasks = JoinSet::new();
    serve_probes(listener, &metrics, (&startup, &health), &shutdown, &mut tasks);
    tracing::info!(%address, "serving probes and metrics");
    tokio::select! {
        ready = startup.wait(&client, &scopes, leader_election.is_some()) => ready?,
        () = shutdown.cancelled() => return Ok(()),
    }
    let leadership = stand(&client, leader_election, &metrics, &mut tasks);
    let process = Process {
        client: leadership.guard(client),
        cache_dir,
        metrics,
        health,
        compute: Compute::default(),
        leadership: leadership.clone(),
        shutdown: shutdown.clone(),
    };
    let controllers = scopes.len();
    for scope in scopes {
        scope::start(&process, scope, &mut tasks);
    }
    startup.done();
    let outcome = supervise(&mut tasks, controllers, shutdown).await;
    hand_over(&leadership, &mut tasks).await;
    outcome
}

/// Probes are served from the first moment on: who waits for the API server is alive.
fn serve_probes(
    listener: TcpListener,
    metrics: &Arc<Metrics>,
    (startup, health): (&Startup, &WatchHealth),
    shutdown: &CancellationToken,
    tasks: &mut Tasks,
) {
    let (startup, health) = (startup.clone(), health.clone());
    let problems = move || startup.problem().into_iter().chain(health.problems()).collect();
    let router = probes::router(metrics.clone(), problems);
    let server =
        axum::serve(listener, router).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    tasks.spawn(async move {
        let _ = server.await;
        "the server of probes"
    });
}

/// Stands for election where there is one. A replica without rivals leads.
fn stand(
    client: &Client,
    election: Option<LeaderElection>,
    metrics: &Arc<Metrics>,
    tasks: &mut Tasks,
) -> Leadership {
    let Some(election) = election else {
        metrics.leads(true);
        return Leadership::unopposed();
    };
    let (leadership, office) = Leadership::elected(client.clone(), election, metrics.clone());
    tasks.spawn(async move {
        office.await;
        LEADERSHIP
    });
    leadership
}

/// How long what is under way at shutdown may take. Another replica waits for it.
const GRACE: Duration = Duration::from_secs(4);
/// How long giving up leadership may take, the requests that are on their way included.
const HAND_OVER: Duration = Duration::from_secs(4);
/// Name of the part that holds the Lease.
const LEADERSHIP: &str = "leadership";

/// No part may end before the others: half an operator is worse than none.
async fn supervise(
    tasks: &mut Tasks,
    controllers: usize,
    shutdown: CancellationToken,
) -> Result<(), RunError> {
    let first = tokio::select! {
        first = tasks.join_next() => first,
        () = shutdown.cancelled() => None,
    };
    if let Some(first) = first
        && !shutdown.is_cancelled()
    {
        let name = first.map_or_else(|error| format!("a part ({error})"), str::to_owned);
        return Err(RunError::Ended(name));
    }
    tracing::info!("shutting down");
    let finished = async {
        for _ in 0..controllers {
            ended(scope::CONTROLLERS, tasks).await;
        }
    };
    if tokio::time::timeout(GRACE, finished).await.is_err() {
        tracing::warn!("what was under way did not end in time");
    }
    Ok(())
}

/// Ends all parts, the one that holds the Lease last.
async fn hand_over(leadership: &Leadership, tasks: &mut Tasks) {
    leadership.resign();
    if leadership.is_held()
        && tokio::time::timeout(HAND_OVER, ended(LEADERSHIP, tasks)).await.is_err()
    {
        tracing::warn!("leadership was not given up in time; the lease expires");
    }
    tasks.shutdown().await;
}

/// Waits for the end of a part called `name`.
async fn ended(name: &str, tasks: &mut Tasks) {
    while let Some(part) = tasks.join_next().await {
        if part.is_ok_and(|part| part == name) {
            return;
        }
    }
}
