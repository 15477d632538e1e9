//! `talknotes controller`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::Failure;
use super::cluster::Cluster;
use crate::controller::{self, Options};

#[derive(Args)]
#[command(after_help = "\
The CRDs have to be installed: talknotes crds | kubectl apply -f -

Examples:
  talknotes controller
  talknotes controller --context staging --namespace summits --health-address 127.0.0.1:8081")]
pub(super) struct Arguments {
    #[command(flatten)]
    cluster: Cluster,
    /// Namespace to look after; may be given several times; all namespaces, if not given
    #[arg(
        long = "namespace",
        short,
        env = "TALKNOTES_NAMESPACE",
        value_delimiter = ',',
        value_name = "NAMESPACE"
    )]
    namespaces: Vec<String>,
    /// Address of probes (/healthz, /readyz) and metrics (/metrics)
    #[arg(long, env = "TALKNOTES_HEALTH_ADDRESS", default_value = "0.0.0.0:8081")]
    health_address: SocketAddr,
    /// Folder for copies of git repositories, which may be lost at any time; talknotes/git in
    /// $XDG_CACHE_HOME, ~/.cache or the folder of temporary files, if not given
    #[arg(long, env = "TALKNOTES_CACHE_DIR", value_name = "FOLDER")]
    cache_dir: Option<PathBuf>,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let shutdown = super::shutdown()?;
    let client = arguments.cluster.client().await?;
    let options = Options {
        namespaces: arguments.namespaces,
        health_address: arguments.health_address,
        cache_dir: arguments.cache_dir.unwrap_or_else(super::source::default_cache),
    };
    Ok(controller::run(client, options, shutdown).await?)
}
