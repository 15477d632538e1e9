//! What the three controllers of a scope share.

use std::path::PathBuf;
use std::sync::Arc;

use futures::channel::mpsc::UnboundedSender;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::Client;
use kube::runtime::reflector::{ObjectRef, Store};

use super::compute::Compute;
use super::fights::Fights;
use super::memory::Memory;
use super::pace::Pace;
use super::retries::Retries;
use super::visit::Visit;
use crate::api::{NoteRepository, Summit, TalkNote};
use crate::telemetry::metrics::Metrics;

/// What the three controllers of a scope share.
pub struct Context {
    /// Talks to the API server; every request has a deadline.
    pub client: Client,
    /// What the watches have seen.
    pub stores: Stores,
    /// Where to ask for a reconciliation.
    pub queues: Queues,
    /// What we expect to see in the cluster, so that our own writes wake nobody.
    pub expected: Expectations,
    /// Failed attempts per object.
    pub retries: Retries,
    /// Who else writes what we write.
    pub fights: Fights,
    /// Facts about the last visit of each repository.
    pub repositories: Memory<Visit>,
    /// How many objects of each repository were found changed by others.
    pub drifts: Memory<u64>,
    /// Cost of the last visit of each summit.
    pub summits: Memory<Pace>,
    /// The status that we wrote last, by uid, as a digest.
    pub statuses: Memory<u64>,
    /// Counters of the process.
    pub metrics: Arc<Metrics>,
    /// Where pages are rendered.
    pub compute: Compute,
    /// Folder of the git caches; may vanish at any time.
    pub cache_dir: PathBuf,
    /// The clock.
    pub now: fn() -> Timestamp,
}

/// What the watches have seen. Clones share it.
#[derive(Clone)]
pub struct Stores {
    /// All notes of the scope.
    pub talk_notes: Store<TalkNote>,
    /// All summits of the scope.
    pub summits: Store<Summit>,
    /// All repositories of the scope.
    pub repositories: Store<NoteRepository>,
    /// The ConfigMaps that we manage, without their data: see [`super::published`].
    pub config_maps: Store<ConfigMap>,
}

impl Stores {
    /// The notes in `namespace` that name the summit `summit`.
    pub fn notes_of(&self, namespace: &str, summit: &str) -> Vec<Arc<TalkNote>> {
        let mut notes = self.talk_notes.state();
        notes.retain(|note| {
            note.metadata.namespace.as_deref() == Some(namespace)
                && note.spec.summit_ref.as_ref().is_some_and(|named| named.name == summit)
        });
        notes
    }
}

/// Where to ask for a reconciliation. A send fails only at shutdown, when nobody needs it.
pub struct Queues {
    /// Queue of the `TalkNote` controller.
    pub talk_notes: UnboundedSender<ObjectRef<TalkNote>>,
    /// Queue of the `Summit` controller.
    pub summits: UnboundedSender<ObjectRef<Summit>>,
    /// Queue of the `NoteRepository` controller.
    pub repositories: UnboundedSender<ObjectRef<NoteRepository>>,
}

/// Fingerprints of the objects as we wrote them, by kind, namespace and name.
pub type Expectations = Memory<String>;
