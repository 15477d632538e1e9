//! What git servers report: a push is on the page at once, not after the next interval.
//!
//! ```text
//! request ──▶ limits ──▶ who acts? ──another replica──▶ the same request there
//!                            └──we──▶ hook by its path ──▶ signature ──▶ what was pushed ──▶ seen before? ──▶ visit
//! ```
//!
//! A report carries no truth: it only says that the remote should be asked now. What is fetched, and as
//! whom, is said by the repository alone. Bodies are hostile until their signature is checked, and are
//! not looked into before.

mod changes;
mod forward;
mod limit;
mod payload;
mod receiver;
mod replay;
mod signature;

pub use receiver::{Actor, Desk, Hook, PATH, router};
