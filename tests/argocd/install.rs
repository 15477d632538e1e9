//! An Argo CD: its core install with our component, as people apply it, and its programs as processes
//! of ours, since the control plane has no node for Pods.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::access::Access;
use crate::support::argocd::{self, PROGRAMS, component};
use crate::support::child::{Child, last_lines};
use crate::support::control_plane::ControlPlane;
use crate::support::kubectl::Kubectl;
use crate::support::ports::free_port;
use crate::support::scratch::Scratch;
use crate::support::wait::{self, Look};
use crate::support::{Result, http_client, look_at_url, operator};

/// How long a program may take to be ready.
const READY: Duration = Duration::from_secs(90);

/// How often Argo CD compares by itself, in seconds.
const RESYNC: &str = "30";

/// A running Argo CD. Dropping it ends its programs.
pub struct ArgoCd {
    /// Where its Applications are.
    pub namespace: String,
    admin: Access,
    binary: PathBuf,
    redis_port: u16,
    repo_server_port: u16,
    controller: Mutex<Option<Child>>,
    _others: Vec<Child>,
    scratch: Scratch,
}

impl ArgoCd {
    /// The Argo CD that the tests share, with its own default settings.
    ///
    /// # Panics
    /// Where it cannot be started, with the reason.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Result<ArgoCd, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| {
            // A thread of its own, since the caller's runtime is in use and ends with its test.
            std::thread::spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                runtime.block_on(Self::start("argocd"))
            })
            .join()
            .map_err(|_| "the thread that starts it panicked".to_owned())?
            .map_err(|error| error.to_string())
        });
        match shared {
            Ok(argo_cd) => argo_cd,
            Err(error) => panic!("Argo CD cannot be started: {error}"),
        }
    }

    /// Installs and starts an Argo CD in a namespace of its own.
    ///
    /// # Errors
    /// What is missing, or what did not get ready, with the last lines of its log.
    pub async fn start(namespace: &str) -> Result<Self> {
        let binary = tokio::task::spawn_blocking(|| PROGRAMS.find_or_build()).await??;
        let binary = binary.join("argocd");
        let redis = find_redis()?;
        let scratch = Scratch::new()?;
        for folder in ["tmp", "tls", "ssh", "plugins", "plugin", "home", "redis"] {
            fs::create_dir(scratch.path().join(folder))?;
        }
        fs::write(scratch.path().join("ssh/ssh_known_hosts"), "")?;
        let admin = install(namespace, scratch.path()).await?;
        let mut argo_cd = Self {
            namespace: namespace.to_owned(),
            admin,
            binary,
            redis_port: free_port()?,
            repo_server_port: free_port()?,
            controller: Mutex::default(),
            _others: Vec::new(),
            scratch,
        };
        argo_cd._others = vec![
            argo_cd.start_redis(&redis).await?,
            argo_cd.start_plugin().await?,
            argo_cd.start_repo_server().await?,
            argo_cd.start_application_sets().await?,
        ];
        argo_cd.start_controller().await?;
        Ok(argo_cd)
    }

    /// kubectl as administrator in the namespace of the Applications.
    pub fn kubectl(&self) -> Kubectl {
        self.admin.kubectl().in_namespace(&self.namespace)
    }

    /// Changes settings in `argocd-cm`, and starts the controller again with them.
    ///
    /// # Errors
    /// Where it does not get ready.
    pub async fn set(&self, settings: Value) -> Result {
        let patch = json!({ "data": settings }).to_string();
        self.kubectl()
            .run(&["patch", "configmap", "argocd-cm", "--type=merge", "-p", &patch])
            .await?;
        let running = self.controller.lock().expect("not poisoned").take();
        if let Some(mut running) = running {
            running.stop().await?;
        }
        self.start_controller().await
    }

    /// What Argo CD shows of the Application `name` beside its status: its resource tree.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn tree(&self, name: &str) -> Result<Vec<Value>> {
        let pattern = format!("app|resources-tree|{name}|*");
        let key = self.ask_redis(&["keys", &pattern]).await?;
        if key.trim().is_empty() {
            return Ok(Vec::new());
        }
        let tree: Value = serde_json::from_str(&self.ask_redis(&["get", key.trim()]).await?)?;
        Ok(tree.get("nodes").and_then(Value::as_array).cloned().unwrap_or_default())
    }

    /// The ends of its programs' logs.
    pub fn report(&self) -> String {
        let logs = ["controller.log", "repo-server.log", "application-sets.log", "plugin.log"];
        let end = |log: &&str| {
            format!("---- {log} ----\n{}\n", last_lines(&self.scratch.path().join(log), 40))
        };
        logs.iter().map(end).collect()
    }

    async fn ask_redis(&self, arguments: &[&str]) -> Result<String> {
        let output = tokio::process::Command::new("redis-cli")
            .args(["--raw", "-p", &self.redis_port.to_string()])
            .args(arguments)
            .output()
            .await?;
        Ok(String::from_utf8(output.stdout)?)
    }

    async fn start_redis(&self, redis: &Path) -> Result<Child> {
        let port = self.redis_port.to_string();
        let mut command = Command::new(redis);
        command.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"]);
        command.current_dir(self.scratch.path().join("redis"));
        let child = self.spawn(&command, "redis.log")?;
        self.answers(child, self.redis_port).await
    }

    async fn start_plugin(&self) -> Result<Child> {
        let plugin = self.scratch.path().join("plugin");
        fs::copy(component().join("plugin.yaml"), plugin.join("plugin.yaml"))?;
        let mut command = self.program("argocd-cmp-server");
        command.arg("--config-dir-path").arg(&plugin);
        let talknotes = operator::binary()?;
        let path = std::env::var_os("PATH").unwrap_or_default();
        let first = talknotes.parent().map(Path::to_owned);
        let folders = first.into_iter().chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders)?);
        let child = self.spawn(&command, "plugin.log")?;
        let socket = self.scratch.path().join("plugins/talknotes.sock");
        self.until_ready(child, "the plugin's socket", async || {
            Ok(Look::at(socket.exists(), || "there is none".to_owned()))
        })
        .await
    }

    async fn start_repo_server(&self) -> Result<Child> {
        let mut command = self.program("argocd-repo-server");
        command.args(["--address=127.0.0.1", "--metrics-address=127.0.0.1", "--disable-tls"]);
        command.arg(format!("--port={}", self.repo_server_port));
        command.arg(format!("--metrics-port={}", free_port()?));
        command.arg(format!("--redis=127.0.0.1:{}", self.redis_port));
        let child = self.spawn(&command, "repo-server.log")?;
        self.answers(child, self.repo_server_port).await
    }

    async fn start_controller(&self) -> Result {
        let port = free_port()?;
        let mut command = self.program("argocd-application-controller");
        command.args(["--repo-server-plaintext", "--app-resync-jitter=0"]);
        command.args([&format!("--app-resync={RESYNC}"), &format!("--metrics-port={port}")]);
        command.arg(format!("--repo-server=127.0.0.1:{}", self.repo_server_port));
        command.arg(format!("--redis=127.0.0.1:{}", self.redis_port));
        command.arg("--namespace").arg(&self.namespace);
        let child = self.spawn(&command, "controller.log")?;
        let url = format!("http://127.0.0.1:{port}/healthz");
        let child = self.healthy(child, &url).await?;
        *self.controller.lock().expect("not poisoned") = Some(child);
        Ok(())
    }

    async fn start_application_sets(&self) -> Result<Child> {
        let (metrics, probes, webhook) = (free_port()?, free_port()?, free_port()?);
        let mut command = self.program("argocd-applicationset-controller");
        command.args(["--repo-server-plaintext"]);
        command.arg(format!("--metrics-addr=127.0.0.1:{metrics}"));
        command.arg(format!("--probe-addr=127.0.0.1:{probes}"));
        command.arg(format!("--webhook-addr=127.0.0.1:{webhook}"));
        command.arg(format!("--argocd-repo-server=127.0.0.1:{}", self.repo_server_port));
        command.arg("--namespace").arg(&self.namespace);
        let child = self.spawn(&command, "application-sets.log")?;
        // It has no check of its own behind its probes.
        self.healthy(child, &format!("http://127.0.0.1:{metrics}/metrics")).await
    }

    fn program(&self, name: &str) -> Command {
        let at = |name: &str| self.scratch.path().join(name);
        let mut command = Command::new(&self.binary);
        command.env("ARGOCD_BINARY_NAME", name);
        command.env("KUBECONFIG", at("kubeconfig")).env("ARGOCD_FAKE_IN_CLUSTER", "true");
        command.env("HOME", at("home")).env("TMPDIR", at("tmp"));
        command.env("ARGOCD_TLS_DATA_PATH", at("tls")).env("ARGOCD_SSH_DATA_PATH", at("ssh"));
        command.env("ARGOCD_PLUGINSOCKFILEPATH", at("plugins"));
        command.env("ARGOCD_CMP_WORKDIR", at("tmp/plugin"));
        command.env("ARGOCD_GPG_ENABLED", "false").env("REDIS_COMPRESSION", "none");
        command.env("ARGOCD_CONTROLLER_SHARD", "0");
        command
    }

    fn spawn(&self, command: &Command, log: &str) -> Result<Child> {
        Child::spawn(command, &self.scratch.path().join(log))
    }

    async fn answers(&self, child: Child, port: u16) -> Result<Child> {
        self.until_ready(child, "its port", async || {
            let answer = tokio::net::TcpStream::connect(("127.0.0.1", port)).await;
            Ok(answer.map_or_else(|error| Look::NotYet(error.to_string()), |_| Look::Met(())))
        })
        .await
    }

    async fn healthy(&self, child: Child, url: &str) -> Result<Child> {
        let http = http_client()?;
        self.until_ready(child, url, async || look_at_url(&http, url).await).await
    }

    async fn until_ready(
        &self,
        mut child: Child,
        what: &str,
        mut look: impl AsyncFnMut() -> Result<Look<()>>,
    ) -> Result<Child> {
        let ready = wait::until(what, READY, async || {
            child.check_running()?;
            look().await
        })
        .await;
        match ready {
            Ok(()) => Ok(child),
            Err(error) => Err(child.failure(&format!("is not ready: {error}"))),
        }
    }
}

