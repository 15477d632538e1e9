//! Where the demo runs: on a control plane of its own, or in the current cluster.

use crate::platform;
use crate::support::access::Access;
use crate::support::binaries;
use crate::support::control_plane::{ControlPlane, install_crds};
use crate::support::kubectl::Kubectl;
use crate::support::operator::{self, Program};
use crate::support::scratch::Scratch;
use crate::support::{Result, rbac};
use crate::tell;

/// Where the demo runs.
pub enum Cluster {
    /// A control plane that ends with the demo.
    Own(Box<ControlPlane>),
    /// Somebody's cluster, in which we clean up after us. Others may have notes there, which are left
    /// alone.
    Current { access: Access, files: Scratch, others: Vec<String> },
}

impl Cluster {
    /// Starts a control plane, or makes a namespace in the current cluster.
    ///
    /// # Errors
    /// What is missing and what to do about it.
    pub async fn connect(current: bool) -> Result<Self> {
        operator::binary()?;
        let cluster = if current { Self::current().await? } else { Self::own().await? };
        cluster.create_namespace().await?;
        Ok(cluster)
    }

    async fn own() -> Result<Self> {
        tell::step(
            "starting a control plane: etcd, kube-apiserver, kube-controller-manager; then come the git \
             server, the operator and the viewer, in seconds",
        );
        Ok(Self::Own(Box::new(ControlPlane::start().await?)))
    }

    async fn current() -> Result<Self> {
        let kubectl = tokio::task::spawn_blocking(binaries::any_kubectl).await??;
        let files = Scratch::new()?;
        let access = Access::current(&files.path().join("kubeconfig"), &kubectl).await?;
        let server = access.kubectl().run(&["config", "view", "-o", SERVER]).await?;
        tell::step(&format!(
            "using the current cluster, {server}: the operator runs here, as you; the demo installs \
             the CRDs, which stay, and the namespace {CURRENT}, which it removes"
        ));
        install_crds(&access).await?;
        let others = namespaces_with_notes(&access).await?;
        tell::step(&match others.as_slice() {
            [] => format!(
                "nobody has notes here, so that the operator looks after all namespaces: a note that you \
                 apply anywhere is published, and stays with its ConfigMap when the demo ends; what is \
                 in {CURRENT} goes"
            ),
            others => format!(
                "others have notes here, in {}: the operator looks after {CURRENT} alone, and what you \
                 apply elsewhere is not published by it",
                others.join(", ")
            ),
        });
        Ok(Self::Current { access, files, others })
    }

    async fn create_namespace(&self) -> Result {
        let create = ["create", "namespace", self.namespace()];
        let created = self.access().kubectl().run(&create).await;
        created.map_err(|error| {
            let name = self.namespace();
            format!("{error}If it is left from an earlier demo: kubectl delete namespace {name}")
        })?;
        Ok(())
    }

    /// Who may do everything that the demo does.
    pub fn access(&self) -> &Access {
        match self {
            Self::Own(control_plane) => control_plane.admin(),
            Self::Current { access, .. } => access,
        }
    }

    /// The namespace of the demo.
    pub fn namespace(&self) -> &'static str {
        match self {
            Self::Own(_) => "summits",
            Self::Current { .. } => CURRENT,
        }
    }

    /// The namespace that the programs look after, or all.
    pub fn scope(&self) -> &'static str {
        match self {
            Self::Current { others, .. } if !others.is_empty() => CURRENT,
            _ => operator::ALL_NAMESPACES,
        }
    }

    /// A namespace to apply notes in that are not the demo's.
    pub fn namespace_to_apply_in(&self) -> &'static str {
        if self.scope() == operator::ALL_NAMESPACES { "default" } else { self.namespace() }
    }

    /// kubectl in the demo's namespace.
    pub fn kubectl(&self) -> Kubectl {
        self.access().kubectl().in_namespace(self.namespace())
    }

    /// Whether people reach the cluster without the demo's kubeconfig.
    pub fn is_current(&self) -> bool {
        matches!(self, Self::Current { .. })
    }

    /// Starts the controller and the viewer: under their service accounts in a cluster of our own.
    ///
    /// # Errors
    /// Where one does not get ready, with its last lines.
    pub async fn start_programs(&self, port: u16) -> Result<(Program, Program)> {
        let (folder, controller, viewer) = match self {
            Self::Own(control_plane) => {
                let folder = control_plane.folder();
                let mut accounts = Vec::new();
                for account in [rbac::CONTROLLER, rbac::VIEWER] {
                    let token = rbac::token(self.access(), account).await?;
                    let kubeconfig = folder.join(format!("{account}.kubeconfig"));
                    accounts.push(self.access().with_token(&token, &kubeconfig)?);
                }
                let viewer = accounts.pop().unwrap_or_else(|| self.access().clone());
                let controller = accounts.pop().unwrap_or_else(|| self.access().clone());
                (folder, controller, viewer)
            }
            Self::Current { access, files, .. } => (files.path(), access.clone(), access.clone()),
        };
        let of = platform::features(self.namespace());
        let features = ["--features", &of];
        Ok((
            Program::controller(&controller, self.scope(), folder).await?,
            Program::viewer_with(&viewer, self.scope(), port, folder, &features).await?,
        ))
    }

    /// Ends the control plane, or removes the namespace.
    ///
    /// # Errors
    /// Where the namespace cannot be removed.
    pub async fn clean_up(self) -> Result {
        if let Self::Current { access, .. } = &self {
            let delete = ["delete", "namespace", CURRENT, "--timeout=2m"];
            access.kubectl().run(&delete).await?;
        }
        Ok(())
    }
}

/// The namespaces in which there are objects of our kinds.
async fn namespaces_with_notes(access: &Access) -> Result<Vec<String>> {
    let kinds = "noterepositories,summits,talknotes";
    let get = ["get", kinds, "--all-namespaces", "-o", NAMESPACES];
    let found = access.kubectl().run(&get).await?;
    let mut namespaces: Vec<String> = found.lines().map(str::to_owned).collect();
    namespaces.sort();
    namespaces.dedup();
    // One that an earlier demo has left is complained of when it is to be made.
    namespaces.retain(|name| name != CURRENT && !name.is_empty());
    Ok(namespaces)
}

const NAMESPACES: &str = r#"jsonpath={range .items[*]}{.metadata.namespace}{"\n"}{end}"#;
const CURRENT: &str = "talknotes-demo";
const SERVER: &str = "jsonpath={.clusters[0].cluster.server}";
