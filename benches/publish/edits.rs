//! One changed note among many, from `git push` to the viewer's page.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use kube::ResourceExt as _;
use kube::api::{Patch, PatchParams};
use serde::Serialize;
use serde_json::json;
use talknotes::api::{NoteRepository, TalkNote, names};
use tokio::task::block_in_place;

use crate::notes;
use crate::rounds::Published;
use crate::stage::{REPOSITORY, Stage, list};
use crate::support::git_server::Repository;
use crate::support::page::Reader;
use crate::support::{Result, wait};

/// How edits of a body arrive.
#[derive(Serialize)]
pub struct Edits {
    /// Number of notes in the repository.
    pub notes: usize,
    /// Seconds from the beginning of each push until the page shows it.
    pub seconds: Vec<f64>,
    /// Writes of the controller for one edit, by verb and resource.
    pub writes: BTreeMap<String, f64>,
}

/// Pushes `pushes` edits of one of `notes` notes and waits for each on the page at `viewer`.
///
/// # Errors
/// Where one does not arrive.
pub async fn measure(
    stage: &Stage,
    published: &Published,
    git: &Repository,
    viewer: &str,
    notes: usize,
    pushes: usize,
) -> Result<Edits> {
    let namespace = &published.namespace;
    let page = page(stage, namespace).await?;
    let reader = Reader::new(viewer)?;
    reader.wait_for(&page, "the note", |html| html.contains("as it was first told")).await?;
    let before = stage.writes(namespace)?;
    let mut seconds = Vec::new();
    for number in 1..=pushes {
        let remark = format!("edit {number}");
        let took = edit(stage, git, &reader, namespace, &page, notes, &remark).await?;
        eprintln!("  push {number} of {pushes}: on the page after {:.0} ms", took * 1000.0);
        seconds.push(took);
    }
    let writes = stage.writes(namespace)?.into_iter().filter_map(|(what, count)| {
        let more = count - before.get(&what).copied().unwrap_or_default();
        (more > 0).then(|| (what, more as f64 / pushes as f64))
    });
    Ok(Edits { notes, seconds, writes: writes.collect() })
}

/// Path of the page of the note that is edited.
async fn page(stage: &Stage, namespace: &str) -> Result<String> {
    let title = notes::edited_title();
    let all = list(&stage.api::<TalkNote>(namespace)).await?;
    let note = all.into_iter().find(|note| note.spec.title == title);
    let note = note.ok_or_else(|| format!("there is no note {title}"))?;
    let summit = note.spec.summit_ref.as_ref().ok_or("the note names no summit")?;
    Ok(format!("/{namespace}/{}/{}", summit.name, note.name_any()))
}

async fn edit(
    stage: &Stage,
    git: &Repository,
    reader: &Reader,
    namespace: &str,
    page: &str,
    notes: usize,
    remark: &str,
) -> Result<f64> {
    let (path, text) = notes::edited(notes, remark);
    let commit = block_in_place(|| {
        git.write(&path, text.as_bytes());
        git.run(&["commit", "-q", "-a", "-m", remark]);
        git.run(&["rev-parse", "HEAD"])
    });
    let mut events = reader.events(&format!("/-/events?page={page}")).await?;
    let start = Instant::now();
    block_in_place(|| git.run(&["push", "-q", "origin", "HEAD"]));
    request(stage, namespace).await?;
    let wanted = format!(", {remark}.");
    let shown = async {
        loop {
            events.wait_for("changed").await?;
            if reader.get(page).await?.1.contains(&wanted) {
                return Ok(start.elapsed());
            }
        }
    };
    let shown: Result<Duration> = tokio::time::timeout(wait::DEADLINE, shown)
        .await
        .map_err(|_| format!("{remark} did not arrive at {page}"))?;
    stage.settled(namespace, notes, Some(&commit)).await?;
    Ok(shown?.as_secs_f64())
}

/// Asks for a visit of the repository now.
///
/// # Errors
/// Where the API server refuses it.
pub async fn request(stage: &Stage, namespace: &str) -> Result {
    let now = jiff::Timestamp::now().to_string();
    let patch = json!({ "metadata": { "annotations": { names::REQUESTED_AT: now } } });
    let api = stage.api::<NoteRepository>(namespace);
    api.patch(REPOSITORY, &PatchParams::default(), &Patch::Merge(&patch)).await?;
    Ok(())
}
