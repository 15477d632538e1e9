//! The viewer's pages in a real browser, Chromium, over WebDriver.
//!
//! ```text
//!  preview: the real binary on a folder ◀── browser: chromedriver, one for each test
//!                     ▲                          ▲
//!                     └── one file of tests for each thing that readers rely on
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod browser;
mod direction;
mod driver;
mod everyone;
mod finding;
mod fit;
mod folded;
mod following;
mod hostile;
mod images;
mod keeping;
mod keyboard;
mod narrow;
mod pictures;
mod policy;
mod preview;
mod programme;
mod remarks;
mod scriptless;
mod searching;
mod site;
