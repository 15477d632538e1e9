//! What others are told: forges about a commit, so that its author sees beside it what became of the notes;
//! and sinks about notes, by CloudEvents.
//!
//! A forge has one state of a commit, by its own API and a token that a Secret has. A sink is posted a signed
//! event. Nothing is asked of either, and nothing waits for them: [`send`] and [`deliver`] say whether it is
//! worth trying again.

mod event;
mod forge;
mod report;
mod send;
mod sign;
mod sink;

pub use event::{CloudEvent, EventType};
pub use forge::{Forge, ForgeKind};
pub use report::{Report, State};
pub use send::{Failure, client, send};
pub use sign::SigningKey;
pub use sink::{deliver, sink_client, sink_url};
