//! Both installations as real Pods on a node of their own: `make e2e-node`.
//!
//! Needs root and namespaces, and is skipped with a word where it has neither; with `CI=true` that is a
//! failure. NetworkPolicies are only looked at here: the node's network does not enforce them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod by_helm;
mod by_kustomize;
mod notes;
mod site;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use support::Result;
use support::cgroups::Cgroups;
use support::node::Node;

/// The variable with the path of the image's OCI archive.
const IMAGE: &str = "TALKNOTES_IMAGE_ARCHIVE";

#[test]
fn helm_installs_upgrades_and_uninstalls() -> Result {
    on_node(by_helm::life)
}

#[test]
fn kustomize_installs_the_same() -> Result {
    on_node(by_kustomize::life)
}

#[test]
fn a_node_leaves_nothing_behind() -> Result {
    let before = traces()?;
    let mut folder = PathBuf::new();
    on_node(async |node| {
        folder = node.folder().to_owned();
        Ok(())
    })?;
    assert_eq!(traces()?, before);
    assert!(!folder.exists(), "{} is left", folder.display());
    Ok(())
}

/// Runs `work` in the network of a new node that has our image.
fn on_node(work: impl AsyncFnOnce(&Node) -> Result + Send) -> Result {
    if !Node::is_possible()? {
        return Ok(());
    }
    let image = std::env::var_os(IMAGE);
    let image = image.ok_or_else(|| format!("{IMAGE} is not set: run `make e2e-node`"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let node = runtime.block_on(Node::start(&[PathBuf::from(image)]))?;
    node.block_on(async || work(&node).await)
}

/// What a node could leave on the machine: mounts, links of the network, cgroups.
fn traces() -> Result<BTreeSet<String>> {
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    let mut traces: BTreeSet<String> = mounts.lines().map(str::to_owned).collect();
    for entry in fs::read_dir("/sys/class/net")? {
        traces.insert(entry?.path().display().to_string());
    }
    let cgroups = Cgroups::new()?.folders().into_iter().filter(|folder| folder.exists());
    traces.extend(cgroups.map(|folder| folder.display().to_string()));
    Ok(traces)
}
