//! The chart: installed, tested, upgraded, uninstalled and installed again.

use std::time::Instant;

use crate::notes::Notes;
use crate::site::Site;
use crate::support::Result;
use crate::support::node::Node;
use crate::support::tools::helm;
use crate::support::wait::{self, Look};

const NAMESPACE: &str = "deploy/base/namespace.yaml";

pub async fn life(node: &Node) -> Result {
    let site = Site::new(node);
    site.kubectl.run(&["apply", "-f", NAMESPACE]).await?;
    bare_pods_are_refused(&site).await?;
    run_helm(node, &["install", "talknotes", CHART, "--wait", "--timeout=3m"]).await?;
    site.ready().await?;
    let notes = Notes::publish(&site).await?;
    site.is_inside_its_limits().await?;
    run_helm(node, &["test", "talknotes", "--timeout=2m"]).await?;

    site.unnoticed(site.restart_viewer()).await?;
    site.survives_a_drain().await?;
    site.kill_process("viewer").await?;
    site.kill_process("controller").await?;
    site.replace_pods("controller").await?;
    notes.push(&site, "After the fall").await?;
    site.is_inside_its_limits().await?;

    an_upgrade_changes_what_it_should(&site).await?;
    uninstall_leaves_the_notes(&site, &notes).await?;
    a_deployment_becomes_a_viewer(&site).await?;
    notes.push(&site, "Installed again").await
}

const CHART: &str = "charts/talknotes";
const PLAIN: &[&str] = &["--set", "viewer.deployment=true"];

/// Pod Security is enforced, or the rest proves nothing.
async fn bare_pods_are_refused(site: &Site<'_>) -> Result {
    let run = ["run", "bare", "--image=talknotes.dev/pause:node"];
    let refused = site.kubectl.attempt(&run, "").await?;
    assert!(refused.stderr.contains("violates PodSecurity \"restricted"), "{refused:?}");
    Ok(())
}

/// The same again changes nothing; kinds of another version are brought up to date; one value changes
/// what it is about.
async fn an_upgrade_changes_what_it_should(site: &Site<'_>) -> Result {
    let upgrade = ["upgrade", "talknotes", CHART, "--wait", "--timeout=3m"];
    let before = site.fingerprint().await?;
    run_helm(site.node, &upgrade).await?;
    assert_eq!(site.fingerprint().await?, before);

    let column = "/spec/versions/0/additionalPrinterColumns/0";
    let patch = format!(r#"[{{"op": "remove", "path": "{column}"}}]"#);
    let name = "crd/talknotes.talknotes.dev";
    let columns = "jsonpath={.spec.versions[0].additionalPrinterColumns[*].name}";
    let wanted = site.kubectl.run(&["get", name, "-o", columns]).await?;
    site.kubectl.run(&["patch", name, "--type=json", "-p", &patch]).await?;
    assert_ne!(site.kubectl.run(&["get", name, "-o", columns]).await?, wanted);
    let controller = site.of_pods("controller", ".metadata.uid").await?;
    run_helm(site.node, &[&upgrade[..], &["--set", "viewer.replicas=3"]].concat()).await?;
    assert_eq!(site.kubectl.run(&["get", name, "-o", columns]).await?, wanted);
    assert_eq!(site.of_pods("controller", ".metadata.uid").await?, controller);
    // The controller changes the Deployment.
    wait::until("three viewers", wait::DEADLINE, async || {
        let count = site.of_pods("viewer", ".metadata.uid").await?.len();
        Ok(Look::at(count == 3, || count.to_string()))
    })
    .await?;
    site.ready().await
}

/// An installation with a plain Deployment of the viewer, as all were before there were Viewers, becomes one
/// with a Viewer, and nothing of the Deployment is left. Its pages are away meanwhile: how long is printed.
async fn a_deployment_becomes_a_viewer(site: &Site<'_>) -> Result {
    let (upgrade, wait) = (["upgrade", "talknotes", CHART], ["--wait", "--timeout=3m"]);
    run_helm(site.node, &[&["install"], &upgrade[1..], &wait, PLAIN].concat()).await?;
    site.rolled_out().await?;
    let old = site.of_pods("viewer", ".metadata.uid").await?;
    assert_eq!(old.len(), 2);
    let begin = Instant::now();
    // Without any value, Helm takes those of the release.
    let object = ["--set", "viewer.deployment=false"];
    run_helm(site.node, &[&upgrade[..], &wait, &object].concat()).await?;
    site.ready().await?;
    println!("a Viewer in place of the Deployment after {:.1} s", begin.elapsed().as_secs_f64());
    wait::until("the old Pods to go", wait::DEADLINE, async || {
        let left = site.of_pods("viewer", ".metadata.uid").await?;
        Ok(Look::at(left.iter().all(|pod| !old.contains(pod)), || left.join(" ")))
    })
    .await?;
    let owner = "jsonpath={.metadata.ownerReferences[0].kind}";
    for object in ["deployment", "service", "poddisruptionbudget", "networkpolicy"] {
        let object = format!("{object}/talknotes-viewer");
        assert_eq!(site.kubectl.run(&["get", &object, "-o", owner]).await?, "Viewer", "{object}");
    }
    Ok(())
}

async fn uninstall_leaves_the_notes(site: &Site<'_>, notes: &Notes) -> Result {
    let before = notes.count().await?;
    run_helm(site.node, &["uninstall", "talknotes", "--wait", "--timeout=3m"]).await?;
    let kinds = "viewers,deployments,services,networkpolicies,poddisruptionbudgets,serviceaccounts,secrets,\
                 configmaps,roles,rolebindings,leases,clusterroles,clusterrolebindings";
    // The Lease goes with the Pod that held it, which the garbage collector sees to.
    wait::until("nothing to be left", wait::DEADLINE, async || {
        let left = site.kubectl.run(&["get", kinds, "-o", "name"]).await?;
        let left: Vec<&str> = left.lines().filter(|name| name.contains("talknotes")).collect();
        Ok(Look::at(left.is_empty(), || left.join(" ")))
    })
    .await?;
    assert_eq!(notes.count().await?, before);
    Ok(())
}

/// Runs helm as the node's administrator, with its own files in the node's folder.
async fn run_helm(node: &Node, arguments: &[&str]) -> Result {
    let mut command = tokio::process::Command::new(helm()?);
    command.args(arguments).args(["--namespace", "talknotes-system"]);
    command.arg("--kubeconfig").arg(&node.admin().kubeconfig).kill_on_drop(true);
    for variable in ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"] {
        command.env(variable, node.folder().join(variable));
    }
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().await?;
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Ok(());
    }
    let pods = Site::new(node).kubectl.run(&["describe", "pods"]).await?;
    Err(format!("helm {}: {said}\n{pods}", arguments.join(" ")).into())
}
