//! Flux's own kustomize-controller applies notes on a real API server. `make e2e-flux` runs it.
//!
//! Its source-controller is not needed: an artifact is an archive behind HTTP and what the status of a
//! `GitRepository` says of it, and both are made here with git.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use kube::api::{ApiResource, DynamicObject, GroupVersionKind, Patch, PatchParams};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use support::Result;
use support::child::Child;
use support::git_server::{GitServer, Repository};
use support::go_module::{Build, GoModule, Pinned};
use support::kstatus::condition;
use support::namespace::{TestNamespace, with_namespace};
use support::ports::free_port;
use support::publishing::{page_holds, settled};
use support::scratch::Scratch;
use support::wait::{self, Look};
use support::{http_client, look_at_url};
use talknotes::api::TalkNote;

const PROGRAMS: GoModule = GoModule {
    folder: "tests/flux",
    title: "Flux's kustomize-controller",
    sources: &["go.mod", "go.sum"],
    build: Build::Packages(&[("kustomize-controller", "github.com/fluxcd/kustomize-controller")]),
    takes: "this takes about four minutes on two cores",
};

const KUSTOMIZATIONS: Pinned = Pinned {
    path: "github.com/fluxcd/kustomize-controller",
    version: "v1.9.5",
    sum: "h1:/XY2zy3K7fntyppEXIHG7oRMzmfgIt50eJzUfaPX1Kc=",
};

const SOURCES: Pinned = Pinned {
    path: "github.com/fluxcd/source-controller",
    version: "v1.9.1",
    sum: "h1:FF8XTxLND/pXzVtUESKURUDiItFJQDZBZkbHvZimN8s=",
};

/// Name of the `GitRepository` and of the `Kustomization`.
const NAME: &str = "notes";

/// Long enough for a health check that fails for good, which ends at `spec.timeout`.
const DEADLINE: Duration = Duration::from_secs(120);

/// How often Flux applies everything anew in the quiet time.
const ROUNDS: usize = 3;

/// Flux at work on the notes of a test.
struct Flux<'a> {
    test: &'a TestNamespace,
    git: Repository,
    artifacts: Scratch,
    url: String,
    _server: GitServer,
    _web: tokio::task::JoinHandle<()>,
    _controller: Child,
}

impl<'a> Flux<'a> {
    async fn start(test: &'a TestNamespace) -> Result<Self> {
        install_crds(test).await?;
        let server = GitServer::start();
        let git = server.create(NAME);
        let artifacts = Scratch::new()?;
        let (url, web) = serve(artifacts.path().to_owned()).await?;
        let controller = start_controller(test).await?;
        Ok(Self { test, git, artifacts, url, _server: server, _web: web, _controller: controller })
    }

    fn api(&self, group: &str, kind: &str) -> Api<DynamicObject> {
        let gvk = GroupVersionKind::gvk(&format!("{group}.toolkit.fluxcd.io"), "v1", kind);
        let kind = ApiResource::from_gvk(&gvk);
        Api::namespaced_with(self.test.client.clone(), self.test.name(), &kind)
    }

