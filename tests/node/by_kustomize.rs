//! `kubectl apply -k deploy/`, again, and `kubectl delete -k`.

use std::time::Duration;

use crate::notes::Notes;
use crate::site::Site;
use crate::support::Result;
use crate::support::node::Node;
use crate::support::wait::{self, Look};

/// How long the garbage collector may take to see that the owners of ConfigMaps have gone with their
/// kinds, about which it asks every half minute only.
const COLLECTED: Duration = Duration::from_secs(300);

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

    kubectl.run(&["delete", "-k", "deploy", "--timeout=120s"]).await?;
    wait::until("nothing to be left", COLLECTED, async || {
        let kinds = "crd,namespaces,clusterroles,clusterrolebindings,configmaps";
        let left = kubectl.run(&["get", kinds, "--all-namespaces", "-o", "name"]).await?;
        let left: Vec<&str> = left.lines().filter(|name| name.contains("talknote")).collect();
        Ok(Look::at(left.is_empty(), || left.join(" ")))
    })
    .await
}
