//! What must hold of every input, whoever wrote it.
//!
//! The pure rooms are compiled in here from their sources: they need nothing of the rest, and without
//! git, HTTP and Kubernetes clients the fuzzers are built in a minute or two.

#![allow(dead_code, reason = "the rooms have more than is fuzzed")]

#[path = "../../src/api/mod.rs"]
pub mod api;
#[path = "../../src/document/mod.rs"]
pub mod document;
#[path = "../../src/render/mod.rs"]
pub mod render;

mod reading;
mod rendering;

pub use reading::read;
pub use rendering::render_note;
