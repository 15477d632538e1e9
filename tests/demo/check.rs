//! The demo without anybody to look at it: does what it tells people to do, and looks itself.

use std::path::Path;

use tokio::process::Command;

use crate::cluster::Cluster;
use crate::notes::{Notes, Place};
use crate::support::Result;
use crate::support::page::Reader;
use crate::support::scratch::Scratch;
use crate::tell;

const LINE: &str = "* A line that the check has pushed.";

/// Clones the repository, pushes a line behind the note of `place` and waits until the open page is
/// told and shows it.
///
/// # Errors
/// Where it does not arrive.
pub async fn push_arrives(notes: &Notes, place: &Place, namespace: &str, viewer: &str) -> Result {
    let reader = Reader::new(viewer)?;
    let page = tell::page(place, namespace);
    reader.wait_for(&page, "the note's title", |html| html.contains(&place.title)).await?;
    let mut events = reader.events(&format!("/-/events?page={page}")).await?;

    let scratch = Scratch::new()?;
    let clone = scratch.path().join("notes");
    git(scratch.path(), &["clone", "--quiet", &notes.url(), "notes"]).await?;
    let document = clone.join(&place.path);
    let text = std::fs::read_to_string(&document)?;
    std::fs::write(&document, format!("{text}{LINE}\n"))?;
    git(&clone, &["commit", "--quiet", "--all", "--message", "Add a line"]).await?;
    git(&clone, &["push", "--quiet"]).await?;

    events.wait_for("changed").await?;
    let line = LINE.trim_start_matches("* ");
    reader.wait_for(&page, "the pushed line", |html| html.contains(line)).await?;
    tell::step("ok: the push arrived on the open page");
    Ok(())
}

/// Applies the example manifests where nothing of the demo is, and waits until a page shows one.
///
/// # Errors
/// Where it does not.
pub async fn applied_note_arrives(cluster: &Cluster, viewer: &str) -> Result {
    let namespace = cluster.namespace_to_apply_in();
    let kubectl = cluster.access().kubectl().in_namespace(namespace);
    let manifests = tell::manifests();
    let manifests = manifests.to_string_lossy();
    kubectl.run(&["apply", "-f", &manifests]).await?;
    let reader = Reader::new(viewer)?;
    let page = format!("/{namespace}/{}", tell::APPLIED);
    let shown =
        reader.wait_for(&page, "the applied note", |html| html.contains("潮汐式調和")).await;
    kubectl.run(&["delete", "--wait", "-f", &manifests]).await?;
    shown?;
    tell::step(&format!("ok: the note that was applied in {namespace} is on its page"));
    Ok(())
}

/// git as a person runs it, whatever the person's own settings are.
async fn git(folder: &Path, arguments: &[&str]) -> Result {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=Demo", "-c", "user.email=demo@notes.example"]);
    command.args(arguments).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().await?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("git {}: {stderr}", arguments.join(" ")).into())
}
