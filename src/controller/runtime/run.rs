//! Wires the controllers: client, stores, watches, runners, probes. Ends at a signal, or with an error
//! when any part ends by itself.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kube::Client;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::controller::leader::{LeaderElection, Leadership};
use crate::controller::remotes::caches::Caches;
use crate::controller::remotes::loads::Loads;
use crate::controller::runtime::compute::Compute;
use crate::controller::runtime::error::RunError;
use crate::controller::runtime::hooks::{Counter, Hooks};
use crate::controller::runtime::parts::Parts;
use crate::controller::runtime::process::Process;
use crate::controller::runtime::scope;
use crate::controller::runtime::startup::Startup;
use crate::controller::viewer::{self, default::DefaultViewer};
use crate::telemetry::metrics::Metrics;
use crate::telemetry::probes;
use crate::telemetry::watches::WatchHealth;
use crate::webhook;

/// How the controllers run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Namespaces to look after; all where it is empty.
    pub namespaces: Vec<String>,
    /// Where probes and metrics are served.
    pub health_address: SocketAddr,
    /// Folder of the git caches.
    pub cache_dir: PathBuf,
    /// Where reports of git servers are taken, where they are.
    pub webhook_address: Option<SocketAddr>,
    /// How replicas choose the one that writes; none where there is one replica.
    pub leader_election: Option<LeaderElection>,
    /// Image of the Pods of viewers that name none.
    pub viewer_image: Option<String>,
    /// Where the viewer of the installation is said, where it has one.
    pub default_viewer: Option<DefaultViewer>,
    /// How long a watch may show no sign of life before the process calls itself unready.
    pub stale_after: Duration,
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
    let Options {
        namespaces,
        health_address: address,
        cache_dir,
        webhook_address,
        leader_election,
        viewer_image,
        default_viewer,
        stale_after,
    } = options;
    std::fs::create_dir_all(&cache_dir)
        .map_err(|source| RunError::CacheDir { path: cache_dir.clone(), source })?;
    let listener = listen(address, "probes and metrics", "--health-address").await?;
    let webhooks = match webhook_address {
        Some(address) => Some(listen(address, "webhooks", "--webhook-address").await?),
        None => None,
    };
    let scopes: Vec<Option<String>> = match namespaces.as_slice() {
        [] => vec![None],
        names => names.iter().cloned().map(Some).collect(),
    };
    let metrics = Arc::new(Metrics::default());
    metrics.workers(Handle::current().metrics().num_workers());
    let (startup, health) = (Startup::default(), WatchHealth::new(stale_after));
    let mut parts = Parts::default();
    serve_probes(listener, &metrics, (&startup, &health), &shutdown, &mut parts);
    tracing::info!(%address, "serving probes and metrics");
    tokio::select! {
        ready = startup.wait(&client, &scopes, leader_election.is_some()) => ready?,
        () = shutdown.cancelled() => return Ok(()),
    }
    let watches = health.clone();
    metrics.ask(move |gauges| {
        let ages = watches.ages();
        ages.into_iter().for_each(|(watch, age)| gauges.watch_age(watch, age));
    });
    let leadership = stand(&client, leader_election, &metrics, &mut parts);
    let hooks = Hooks::default();
    let process = Process {
        client: leadership.guard(client),
        remotes: Default::default(),
        answers: Default::default(),
        caches: Arc::new(Caches::new(cache_dir)),
        metrics: metrics.clone(),
        webhooks: webhooks.is_some(),
        hooks: hooks.clone(),
        health,
        compute: Compute::default(),
        loads: Loads::default(),
        turns: Default::default(),
        leadership: leadership.clone(),
        viewer_image: viewer_image.map(Into::into),
        shutdown: shutdown.clone(),
    };
    for (at, scope) in scopes.into_iter().enumerate() {
        scope::start(&process, scope, at == 0, &mut parts);
    }
    if let Some(of) = default_viewer {
        let kept = viewer::default::keep(process.client.clone(), of, leadership.clone());
        parts.spawn("the keeping of the default viewer", kept);
    }
    parts.spawn("the tidying of git caches", process.caches.clone().tidy(shutdown.clone()));
    if let Some(listener) = webhooks {
        let counter = Counter { hooks, leadership: leadership.clone(), metrics };
        serve_webhooks(listener, counter, &shutdown, &mut parts)?;
    }
    startup.done();
    let outcome = supervise(&mut parts, shutdown).await;
    hand_over(&leadership, &mut parts).await;
    outcome
}

