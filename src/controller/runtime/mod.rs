//! What keeps the controllers going: startup, watches, queues, runners, shutdown.

pub mod compute;
pub mod error;
mod gauges;
pub mod hooks;
mod inventory;
mod parts;
pub mod process;
pub mod run;
pub mod runner;
pub mod salvage;
pub mod scope;
mod startup;
pub mod triggers;
pub mod watch;
