//! `kubectl apply -k deploy/`, again, and `kubectl delete -k`.

use std::time::Duration;

use crate::notes::Notes;
use crate::site::Site;
use crate::support::Result;
use crate::support::kubectl::Kubectl;
use crate::support::node::Node;
use crate::support::wait::{self, Look};

/// How long the garbage collector may take.
const COLLECTED: Duration = Duration::from_secs(180);

/// What the Viewer of the installation has, which goes with the installation.
const OF_THE_VIEWER: &[&str] =
    &["configmap/talknotes-default-viewer", "configmap/talknotes-viewer-features"];

pub async fn life(node: &Node) -> Result {
    let site = Site::new(node);
    let kubectl = node.admin().kubectl();
    let applied = kubectl.succeed(&["apply", "-k", "deploy"], "").await?;
    assert_eq!(applied.stderr, "", "warnings");
    site.ready().await?;
    let notes = Notes::publish(&site).await?;
    let policies = site.kubectl.run(&["get", "networkpolicies", "-o", "name"]).await?;
    assert_eq!(policies.lines().count(), 2, "{policies}");

    site.unnoticed(site.restart_viewer()).await?;
    site.replace_pods("controller").await?;
    notes.push(&site, "After the fall").await?;
    site.is_inside_its_limits().await?;

    let before = site.fingerprint().await?;
    kubectl.run(&["apply", "-k", "deploy"]).await?;
    assert_eq!(site.fingerprint().await?, before);

    // In the order that docs/operations.md asks for, and why.
    let notes = "noterepositories,summits,talknotes";
    kubectl.run(&["delete", notes, "--all", "--all-namespaces"]).await?;
    nothing_is_left(&kubectl, "configmaps", OF_THE_VIEWER).await?;
    kubectl.run(&["delete", "-k", "deploy", "--timeout=120s"]).await?;
    nothing_is_left(&kubectl, "crd,namespaces,clusterroles,clusterrolebindings,configmaps", &[])
        .await
}

async fn nothing_is_left(kubectl: &Kubectl, kinds: &str, but: &[&str]) -> Result {
    wait::until(&format!("no {kinds} to be left"), COLLECTED, async || {
        let left = kubectl.run(&["get", kinds, "--all-namespaces", "-o", "name"]).await?;
        let left: Vec<&str> =
            left.lines().filter(|name| name.contains("talknote") && !but.contains(name)).collect();
        Ok(Look::at(left.is_empty(), || left.join(" ")))
    })
    .await
}
