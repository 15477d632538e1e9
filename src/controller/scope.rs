//! The controllers of one namespace, or of all: stores, watches and runners.

use std::path::Path;
use std::sync::Arc;

use futures::channel::mpsc;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::runtime::reflector::ObjectRef;
use kube::runtime::reflector::store::Writer;
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::context::{Context, Queues, Stores};
use super::kind::Kind;
use super::watch::{WatchHealth, follow, guarded};
use super::{note_repository, published, runner, summit, talk_note, triggers};
use crate::api::{NoteRepository, Summit, TalkNote, names};
use crate::telemetry::metrics::Metrics;

/// Reconciliations of notes under way at once.
const NOTES_AT_ONCE: u16 = 32;
/// Reconciliations of summits under way at once.
const SUMMITS_AT_ONCE: u16 = 4;
/// Visits to git servers under way at once.
const REPOSITORIES_AT_ONCE: u16 = 4;

/// The parts of the process, each of which says its name when it ends.
pub type Tasks = JoinSet<&'static str>;

/// Starts the controllers of a namespace, or of all. References never leave a namespace, so that
/// scopes share nothing but the client.
pub fn start(
    client: &Client,
    scope: Option<String>,
    cache_dir: &Path,
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
    mpsc::UnboundedReceiver<ObjectRef<TalkNote>>,
    mpsc::UnboundedReceiver<ObjectRef<Summit>>,
    mpsc::UnboundedReceiver<ObjectRef<NoteRepository>>,
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

pub fn api<K>(client: &Client, scope: Option<&str>) -> Api<K>
where
    K: kube::Resource<DynamicType = (), Scope = k8s_openapi::NamespaceResourceScope>,
{
    match scope {
        Some(namespace) => Api::namespaced(client.clone(), namespace),
        None => Api::all(client.clone()),
    }
}
