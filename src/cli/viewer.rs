//! `talknotes viewer`.

use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;

use super::Failure;
use super::cluster::{Cluster, Namespaces, Watching};
use crate::telemetry::watches::WatchHealth;
use crate::viewer::{self, Base, Library, Options, SourceHealth, sources};

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
    /// Where readers find the pages, with their path behind a proxy: https://example.org/notes. Requests may
    /// come with that path or without it
    #[arg(long, env = "TALKNOTES_BASE_URL", value_name = "URL")]
    base_url: Option<Base>,
    #[command(flatten)]
    watching: Watching,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let shutdown = super::shutdown()?;
    let client = arguments.cluster.watching_client(&arguments.watching).await?;
    let watches = WatchHealth::new(arguments.watching.stale_after());
    let (library, health) = (Library::default(), SourceHealth::watching(watches.clone()));
    let listener = listen(arguments.address).await?;
    tracing::info!(address = %listener.local_addr()?, "serving pages");
    let options = Options {
        base: arguments.base_url.unwrap_or_default(),
        health: health.clone(),
        shutdown: shutdown.clone(),
        ..Options::default()
    };
    let router = viewer::router(library.clone(), options);
    tokio::select! {
        served = viewer::serve(listener, router, shutdown) => Ok(served?),
        never = sources::cluster::follow(client, &arguments.scope.namespaces, library, health, watches) => match never {},
    }
}

pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}; choose another with --address").into()
    })
}
