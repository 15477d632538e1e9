//! The controllers of one namespace, or of all: stores, watches and runners.

use std::sync::Arc;

use futures::channel::mpsc::{self, UnboundedReceiver};
use futures::{Stream, StreamExt, future, stream};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::runtime::reflector::ObjectRef;
use kube::runtime::reflector::store::Writer;
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client};
use tokio_util::sync::CancellationToken;

use crate::api::{NoteRepository, Summit, TalkNote, Viewer, names};
use crate::controller::leader::Leadership;
use crate::controller::note_repository;
use crate::controller::notifications;
use crate::controller::runtime::gauges;
use crate::controller::runtime::inventory;
use crate::controller::runtime::parts::Parts;
use crate::controller::runtime::process::Process;
use crate::controller::runtime::runner;
use crate::controller::runtime::salvage;
use crate::controller::runtime::triggers;
use crate::controller::runtime::watch::{follow, salvaged};
use crate::controller::shared::child_kind::ChildKind;
use crate::controller::shared::children::Children;
use crate::controller::shared::context::{Context, Queues, Stores};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership;
use crate::controller::shared::published;
use crate::controller::shared::text::Written;
use crate::controller::state::memory::key;
use crate::controller::state::pages::PagesWriter;
use crate::controller::summit;
use crate::controller::talk_note;
use crate::controller::viewer;
use crate::telemetry::metrics::Metrics;

/// Reconciliations of notes under way at once.
const NOTES_AT_ONCE: u16 = 32;
/// Reconciliations of summits under way at once.
const SUMMITS_AT_ONCE: u16 = 4;
/// Visits to git servers under way at once.
const REPOSITORIES_AT_ONCE: u16 = 4;

/// Reconciliations of viewers under way at once.
const VIEWERS_AT_ONCE: u16 = 4;

/// Name of the part that runs the controllers of a scope.
pub const CONTROLLERS: &str = "the controllers";

/// Starts the controllers of a namespace, or of all. References never leave a namespace, so that
/// scopes share no objects. The `first` of them tells the metrics what all of them share.
pub fn start(process: &Process, scope: Option<String>, first: bool, parts: &mut Parts) {
    let scope = scope.as_deref();
    let (talk_notes, summits, repositories, viewers) =
        (Writer::default(), Writer::default(), Writer::default(), Writer::default());
    let config_maps = PagesWriter::default();
    let (note_queue, note_requests) = mpsc::unbounded();
    let (summit_queue, summit_requests) = mpsc::unbounded();
    let (repository_queue, repository_requests) = mpsc::unbounded();
    let (viewer_queue, viewer_requests) = mpsc::unbounded();
    let stores = Stores {
        talk_notes: talk_notes.as_reader(),
        summits: summits.as_reader(),
        repositories: repositories.as_reader(),
        config_maps: config_maps.pages(),
        viewers: viewers.as_reader(),
        children: Children::default(),
    };
    let queues = Queues {
        talk_notes: note_queue,
        summits: summit_queue,
        repositories: repository_queue,
        viewers: viewer_queue,
    };
    let ctx = Arc::new(process.context(stores, queues));
    gauges::show(&ctx, &process.metrics);
    process.caches.serve(ctx.stores.repositories.clone());
    process.hooks.serve(&ctx);
    inventory::tell(&ctx, first.then(|| process.health.clone()));
    watch_kind("noterepositories", process, scope, repositories, parts, |_| (), {
        let ctx = ctx.clone();
        move |before, after| triggers::repository_changed(before, after, &ctx)
    });
    watch_kind("summits", process, scope, summits, parts, without_text(&ctx), {
        let ctx = ctx.clone();
        move |before, after| triggers::summit_changed(before, after, &ctx)
    });
    watch_kind("talknotes", process, scope, talk_notes, parts, without_text(&ctx), {
        let ctx = ctx.clone();
        move |before, after| triggers::note_changed(before, after, &ctx)
    });
    watch_config_maps(process, scope, config_maps, parts, ctx.clone());
    watch_kind("viewers", process, scope, viewers, parts, |_| (), {
        let ctx = ctx.clone();
        move |before, after| triggers::viewer_changed(before, after, &ctx)
    });
    watch_children(process, scope, parts, &ctx);
    let requests = Requests {
        notes: note_requests,
        summits: summit_requests,
        repositories: repository_requests,
        viewers: viewer_requests,
    };
    let (leadership, shutdown) = (process.leadership.clone(), process.shutdown.clone());
    parts.spawn(CONTROLLERS, run_controllers(ctx, requests, leadership, shutdown));
}

