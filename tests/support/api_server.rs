//! kube-apiserver: it can be taken away, and comes back at the same port with what etcd keeps.

use std::ops::Range;
use std::process::Command;
use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;
use kube::Client;

use super::Result;
use super::access::Access;
use super::binaries::Binaries;
use super::child::Child;
use super::control_plane::{ADMIN, AUDIT_LOG, Files, READY, on_free_port};
use super::wait::{self, Look};

/// A kube-apiserver, which runs unless it was killed.
pub struct ApiServer {
    command: Command,
    child: Mutex<Child>,
    starting: Mutex<Vec<Range<Timestamp>>>,
}

impl ApiServer {
    /// Starts one on a free port, and gives the administrator's access to it.
    ///
    /// # Errors
    /// Where it ends or does not get ready, with its last lines.
    pub(super) async fn start(
        binaries: &Binaries,
        files: &Files,
        etcd_url: &str,
    ) -> Result<(Self, Access)> {
        on_free_port(&files.at("kube-apiserver.log"), async |port| {
            let command = command(binaries, files, etcd_url, port);
            let child = Child::spawn(&command, &files.at("kube-apiserver.log"))?;
            let (child, starting) = (Mutex::new(child), Mutex::default());
            let api_server = Self { command, child, starting };
            let server = format!("https://127.0.0.1:{port}");
            let (certificate, kubeconfig) = (files.at("serving.crt"), files.at("kubeconfig"));
            let admin =
                Access::write(&kubeconfig, &server, &certificate, ADMIN.1, &binaries.kubectl)?;
            api_server.ready(&admin.client().await?).await?;
            Ok((api_server, admin))
        })
        .await
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.child().pid()
    }

    /// Kills it: whoever asks for something is refused the connection until
    /// [`Self::start_again`].
    ///
    /// # Errors
    /// Where it cannot be waited for.
    pub fn kill(&self) -> Result {
        self.child().kill()
    }

    /// Starts it again after [`Self::kill`], with the same arguments, and waits until it is ready.
    ///
    /// # Errors
    /// Where it ends or does not get ready, with its last lines.
    pub async fn start_again(&self, client: &Client) -> Result {
        let (log, start) = (self.child().log().to_owned(), Timestamp::now());
        *self.child() = Child::spawn(&self.command, &log)?;
        self.ready(client).await?;
        self.starting.lock().expect("not poisoned").push(start..Timestamp::now());
        Ok(())
    }

    /// From when to when it was started again each time.
    pub fn starting(&self) -> Vec<Range<Timestamp>> {
        self.starting.lock().expect("not poisoned").clone()
    }

    async fn ready(&self, client: &Client) -> Result {
        wait::until("kube-apiserver to be ready", READY, async || {
            self.child().check_running()?;
            let ready = http::Request::get("/readyz").body(Vec::new())?;
            Ok(match client.request_text(ready).await {
                Ok(_) => Look::Met(()),
                Err(error) => Look::NotYet(error.to_string()),
            })
        })
        .await
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().expect("not poisoned")
    }
}

fn command(binaries: &Binaries, files: &Files, etcd_url: &str, port: u16) -> Command {
    let mut command = Command::new(&binaries.api_server);
    command.args([
        format!("--etcd-servers={etcd_url}"),
        format!("--secure-port={port}"),
        files.flag("tls-cert-file", "serving.crt"),
        files.flag("tls-private-key-file", "serving.key"),
        files.flag("cert-dir", "certificates"),
        files.flag("token-auth-file", "tokens.csv"),
        files.flag("service-account-key-file", "service-account.pub"),
        files.flag("service-account-signing-key-file", "service-account.key"),
        files.flag("audit-policy-file", "audit-policy.json"),
        files.flag("audit-log-path", AUDIT_LOG),
    ]);
    command.args([
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        // A loopback address cannot be an endpoint, and nobody asks for the endpoints.
        "--endpoint-reconciler-type=none",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--authorization-mode=RBAC",
        "--audit-log-maxsize=0",
    ]);
    command
}
