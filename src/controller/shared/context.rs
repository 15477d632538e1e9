//! What the controllers of a scope share.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use futures::channel::mpsc::UnboundedSender;
use jiff::Timestamp;
use kube::Client;
use kube::runtime::reflector::{ObjectRef, Store};

use crate::api::{NoteRepository, Summit, TalkNote, Viewer};
use crate::controller::notifications::Notifications;
use crate::controller::remotes::Remotes;
use crate::controller::remotes::answers::Answers;
use crate::controller::remotes::caches::Caches;
use crate::controller::remotes::loads::Loads;
use crate::controller::runtime::compute::Compute;
use crate::controller::shared::children::Children;
use crate::controller::shared::text::Texts;
use crate::controller::state::contention::Contention;
use crate::controller::state::debounce::Debounce;
use crate::controller::state::memory::{Fact, Memory};
use crate::controller::state::pages::Pages;
use crate::controller::state::reconciled::{Reconciled, Unreadable};
use crate::controller::state::retries::Retries;
use crate::controller::state::upgrade::Upgrade;
use crate::document::KeepingRoom;
use crate::import::Importer;
use crate::telemetry::metrics::Metrics;

/// What the controllers of a scope share.
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
    /// Since when objects wait to be reconciled.
    pub requests: Fact<Instant>,
    /// Since when a repository that is reconciled was asked for; none where it was only time.
    pub asked: Fact<Instant>,
    /// Failed attempts per object.
    pub retries: Retries,
    /// Who else writes what we write.
    pub contention: Contention,
    /// Facts about the last reconciliation of each repository.
    pub repositories: Fact<Arc<Reconciled>>,
    /// The last revision of each repository that can never be read.
    pub unreadable: Fact<Arc<Unreadable>>,
    /// What the documents of each repository told when they were read.
    pub importers: Fact<Arc<Mutex<Importer>>>,
    /// The room that all of them share.
    pub keeping: KeepingRoom,
    /// How many objects of each repository were found changed by others.
    pub drifts: Fact<u64>,
    /// Cost of the last reconciliation of each summit.
    pub summits: Fact<Debounce>,
    /// Texts that are about to be rendered.
    pub texts: Texts,
    /// Pages that another version of the renderer made.
    pub upgrade: Upgrade,
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
    /// What they answered; shared by all scopes.
    pub answers: Arc<Answers>,
    /// The git caches; shared by all scopes.
    pub caches: Arc<Caches>,
    /// Who is told of notes.
    pub notifications: Notifications,
    /// Whether reports of git servers are taken.
    pub webhooks: bool,
    /// Image of viewers that name none.
    pub viewer_image: Option<Arc<str>>,
    /// The clock.
    pub now: fn() -> Timestamp,
}

/// What the watches have seen. Clones share it.
#[derive(Clone)]
pub struct Stores {
    /// All notes of the scope, without their texts.
    pub talk_notes: Store<TalkNote>,
    /// All summits of the scope, without their overviews.
    pub summits: Store<Summit>,
    /// All repositories of the scope.
    pub repositories: Store<NoteRepository>,
    /// All viewers of the scope.
    pub viewers: Store<Viewer>,
    /// What those are made of.
    pub children: Children,
    /// The ConfigMaps that we manage, without their data: see [`crate::controller::shared::published`].
    pub config_maps: Pages,
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
    /// Queue of the `Viewer` controller.
    pub viewers: UnboundedSender<ObjectRef<Viewer>>,
}
