//! Finding notes by their words.
//!
//! ```text
//!  note ──fold──▶ Searchable, one string a note ──┐
//!                 Vocabulary, all Latin words ────┼──▶ ranked notes ──▶ snippets with their places
//!  query ─fold──▶ terms, repaired where needed ───┘
//! ```
//!
//! A term is found wherever it stands, inside of words too: that is what readers expect of Han text, and
//! the one way to write text in its simplest form ([`fold`]) serves notes and queries alike.

mod fold;
mod query;
mod rank;
mod searchable;
mod snippets;
mod vocabulary;

pub use query::Query;
pub use rank::{Repair, find};
pub use searchable::Searchable;
pub use snippets::{Hit, Piece, hits, marked};
pub use vocabulary::Vocabulary;

#[cfg(test)]
mod tests;
