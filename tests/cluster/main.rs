//! The operator on a real API server. All tests share one control plane, each has a namespace of its
//! own, and the operator runs under the RBAC of `deploy/`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod by_hand;
mod commit_status;
mod doctoring;
mod draining;
mod exporting;
mod healing;
mod images;
mod killing;
mod kinds;
mod leading;
mod manners;
mod moving;
mod notifying;
mod observing;
mod packages;
mod plugin;
mod previewing;
mod private;
mod programme;
mod pruning;
mod publishing;
mod references;
mod remotes;
mod repository_status;
mod restarting;
mod rules;
mod sites;
mod sources;
mod verifying;
mod viewing;
mod webhooks;
mod withholding;
