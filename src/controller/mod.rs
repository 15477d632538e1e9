//! The controllers, and the only code that writes to a cluster.
//!
//! Each kind has a folder with the same steps, one file a step:
//!
//! ```text
//! fetch ──▶ validate ──▶ build ──▶ apply ──▶ status
//! client    pure         pure      client    pure, then written by `shared::report`
//! ```
//!
//! Beside them stand
//!
//! - `runtime`: follows each kind, turns changes into requests, and runs the controllers;
//! - `leader`: lets one of several replicas write;
//! - `state`: what is remembered of each object between reconciliations;
//! - `notifications`: tells others of notes;
//! - `remotes`: what is known of git servers, and how much of repositories is in memory at once;
//! - `shared`: what all of them share. `shared::error` holds the table of what follows from a failure,
//!   `shared::conditions` turns it into what people and tools read.

mod leader;
mod note_repository;
mod notifications;
mod remotes;
mod runtime;
mod shared;
mod state;
mod summit;
mod talk_note;
mod viewer;

pub use leader::LeaderElection;
pub use runtime::error::RunError;
pub use runtime::run::{Options, run};
pub use shared::codes::Code;
pub use shared::published::image as image_config_map;
pub use shared::visibility::{PublicationWindow, Visibility};
pub use viewer::default::DefaultViewer;
