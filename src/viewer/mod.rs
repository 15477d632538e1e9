//! The web viewer: what is published, as pages that change by themselves.
//!
//! A source ([`sources`]) fills the [`Library`]; [`router`] makes pages of it, rendered on the
//! server and readable without JavaScript, and tells open pages over server-sent events when they
//! changed; [`serve`] answers requests until it is told to stop. Notes are hostile input: every
//! word is escaped, links lead to the web or nowhere, fragments of HTML are sanitized again,
//! and a strict content security policy stands behind all that.

mod address;
mod assets;
mod base;
mod cache;
mod etag;
mod exports;
mod features;
mod headers;
mod health;
mod images;
mod language;
mod library;
mod live;
mod maps;
mod pages;
mod relink;
mod seal;
mod search;
mod server;
mod site;
pub mod sources;
mod view;
mod words;

pub use address::{Key, PageId};
pub use base::{Base, NoBase};
pub use features::Flags;
pub use health::SourceHealth;
pub use language::offer as offer_languages;
pub use library::{Change, Library, PublishedImage, PublishedNote, PublishedSummit, Shelf};
pub use pages::{Remark, remark};
pub use server::{Options, router, serve};
pub use site::{SiteError, write as write_site};

#[cfg(test)]
mod tokens_tests;
