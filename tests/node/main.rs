//! Both installations, and Argo CD with our plugin, as real Pods on a node of their own: `make e2e-node`.
//!
//! Needs root and namespaces, and is skipped with a word where it has neither; with `CI=true` that is a
//! failure. NetworkPolicies are only looked at here: the node's network does not enforce them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod argocd;
mod by_helm;
mod by_kustomize;
mod git;
mod notes;
mod site;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::Result;
use support::cgroups::Cgroups;
use support::node::Node;
use support::scratch::Scratch;

/// The variable with the path of the image's OCI archive.
const IMAGE: &str = "TALKNOTES_IMAGE_ARCHIVE";

#[test]
fn helm_installs_upgrades_and_uninstalls() -> Result {
    on_node(no_images, by_helm::life)
}

#[test]
fn kustomize_installs_the_same() -> Result {
    on_node(no_images, by_kustomize::life)
}

#[test]
fn argo_cd_syncs_markdown_through_the_sidecar() -> Result {
    on_node(argocd::images, argocd::life)
}

#[test]
fn a_node_leaves_nothing_behind() -> Result {
    let before = traces()?;
    let mut folder = PathBuf::new();
    on_node(no_images, async |node| {
        folder = node.folder().to_owned();
        Ok(())
    })?;
    assert_eq!(traces()?, before);
    assert!(!folder.exists(), "{} is left", folder.display());
    Ok(())
}

fn no_images(_: &Path) -> Result<Vec<PathBuf>> {
    Ok(Vec::new())
}

/// Runs `work` in the network of a new node that has our image, and those that `more` packs into the
/// folder that it is given.
fn on_node(
    more: impl FnOnce(&Path) -> Result<Vec<PathBuf>>,
    work: impl AsyncFnOnce(&Node) -> Result + Send,
) -> Result {
    if !Node::is_possible()? {
        return Ok(());
    }
    let image = std::env::var_os(IMAGE);
    let image = image.ok_or_else(|| format!("{IMAGE} is not set: run `make e2e-node`"))?;
    let folder = Scratch::new()?;
    let mut images = more(folder.path())?;
    images.push(PathBuf::from(image));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let node = runtime.block_on(Node::start(&images))?;
    // An error has the lines of many logs, which would be shown as one where it is returned.
    node.block_on(async || work(&node).await).unwrap_or_else(|error| panic!("{error}"));
    Ok(())
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
