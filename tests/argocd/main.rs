//! Argo CD itself: its application controller, repo-server, ApplicationSet controller and plugin
//! server, built from its Go module, drive notes on a real API server. `make e2e-argocd` runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod actions;
mod application;
mod install;
mod lua;
mod manifests;
mod markdown;
mod quiet;
mod steps;
mod summits;
mod tracking;
