//! A control plane of our own: etcd, kube-apiserver and kube-controller-manager on loopback, with
//! our CRDs installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use k8s_openapi::api::core::v1::ServiceAccount;
use kube::Api;
use serde_json::{Value, json};

use super::access::{Access, write_private};
use super::api_server::ApiServer;
use super::audit::Audit;
use super::binaries::Binaries;
use super::child::{Child, last_lines};
use super::kubectl::Output;
use super::ports::free_port;
use super::scratch::Scratch;
use super::wait::{self, Look};
use super::{Result, http_client, look_at_url, rbac};

/// How long one of the programs may take to be ready.
pub(super) const READY: Duration = Duration::from_secs(60);

/// How often other ports are tried where somebody took one that was free a moment before.
const ATTEMPTS: usize = 5;

/// What the garbage collector, the life of namespaces and service accounts, and budgets of disruptions
/// need.
const CONTROLLERS: &str = "--controllers=garbage-collector-controller,namespace-controller,\
                           serviceaccount-controller,serviceaccount-token-controller,\
                           disruption-controller";

/// A running control plane. Dropping it ends its processes and removes its files.
pub struct ControlPlane {
    controller_manager: Child,
    api_server: ApiServer,
    etcd: Child,
    admin: Access,
    crds: Output,
    scratch: Scratch,
}

impl ControlPlane {
    /// The control plane of this process, which all its tests share; started at the first call.
    ///
    /// A static is never dropped; its processes end because the pipes to their guardians close.
    ///
    /// # Panics
    /// Where it cannot be started, with the reason.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Result<ControlPlane, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| {
            // A thread of its own, since the caller's runtime is in use and ends with its test.
            std::thread::spawn(Self::start_blocking)
                .join()
                .map_err(|_| "the thread that starts it panicked".to_owned())?
                .map_err(|error| error.to_string())
        });
        match shared {
            Ok(control_plane) => control_plane,
            Err(error) => panic!("the control plane cannot be started: {error}"),
        }
    }

    fn start_blocking() -> Result<Self> {
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(Self::start())
    }

    /// Starts a control plane (and builds its programs where they are missing), installs the CRDs
    /// and the RBAC of `deploy/`.
    ///
    /// # Errors
    /// What could not be started, with the last lines of its log.
    pub async fn start() -> Result<Self> {
        let binaries = tokio::task::spawn_blocking(Binaries::find_or_build).await??;
        let scratch = Scratch::new()?;
        let files = Files::write(scratch.path())?;
        let (etcd, etcd_url) = start_etcd(&binaries, &files).await?;
        let (api_server, admin) = ApiServer::start(&binaries, &files, &etcd_url).await?;
        // Before the controller manager: its garbage collector looks for new kinds every half
        // minute only, and finds these at its start.
        let crds = install_crds(&admin).await?;
        rbac::install(&admin).await?;
        let controller_manager = start_controller_manager(&binaries, &files, &admin).await?;
        Ok(Self { controller_manager, api_server, etcd, admin, crds, scratch })
    }

    /// The administrator, who may do everything.
    pub fn admin(&self) -> &Access {
        &self.admin
    }

    /// What `kubectl apply` printed when it installed the CRDs.
    pub fn crd_installation(&self) -> &Output {
        &self.crds
    }

    /// Who asked the API server for what, and what it answered.
    pub fn audit(&self) -> Audit {
        Audit::new(&self.scratch.path().join(AUDIT_LOG), self.api_server.starting())
    }

    /// The folder of its files.
    pub fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// Process ids of kube-apiserver and etcd.
    pub fn server_pids(&self) -> [u32; 2] {
        [self.api_server.pid(), self.etcd.pid()]
    }

    /// kube-apiserver, which can be taken away for a while.
    pub fn api_server(&self) -> &ApiServer {
        &self.api_server
    }
}

pub(super) const AUDIT_LOG: &str = "audit.log";
pub(super) const ADMIN: (&str, &str) = ("admin", "admin-token");
const CONTROLLER_MANAGER: (&str, &str) = ("controller-manager", "controller-manager-token");

/// What the three programs read.
pub(super) struct Files {
    folder: PathBuf,
}

