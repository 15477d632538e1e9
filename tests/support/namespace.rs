//! A namespace for each test, and what is printed when one fails.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;
use std::sync::Mutex;

use futures::FutureExt as _;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Namespace};
use kube::api::{DeleteParams, ListParams, PostParams};
use kube::{Api, Client, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use talknotes::api::{NoteRepository, Summit, TalkNote, Viewer};

use super::access::Access;
use super::child::last_lines;
use super::control_plane::ControlPlane;
use super::kubectl::Kubectl;
use super::observer::Observer;
use super::operator::Program;
use super::ports::free_port;
use super::scratch::Scratch;
use super::{Result, rbac};

/// How many lines of each program's log a failing test shows.
const LOG_LINES: usize = 100;

/// Keeps the namespaces of tests when it is set.
const KEEP: &str = "KEEP_NAMESPACE";

/// A test in a namespace of its own.
pub struct TestNamespace {
    /// The control plane that it runs on.
    pub control_plane: &'static ControlPlane,
    /// A client as administrator.
    pub client: Client,
    /// Name of the namespace.
    pub name: String,
    observer: Observer,
    folder: Scratch,
    started: Mutex<Vec<PathBuf>>,
}

/// Runs `test` in a new namespace of the shared control plane and deletes the namespace afterwards
/// (`KEEP_NAMESPACE=1` keeps it). Where the test fails, the objects and events of the namespace and the
/// ends of the programs' logs are printed. A test also fails where the operator was refused anything, and
/// where the conditions of any object contradicted themselves at any moment.
///
/// # Panics
/// Where the test fails.
pub async fn with_namespace(test: impl AsyncFnOnce(&TestNamespace) -> Result) {
    with_namespace_on(ControlPlane::shared(), test).await;
}

/// The same on a control plane of the test's own.
///
/// # Panics
/// Where the test fails.
pub async fn with_namespace_on(
    control_plane: &'static ControlPlane,
    test: impl AsyncFnOnce(&TestNamespace) -> Result,
) {
    let namespace = TestNamespace::create(control_plane).await.expect("a namespace");
    let run = async {
        test(&namespace).await?;
        namespace.assert_sound()
    };
    let outcome = AssertUnwindSafe(run).catch_unwind().await;
    if !matches!(outcome, Ok(Ok(()))) {
        eprintln!("{}", namespace.report().await);
    }
    namespace.delete().await;
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => panic!("{error}"),
        Err(panic) => resume_unwind(panic),
    }
}

impl TestNamespace {
    async fn create(control_plane: &'static ControlPlane) -> Result<Self> {
        let client = control_plane.admin().client().await?;
        let namespaces: Api<Namespace> = Api::all(client.clone());
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("test").replace("::", ".");
        let label: String = test.chars().take(63).collect();
        let created = namespaces
            .create(
                &PostParams::default(),
                &serde_json::from_value(json!({
                    "metadata": {
                        "generateName": "test-",
                        "labels": { "talknotes.dev/test": label.trim_end_matches(['.', '_']) },
                    }
                }))?,
            )
            .await?;
        let name = created.metadata.name.ok_or("a namespace without a name")?;
        let observer = Observer::start(&client, &name);
        let (folder, started) = (Scratch::new()?, Mutex::default());
        Ok(Self { control_plane, client, name, observer, folder, started })
    }

    /// The objects of a kind in the namespace.
    pub fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope>,
        K::DynamicType: Default,
    {
        Api::namespaced(self.client.clone(), &self.name)
    }

    /// Name of the namespace.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// kubectl as administrator in the namespace.
    pub fn kubectl(&self) -> Kubectl {
        self.control_plane.admin().kubectl().in_namespace(&self.name)
    }

    /// A folder for files of the test.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Starts `talknotes controller` for this namespace under its service account.
    ///
    /// # Errors
    /// Where it does not get ready, with its last lines.
    pub async fn start_controller(&self) -> Result<Program> {
        self.start_controller_with(&[]).await
    }

    /// The same with more arguments.
    ///
    /// # Errors
    /// As there.
    pub async fn start_controller_with(&self, more: &[&str]) -> Result<Program> {
        self.note("controller.log");
        let access = self.access_of(rbac::CONTROLLER).await?;
        Program::controller_with(&access, &self.name, self.folder.path(), more).await
    }

    /// Starts `talknotes viewer` for this namespace under its service account.
    ///
    /// # Errors
    /// Where it does not get ready, with its last lines.
    pub async fn start_viewer(&self) -> Result<Program> {
        self.start_viewer_with(&[]).await
    }

