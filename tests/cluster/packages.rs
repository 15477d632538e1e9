//! What people install, on a real API server: no warning, no Pod that the restricted standard refuses.

use std::path::Path;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::ResourceExt as _;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use serde_json::{Value, json};
use talknotes::api::{Viewer, ViewerSpec, names};

use crate::support::Result;
use crate::support::child::log_holds;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::rbac::SYSTEM_NAMESPACE;
use crate::support::tools::helm;
use crate::support::wait;

/// The Viewer of the installation, and the ConfigMap that says it.
const NAME: &str = "talknotes";
const MAP: &str = "talknotes-default-viewer";
const KEY: &str = names::DEFAULT_VIEWER_KEY;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Applies manifests to the test's namespace without a word of warning, and has the Pods of each
/// Deployment admitted where only restricted ones are.
async fn install(test: &TestNamespace, manifests: &str) -> Result {
    let enforced = "pod-security.kubernetes.io/enforce=restricted";
    let warned = "pod-security.kubernetes.io/warn=restricted";
    test.kubectl().run(&["label", "namespace", test.name(), enforced, warned]).await?;
    let manifests = moved(manifests, test.name())?;
    let output = test.kubectl().succeed(&["apply", "-f", "-"], &manifests).await?;
    assert_eq!(output.stderr, "", "kubectl apply warned");

    let installed = Deployments::of(test).await?;
    assert_eq!(installed.names(), ["talknotes-controller"]);
    installed.are_admitted(test).await
}

struct Deployments(Vec<Deployment>);

impl Deployments {
    async fn of(test: &TestNamespace) -> Result<Self> {
        Ok(Self(test.api::<Deployment>().list(&ListParams::default()).await?.items))
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().map(|deployment| deployment.name_any()).collect()
    }

    async fn are_admitted(self, test: &TestNamespace) -> Result {
        for deployment in self.0 {
            let template = deployment.spec.clone().ok_or("a Deployment without a spec")?.template;
            let mut pod = Pod { spec: template.spec, ..Pod::default() };
            pod.metadata.name = Some(deployment.name_any());
            let dry_run = PostParams { dry_run: true, ..PostParams::default() };
            test.api::<Pod>().create(&dry_run, &pod).await?;
        }
        Ok(())
    }
}

/// The same objects in `namespace`, those of the whole cluster under names of their own, so that tests
/// do not meet. Namespaces and kinds are installed by the harness.
fn moved(manifests: &str, namespace: &str) -> Result<String> {
    let mut items: Vec<Value> = serde_saphyr::from_multiple(manifests)?;
    items.retain(|item| {
        !item.is_null() && item["kind"] != "Namespace" && item["kind"] != "CustomResourceDefinition"
    });
    for item in &mut items {
        if item["kind"].as_str().is_some_and(|kind| kind.starts_with("ClusterRole")) {
            let name = format!("{}-{namespace}", item["metadata"]["name"].as_str().unwrap_or(""));
            item["metadata"]["name"] = json!(name);
        } else {
            item["metadata"]["namespace"] = json!(namespace);
        }
    }
    Ok(json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string())
}

#[tokio::test]
async fn the_kustomization_installs_without_a_warning() {
    with_namespace(async |test| -> Result {
        let folder = root().join("deploy");
        let manifests = test.kubectl().run(&["kustomize", &folder.to_string_lossy()]).await?;
        install(test, &manifests).await?;
        the_viewer_comes_changes_and_goes(test).await
    })
    .await;
}

