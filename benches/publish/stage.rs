//! The control plane that everything is measured on, and the operator on it.

use std::collections::BTreeMap;
use std::fmt::Debug;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{ListParams, PostParams};
use kube::{Api, Client, Resource, ResourceExt as _};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, Summit};

use crate::process::cpu_milliseconds;
use crate::support::access::Access;
use crate::support::control_plane::ControlPlane;
use crate::support::kstatus::{self, Status};
use crate::support::operator::Program;
use crate::support::ports::free_port;
use crate::support::scratch::Scratch;
use crate::support::wait::{self, Look};
use crate::support::{Result, rbac};
use crate::watch::patience;

/// Name of every `NoteRepository`.
pub const REPOSITORY: &str = "notes";

/// A control plane and who acts on it. Namespaces stay until it ends: deleting them would keep the
/// API server busy while the next round is measured.
pub struct Stage {
    control_plane: ControlPlane,
    /// A client as administrator.
    pub admin: Client,
    controller: Access,
    viewer: Access,
    folder: Scratch,
}

impl Stage {
    /// Starts the control plane.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub async fn start() -> Result<Self> {
        let control_plane = ControlPlane::start().await?;
        let folder = Scratch::new()?;
        let access = async |account: &str| -> Result<Access> {
            let token = rbac::token(control_plane.admin(), account).await?;
            let kubeconfig = folder.path().join(format!("{account}.kubeconfig"));
            control_plane.admin().with_token(&token, &kubeconfig)
        };
        let (controller, viewer) = (access(rbac::CONTROLLER).await?, access(rbac::VIEWER).await?);
        let admin = control_plane.admin().client().await?;
        Ok(Self { control_plane, admin, controller, viewer, folder })
    }

    /// A new client as the user that the controller is. An administrator would be let in faster: the
    /// API server makes others wait for each other.
    ///
    /// # Errors
    /// Where none can be made.
    pub async fn writer(&self) -> Result<Client> {
        self.controller.client().await
    }

    /// Processor time so far of kube-apiserver, etcd and this process, in milliseconds.
    ///
    /// # Errors
    /// Where one of them is gone.
    pub fn cpu_milliseconds(&self) -> Result<u64> {
        let [api_server, etcd] = self.control_plane.server_pids();
        let pids = [api_server, etcd, std::process::id()];
        pids.into_iter().map(cpu_milliseconds).sum()
    }

    /// Makes a namespace and returns its name.
    ///
    /// # Errors
    /// Where the API server refuses it.
    pub async fn namespace(&self) -> Result<String> {
        let namespaces: Api<Namespace> = Api::all(self.admin.clone());
        let wanted = serde_json::from_value(json!({ "metadata": { "generateName": "bench-" } }))?;
        let made = namespaces.create(&PostParams::default(), &wanted).await?;
        std::fs::create_dir(self.folder.path().join(made.name_any()))?;
        Ok(made.name_any())
    }

    /// Starts the controller for `namespace`.
    ///
    /// # Errors
    /// Where it does not get ready.
    pub async fn start_controller(&self, namespace: &str) -> Result<Program> {
        let folder = self.folder.path().join(namespace);
        Program::controller(&self.controller, namespace, &folder).await
    }

    /// Starts the viewer for `namespace`.
    ///
    /// # Errors
    /// Where it does not get ready.
    pub async fn start_viewer(&self, namespace: &str) -> Result<Program> {
        let folder = self.folder.path().join(namespace);
        Program::viewer(&self.viewer, namespace, free_port()?, &folder).await
    }

    /// Objects of a kind in `namespace`, as administrator.
    pub fn api<K>(&self, namespace: &str) -> Api<K>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
    {
        Api::namespaced(self.admin.clone(), namespace)
    }

    /// Creates a `NoteRepository` with the fields `spec` and returns its uid.
    ///
    /// # Errors
    /// Where the API server refuses it.
    pub async fn create_repository(&self, namespace: &str, spec: Value) -> Result<String> {
        let repository = NoteRepository::new(REPOSITORY, serde_json::from_value(spec)?);
        let repositories: Api<NoteRepository> = self.api(namespace);
        let made = repositories.create(&PostParams::default(), &repository).await?;
        Ok(made.uid().unwrap_or_default())
    }

    /// Waits until the repository of `namespace` is applied (at `commit`, where one is given) and
    /// the agendas of its summits have all `notes`.
    ///
    /// # Errors
    /// Where that takes too long.
    pub async fn settled(&self, namespace: &str, notes: usize, commit: Option<&str>) -> Result {
        wait::until("the agendas to be complete", patience(notes), async || {
            let repository = self.api::<NoteRepository>(namespace).get(REPOSITORY).await?;
            let status = repository.status.clone().unwrap_or_default();
            let applied = status.last_applied_revision.unwrap_or_default();
            if !is_current(&repository)? || !applied.ends_with(commit.unwrap_or_default()) {
                return Ok(Look::NotYet(format!("applied: {applied}")));
            }
            let summits = list(&self.api::<Summit>(namespace)).await?;
            let mut listed = 0;
            for summit in &summits {
                let current = is_current(summit)?;
                let status = summit.status.clone().unwrap_or_default();
                listed += if current { status.notes.unwrap_or_default() } else { 0 };
            }
            Ok(Look::at(usize::try_from(listed) == Ok(notes), || format!("{listed} on agendas")))
        })
        .await
    }

    /// What the controller has written in `namespace` so far, by verb and resource.
    ///
    /// # Errors
    /// Where the audit log cannot be read.
    pub fn writes(&self, namespace: &str) -> Result<BTreeMap<String, usize>> {
        let mut counts = BTreeMap::new();
        let user = rbac::user(rbac::CONTROLLER);
        for request in self.control_plane.audit().writes(&user, namespace)? {
            let object = request.object_ref;
            let subresource = match object.subresource.as_str() {
                "" => String::new(),
                name => format!("/{name}"),
            };
            let line = format!("{} {}{subresource}", request.verb, object.resource);
            *counts.entry(line).or_default() += 1;
        }
        Ok(counts)
    }
}

fn is_current(object: &impl serde::Serialize) -> Result<bool> {
    Ok(kstatus::status(&serde_json::to_value(object)?) == Status::Current)
}

/// All objects, a part at a time.
///
/// # Errors
/// Where the API server does not answer.
pub async fn list<K>(api: &Api<K>) -> Result<Vec<K>>
where
    K: Clone + DeserializeOwned + Debug,
{
    let mut params = ListParams::default().limit(500);
    let mut items = Vec::new();
    loop {
        let part = api.list(&params).await?;
        items.extend(part.items);
        match part.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) => params = params.continue_token(&token),
            None => return Ok(items),
        }
    }
}