fn find_redis() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("redis-server"));
    found.into_iter().find(|file| file.is_file()).ok_or_else(|| {
        "redis-server is missing: Argo CD keeps its cache there (Debian: apt-get install \
         redis-server)"
            .into()
    })
}

/// Installs Argo CD in `namespace`, and returns its controller's access to the API server.
async fn install(namespace: &str, folder: &Path) -> Result<Access> {
    let admin = ControlPlane::shared().admin().clone();
    let kubectl = admin.kubectl();
    let install = folder.join("install");
    let manifests = argocd::core_install(namespace, &install, &kubectl, &json!({})).await?;
    kubectl.run(&["create", "namespace", namespace]).await?;
    argocd::apply(&kubectl, namespace, &manifests, &[binding(namespace)]).await?;
    let create = ["create", "token", "argocd-application-controller", "--duration=6h"];
    let token = kubectl.in_namespace(namespace).run(&create).await?;
    admin.with_token(token.trim(), &folder.join("kubeconfig"))?;
    Ok(admin)
}

/// The cluster role of Argo CD is one for all its installations, so that each has a binding of its own.
fn binding(namespace: &str) -> Value {
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
        "metadata": { "name": format!("{namespace}-application-controller") },
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
            "name": "argocd-application-controller",
        },
        "subjects": [{
            "kind": "ServiceAccount", "name": "argocd-application-controller",
            "namespace": namespace,
        }],
    })
}