/// The controller makes the Viewer of the installation, brings it up to date with what the ConfigMap says,
/// leaves the rest to others, and the Viewer goes with the ConfigMap.
async fn the_viewer_comes_changes_and_goes(test: &TestNamespace) -> Result {
    let of = format!("{}/{MAP}", test.name());
    let more = ["--default-viewer", &of, "--viewer-image", "registry.example/talknotes:1"];
    let mut controller = test.start_controller_with(&more).await?;
    let (viewers, maps) = (test.api::<Viewer>(), test.api::<ConfigMap>());
    let made = wait::for_existing(&viewers, NAME, "there", |_| true).await?;
    assert_eq!(made.spec.replicas, Some(2));
    let deployments = test.api::<Deployment>();
    wait::for_existing(&deployments, "talknotes-viewer", "there", |_| true).await?;
    Deployments::of(test).await?.are_admitted(test).await?;

    let title = Patch::Merge(json!({ "spec": { "title": "Harbour" } }));
    let person = PatchParams { field_manager: Some("kubectl-edit".into()), ..Default::default() };
    viewers.patch(NAME, &person, &title).await?;
    let text = maps.get(MAP).await?.data.unwrap_or_default().remove(KEY).ok_or("no manifest")?;
    let wish = |text: &str| Patch::Merge(json!({ "data": { KEY: text } }));
    maps.patch(MAP, &person, &wish(&text.replace("replicas: 2", "replicas: 3"))).await?;
    let three = |viewer: &Viewer| viewer.spec.replicas == Some(3);
    let changed = wait::for_existing(&viewers, NAME, "to have three Pods", three).await?;
    assert_eq!(changed.spec.title.as_deref(), Some("Harbour"));
    assert_eq!(changed.uid(), made.uid());

    // What cannot be read changes nothing, and is told.
    maps.patch(MAP, &person, &wish("kind: [")).await?;
    log_holds(controller.log(), "cannot be read as YAML").await?;
    // A restart writes nothing where nothing has changed.
    maps.patch(MAP, &person, &wish(&text.replace("replicas: 2", "replicas: 3"))).await?;
    let kubectl = test.kubectl();
    kubectl.run(&["scale", "viewer", NAME, "--replicas=1"]).await?;
    controller.kill()?;
    controller.start_again().await?;
    maps.patch(MAP, &person, &wish(&text.replace("replicas: 2", "replicas: 4"))).await?;
    let four = |viewer: &Viewer| viewer.spec.replicas == Some(4);
    wait::for_existing(&viewers, NAME, "to have four Pods", four).await?;

    maps.delete(MAP, &DeleteParams::default()).await?;
    wait::for_absence(&viewers, NAME).await?;
    wait::for_absence(&deployments, "talknotes-viewer").await
}

#[tokio::test]
async fn a_viewer_of_somebody_else_is_not_taken_for_that_of_the_installation() {
    with_namespace(async |test| -> Result {
        let theirs: ViewerSpec = serde_json::from_value(json!({ "title": "Theirs" }))?;
        let viewers = test.api::<Viewer>();
        viewers.create(&PostParams::default(), &Viewer::new(NAME, theirs)).await?;
        let folder = root().join("deploy");
        let manifests = test.kubectl().run(&["kustomize", &folder.to_string_lossy()]).await?;
        install(test, &manifests).await?;
        let of = format!("{}/{MAP}", test.name());
        let controller = test.start_controller_with(&["--default-viewer", &of]).await?;
        log_holds(controller.log(), "Viewer talknotes exists and was not made by").await?;
        assert_eq!(viewers.get(NAME).await?.spec.title.as_deref(), Some("Theirs"));
        // It is made as soon as nothing is in its way.
        viewers.delete(NAME, &DeleteParams::default()).await?;
        let ours = |viewer: &Viewer| viewer.spec.replicas == Some(2);
        wait::for_existing(&viewers, NAME, "ours", ours).await?;
        Ok(())
    })
    .await;
}

/// As where an upgrade brings the Viewer: the controller is there before its ConfigMap and its right.
#[tokio::test]
async fn a_viewer_comes_with_a_config_map_that_comes_later() {
    with_namespace(async |test| -> Result {
        let of = format!("{}/{MAP}", test.name());
        let controller = test.start_controller_with(&["--default-viewer", &of]).await?;
        log_holds(controller.log(), "watches are filled").await?;
        let folder = root().join("deploy");
        let manifests = test.kubectl().run(&["kustomize", &folder.to_string_lossy()]).await?;
        install(test, &manifests).await?;
        wait::for_existing(&test.api::<Viewer>(), NAME, "there", |_| true).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_chart_installs_without_a_warning() {
    with_namespace(async |test| -> Result {
        let output = tokio::process::Command::new(helm()?)
            .args(["template", "talknotes", "charts/talknotes", "--kube-version", "1.36"])
            .args(["--namespace", SYSTEM_NAMESPACE])
            .current_dir(root())
            .output()
            .await?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        install(test, &String::from_utf8(output.stdout)?).await
    })
    .await;
}

#[tokio::test]
async fn the_example_manifests_apply_and_get_ready() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let folder = root().join("examples/manifests");
        let kubectl = test.kubectl();
        let output = kubectl.succeed(&["apply", "-f", &folder.to_string_lossy()], "").await?;
        assert_eq!(output.stderr, "", "kubectl apply warned");
        let all = ["wait", "--for=condition=Ready", "--timeout=90s", "--all", "summits,talknotes"];
        kubectl.run(&all).await?;
        Ok(())
    })
    .await;
}
