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
use super::scope::{self, Tasks};
use super::watch::WatchHealth;
use crate::api::{NoteRepository, Summit, TalkNote};
use crate::telemetry::metrics::Metrics;
use crate::telemetry::probes;

/// How the controllers run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Namespaces to look after; all where it is empty.
    pub namespaces: Vec<String>,
    /// Where probes and metrics are served.
    pub health_address: SocketAddr,
    /// Folder of the git caches.
    pub cache_dir: PathBuf,
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
    let Options { namespaces, health_address: address, cache_dir } = options;
    std::fs::create_dir_all(&cache_dir)
        .map_err(|source| RunError::CacheDir { path: cache_dir.clone(), source })?;
    let listener =
        TcpListener::bind(address).await.map_err(|source| RunError::Listen { address, source })?;
    let scopes: Vec<Option<String>> = match namespaces.as_slice() {
        [] => vec![None],
        names => names.iter().cloned().map(Some).collect(),
    };
    for scope in &scopes {
        check_kind::<NoteRepository>(&client, scope.as_deref()).await?;
        check_kind::<Summit>(&client, scope.as_deref()).await?;
        check_kind::<TalkNote>(&client, scope.as_deref()).await?;
    }
    let metrics = Arc::new(Metrics::default());
    let health = WatchHealth::default();
    let mut tasks = JoinSet::new();
    for scope in scopes {
        scope::start(&client, scope, &cache_dir, &metrics, &health, &shutdown, &mut tasks);
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
    supervise(tasks, shutdown).await
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

/// How long what is under way at shutdown may take.
const GRACE: Duration = Duration::from_secs(10);

/// No part may end before the others: half an operator is worse than none.
async fn supervise(mut tasks: Tasks, shutdown: CancellationToken) -> Result<(), RunError> {
    let ended = tokio::select! {
        ended = tasks.join_next() => ended,
        () = shutdown.cancelled() => None,
    };
    if let Some(ended) = ended
        && !shutdown.is_cancelled()
    {
        let name = ended.map_or_else(|error| format!("a part ({error})"), str::to_owned);
        return Err(RunError::Ended(name));
    }
    tracing::info!("shutting down");
    let finished = async {
        while let Some(ended) = tasks.join_next().await {
            if matches!(ended, Ok("the controllers")) {
                break;
            }
        }
    };
    if tokio::time::timeout(GRACE, finished).await.is_err() {
        tracing::warn!("what was under way did not end in time");
    }
    tasks.shutdown().await;
    Ok(())
}
