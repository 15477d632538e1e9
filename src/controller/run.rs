//! Wires the controllers: client, stores, watches, runners, probes. Ends at a signal, or with an error
//! when any part ends by itself.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::channel::mpsc;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::runtime::WatchStreamExt;
use kube::runtime::reflector::store::Writer;
use kube::runtime::watcher;
use kube::{Api, Client};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::context::{Context, Queues, Stores};
use super::kind::Kind;
use super::watch::{WatchHealth, follow, guarded};
use super::{note_repository, published, runner, summit, talk_note, triggers};
use crate::api::{NoteRepository, Summit, TalkNote, names};
use crate::telemetry::metrics::Metrics;
use crate::telemetry::probes;

/// Reconciliations of notes under way at once.
const NOTES_AT_ONCE: u16 = 32;
/// Reconciliations of summits under way at once.
const SUMMITS_AT_ONCE: u16 = 4;
/// Visits to git servers under way at once.
const REPOSITORIES_AT_ONCE: u16 = 4;

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
        start_scope(&client, scope, &cache_dir, &metrics, &health, &shutdown, &mut tasks);
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
    let api: Api<K> = api(client, scope);
    match api.list_metadata(&kube::api::ListParams::default().limit(1)).await {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.code == 404 => {
            Err(RunError::KindMissing { kind: K::NAME })
        }
        Err(source) => Err(RunError::Unreachable { kind: K::NAME, source: Box::new(source) }),
    }
}

fn api<K>(client: &Client, scope: Option<&str>) -> Api<K>
where
    K: kube::Resource<DynamicType = (), Scope = k8s_openapi::NamespaceResourceScope>,
{
    match scope {
        Some(namespace) => Api::namespaced(client.clone(), namespace),
        None => Api::all(client.clone()),
    }
}

type Tasks = JoinSet<&'static str>;

/// Starts the controllers of a namespace, or of all. References never leave a namespace, so that
/// scopes share nothing but the client.
fn start_scope(
    client: &Client,
    scope: Option<String>,
    cache_dir: &std::path::Path,
    metrics: &Arc<Metrics>,
    health: &WatchHealth,
    shutdown: &CancellationToken,
    tasks: &mut Tasks,
) {
    let scope = scope.as_deref();
    let (talk_notes, summits, repositories, config_maps) =
        (Writer::default(), Writer::default(), Writer::default(), Writer::default());
    let (note_queue, note_requests) = mpsc::unbounded();
    let (summit_queue, summit_requests) = mpsc::unbounded();
    let (repository_queue, repository_requests) = mpsc::unbounded();
    let ctx = Arc::new(Context {
        client: client.clone(),
        stores: Stores {
            talk_notes: talk_notes.as_reader(),
            summits: summits.as_reader(),
            repositories: repositories.as_reader(),
            config_maps: config_maps.as_reader(),
        },
        queues: Queues {
            talk_notes: note_queue,
            summits: summit_queue,
            repositories: repository_queue,
        },
        expected: Default::default(),
        retries: Default::default(),
        fights: Default::default(),
        repositories: Default::default(),
        drifts: Default::default(),
        summits: Default::default(),
        statuses: Default::default(),
        metrics: metrics.clone(),
        cache_dir: cache_dir.to_owned(),
        now: Timestamp::now,
    });
    watch_kind("noterepositories", client, scope, repositories, health, tasks, {
        let ctx = ctx.clone();
        move |before, after| triggers::repository_changed(before, after, &ctx)
    });
    watch_kind("summits", client, scope, summits, health, tasks, {
        let ctx = ctx.clone();
        move |before, after| triggers::summit_changed(before, after, &ctx)
    });
    watch_kind("talknotes", client, scope, talk_notes, health, tasks, {
        let ctx = ctx.clone();
        move |before, after| triggers::note_changed(before, after, &ctx)
    });
    watch_config_maps(client, scope, config_maps, health, tasks, ctx.clone());
    tasks.spawn(run_controllers(
        ctx,
        (note_requests, summit_requests, repository_requests),
        shutdown.clone(),
    ));
}

fn watch_kind<K: Kind>(
    name: &'static str,
    client: &Client,
    scope: Option<&str>,
    writer: Writer<K>,
    health: &WatchHealth,
    tasks: &mut Tasks,
    mut on_change: impl FnMut(Option<&K>, Option<&K>) + Send + 'static,
) {
    health.expect(name);
    let events = guarded::<K>(api(client, scope), watcher::Config::default());
    let health = health.clone();
    tasks.spawn(async move {
        let on_change = move |before: Option<&Arc<K>>, after: Option<&Arc<K>>| {
            on_change(before.map(Arc::as_ref), after.map(Arc::as_ref));
        };
        follow(name, events, writer, health, |_| {}, on_change).await;
        name
    });
}

fn watch_config_maps(
    client: &Client,
    scope: Option<&str>,
    writer: Writer<ConfigMap>,
    health: &WatchHealth,
    tasks: &mut Tasks,
    ctx: Arc<Context>,
) {
    let name = "configmaps";
    health.expect(name);
    let selector = format!("{}={}", names::MANAGED_BY, names::MANAGED_BY_VALUE);
    let config = watcher::Config::default().labels(&selector);
    let events = watcher::watcher(api::<ConfigMap>(client, scope), config).default_backoff();
    let health = health.clone();
    tasks.spawn(async move {
        let on_change = move |before: Option<&Arc<ConfigMap>>, after: Option<&Arc<ConfigMap>>| {
            triggers::config_map_changed(before.map(Arc::as_ref), after.map(Arc::as_ref), &ctx);
        };
        follow(name, events, writer, health, published::reduce, on_change).await;
        name
    });
}

type Requests = (
    mpsc::UnboundedReceiver<kube::runtime::reflector::ObjectRef<TalkNote>>,
    mpsc::UnboundedReceiver<kube::runtime::reflector::ObjectRef<Summit>>,
    mpsc::UnboundedReceiver<kube::runtime::reflector::ObjectRef<NoteRepository>>,
);

/// Runs the three controllers of a scope once all its stores are filled: a controller that does not
/// know what is there would write it again.
async fn run_controllers(
    ctx: Arc<Context>,
    (notes, summits, repositories): Requests,
    shutdown: CancellationToken,
) -> &'static str {
    let stores = &ctx.stores;
    let filled = async {
        let _ = stores.config_maps.wait_until_ready().await;
        let _ = stores.talk_notes.wait_until_ready().await;
        let _ = stores.summits.wait_until_ready().await;
        let _ = stores.repositories.wait_until_ready().await;
    };
    tokio::select! {
        () = filled => {}
        () = shutdown.cancelled() => return "the controllers",
    }
    tracing::info!("watches are filled, reconciling");
    let run_notes = runner::run(
        talk_note::reconcile,
        stores.talk_notes.clone(),
        notes,
        NOTES_AT_ONCE,
        ctx.clone(),
        shutdown.clone(),
    );
    let run_summits = runner::run(
        summit::reconcile,
        stores.summits.clone(),
        summits,
        SUMMITS_AT_ONCE,
        ctx.clone(),
        shutdown.clone(),
    );
    let run_repositories = runner::run(
        note_repository::reconcile,
        stores.repositories.clone(),
        repositories,
        REPOSITORIES_AT_ONCE,
        ctx.clone(),
        shutdown.clone(),
    );
    tokio::join!(run_notes, run_summits, run_repositories);
    "the controllers"
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
