//! What the scopes of a process share, and what those of a scope do.

use std::sync::Arc;

use jiff::Timestamp;
use kube::Client;
use tokio_util::sync::CancellationToken;

use crate::controller::leader::Leadership;
use crate::controller::notifications::Notifications;
use crate::controller::remotes::Remotes;
use crate::controller::remotes::answers::Answers;
use crate::controller::remotes::caches::Caches;
use crate::controller::remotes::loads::Loads;
use crate::controller::runtime::compute::Compute;
use crate::controller::runtime::hooks::Hooks;
use crate::controller::shared::context::{Context, Queues, Stores};
use crate::controller::shared::text::Texts;
use crate::controller::state::contention::Contention;
use crate::controller::state::memory::Memory;
use crate::controller::state::retries::Retries;
use crate::controller::state::texts::TextRoom;
use crate::controller::state::upgrade::{Turns, Upgrade};
use crate::document::KeepingRoom;
use crate::telemetry::metrics::Metrics;
use crate::telemetry::watches::WatchHealth;

/// What the scopes of a process share.
pub struct Process {
    /// Talks to the API server, and writes only while this process leads.
    pub client: Client,
    /// What git servers said.
    pub remotes: Arc<Remotes>,
    /// What they answered.
    pub answers: Arc<Answers>,
    /// The git caches.
    pub caches: Arc<Caches>,
    /// Counters of the process.
    pub metrics: Arc<Metrics>,
    /// Where pages are rendered.
    pub compute: Compute,
    /// Room for what is read of repositories.
    pub loads: Loads,
    /// In which order pages of another renderer are rendered again.
    pub turns: Turns,
    /// Whether reports of git servers are taken.
    pub webhooks: bool,
    /// What those reports are about.
    pub hooks: Hooks,
    /// Whether the watches are alive.
    pub health: WatchHealth,
    /// Whether this process leads.
    pub leadership: Leadership,
    /// Image of viewers that name none.
    pub viewer_image: Option<Arc<str>>,
    /// When to end.
    pub shutdown: CancellationToken,
}

impl Process {
    /// What the controllers of a scope share, which remembers nothing yet.
    pub fn context(&self, stores: Stores, queues: Queues) -> Context {
        let memory = Memory::default();
        Context {
            client: self.client.clone(),
            stores,
            queues,
            expected: memory.expected(),
            requests: memory.requests(),
            asked: memory.asked(),
            retries: Retries::of(&memory),
            contention: Contention::of(&memory),
            repositories: memory.last_reconciles(),
            importers: memory.importers(),
            keeping: KeepingRoom::default(),
            drifts: memory.drifts(),
            unreadable: memory.unreadable(),
            summits: memory.debounces(),
            texts: Texts { kept: memory.texts(), room: TextRoom::default() },
            upgrade: Upgrade::of(&memory, self.turns.clone()),
            statuses: memory.statuses(),
            memory,
            metrics: self.metrics.clone(),
            compute: self.compute.clone(),
            loads: self.loads.clone(),
            remotes: self.remotes.clone(),
            answers: self.answers.clone(),
            caches: self.caches.clone(),
            notifications: Notifications::default(),
            webhooks: self.webhooks,
            viewer_image: self.viewer_image.clone(),
            now: Timestamp::now,
        }
    }
}
