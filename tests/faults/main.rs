//! Faults of the API server, one at a time and on purpose: the operator reaches its goal when they are
//! over, leaves the rest alone meanwhile, and does not ask again and again.
//!
//! The binary under test runs as a process; the API server is a small one of our own, since a real one
//! cannot be told to fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod fake_api;
mod load;
mod probes;
mod scene;
mod starting;
mod state;
mod watches;
mod withholding;