impl Files {
    fn write(folder: &Path) -> Result<Self> {
        let files = Self { folder: folder.to_owned() };
        let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
        let serving = rcgen::generate_simple_self_signed(names)?;
        write_private(&files.at("serving.crt"), serving.cert.pem().as_bytes())?;
        write_private(&files.at("serving.key"), serving.signing_key.serialize_pem().as_bytes())?;
        let tokens = rcgen::KeyPair::generate()?;
        write_private(&files.at("service-account.key"), tokens.serialize_pem().as_bytes())?;
        write_private(&files.at("service-account.pub"), tokens.public_key_pem().as_bytes())?;
        let users = [ADMIN, CONTROLLER_MANAGER]
            .map(|(name, token)| format!("{token},{name},{name},system:masters\n"));
        write_private(&files.at("tokens.csv"), users.concat().as_bytes())?;
        write_private(&files.at("audit-policy.json"), &serde_json::to_vec(&audit_policy())?)?;
        Ok(files)
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// `--<flag>=<file>`.
    pub(super) fn flag(&self, flag: &str, name: &str) -> String {
        format!("--{flag}={}", self.at(name).display())
    }
}

/// Everything that the operator does, and nothing of what the control plane does to itself.
fn audit_policy() -> Value {
    json!({
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        "omitStages": ["RequestReceived", "ResponseStarted"],
        "rules": [
            { "level": "None", "users": ["system:apiserver", CONTROLLER_MANAGER.0] },
            { "level": "Metadata" },
        ],
    })
}

async fn start_etcd(binaries: &Binaries, files: &Files) -> Result<(Child, String)> {
    on_free_port(&files.at("etcd.log"), async |port| {
        let url = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(&binaries.etcd);
        command.arg(files.flag("data-dir", "etcd"));
        command.arg(format!("--listen-client-urls={url}"));
        command.arg(format!("--advertise-client-urls={url}"));
        // Never reached by anybody; any free port will do.
        command.arg("--listen-peer-urls=http://127.0.0.1:0");
        command.args(["--unsafe-no-fsync", "--log-level=warn"]);
        let mut etcd = Child::spawn(&command, &files.at("etcd.log"))?;
        let http = http_client()?;
        wait::until("etcd to be ready", READY, async || {
            etcd.check_running()?;
            look_at_url(&http, &format!("{url}/readyz")).await
        })
        .await?;
        Ok((etcd, url))
    })
    .await
}

/// Installs the CRDs with `kubectl apply` and returns what that printed.
///
/// # Errors
/// Where the API server refuses one.
pub async fn install_crds(admin: &Access) -> Result<Output> {
    let definitions = talknotes::api::crds::all()?;
    let items: Vec<Value> = definitions.into_iter().map(|crd| crd.manifest).collect();
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string();
    let kubectl = admin.kubectl();
    let output = kubectl.succeed(&["apply", "-f", "-"], &list).await?;
    kubectl.run(&["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"]).await?;
    kubectl.forget_kinds()?;
    Ok(output)
}

async fn start_controller_manager(
    binaries: &Binaries,
    files: &Files,
    admin: &Access,
) -> Result<Child> {
    let access =
        admin.with_token(CONTROLLER_MANAGER.1, &files.at("controller-manager.kubeconfig"))?;
    let mut command = Command::new(&binaries.controller_manager);
    command.arg("--kubeconfig").arg(&access.kubeconfig);
    command.arg(files.flag("service-account-private-key-file", "service-account.key"));
    // No port: nobody asks it anything. Its work shows whether it is ready.
    command.args(["--leader-elect=false", "--secure-port=0", CONTROLLERS]);
    let mut child = Child::spawn(&command, &files.at("kube-controller-manager.log"))?;
    let accounts: Api<ServiceAccount> = Api::namespaced(admin.client().await?, "default");
    wait::until("kube-controller-manager to be ready", READY, async || {
        child.check_running()?;
        let account = accounts.get_opt("default").await?;
        Ok(Look::at(account.is_some(), || "no ServiceAccount in `default`".to_owned()))
    })
    .await?;
    Ok(child)
}

/// Starts something on a free port; on another one where that was taken in the meantime.
pub(super) async fn on_free_port<T>(
    log: &Path,
    start: impl AsyncFn(u16) -> Result<T>,
) -> Result<T> {
    let mut attempt = 1;
    loop {
        match start(free_port()?).await {
            Err(_) if attempt < ATTEMPTS && port_was_taken(log) => {
                fs::remove_file(log)?;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

fn port_was_taken(log: &Path) -> bool {
    last_lines(log, 50).contains("address already in use")
}
