//! What forges are told about a commit, so that its author sees beside it what became of the notes.
//!
//! One state of a commit each: the forges' own APIs, by a token that a Secret has. Nothing is asked of a
//! forge, and nothing waits for it: [`send`] says whether it is worth trying again.

mod forge;
mod report;
mod send;

pub use forge::{Forge, ForgeKind};
pub use report::{Report, State};
pub use send::{Failure, client, send};
