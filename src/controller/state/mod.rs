//! What is remembered between reconciliations, by object, and how it is forgotten.

pub mod contention;
pub mod debounce;
pub mod forget;
pub mod memory;
pub mod pages;
pub mod reconciled;
pub mod retries;
pub mod texts;
pub mod upgrade;
