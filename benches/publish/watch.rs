//! Sees when all notes are Ready, by a watch: asking again and again would cost the API server what is
//! measured.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, ResourceExt as _};
use talknotes::api::TalkNote;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::Result;

/// How long something with `notes` notes may take before the benchmark gives up.
pub fn patience(notes: usize) -> Duration {
    Duration::from_secs(60) + Duration::from_millis(50) * u32::try_from(notes).unwrap_or(u32::MAX)
}

/// Waits until a number of notes are Ready.
pub struct ReadyWatch {
    notes: usize,
    task: JoinHandle<Result<Instant>>,
}

impl ReadyWatch {
    /// Begins to watch, and returns when what is there has been seen.
    ///
    /// # Errors
    /// Where the watch ends at once.
    pub async fn begin(api: Api<TalkNote>, notes: usize) -> Result<Self> {
        let (begun, has_begun) = oneshot::channel();
        let task = tokio::spawn(watch(api, notes, begun));
        has_begun.await.map_err(|_| "the watch for ready notes ended")?;
        Ok(Self { notes, task })
    }

    /// When all were Ready.
    ///
    /// # Errors
    /// Where that takes too long.
    pub async fn finished(self) -> Result<Instant> {
        let patience = patience(self.notes);
        let outcome = tokio::time::timeout(patience, self.task).await;
        let seconds = patience.as_secs();
        outcome.map_err(|_| format!("not all of {} notes Ready in {seconds} s", self.notes))??
    }
}

async fn watch(api: Api<TalkNote>, notes: usize, begun: oneshot::Sender<()>) -> Result<Instant> {
    let mut begun = Some(begun);
    let mut ready = HashSet::new();
    let mut events = std::pin::pin!(watcher(api, watcher::Config::default()));
    while let Some(event) = events.next().await {
        match event? {
            Event::Apply(note) | Event::InitApply(note) if is_ready(&note) => {
                ready.insert(note.name_any());
            }
            Event::InitDone => drop(begun.take().map(|begun| begun.send(()))),
            _ => {}
        }
        if ready.len() == notes {
            return Ok(Instant::now());
        }
    }
    Err("the watch for ready notes ended".into())
}

fn is_ready(note: &TalkNote) -> bool {
    let conditions = note.status.iter().flat_map(|status| &status.conditions);
    conditions.into_iter().any(|it| it.type_ == "Ready" && it.status == "True")
}
