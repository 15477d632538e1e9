//! TalkNotes: summit notes as Kubernetes objects.
//!
//! ```text
//!  git repository ──document──▶ TalkNote, Summit ──render──▶ ConfigMaps ──watch──▶ viewer
//!                    kubectl apply / Argo CD / Flux ─┘
//! ```
//!
//! The arrows between the rooms point one way:
//!
//! * [`api`]: the kinds; every room may use it.
//! * [`document`]: a file's text becomes talks with diagnostics. Pure.
//! * [`render`]: a note becomes HTML and JSON, within a size budget. Pure.
//! * [`lint`]: what an author should know about documents, at its place and with what to do. Pure.
//! * [`git`]: the only code that speaks git.
//! * [`webhook`]: what git servers report.
//! * [`notify`]: what forges are told about a commit.
//! * [`import`]: what a source and its revision are to be in the cluster.
//! * [`controller`]: the only code that writes to a cluster.
//! * [`viewer`]: the web pages of what is published.
//! * [`preview`]: documents as the viewer shows them, with what is to be said of them.
//! * [`telemetry`]: logs, metrics and probes.
//! * [`cli`]: one file a subcommand.
//!
//! "Pure" means: no client, no clock, no environment, no files. A test holds the rooms to it.

pub mod api;
pub mod cli;
pub mod controller;
pub mod document;
pub mod git;
pub mod import;
pub mod lint;
pub mod notify;
pub mod preview;
pub mod render;
pub mod telemetry;
pub mod viewer;
pub mod webhook;