/// Takes from objects the texts that nobody reads before they are rendered.
fn without_text<K: Written>(ctx: &Context) -> impl FnMut(&mut K) + Send + 'static {
    let texts = ctx.texts.clone();
    move |object| texts.take_from(object)
}

fn watch_kind<K: Kind>(
    name: &'static str,
    process: &Process,
    scope: Option<&str>,
    writer: Writer<K>,
    parts: &mut Parts,
    mut shorten: impl FnMut(&mut K) + Send + 'static,
    mut on_change: impl FnMut(Option<&K>, Option<&K>) + Send + 'static,
) {
    let pulse = process.health.expect(name, scope);
    let client = pulse.client(&process.client);
    let events = salvaged::<K>(api(&client, scope), process.health.config());
    let metrics = process.metrics.clone();
    parts.spawn(name, async move {
        let on_change = move |before: Option<&Arc<K>>, after: Option<&Arc<K>>| {
            count_unreadable(before, after, &metrics);
            on_change(before.map(Arc::as_ref), after.map(Arc::as_ref));
        };
        let reduce = |object: &mut K| {
            ownership::reduce(object.meta_mut());
            shorten(object);
        };
        follow(name, events, writer, pulse, reduce, on_change).await;
    });
}

/// Counts objects that cannot be read, and says so when one is new.
fn count_unreadable<K: Kind>(before: Option<&Arc<K>>, after: Option<&Arc<K>>, metrics: &Metrics) {
    let flaw = |object: &Arc<K>| salvage::flaw(object.meta()).map(str::to_owned);
    let (old, new) = (before.and_then(flaw), after.and_then(flaw));
    metrics.unreadable(K::NAME, i64::from(new.is_some()) - i64::from(old.is_some()));
    if let (Some(object), Some(error)) = (after, new.filter(|_| old.is_none())) {
        let (namespace, name) = object.address();
        let object = key(K::NAME, &namespace, &name);
        tracing::error!(%object, error, "an object cannot be read and is left alone");
    }
}

fn watch_config_maps(
    process: &Process,
    scope: Option<&str>,
    writer: PagesWriter,
    parts: &mut Parts,
    ctx: Arc<Context>,
) {
    let name = "configmaps";
    let pulse = process.health.expect(name, scope);
    // By the label that nobody else has a use for: others write `managed-by` on what is theirs to manage.
    let config = process.health.config().labels(names::CONTENT_LABEL);
    let api = api::<ConfigMap>(&pulse.client(&process.client), scope);
    let events = watcher::watcher(api, config).default_backoff();
    parts.spawn(name, async move {
        let on_change = move |before: Option<&Arc<ConfigMap>>, after: Option<&Arc<ConfigMap>>| {
            triggers::config_map_changed(before.map(Arc::as_ref), after.map(Arc::as_ref), &ctx);
        };
        follow(name, events, writer, pulse, published::reduce, on_change).await;
    });
}

/// Follows each kind of object that viewers are made of.
fn watch_children(process: &Process, scope: Option<&str>, parts: &mut Parts, ctx: &Arc<Context>) {
    let watched = |kind: &ChildKind| kind.is_awaited() || !kind.is_everywhere();
    for kind in ChildKind::ALL.into_iter().filter(watched) {
        let (children, ctx) = (ctx.stores.children.clone(), ctx.clone());
        let scope = scope.map(str::to_owned);
        let (client, health) = (process.client.clone(), process.health.clone());
        parts.spawn("a watch of what viewers are made of", async move {
            let on_change =
                move |namespace: &str, name: &str| triggers::child_changed(namespace, name, &ctx);
            let scope = scope.as_deref();
            if kind.is_everywhere() {
                children.follow(kind, client, scope, health, on_change).await;
            } else {
                children.follow_routes(client, scope, health, on_change).await;
            }
        });
    }
}

