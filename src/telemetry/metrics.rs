//! Counters and timings of the controller in the OpenMetrics text format. docs/metrics.md has all of them.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Metric, Registry, Unit};

use super::inventory::{Inventory, NoteCount, Resource};

/// Media type of [`Metrics::encode`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Reconciliation {
    kind: &'static str,
    result: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Failure {
    kind: &'static str,
    reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Write {
    kind: &'static str,
    verb: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct GitVisit {
    operation: &'static str,
    result: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Report {
    result: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfKind {
    kind: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// Says what there is, when it is asked.
type Source = Box<dyn Fn() -> Inventory + Send + Sync>;

/// All metrics of the process. Counters and timings have labels of few values; what names objects is read
/// from the watches when it is asked for, and has no timings.
pub struct Metrics {
    registry: Registry,
    reconciliations: Family<Reconciliation, Histogram>,
    failures: Family<Failure, Counter>,
    under_way: Family<OfKind, Gauge>,
    writes: Family<Write, Counter>,
    git: Family<GitVisit, Counter>,
    git_durations: Family<GitVisit, Histogram>,
    read_bytes: Counter,
    webhooks: Family<Report, Counter>,
    commit_statuses: Family<Report, Counter>,
    unreadable: Family<OfKind, Gauge>,
    leads: Gauge,
    workers: Gauge,
    stale_watches: Gauge,
    resources: Family<Resource, Gauge>,
    notes: Family<NoteCount, Gauge>,
    sources: Mutex<Vec<Source>>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn reconciliation_time() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 4.0, 9))
}

fn git_time() -> Histogram {
    Histogram::new(exponential_buckets(0.01, 4.0, 8))
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("talknotes"),
            reconciliations: Family::new_with_constructor(reconciliation_time),
            failures: Family::default(),
            under_way: Family::default(),
            writes: Family::default(),
            git: Family::default(),
            git_durations: Family::new_with_constructor(git_time),
            read_bytes: Counter::default(),
            webhooks: Family::default(),
            commit_statuses: Family::default(),
            unreadable: Family::default(),
            leads: Gauge::default(),
            workers: Gauge::default(),
            stale_watches: Gauge::default(),
            resources: Family::default(),
            notes: Family::default(),
            sources: Mutex::default(),
        };
        metrics.register_work();
        metrics.register_git();
        metrics.register_state();
        metrics
    }
}

impl Metrics {
    fn register(&mut self, name: &str, help: &str, metric: impl Metric) {
        self.registry.register(name, help, metric);
    }

    fn register_work(&mut self) {
        let durations = self.reconciliations.clone();
        let help = "Time of a reconciliation by kind and result";
        self.registry.register_with_unit("reconcile_duration", help, Unit::Seconds, durations);
        let help = "Reconciliations that failed by kind and reason";
        self.register("reconcile_errors", help, self.failures.clone());
        let help = "Reconciliations that are under way by kind";
        self.register("reconciles_in_progress", help, self.under_way.clone());
        let help = "Writes to the API server by kind and verb";
        self.register("api_writes", help, self.writes.clone());
    }

    fn register_git(&mut self) {
        let help = "Visits to git servers by operation and result";
        self.register("git_requests", help, self.git.clone());
        let durations = self.git_durations.clone();
        let help = "Time of a visit to a git server by operation and result";
        self.registry.register_with_unit("git_request_duration", help, Unit::Seconds, durations);
        let (bytes, help) = (self.read_bytes.clone(), "Size of the documents of fetched revisions");
        self.registry.register_with_unit("git_documents", help, Unit::Bytes, bytes);
        let help = "Reports of git servers by what became of them";
        self.register("webhooks", help, self.webhooks.clone());
        let help = "States of commits told to forges by result";
        self.register("commit_statuses", help, self.commit_statuses.clone());
    }

    fn register_state(&mut self) {
        let help =
            "Objects that do not match the types of this version and are left alone, by kind";
        self.register("unreadable_objects", help, self.unreadable.clone());
        let help = "Whether this replica may write: 1 for the leader, and without leader election";
        self.register("leader", help, self.leads.clone());
        let help = "Worker threads: as many as the process may use cores";
        self.register("worker_threads", help, self.workers.clone());
        let help = "Watches that have not listed yet or show no sign of life";
        self.register("stale_watches", help, self.stale_watches.clone());
        let help = "NoteRepositories, Summits and Viewers as they stand; always 1";
        self.register("resource_info", help, self.resources.clone());
        let help = "TalkNotes by summit and state: published, withheld or failed";
        self.register("notes", help, self.notes.clone());
        let build = Family::<Build, Gauge>::default();
        build.get_or_create(&Build { version: env!("CARGO_PKG_VERSION") }).set(1);
        self.register("build_info", "Version of the program; always 1", build);
    }

    /// Records a reconciliation. `result` is `success` or a class of error.
    pub fn reconciled(&self, kind: &'static str, result: &'static str, took: Duration) {
        self.reconciliations
            .get_or_create(&Reconciliation { kind, result })
            .observe(took.as_secs_f64());
    }

    /// Counts a reconciliation that failed.
    pub fn failed(&self, kind: &'static str, reason: &'static str) {
        self.failures.get_or_create(&Failure { kind, reason }).inc();
    }

    /// Records that there is one more reconciliation under way, until what this gives is dropped.
    pub fn begin(&self, kind: &'static str) -> UnderWay {
        let gauge = self.under_way.get_or_create_owned(&OfKind { kind });
        gauge.inc();
        UnderWay(gauge)
    }

    /// Counts a write to the API server.
    pub fn write(&self, kind: &'static str, verb: &'static str) {
        self.writes.get_or_create(&Write { kind, verb }).inc();
    }

    /// Counts a visit to a git server.
    pub fn git(&self, operation: &'static str, result: &'static str, took: Duration) {
        let visit = GitVisit { operation, result };
        self.git.get_or_create(&visit).inc();
        self.git_durations.get_or_create(&visit).observe(took.as_secs_f64());
    }

    /// Counts the bytes of a revision's documents.
    pub fn read(&self, bytes: u64) {
        self.read_bytes.inc_by(bytes);
    }

    /// Counts a report of a git server.
    pub fn webhook(&self, result: &'static str) {
        self.webhooks.get_or_create(&Report { result }).inc();
    }

    /// Counts a state of a commit that a forge was told.
    pub fn commit_status(&self, result: &'static str) {
        self.commit_statuses.get_or_create(&Report { result }).inc();
    }

    /// Records that there are so many more objects, or fewer, that cannot be read.
    pub fn unreadable(&self, kind: &'static str, more: i64) {
        self.unreadable.get_or_create(&OfKind { kind }).inc_by(more);
    }

    /// Records whether this replica may write.
    pub fn leads(&self, leads: bool) {
        self.leads.set(i64::from(leads));
    }

    /// Records how many worker threads there are.
    pub fn workers(&self, count: usize) {
        self.workers.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Asks `source` what there is, whenever somebody asks for the metrics.
    pub fn ask(&self, source: impl Fn() -> Inventory + Send + Sync + 'static) {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(source));
    }

    /// All metrics as text.
    ///
    /// # Errors
    /// Where a metric cannot be written, which would be a fault of ours.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        // Held to the end: two who ask at once would take the other's inventory away.
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        self.resources.clear();
        self.notes.clear();
        let mut stale = 0;
        for source in sources.iter() {
            let Inventory { resources, notes, stale_watches } = source();
            stale += i64::try_from(stale_watches).unwrap_or(i64::MAX);
            for resource in resources {
                self.resources.get_or_create(&resource).set(1);
            }
            for (count, number) in notes {
                self.notes.get_or_create(&count).set(number);
            }
        }
        self.stale_watches.set(stale);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A reconciliation that is under way.
pub struct UnderWay(Gauge);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