    async fn apply(&self, kustomization: Value) -> Result {
        let source = json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "metadata": { "name": NAME },
            "spec": { "url": "https://git.example.org/notes.git", "interval": "1h" },
        });
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": [source, kustomization] });
        let apply = ["apply", "--server-side", "-f", "-"];
        self.test.kubectl().succeed(&apply, &list.to_string()).await?;
        Ok(())
    }

    /// Offers the commit as source-controller does.
    async fn publish(&self, commit: &str) -> Result {
        let file = self.artifacts.path().join(format!("{commit}.tar.gz"));
        let file_text = file.to_string_lossy();
        self.git.run(&["archive", "--format=tar.gz", "-o", &file_text, commit]);
        let digest = Sha256::digest(fs::read(&file)?);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let repository = self.api("source", "GitRepository");
        let generation = repository.get(NAME).await?.metadata.generation;
        let status = json!({ "status": {
            "observedGeneration": generation,
            "artifact": {
                "revision": format!("main@sha1:{commit}"), "digest": format!("sha256:{digest}"),
                "url": format!("{}/{commit}.tar.gz", self.url),
                "path": format!("{commit}.tar.gz"), "lastUpdateTime": now,
            },
            "conditions": [{
                "type": "Ready", "status": "True", "reason": "Succeeded", "message": "stored",
                "observedGeneration": generation, "lastTransitionTime": now,
            }],
        }});
        repository.patch_status(NAME, &PatchParams::default(), &Patch::Merge(status)).await?;
        Ok(())
    }

    /// Waits until Flux says of the commit that it is `status` (True or False), and gives its words.
    async fn says(&self, commit: &str, status: &str) -> Result<String> {
        let api = self.api("kustomize", "Kustomization");
        wait::until(&format!("Ready={status} for {commit}"), DEADLINE, async || {
            let found = serde_json::to_value(api.get(NAME).await?)?;
            let attempted = found.pointer("/status/lastAttemptedRevision").and_then(Value::as_str);
            let ready = condition(&found, "Ready");
            let text = |field: &str| {
                let field = ready.and_then(|ready| ready.get(field));
                field.and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            let met = attempted.is_some_and(|revision| revision.ends_with(commit))
                && text("status") == status;
            Ok(if met { Look::Met(text("message")) } else { Look::NotYet(found.to_string()) })
        })
        .await
    }

    /// Makes Flux apply everything anew, and waits until it has.
    async fn reconcile(&self, token: &str) -> Result {
        const KEY: &str = "reconcile.fluxcd.io/requestedAt";
        let api = self.api("kustomize", "Kustomization");
        let patch = json!({ "metadata": { "annotations": { KEY: token } } });
        api.patch(NAME, &PatchParams::default(), &Patch::Merge(patch)).await?;
        wait::until("Flux to have reconciled", DEADLINE, async || {
            let found = serde_json::to_value(api.get(NAME).await?)?;
            let handled = found.pointer("/status/lastHandledReconcileAt").and_then(Value::as_str);
            Ok(Look::at(handled == Some(token), || found.to_string()))
        })
        .await
    }
}

/// All kinds of both controllers: kustomize-controller starts only where it can watch each of its
/// sources.
async fn install_crds(test: &TestNamespace) -> Result {
    let kubectl = test.kubectl();
    for module in [SOURCES, KUSTOMIZATIONS] {
        for file in fs::read_dir(module.folder()?.join("config/crd/bases"))? {
            let crd = fs::read_to_string(file?.path())?;
            kubectl.succeed(&["apply", "--server-side", "-f", "-"], &crd).await?;
        }
    }
    kubectl.run(&["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"]).await?;
    kubectl.forget_kinds()
}

/// Serves the files of a folder on the loopback.
async fn serve(folder: PathBuf) -> Result<(String, tokio::task::JoinHandle<()>)> {
    let file = async move |axum::extract::Path(name): axum::extract::Path<String>| {
        fs::read(folder.join(name)).map_err(|_| axum::http::StatusCode::NOT_FOUND)
    };
    let app = axum::Router::new().route("/{name}", axum::routing::get(file));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let web = tokio::spawn(async move {
        axum::serve(listener, app).await.expect("serves until the test ends");
    });
    Ok((url, web))
}

async fn start_controller(test: &TestNamespace) -> Result<Child> {
    let programs = tokio::task::spawn_blocking(|| PROGRAMS.find_or_build()).await??;
    let (health, metrics) = (free_port()?, free_port()?);
    let mut command = Command::new(programs.join("kustomize-controller"));
    command.args(["--watch-all-namespaces=false", "--enable-leader-election=false"]);
    command.args(["--requeue-dependency=1s", "--events-addr=", "--http-retry=2"]);
    command.arg(format!("--health-addr=127.0.0.1:{health}"));
    command.arg(format!("--metrics-addr=127.0.0.1:{metrics}"));
    command.env("RUNTIME_NAMESPACE", test.name()).env("TMPDIR", test.folder());
    command.env("KUBECONFIG", &test.control_plane.admin().kubeconfig);
    let mut child = Child::spawn(&command, &test.folder().join("kustomize-controller.log"))?;
    let (http, url) = (http_client()?, format!("http://127.0.0.1:{health}/readyz"));
    wait::until("kustomize-controller to be ready", DEADLINE, async || {
        child.check_running()?;
        look_at_url(&http, &url).await
    })
    .await?;
    Ok(child)
}

