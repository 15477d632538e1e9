//! What the three controllers of a scope share.

use std::sync::{Arc, Mutex};

use futures::channel::mpsc::UnboundedSender;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::Client;
use kube::runtime::reflector::{ObjectRef, Store};

use super::caches::Caches;
use super::compute::Compute;
use super::fights::Fights;
use super::loads::Loads;
use super::memory::{Fact, Memory};
use super::pace::Pace;
use super::remotes::Remotes;
use super::retries::Retries;
use super::scope::Process;
use super::visit::{Unreadable, Visit};
use crate::api::{NoteRepository, Summit, TalkNote};
use crate::document::{KeepingRoom, Readings};
use crate::telemetry::metrics::Metrics;

/// What the three controllers of a scope share.
pub struct Context {
    /// Talks to the API server; every request has a deadline.
    pub client: Client,
    /// What the watches have seen.
    pub stores: Stores,
    /// Where to ask for a reconciliation.
    pub queues: Queues,
    /// All that is remembered of objects; the facts that follow are parts of it.
    pub memory: Memory,
    /// What we expect to see in the cluster, so that our own writes wake nobody: fingerprints of the
    /// objects as we wrote them.
    pub expected: Fact<String>,
    /// Failed attempts per object.
    pub retries: Retries,
    /// Who else writes what we write.
    pub fights: Fights,
    /// Facts about the last visit of each repository.
    pub repositories: Fact<Arc<Visit>>,
    /// The last revision of each repository that can never be read.
    pub unreadable: Fact<Arc<Unreadable>>,
    /// What the documents of each repository told when they were read.
    pub readings: Fact<Arc<Mutex<Readings>>>,
    /// The room that all of them share.
    pub keeping: KeepingRoom,
    /// How many objects of each repository were found changed by others.
    pub drifts: Fact<u64>,
    /// Cost of the last visit of each summit.
    pub summits: Fact<Pace>,
    /// The status that we wrote last: uid of the object, and a digest.
    pub statuses: Fact<(String, u64)>,
    /// Counters of the process.
    pub metrics: Arc<Metrics>,
    /// Where pages are rendered.
    pub compute: Compute,
    /// Room for what is read of repositories.
    pub loads: Loads,
    /// What git servers said; shared by all scopes.
    pub remotes: Arc<Remotes>,
    /// The git caches; shared by all scopes.
    pub caches: Arc<Caches>,
    /// Whether reports of git servers are taken.
    pub webhooks: bool,
    /// The clock.
    pub now: fn() -> Timestamp,
}

impl Context {
    /// That of a scope of `process`, which remembers nothing yet.
    pub fn new(process: &Process, stores: Stores, queues: Queues) -> Self {
        let memory = Memory::default();
        Self {
            client: process.client.clone(),
            stores,
            queues,
            expected: memory.expected(),
            retries: Retries::of(&memory),
            fights: Fights::of(&memory),
            repositories: memory.last_visits(),
            readings: memory.readings(),
            keeping: KeepingRoom::default(),
            drifts: memory.drifts(),
            unreadable: memory.unreadable(),
            summits: memory.paces(),
            statuses: memory.statuses(),
            memory,
            metrics: process.metrics.clone(),
            compute: process.compute.clone(),
            loads: process.loads.clone(),
            remotes: process.remotes.clone(),
            caches: process.caches.clone(),
            webhooks: process.webhooks,
            now: Timestamp::now,
        }
    }
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
