//! Logs, metrics and probes.

pub mod gauges;
pub mod inventory;
pub mod logs;
pub mod metrics;
pub mod probes;
pub mod viewer_metrics;
pub mod watches;