/// Requests for reconciliations.
struct Requests {
    notes: UnboundedReceiver<ObjectRef<TalkNote>>,
    summits: UnboundedReceiver<ObjectRef<Summit>>,
    repositories: UnboundedReceiver<ObjectRef<NoteRepository>>,
    viewers: UnboundedReceiver<ObjectRef<Viewer>>,
}

impl Requests {
    /// Drops what comes in until `end`. Whoever leads from then on reconciles every object, so that nothing
    /// is lost, and a replica that stands by for weeks gathers no heap of requests.
    async fn drop_until(&mut self, end: impl Future<Output = ()>) {
        let drained = async {
            tokio::join!(
                self.notes.by_ref().for_each(|_| future::ready(())),
                self.summits.by_ref().for_each(|_| future::ready(())),
                self.repositories.by_ref().for_each(|_| future::ready(())),
                self.viewers.by_ref().for_each(|_| future::ready(())),
            );
        };
        tokio::select! {
            biased;
            () = end => {}
            // The queues end at shutdown only.
            _ = drained => {}
        }
    }
}

/// A request for each of `all`, and then those of `queue`.
fn all_then<K: Kind>(
    all: Vec<Arc<K>>,
    queue: UnboundedReceiver<ObjectRef<K>>,
) -> impl Stream<Item = ObjectRef<K>> + Send + 'static {
    let all = all.into_iter().map(|object| ObjectRef::from_obj(object.as_ref()));
    stream::iter(all.collect::<Vec<_>>()).chain(queue)
}

/// Runs the controllers of a scope once all its stores are filled and this process leads: a
/// controller that does not know what is there would write it again.
async fn run_controllers(
    ctx: Arc<Context>,
    mut requests: Requests,
    leadership: Leadership,
    shutdown: CancellationToken,
) {
    let stores = &ctx.stores;
    let begin = async {
        stores.config_maps.wait_until_ready().await;
        let _ = stores.talk_notes.wait_until_ready().await;
        let _ = stores.summits.wait_until_ready().await;
        let _ = stores.repositories.wait_until_ready().await;
        let _ = stores.viewers.wait_until_ready().await;
        stores.children.wait_until_ready().await;
        leadership.acquired().await;
    };
    tokio::select! {
        () = requests.drop_until(begin) => {}
        () = shutdown.cancelled() => return,
    }
    tracing::info!("watches are filled, reconciling");
    // The newest first: those are read most.
    let mut notes = stores.talk_notes.state();
    notes.sort_by(|a, b| b.spec.day.cmp(&a.spec.day));
    let run_notes = runner::run(
        talk_note::reconcile,
        stores.talk_notes.clone(),
        all_then(notes, requests.notes),
        NOTES_AT_ONCE,
        ctx.clone(),
        shutdown.clone(),
    );
    let run_summits = runner::run(
        summit::reconcile,
        stores.summits.clone(),
        all_then(stores.summits.state(), requests.summits),
        SUMMITS_AT_ONCE,
        ctx.clone(),
        shutdown.clone(),
    );
    let run_repositories = runner::run(
        note_repository::reconcile,
        stores.repositories.clone(),
        all_then(stores.repositories.state(), requests.repositories),
        REPOSITORIES_AT_ONCE,
        ctx.clone(),
        shutdown.clone(),
    );
    let run_viewers = runner::run(
        viewer::reconcile,
        stores.viewers.clone(),
        all_then(stores.viewers.state(), requests.viewers),
        VIEWERS_AT_ONCE,
        ctx.clone(),
        shutdown.clone(),
    );
    let notify = async {
        tokio::select! {
            () = notifications::run(&ctx) => {}
            () = shutdown.cancelled() => {}
        }
    };
    tokio::join!(run_notes, run_summits, run_repositories, run_viewers, notify);
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