fn note(name: &str, annotations: &str, more: &str) -> String {
    format!(
        "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata:\n  name: {name}\n\
         {annotations}spec:\n  title: About {name}\n  {more}\n"
    )
}

fn kustomization(namespace: &str, post_build: &Value) -> Value {
    json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
        "metadata": { "name": NAME },
        "spec": {
            "sourceRef": { "kind": "GitRepository", "name": NAME }, "path": "./notes",
            "targetNamespace": namespace, "interval": "1h", "retryInterval": "2s",
            "timeout": "30s", "prune": true, "wait": true, "postBuild": post_build,
        },
    })
}

#[tokio::test]
async fn flux_applies_judges_and_prunes_notes() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let flux = Flux::start(test).await?;
        flux.apply(kustomization(test.name(), &json!({}))).await?;
        let files = [
            ("notes/tides.yaml", &*note("tides", "", "markdown: High *water*.")),
            ("notes/crabs.yaml", &note("crabs", "", "markdown: Sideways.")),
        ];
        let commit = flux.git.commit(&files, "Take notes");
        flux.publish(&commit).await?;
        flux.says(&commit, "True").await?;
        page_holds(test, "talknote-tides", "<em>water</em>").await?;

        let broken = note("crabs", "", "medal: Gold");
        let commit = flux.git.commit(&[("notes/crabs.yaml", &broken)], "Break it");
        flux.publish(&commit).await?;
        let words = flux.says(&commit, "False").await?;
        assert!(words.contains("TalkNote/") && words.contains("crabs"), "{words}");
        page_holds(test, "talknote-crabs", "Sideways").await?;

        let fixed = note("crabs", "", "markdown: Backwards.");
        let commit = flux.git.commit(&[("notes/crabs.yaml", &fixed)], "Fix it");
        flux.publish(&commit).await?;
        flux.says(&commit, "True").await?;
        page_holds(test, "talknote-crabs", "Backwards").await?;

        let commit = flux.git.remove(&["notes/crabs.yaml"], "Forget it");
        flux.publish(&commit).await?;
        flux.says(&commit, "True").await?;
        wait::for_absence(&test.api::<TalkNote>(), "crabs").await?;
        wait::for_absence(&test.api::<ConfigMap>(), "talknote-crabs").await?;
        nothing_happens(&flux).await
    })
    .await;
}

/// Flux applies everything again and again, and neither it nor the operator writes a note or a page.
async fn nothing_happens(flux: &Flux<'_>) -> Result {
    let writes = || {
        flux.test.control_plane.audit().requests(|request| {
            let object = &request.object_ref;
            request.is_write()
                && object.namespace == flux.test.name()
                && ["talknotes", "summits", "configmaps"].contains(&object.resource.as_str())
                && !request.uri.contains("dryRun=All")
        })
    };
    settled(flux.test).await?;
    let before = writes()?.len();
    assert!(before > 0, "the audit log holds no writes at all");
    for round in 0..ROUNDS {
        flux.reconcile(&format!("round {round}")).await?;
    }
    let after = writes()?;
    assert_eq!(after.len(), before, "somebody wrote: {:#?}", &after[before..]);
    Ok(())
}

#[tokio::test]
async fn nothing_is_substituted_in_a_note_that_says_so() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let flux = Flux::start(test).await?;
        let post_build = json!({ "substitute": { "TIDE": "high" } });
        flux.apply(kustomization(test.name(), &post_build)).await?;
        let disabled = "  annotations:\n    kustomize.toolkit.fluxcd.io/substitute: disabled\n";
        let text = "markdown: The tide is ${TIDE}.";
        let files = [
            ("notes/kept.yaml", &*note("kept", disabled, text)),
            ("notes/replaced.yaml", &note("replaced", "", text)),
        ];
        let commit = flux.git.commit(&files, "Take notes");
        flux.publish(&commit).await?;
        flux.says(&commit, "True").await?;
        page_holds(test, "talknote-kept", "The tide is ${TIDE}.").await?;
        page_holds(test, "talknote-replaced", "The tide is high.").await?;
        Ok(())
    })
    .await;
}
