//! A time in which nothing changes.

use std::collections::BTreeMap;
use std::time::Duration;

use kube::api::{Patch, PatchParams};
use serde::Serialize;
use serde_json::json;
use talknotes::api::NoteRepository;

use crate::process::resident_memory;
use crate::rounds::Published;
use crate::stage::{REPOSITORY, Stage};
use crate::support::git_server::GitServer;
use crate::support::operator::Program;
use crate::support::{Result, writes};

/// What happened while nothing changed.
#[derive(Serialize)]
pub struct Quiet {
    /// Number of notes in the cluster.
    pub notes: usize,
    /// How long it was, in seconds.
    pub seconds: u64,
    /// Writes of anybody to what the operator writes to, by verb and resource.
    pub writes: BTreeMap<String, u64>,
    /// How often the git server was asked.
    pub visits: u64,
    /// Resident memory of the controller in MiB.
    pub controller: f64,
    /// Resident memory of the viewer in MiB.
    pub viewer: f64,
}

/// Counts what is written in a time `quiet` with `notes` notes.
///
/// # Errors
/// Where the API server or the operator does not answer.
pub async fn measure(
    stage: &Stage,
    published: &Published,
    viewer: &Program,
    server: &GitServer,
    notes: usize,
    quiet: Duration,
) -> Result<Quiet> {
    eprintln!("doing nothing for {} s with {notes} notes", quiet.as_secs());
    let patch = json!({ "spec": { "interval": "10s" } });
    let api = stage.api::<NoteRepository>(&published.namespace);
    // The first visit follows from the patch; the second one is by the clock, and changes nothing.
    let visits = server.wait_for_ls_remotes(2);
    api.patch(REPOSITORY, &PatchParams::default(), &Patch::Merge(&patch)).await?;
    visits.await;
    stage.settled(&published.namespace, notes, None).await?;

    let (before, visits) = (writes::count(&stage.admin).await?, server.ls_remote_count());
    tokio::time::sleep(quiet).await;
    let after = writes::count(&stage.admin).await?;
    let more = after.into_iter().filter_map(|(what, count)| {
        let more = count - before.get(&what).copied().unwrap_or_default();
        (more > 0).then_some((what, more))
    });
    Ok(Quiet {
        notes,
        seconds: quiet.as_secs(),
        writes: more.collect(),
        visits: server.ls_remote_count() - visits,
        controller: resident_memory(published.controller.pid())?,
        viewer: resident_memory(viewer.pid())?,
    })
}
