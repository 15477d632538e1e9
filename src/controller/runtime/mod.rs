//! What keeps the controllers going: startup, watches, queues, runners, shutdown.

pub mod compute;
pub mod error;
pub mod hooks;
mod parts;
pub mod run;
pub mod runner;
pub mod salvage;
pub mod scope;
mod startup;
pub mod triggers;
mod watch;
