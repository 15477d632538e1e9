//! `talknotes viewer`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::middleware::from_fn_with_state;
use clap::Args;
use tokio::net::TcpListener;

use super::Failure;
use super::cluster::{Cluster, Namespaces, Watching};
use crate::telemetry::probes;
use crate::telemetry::viewer_metrics::{self, Holdings, ViewerMetrics};
use crate::telemetry::watches::WatchHealth;
use crate::viewer::sources::selection::Selection;
use crate::viewer::{self, Base, Flags, Library, Options, SourceHealth, sources};

#[derive(Args)]
#[command(after_help = "\
Examples:
  talknotes viewer --address 127.0.0.1:8080
  talknotes viewer --namespace summits --namespace meetups
  talknotes viewer --base-url https://team.example/notes")]
pub(super) struct Arguments {
    #[command(flatten)]
    cluster: Cluster,
    #[command(flatten)]
    scope: Namespaces,
    /// Address of the pages, /healthz and /readyz
    #[arg(long, env = "TALKNOTES_ADDRESS", default_value = "0.0.0.0:8080")]
    address: SocketAddr,
    /// Address of metrics (/metrics), such as 0.0.0.0:8081; none are served, if not given
    #[arg(long, env = "TALKNOTES_METRICS_ADDRESS", value_name = "ADDRESS")]
    metrics_address: Option<SocketAddr>,
    /// Name of the site, shown on every page
    #[arg(long, env = "TALKNOTES_TITLE", value_name = "TITLE", default_value = "TalkNotes")]
    title: String,
    /// Where readers find the pages, with their path behind a proxy: https://example.org/notes. Requests may
    /// come with that path or without it
    #[arg(long, env = "TALKNOTES_BASE_URL", value_name = "URL")]
    base_url: Option<Base>,
    /// Summit to show; may be given several times; all, if not given
    #[arg(long = "summit", env = "TALKNOTES_SUMMIT", value_delimiter = ',', value_name = "NAME")]
    summits: Vec<String>,
    /// Language of the site's own words, en or zh-Hant; may be given several times, the first is for those
    /// who ask for none of them; all, if not given
    #[arg(
        long = "language",
        env = "TALKNOTES_LANGUAGE",
        value_delimiter = ',',
        value_name = "TAG"
    )]
    languages: Vec<String>,
    /// ConfigMap with the flags of the site's features in flagd's format (key flags.flagd.json), as
    /// namespace/name; every feature is on, if not given
    #[arg(long, env = "TALKNOTES_FEATURES", value_name = "NAMESPACE/NAME", value_parser = address)]
    features: Option<(String, String)>,
    #[command(flatten)]
    watching: Watching,
}

fn address(text: &str) -> Result<(String, String), String> {
    let (namespace, name) = text.split_once('/').ok_or("write namespace/name")?;
    Ok((namespace.to_owned(), name.to_owned()))
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let shutdown = super::shutdown()?;
    viewer::offer_languages(arguments.languages)?;
    let client = arguments.cluster.watching_client(&arguments.watching).await?;
    let watches = WatchHealth::new(arguments.watching.stale_after());
    let (library, health) = (Library::default(), SourceHealth::watching(watches.clone()));
    let listener = listen(arguments.address).await?;
    tracing::info!(address = %listener.local_addr()?, "serving pages");
    let options = Options {
        site: arguments.title,
        base: arguments.base_url.unwrap_or_default(),
        health: health.clone(),
        shutdown: shutdown.clone(),
        ..Options::default()
    };
    let flags = options.flags.clone();
    let selection =
        Selection { namespaces: arguments.scope.namespaces, summits: arguments.summits };
    let router = viewer::router(library.clone(), options);
    let metrics = Arc::new(metrics(library.clone(), health.clone()));
    let router = router.layer(from_fn_with_state(metrics.clone(), viewer_metrics::observe));
    tokio::select! {
        served = viewer::serve(listener, router, shutdown) => Ok(served?),
        never = sources::cluster::follow(client.clone(), &selection, library, health, watches) => match never {},
        served = serve_metrics(arguments.metrics_address, metrics) => served,
        never = follow_flags(client, arguments.features, flags) => match never {},
    }
}

fn metrics(library: Library, health: SourceHealth) -> ViewerMetrics {
    ViewerMetrics::new(move || {
        let (notes, summits) =
            library.read(|shelf| (shelf.notes().count(), shelf.summits().count()));
        Holdings { notes, summits, ready: health.is_ready() }
    })
}

/// Ends only where it fails.
async fn serve_metrics(
    address: Option<SocketAddr>,
    metrics: Arc<ViewerMetrics>,
) -> Result<(), Failure> {
    let Some(address) = address else { return std::future::pending().await };
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}; choose another with --metrics-address")
    })?;
    tracing::info!(address = %listener.local_addr()?, "serving metrics");
    let router = probes::exposition(move || metrics.encode());
    Ok(axum::serve(listener, router).await?)
}

/// Never ends.
async fn follow_flags(
    client: kube::Client,
    features: Option<(String, String)>,
    flags: Flags,
) -> Infallible {
    match features {
        Some((namespace, name)) => sources::flags::follow(client, &namespace, &name, flags).await,
        None => std::future::pending().await,
    }
}

pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}; choose another with --address").into()
    })
}
