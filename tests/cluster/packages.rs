//! What people install, on a real API server: no warning, no Pod that the restricted standard refuses.

use std::path::Path;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt as _;
use kube::api::{ListParams, PostParams};
use serde_json::{Value, json};

use crate::support::Result;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::tools::helm;

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

    let deployments = test.api::<Deployment>().list(&ListParams::default()).await?.items;
    assert_eq!(deployments.len(), 2, "controller and viewer");
    for deployment in deployments {
        let template = deployment.spec.clone().ok_or("a Deployment without a spec")?.template;
        let mut pod = Pod { spec: template.spec, ..Pod::default() };
        pod.metadata.name = Some(deployment.name_any());
        let dry_run = PostParams { dry_run: true, ..PostParams::default() };
        test.api::<Pod>().create(&dry_run, &pod).await?;
    }
    Ok(())
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
        install(test, &manifests).await
    })
    .await;
}

#[tokio::test]
async fn the_chart_installs_without_a_warning() {
    with_namespace(async |test| -> Result {
        let output = tokio::process::Command::new(helm()?)
            .args(["template", "talknotes", "charts/talknotes", "--kube-version", "1.36"])
            .args(["--namespace", test.name()])
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
