//! Wires the controllers: client, stores, watches, runners, probes. Ends at a signal, or with an error
//! when any part ends by itself.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kube::Client;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::kind::Kind;
use super::leadership::{LeaderElection, Leadership};
use super::scope::{self, Process, Tasks};
use crate::api::{NoteRepository, Summit, TalkNote};
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
    for scope in &scopes {
        tokio::select! {
            checked = check_kinds(&client, scope.as_deref(), leader_election.is_some()) => checked?,
            () = shutdown.cancelled() => return Ok(()),
        }
    }
    let metrics = Arc::new(Metrics::default());
    let health = WatchHealth::new(stale_after);
    let mut tasks = JoinSet::new();
    let leadership = stand(&client, leader_election, &metrics, &mut tasks);
    let process = Process {
        client: leadership.guard(client),
        cache_dir,
        metrics: metrics.clone(),
        health: health.clone(),
        leadership: leadership.clone(),
        shutdown: shutdown.clone(),
    };
    let controllers = scopes.len();
    for scope in scopes {
        scope::start(&process, scope, &mut tasks);
    }
    let router = probes::router(metrics, move || health.problems());
    tracing::info!(%address, "serving probes and metrics");
    let server = axum::serve(listener, router).with_graceful_shutdown({
        let shutdown = shutdown.clone();
        async move { shutdown.cancelled().await }
    });
    tasks.spawn(async move {
        let _ = server.await;
        "the server of probes"
    });
    let outcome = supervise(&mut tasks, controllers, shutdown).await;
    hand_over(&leadership, &mut tasks).await;
    outcome
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

/// A service waits for an API server that is away; a person is told.
async fn check_kinds(client: &Client, scope: Option<&str>, wait: bool) -> Result<(), RunError> {
    loop {
        let checked = async {
            check_kind::<NoteRepository>(client, scope).await?;
            check_kind::<Summit>(client, scope).await?;
            check_kind::<TalkNote>(client, scope).await
        };
        match checked.await {
            Err(error @ RunError::Unreachable { .. }) if wait => {
                tracing::warn!(%error, "trying again");
                tokio::time::sleep(API_SERVER_PAUSE).await;
            }
            result => return result,
        }
    }
}

/// An unknown kind is told apart from an API server that is away: the one needs a person.
async fn check_kind<K: Kind>(client: &Client, scope: Option<&str>) -> Result<(), RunError> {
    let api = scope::api::<K>(client, scope);
    match api.list_metadata(&kube::api::ListParams::default().limit(1)).await {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.code == 404 => {
            Err(RunError::KindMissing { kind: K::NAME })
        }
        Err(source) => Err(RunError::Unreachable { kind: K::NAME, source: Box::new(source) }),
    }
}

/// Pause between attempts to reach an API server that is away.
const API_SERVER_PAUSE: Duration = Duration::from_secs(2);
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