/// Probes are served from the first moment on: who waits for the API server is alive.
fn serve_probes(
    listener: TcpListener,
    metrics: &Arc<Metrics>,
    (startup, health): (&Startup, &WatchHealth),
    shutdown: &CancellationToken,
    parts: &mut Parts,
) {
    let (startup, health) = (startup.clone(), health.clone());
    let problems = move || startup.problem().into_iter().chain(health.problems()).collect();
    let router = probes::router(metrics.clone(), problems);
    let server =
        axum::serve(listener, router).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    parts.spawn("the server of probes", async move {
        let _ = server.await;
    });
}

async fn listen(
    address: SocketAddr,
    purpose: &'static str,
    flag: &'static str,
) -> Result<TcpListener, RunError> {
    TcpListener::bind(address).await.map_err(|source| RunError::Listen {
        address,
        purpose,
        flag,
        source,
    })
}

/// Every replica takes reports, and hands them to the one that leads.
fn serve_webhooks(
    listener: TcpListener,
    counter: Counter,
    shutdown: &CancellationToken,
    parts: &mut Parts,
) -> Result<(), RunError> {
    let router = webhook::router(counter)
        .map_err(|error| RunError::Ended(format!("the client for other replicas ({error})")))?;
    let server =
        axum::serve(listener, router).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    parts.spawn("the server of webhooks", async move {
        let _ = server.await;
    });
    Ok(())
}

/// Stands for election where there is one. A replica without rivals leads.
fn stand(
    client: &Client,
    election: Option<LeaderElection>,
    metrics: &Arc<Metrics>,
    parts: &mut Parts,
) -> Leadership {
    let Some(election) = election else {
        metrics.leads(true);
        return Leadership::unopposed();
    };
    let (leadership, office) = Leadership::elected(client.clone(), election, metrics.clone());
    parts.spawn(LEADERSHIP, office);
    leadership
}

/// How long what is under way at shutdown may take. Another replica waits for it.
const GRACE: Duration = Duration::from_secs(4);
/// How long giving up leadership may take, the requests that are on their way included.
const HAND_OVER: Duration = Duration::from_secs(5);
/// Name of the part that holds the Lease.
const LEADERSHIP: &str = "leadership";

/// No part may end before the others: half an operator is worse than none.
async fn supervise(parts: &mut Parts, shutdown: CancellationToken) -> Result<(), RunError> {
    let first = tokio::select! {
        first = parts.next() => first,
        () = shutdown.cancelled() => None,
    };
    if let Some(first) = first
        && !shutdown.is_cancelled()
    {
        return Err(RunError::Ended(first));
    }
    tracing::info!("shutting down");
    if timeout(GRACE, parts.end_of(scope::CONTROLLERS)).await.is_err() {
        tracing::warn!("what was under way did not end in time");
    }
    Ok(())
}

/// Ends all parts, the one that holds the Lease last.
async fn hand_over(leadership: &Leadership, parts: &mut Parts) {
    leadership.resign();
    if timeout(HAND_OVER, parts.end_of(LEADERSHIP)).await.is_err() {
        tracing::warn!("leadership was not given up in time; the lease expires");
    }
    parts.shutdown().await;
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    /// Parts that have ended, which nobody has seen.
    async fn ended(names: &[&'static str]) -> Parts {
        let mut parts = Parts::default();
        for name in names {
            parts.spawn(name, async {});
        }
        parts.settled().await;
        parts
    }

    #[tokio::test]
    async fn controllers_that_have_ended_are_not_waited_for() {
        // Which of the two is seen first is up to chance, so that both are tried.
        for _ in 0..50 {
            let mut parts = ended(&[scope::CONTROLLERS, scope::CONTROLLERS, "a watch"]).await;
            let shutdown = CancellationToken::new();
            shutdown.cancel();
            let done = supervise(&mut parts, shutdown).now_or_never();
            assert!(matches!(done, Some(Ok(()))), "it waits for what has ended");
        }
    }

    #[tokio::test]
    async fn a_part_that_ends_by_itself_ends_the_process_and_is_named() {
        let mut parts = Parts::default();
        parts.spawn("a watch", async {});
        parts.spawn(scope::CONTROLLERS, std::future::pending());
        let outcome = supervise(&mut parts, CancellationToken::new()).await;
        assert!(outcome.unwrap_err().to_string().starts_with("a watch ended"));
    }
}
