//! The way to a cluster.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use kube::api::ListParams;
use kube::client::ClientBuilder;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config, Resource};
use serde::de::DeserializeOwned;
use tower::timeout::TimeoutLayer;

use super::Failure;
use crate::api::LIST_PAGE;

/// How long the API server may take to begin an answer, attempts included. Without it a connection
/// that went dead would hold its object for ever; watches are not concerned, for they begin at once.
const TIMEOUT: Duration = Duration::from_secs(30);

/// All objects of a list, page by page.
///
/// # Errors
/// Where the API server refuses, with the right that is missing.
pub(super) async fn list<K>(api: &Api<K>, params: ListParams) -> Result<Vec<K>, Failure>
where
    K: Resource<DynamicType = ()> + Clone + std::fmt::Debug + DeserializeOwned,
{
    pages(api, params).await.map_err(|error| refused("list", &K::plural(&()), error))
}

/// The same of a kind that may be known at run time only.
///
/// # Errors
/// Where the API server refuses.
pub(super) async fn pages<K>(api: &Api<K>, params: ListParams) -> kube::Result<Vec<K>>
where
    K: Clone + std::fmt::Debug + DeserializeOwned,
{
    let mut params = params.limit(LIST_PAGE);
    let mut all = Vec::new();
    loop {
        let page = api.list(&params).await?;
        all.extend(page.items);
        match page.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) => params = params.continue_token(&token),
            None => return Ok(all),
        }
    }
}

/// What the API server says no to, with what to ask for.
pub(super) fn refused(verb: &str, resource: &str, error: kube::Error) -> Failure {
    match &error {
        kube::Error::Api(status) if status.code == 403 => format!(
            "you may not {verb} {resource}: {}. Ask for the verb {verb} on {resource}; `kubectl auth \
             can-i {verb} {resource}` tells when you have it",
            status.message
        )
        .into(),
        kube::Error::Api(status) if status.code == 404 && verb == "list" => format!(
            "this cluster does not know {resource}: install TalkNotes, or its kinds with `talknotes \
             crds | kubectl apply --server-side -f -`"
        )
        .into(),
        kube::Error::Api(status) => {
            format!("cannot {verb} {resource}: {}", status.message).into()
        }
        _ => Failed { doing: format!("cannot {verb} {resource}"), source: error }.into(),
    }
}

/// A request that got no answer, with its reason.
#[derive(Debug, thiserror::Error)]
#[error("{doing}")]
struct Failed {
    doing: String,
    source: kube::Error,
}

#[derive(Args)]
pub(super) struct Cluster {
    /// Kubeconfig file to use; $KUBECONFIG, ~/.kube/config or the Pod's service account, if not given
    #[arg(long, value_name = "FILE", global = true)]
    kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig to use; its current context, if not given
    #[arg(long, value_name = "NAME", global = true)]
    context: Option<String>,
}

/// For what follows some namespaces, or all.
#[derive(Args)]
pub(super) struct Namespaces {
    /// Namespace to follow; may be given several times; all namespaces, if not given
    #[arg(
        long = "namespace",
        short,
        env = "TALKNOTES_NAMESPACE",
        value_delimiter = ',',
        value_name = "NAMESPACE"
    )]
    pub(super) namespaces: Vec<String>,
}

/// For what watches the API server for as long as it runs.
#[derive(Args)]
pub(super) struct Watching {
    /// How long the API server may leave a watch without a sign of life before /readyz fails, in
    /// seconds; the watch itself is tried again sooner
    #[arg(
        long,
        env = "TALKNOTES_STALE_AFTER",
        value_name = "SECONDS",
        default_value_t = 90,
        value_parser = clap::value_parser!(u64).range(3..)
    )]
    stale_after: u64,
}

impl Watching {
    pub(super) fn stale_after(&self) -> Duration {
        Duration::from_secs(self.stale_after)
    }
}

impl Cluster {
    /// A client whose every request has a deadline.
    pub(super) async fn client(&self) -> Result<Client, Failure> {
        bounded(self.config().await?)
    }

    /// The same for watches that last, for which an answer that stops in the middle
    /// is at an end when it would be a stale watch.
    pub(super) async fn watching_client(&self, watching: &Watching) -> Result<Client, Failure> {
        let mut config = self.config().await?;
        config.read_timeout = Some(watching.stale_after());
        config.reset_reader_on_write = true;
        bounded(config)
    }

    async fn config(&self) -> Result<Config, Failure> {
        let options = KubeConfigOptions { context: self.context.clone(), ..Default::default() };
        match &self.kubeconfig {
            Some(path) => from_file(path, &options).await,
            None if self.context.is_some() => Ok(Config::from_kubeconfig(&options).await?),
            None => Config::infer().await.map_err(|error| {
                let why = error.source().map(ToString::to_string).unwrap_or_default();
                format!(
                    "no cluster to talk to: name a kubeconfig with --kubeconfig or $KUBECONFIG, or \
                     run in a Pod of the cluster ({why})"
                )
                .into()
            }),
        }
    }
}

fn bounded(config: Config) -> Result<Client, Failure> {
    Ok(ClientBuilder::try_from(config)?.with_layer(&TimeoutLayer::new(TIMEOUT)).build())
}

async fn from_file(path: &Path, options: &KubeConfigOptions) -> Result<Config, Failure> {
    let kubeconfig = Kubeconfig::read_from(path)
        .map_err(|error| format!("cannot read the kubeconfig {}: {error}", path.display()))?;
    Ok(Config::from_custom_kubeconfig(kubeconfig, options).await?)
}
