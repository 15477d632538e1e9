//! `talknotes controller`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;

use super::Failure;
use super::cluster::{Cluster, Namespaces, Watching};
use crate::controller::{self, DefaultViewer, LeaderElection, Options};

#[derive(Args)]
#[command(after_help = "\
The CRDs have to be installed: talknotes crds | kubectl apply --server-side -f -

Examples:
  talknotes controller
  talknotes controller --context staging --namespace summits --health-address 127.0.0.1:8081")]
pub(super) struct Arguments {
    #[command(flatten)]
    cluster: Cluster,
    #[command(flatten)]
    scope: Namespaces,
    /// Address of probes (/healthz, /readyz) and metrics (/metrics)
    #[arg(long, env = "TALKNOTES_HEALTH_ADDRESS", default_value = "0.0.0.0:8081")]
    health_address: SocketAddr,
    /// Folder for copies of git repositories, which may be lost at any time; talknotes/controller in
    /// $XDG_CACHE_HOME, ~/.cache or the folder of temporary files, if not given
    #[arg(long, env = "TALKNOTES_CACHE_DIR", value_name = "FOLDER")]
    cache_dir: Option<PathBuf>,
    /// Image of the Pods of Viewers that name none: the one that this program runs in
    #[arg(long, env = "TALKNOTES_VIEWER_IMAGE", value_name = "IMAGE")]
    viewer_image: Option<String>,
    /// ConfigMap with the manifest of a Viewer (key viewer.yaml) that is kept as it says, as
    /// [NAMESPACE/]NAME; in the namespace of the Pod or the kubeconfig's context, if none is given
    #[arg(long, env = "TALKNOTES_DEFAULT_VIEWER", value_name = "CONFIGMAP")]
    default_viewer: Option<String>,
    #[command(flatten)]
    watching: Watching,
    #[command(flatten)]
    webhooks: Webhooks,
    #[command(flatten)]
    election: Election,
}

#[derive(Args)]
#[command(next_help_heading = "Webhooks")]
struct Webhooks {
    /// Address at which git servers report pushes (/hook/…), such as 0.0.0.0:8082; none are taken, if
    /// not given
    #[arg(long, env = "TALKNOTES_WEBHOOK_ADDRESS", value_name = "ADDRESS")]
    webhook_address: Option<SocketAddr>,
    /// Where other replicas reach that port of this one: the IP address of its Pod
    #[arg(
        long,
        env = "TALKNOTES_WEBHOOK_PEER_IP",
        value_name = "IP",
        requires = "webhook_address"
    )]
    webhook_peer_ip: Option<IpAddr>,
}

impl Webhooks {
    /// Where other replicas hand reports to this one.
    fn peer_address(&self) -> Option<SocketAddr> {
        let address = self.webhook_address?;
        let listening = Some(address.ip()).filter(|ip| !ip.is_unspecified());
        Some(SocketAddr::new(self.webhook_peer_ip.or(listening)?, address.port()))
    }
}

#[derive(Args)]
#[command(next_help_heading = "Several replicas")]
struct Election {
    /// Let replicas choose one that writes, by a Lease; the others stand by and take over within
    /// seconds
    #[arg(long, env = "TALKNOTES_LEADER_ELECTION")]
    leader_election: bool,
    /// Name of the Lease; those who look after the same objects have to use the same
    #[arg(
        long,
        env = "TALKNOTES_LEADER_ELECTION_LEASE",
        value_name = "NAME",
        default_value = "talknotes-controller"
    )]
    leader_election_lease: String,
    /// Namespace of the Lease; that of the Pod or the kubeconfig's context, if not given
    #[arg(long, env = "TALKNOTES_LEADER_ELECTION_NAMESPACE", value_name = "NAMESPACE")]
    leader_election_namespace: Option<String>,
    /// What this replica is called in the Lease: the name of its Pod
    #[arg(
        long,
        env = "TALKNOTES_LEADER_ELECTION_IDENTITY",
        value_name = "NAME",
        default_value = "talknotes"
    )]
    leader_election_identity: String,
    /// Uid of that Pod: the Lease goes with the last Pod that held it
    #[arg(long, env = "TALKNOTES_LEADER_ELECTION_POD_UID", value_name = "UID")]
    leader_election_pod_uid: Option<String>,
}

impl Election {
    /// None unless it is wanted.
    fn settings(
        self,
        default_namespace: &str,
        address: Option<SocketAddr>,
    ) -> Option<LeaderElection> {
        self.leader_election.then(|| LeaderElection {
            namespace: self
                .leader_election_namespace
                .unwrap_or_else(|| default_namespace.to_owned()),
            lease: self.leader_election_lease,
            // A process that starts again in the same Pod is another one: it must wait for the Lease
            // of the first like everybody else.
            pod: self.leader_election_pod_uid.map(|uid| OwnerReference {
                api_version: "v1".to_owned(),
                kind: "Pod".to_owned(),
                name: self.leader_election_identity.clone(),
                uid,
                ..OwnerReference::default()
            }),
            address,
            identity: format!("{}_{:08x}", self.leader_election_identity, fastrand::u32(..)),
        })
    }
}

/// What `[NAMESPACE/]NAME` says.
fn default_viewer(text: &str, own_namespace: &str) -> DefaultViewer {
    let (namespace, config_map) = text.split_once('/').unwrap_or((own_namespace, text));
    DefaultViewer { namespace: namespace.to_owned(), config_map: config_map.to_owned() }
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let shutdown = super::shutdown()?;
    let client = arguments.cluster.watching_client(&arguments.watching).await?;
    let leader_election =
        arguments.election.settings(client.default_namespace(), arguments.webhooks.peer_address());
    let default_viewer =
        arguments.default_viewer.map(|text| default_viewer(&text, client.default_namespace()));
    let options = Options {
        namespaces: arguments.scope.namespaces,
        health_address: arguments.health_address,
        cache_dir: arguments.cache_dir.unwrap_or_else(super::source::controller_cache),
        webhook_address: arguments.webhooks.webhook_address,
        leader_election,
        viewer_image: arguments.viewer_image,
        default_viewer,
        stale_after: arguments.watching.stale_after(),
    };
    Ok(controller::run(client, options, shutdown).await?)
}