    /// The same with more arguments.
    ///
    /// # Errors
    /// As there.
    pub async fn start_viewer_with(&self, more: &[&str]) -> Result<Program> {
        self.note("viewer.log");
        let access = self.access_of(rbac::VIEWER).await?;
        Program::viewer_with(&access, &self.name, free_port()?, self.folder.path(), more).await
    }

    async fn access_of(&self, account: &str) -> Result<Access> {
        let token = rbac::token(self.control_plane.admin(), account).await?;
        let kubeconfig = self.folder.path().join(format!("{account}.kubeconfig"));
        self.control_plane.admin().with_token(&token, &kubeconfig)
    }

    /// The log of the test's folder belongs to the report of a failure.
    pub fn note(&self, log: &str) {
        self.started.lock().expect("not poisoned").push(self.folder.path().join(log));
    }

    /// Fails where the API server refused the operator anything in this namespace, and where an
    /// object said something of itself that cannot be.
    ///
    /// # Errors
    /// With everything that was found.
    fn assert_sound(&self) -> Result {
        let audit = self.control_plane.audit();
        for account in [rbac::CONTROLLER, rbac::VIEWER] {
            audit.assert_no_forbidden(&rbac::user(account), &self.name)?;
        }
        let faults = self.observer.faults();
        if faults.is_empty() {
            return Ok(());
        }
        Err(format!("conditions that cannot be:\n{}", faults.join("\n")).into())
    }

    /// What a person wants to see of a test that failed.
    async fn report(&self) -> String {
        let mut report = format!("---- namespace {} ----\n", self.name);
        report.push_str(&self.yaml::<NoteRepository>().await);
        report.push_str(&self.yaml::<Summit>().await);
        report.push_str(&self.yaml::<TalkNote>().await);
        report.push_str(&self.yaml::<Viewer>().await);
        report.push_str(&self.config_maps().await);
        report.push_str(&self.events().await);
        for log in self.started.lock().expect("not poisoned").iter() {
            let name = log.file_name().unwrap_or_default().to_string_lossy();
            report.push_str(&format!("---- {name} ----\n{}\n", last_lines(log, LOG_LINES)));
        }
        report
    }

    async fn yaml<K>(&self) -> String
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope>
            + Clone
            + std::fmt::Debug
            + Serialize
            + DeserializeOwned,
        K::DynamicType: Default,
    {
        let kind = K::kind(&K::DynamicType::default()).into_owned();
        match self.api::<K>().list(&ListParams::default()).await {
            Ok(list) => list.items.into_iter().map(as_yaml).collect(),
            Err(error) => format!("{kind}: {error}\n"),
        }
    }

    async fn config_maps(&self) -> String {
        match self.api::<ConfigMap>().list(&ListParams::default()).await {
            Ok(list) => list
                .into_iter()
                .map(|map| {
                    let keys: Vec<String> = map.data.into_iter().flatten().map(|e| e.0).collect();
                    let name = map.metadata.name.unwrap_or_default();
                    format!("ConfigMap {name}: {keys:?} {:?}\n", map.metadata.annotations)
                })
                .collect(),
            Err(error) => format!("ConfigMaps: {error}\n"),
        }
    }

    async fn events(&self) -> String {
        match self.api::<Event>().list(&ListParams::default()).await {
            Ok(list) => list
                .into_iter()
                .map(|event| {
                    let object = event.involved_object;
                    format!(
                        "Event {} {}/{}: {} {}\n",
                        event.type_.unwrap_or_default(),
                        object.kind.unwrap_or_default(),
                        object.name.unwrap_or_default(),
                        event.reason.unwrap_or_default(),
                        event.message.unwrap_or_default()
                    )
                })
                .collect(),
            Err(error) => format!("Events: {error}\n"),
        }
    }

    async fn delete(&self) {
        if std::env::var_os(KEEP).is_some() {
            eprintln!("{KEEP}: namespace {} is kept while the control plane runs", self.name);
            return;
        }
        let namespaces: Api<Namespace> = Api::all(self.client.clone());
        if let Err(error) = namespaces.delete(&self.name, &DeleteParams::default()).await {
            eprintln!("namespace {} cannot be deleted: {error}", self.name);
        }
    }
}

fn as_yaml<K: Resource + Serialize>(mut object: K) -> String {
    object.meta_mut().managed_fields = None;
    match serde_saphyr::to_string(&object) {
        Ok(yaml) => format!("---\n{yaml}"),
        Err(error) => format!("---\n# {error}\n"),
    }
}
