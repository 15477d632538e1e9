//! Counters and timings in the OpenMetrics text format.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// Media type of [`Metrics::encode`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Reconciliation {
    kind: &'static str,
    result: &'static str,
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

/// All metrics of the process. Labels have few values: no names of objects.
pub struct Metrics {
    registry: Registry,
    reconciliations: Family<Reconciliation, Histogram>,
    writes: Family<Write, Counter>,
    git: Family<GitVisit, Counter>,
    webhooks: Family<Report, Counter>,
    commit_statuses: Family<Report, Counter>,
    unreadable: Family<OfKind, Gauge>,
    leads: Gauge,
    workers: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("talknotes");
        let reconciliations = Family::<Reconciliation, Histogram>::new_with_constructor(|| {
            Histogram::new(exponential_buckets(0.001, 4.0, 9))
        });
        registry.register_with_unit(
            "reconcile_duration",
            "Time of a reconciliation by kind and result",
            Unit::Seconds,
            reconciliations.clone(),
        );
        let writes = Family::<Write, Counter>::default();
        registry.register(
            "api_writes",
            "Writes to the API server by kind and verb",
            writes.clone(),
        );
        let git = Family::<GitVisit, Counter>::default();
        registry.register(
            "git_requests",
            "Visits to git servers by operation and result",
            git.clone(),
        );
        let webhooks = Family::<Report, Counter>::default();
        registry.register(
            "webhooks",
            "Reports of git servers by what became of them",
            webhooks.clone(),
        );
        let commit_statuses = Family::<Report, Counter>::default();
        registry.register(
            "commit_statuses",
            "States of commits told to forges by result",
            commit_statuses.clone(),
        );
        let unreadable = Family::<OfKind, Gauge>::default();
        registry.register(
            "unreadable_objects",
            "Objects that do not match the types of this version and are left alone, by kind",
            unreadable.clone(),
        );
        let leads = Gauge::default();
        registry.register(
            "leader",
            "Whether this replica may write: 1 for the leader, and without leader election",
            leads.clone(),
        );
        let workers = Gauge::default();
        registry.register(
            "worker_threads",
            "Worker threads: as many as the process may use cores",
            workers.clone(),
        );
        Self {
            registry,
            reconciliations,
            writes,
            git,
            webhooks,
            commit_statuses,
            unreadable,
            leads,
            workers,
        }
    }
}

impl Metrics {
    /// Records a reconciliation. `result` is `success` or a class of error.
    pub fn reconciled(&self, kind: &'static str, result: &'static str, took: Duration) {
        self.reconciliations
            .get_or_create(&Reconciliation { kind, result })
            .observe(took.as_secs_f64());
    }

    /// Counts a write to the API server.
    pub fn write(&self, kind: &'static str, verb: &'static str) {
        self.writes.get_or_create(&Write { kind, verb }).inc();
    }

    /// Counts a visit to a git server.
    pub fn git(&self, operation: &'static str, result: &'static str) {
        self.git.get_or_create(&GitVisit { operation, result }).inc();
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

    /// All metrics as text.
    ///
    /// # Errors
    /// Where a metric cannot be written, which would be a fault of ours.
    pub fn encode(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_shown() {
        let metrics = Metrics::default();
        metrics.write("ConfigMap", "apply");
        metrics.reconciled("TalkNote", "success", Duration::from_millis(3));
        let text = metrics.encode().unwrap();
        assert!(
            text.contains(r#"talknotes_api_writes_total{kind="ConfigMap",verb="apply"} 1"#),
            "{text}"
        );
        assert!(text.contains("talknotes_reconcile_duration_seconds_count"), "{text}");
    }
}
