//! The budgets of `deploy/` on two nodes: each node can be drained, and never both at once. The test is
//! the nodes, the scheduler and the ReplicaSet here; budgets and evictions are Kubernetes' own.

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use kube::api::{EvictParams, Patch, PatchParams, PostParams};
use kube::{Api, ResourceExt as _};
use serde_json::{Value, json};

use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::{Result, wait};

#[tokio::test]
async fn two_nodes_can_be_drained_one_after_the_other() {
    with_namespace(async |test| -> Result {
        let deploy = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/overlays/viewer-deployment");
        let manifests = test.kubectl().run(&["kustomize", deploy]).await?;
        let manifests: Vec<Value> = serde_saphyr::from_multiple(&manifests)?;
        let budgets: Vec<PodDisruptionBudget> = manifests
            .into_iter()
            .filter(|manifest| manifest["kind"] == "PodDisruptionBudget")
            .map(serde_json::from_value)
            .collect::<Result<_, _>>()?;
        assert_eq!(budgets.len(), 2, "controller and viewer");
        for budget in budgets {
            drains(test, budget).await?;
        }
        Ok(())
    })
    .await;
}

/// Two Pods on two nodes, of which one after the other is drained.
async fn drains(test: &TestNamespace, mut budget: PodDisruptionBudget) -> Result {
    budget.metadata.namespace = Some(test.name().to_owned());
    let (name, labels) = (budget.name_any(), budget.labels().clone());
    let api = test.api::<PodDisruptionBudget>();
    api.create(&PostParams::default(), &budget).await?;
    let one_may_go = async || {
        wait::for_existing(&api, &name, "to let one Pod go", |budget| {
            budget.status.as_ref().is_some_and(|status| status.disruptions_allowed == 1)
        })
        .await
    };
    let owner = replica_set(test, &name, &json!(labels)).await?;
    let pod = async |suffix: &str, node: &str| -> Result<String> {
        let name = format!("{name}-{suffix}");
        ready_pod(test, &name, node, &json!(labels), &owner).await?;
        Ok(name)
    };
    let (first, second) = (pod("first", "north").await?, pod("second", "south").await?);
    one_may_go().await?;
    assert!(evicted(test, &first).await?, "{name}: north cannot be drained");
    assert!(!evicted(test, &second).await?, "{name}: no Pod is left");
    pod("third", "south").await?;
    one_may_go().await?;
    assert!(evicted(test, &second).await?, "{name}: the drain does not go on");
    Ok(())
}

/// Whether the budget lets a Pod go, as `kubectl drain` asks for it.
async fn evicted(test: &TestNamespace, name: &str) -> Result<bool> {
    let client = test.control_plane.admin().impatient_client().await?;
    let pods: Api<Pod> = Api::namespaced(client, test.name());
    match pods.evict(name, &EvictParams::default()).await {
        Ok(_) => Ok(true),
        Err(kube::Error::Api(status)) if status.code == 429 => {
            assert!(status.message.contains("disruption budget"), "{status:?}");
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// An owner of two Pods, by which budgets count them.
async fn replica_set(test: &TestNamespace, name: &str, labels: &Value) -> Result<Value> {
    let replica_set = json!({
        "metadata": { "name": name },
        "spec": {
            "replicas": 2,
            "selector": { "matchLabels": labels },
            "template": { "metadata": { "labels": labels }, "spec": pod_spec() },
        },
    });
    let replica_set: ReplicaSet = serde_json::from_value(replica_set)?;
    let made = test.api::<ReplicaSet>().create(&PostParams::default(), &replica_set).await?;
    Ok(json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet", "controller": true,
        "name": name, "uid": made.uid(),
    }))
}

async fn ready_pod(
    test: &TestNamespace,
    name: &str,
    node: &str,
    labels: &Value,
    owner: &Value,
) -> Result {
    let mut spec = pod_spec();
    spec["nodeName"] = node.into();
    let metadata = json!({ "name": name, "labels": labels, "ownerReferences": [owner] });
    let pod = json!({ "metadata": metadata, "spec": spec });
    let pods = test.api::<Pod>();
    pods.create(&PostParams::default(), &serde_json::from_value(pod)?).await?;
    let ready = json!({ "type": "Ready", "status": "True" });
    let status = json!({ "status": { "phase": "Running", "conditions": [ready] } });
    pods.patch_status(name, &PatchParams::default(), &Patch::Merge(&status)).await?;
    Ok(())
}

fn pod_spec() -> Value {
    json!({ "containers": [{ "name": "program", "image": "example.org/program" }] })
}
