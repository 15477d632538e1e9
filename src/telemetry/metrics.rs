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

use super::gauges::{Gauges, OfKind};

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
struct Build {
    version: &'static str,
}

/// Sets gauges to what is true now.
type Source = Box<dyn Fn(&Gauges) + Send + Sync>;

/// All metrics of the process. Counters and timings have labels of few values; what names objects is read
/// from the watches when it is asked for, and has no timings.
pub struct Metrics {
    registry: Registry,
    reconciliations: Family<Reconciliation, Histogram>,
    failures: Family<Failure, Counter>,
    under_way: Family<OfKind, Gauge>,
    waits: Family<OfKind, Histogram>,
    writes: Family<Write, Counter>,
    git: Family<GitVisit, Counter>,
    git_durations: Family<GitVisit, Histogram>,
    read_bytes: Counter,
    webhooks: Family<Report, Counter>,
    commit_statuses: Family<Report, Counter>,
    notifications: Family<Report, Counter>,
    unreadable: Family<OfKind, Gauge>,
    leads: Gauge,
    workers: Gauge,
    gauges: Gauges,
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
            waits: Family::new_with_constructor(reconciliation_time),
            writes: Family::default(),
            git: Family::default(),
            git_durations: Family::new_with_constructor(git_time),
            read_bytes: Counter::default(),
            webhooks: Family::default(),
            commit_statuses: Family::default(),
            notifications: Family::default(),
            unreadable: Family::default(),
            leads: Gauge::default(),
            workers: Gauge::default(),
            gauges: Gauges::default(),
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
        let (waits, help) =
            (self.waits.clone(), "Time from a request until its reconciliation begins, by kind");
        self.registry.register_with_unit("queue_wait", help, Unit::Seconds, waits);
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
        let help = "Events that were posted to sinks by result";
        self.register("notifications", help, self.notifications.clone());
    }

    fn register_state(&mut self) {
        let help =
            "Objects that do not match the types of this version and are left alone, by kind";
        self.register("unreadable_objects", help, self.unreadable.clone());
        let help = "Whether this replica may write: 1 for the leader, and without leader election";
        self.register("leader", help, self.leads.clone());
        let help = "Worker threads: as many as the process may use cores";
        self.register("worker_threads", help, self.workers.clone());
        self.gauges.register(&mut self.registry);
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

    /// Records how long a request waited.
    pub fn waited(&self, kind: &'static str, time: Duration) {
        self.waits.get_or_create(&OfKind { kind }).observe(time.as_secs_f64());
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

    /// Counts an event that was posted to a sink.
    pub fn notification(&self, result: &'static str) {
        self.notifications.get_or_create(&Report { result }).inc();
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

    /// Asks `source` for what is true, whenever somebody asks for the metrics.
    pub fn ask(&self, source: impl Fn(&Gauges) + Send + Sync + 'static) {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(source));
    }

    /// All metrics as text.
    ///
    /// # Errors
    /// Where a metric cannot be written, which would be a fault of ours.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        // Held to the end: of two who ask at once, one would take the other's answers away.
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        self.gauges.clear();
        sources.iter().for_each(|source| source(&self.gauges));
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
