//! What is true at the moment when somebody asks: how long things wait, and how much is kept. Each is set
//! anew for each answer.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::inventory::{NoteCount, Resource};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfWatch {
    watch: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct OfKind {
    /// The kind.
    pub kind: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Of {
    what: &'static str,
}

/// Gauges that are set when they are asked for.
#[derive(Default)]
pub struct Gauges {
    watch_age: Family<OfWatch, Gauge>,
    queue_depth: Family<OfKind, Gauge>,
    queue_oldest: Family<OfKind, Gauge>,
    watched: Family<OfKind, Gauge>,
    remembered: Gauge,
    kept: Family<Of, Gauge>,
    outdated: Gauge,
    pending: Gauge,
    lag: Gauge,
    stale_watches: Gauge,
    resources: Family<Resource, Gauge>,
    notes: Family<NoteCount, Gauge>,
}

impl Gauges {
    /// Registers all of them.
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "watch_age",
            "Time since each watch of the API server showed a sign of life",
            Unit::Seconds,
            self.watch_age.clone(),
        );
        registry.register(
            "queue_depth",
            "Objects that wait to be reconciled, by kind",
            self.queue_depth.clone(),
        );
        registry.register_with_unit(
            "queue_oldest",
            "How long the object has waited that waits longest, by kind",
            Unit::Seconds,
            self.queue_oldest.clone(),
        );
        registry.register(
            "watched_objects",
            "Objects that the watches hold, by kind",
            self.watched.clone(),
        );
        registry.register(
            "remembered_objects",
            "Objects of which something is remembered between reconciliations",
            self.remembered.clone(),
        );
        registry.register_with_unit(
            "kept",
            "Bytes that are kept: texts that wait to be rendered",
            Unit::Bytes,
            self.kept.clone(),
        );
        registry.register(
            "outdated_pages",
            "Pages that another version of the renderer made and that wait to be rendered again",
            self.outdated.clone(),
        );
        registry.register(
            "notifications_pending",
            "Events that sinks have not heard yet",
            self.pending.clone(),
        );
        registry.register_with_unit(
            "notification_lag",
            "How long the sink has waited for its events that waits longest",
            Unit::Seconds,
            self.lag.clone(),
        );
        registry.register(
            "stale_watches",
            "Watches that have not listed yet or show no sign of life",
            self.stale_watches.clone(),
        );
        registry.register(
            "resource_info",
            "NoteRepositories, Summits and Viewers as they stand; always 1",
            self.resources.clone(),
        );
        registry.register(
            "notes",
            "TalkNotes by summit and state: published, withheld or failed",
            self.notes.clone(),
        );
    }

    /// Nothing is known any more.
    pub(super) fn clear(&self) {
        self.watch_age.clear();
        self.queue_depth.clear();
        self.queue_oldest.clear();
        self.watched.clear();
        self.kept.clear();
        self.resources.clear();
        self.notes.clear();
        self.stale_watches.set(0);
        self.remembered.set(0);
        self.outdated.set(0);
        self.pending.set(0);
        self.lag.set(0);
    }

    /// How long ago a watch showed a sign of life.
    pub fn watch_age(&self, watch: String, age: Duration) {
        self.watch_age.get_or_create(&OfWatch { watch }).set(seconds(age));
    }

    /// So many more objects wait, the oldest of them for so long.
    pub fn queue(&self, kind: &'static str, depth: usize, oldest: Duration) {
        self.queue_depth.get_or_create(&OfKind { kind }).inc_by(number(depth));
        let gauge = self.queue_oldest.get_or_create(&OfKind { kind });
        gauge.set(gauge.get().max(seconds(oldest)));
    }

    /// So many more objects are held.
    pub fn watched(&self, kind: &'static str, count: usize) {
        self.watched.get_or_create(&OfKind { kind }).inc_by(number(count));
    }

    /// So many more objects are remembered.
    pub fn remembered(&self, count: usize) {
        self.remembered.inc_by(number(count));
    }

    /// So many more bytes are kept.
    pub fn kept(&self, what: &'static str, bytes: usize) {
        self.kept.get_or_create(&Of { what }).inc_by(number(bytes));
    }

    /// So many more events are owed to sinks, to one of them for so long.
    pub fn notifications(&self, pending: usize, lag: Duration) {
        self.pending.inc_by(number(pending));
        self.lag.set(self.lag.get().max(seconds(lag)));
    }

    /// An object stands like this.
    pub fn resource(&self, resource: &Resource) {
        self.resources.get_or_create(resource).set(1);
    }

    /// So many more notes have this in common.
    pub fn notes(&self, notes: &NoteCount, count: usize) {
        self.notes.get_or_create(notes).inc_by(number(count));
    }

    /// So many more watches are not alive.
    pub fn stale_watches(&self, count: usize) {
        self.stale_watches.inc_by(number(count));
    }

    /// So many more pages wait to be rendered again.
    pub fn outdated(&self, count: usize) {
        self.outdated.inc_by(number(count));
    }
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
