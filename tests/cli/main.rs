//! The command line from the outside: what people and scripts type, read and rely on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod asking;
mod cluster;
mod creating;
mod explaining;
mod exporting;
mod fixing;
mod healthcheck;
mod help;
mod hooks;
mod importing;
mod linting;
mod preview;
mod rules;
mod sarif;
mod shared_notes;
mod showing;
mod site;
mod sites;
mod sources;
mod terminal;
mod workspace;
