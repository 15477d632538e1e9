//! Logs, metrics and probes.

pub mod gauges;
pub mod logs;
pub mod metrics;
pub mod probes;
pub mod watches;
