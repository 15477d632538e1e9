//! The three controllers, and the only code that writes to a cluster.
//!
//! Each kind has a folder with the same steps, one file a step:
//!
//! ```text
//! fetch ──▶ validate ──▶ build ──▶ apply ──▶ status
//! client    pure         pure      client    pure, then written by `report`
//! ```
//!
//! Beside them stand the shared parts: [`watch`] follows a kind and says what changed, `triggers`
//! turns changes into requests, `runner` takes the requests, `compute` has threads for what is pure and
//! takes long, `error` holds the table of what follows from a failure, `conditions` turns it into what
//! people and tools read.

mod apply;
mod caches;
mod codes;
mod compute;
mod conditions;
mod context;
mod error;
mod fights;
mod forget;
mod hooks;
mod kind;
mod leadership;
mod loads;
mod memory;
mod note_repository;
mod ownership;
mod pace;
mod parts;
mod published;
mod remotes;
mod report;
mod retries;
mod run;
mod runner;
mod salvage;
mod scope;
mod startup;
mod summit;
mod talk_note;
mod triggers;
mod visibility;
mod visit;
mod watch;

use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::Resource;
use kube::runtime::controller::Action;

pub use codes::Code;
pub use leadership::LeaderElection;
pub use published::image as image_config_map;
pub use run::{Options, RunError, run};
pub use visibility::{Visibility, Wishes};

use crate::api::{Diagnostic, MAX_DIAGNOSTICS};
use error::Error;

/// An object that is as wished is looked at again after an hour, in case an event was lost.
fn next_visit() -> Action {
    Action::requeue(Duration::from_secs(3600).mul_f64(0.9 + 0.2 * fastrand::f64()))
}

/// The controller owner reference of children of `object`.
fn owner_reference<K: Resource<DynamicType = ()>>(object: &K) -> Result<OwnerReference, Error> {
    object.controller_owner_ref(&()).ok_or_else(|| {
        Error::Internal("an object without a name or uid came from a watch".to_owned())
    })
}

/// The diagnostics that a status carries: errors first, then by place.
fn first_diagnostics(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| (a.severity, a).cmp(&(b.severity, b)));
    diagnostics.truncate(MAX_DIAGNOSTICS);
    for diagnostic in &mut diagnostics {
        diagnostic.message = diagnostic.message.chars().take(1024).collect();
        diagnostic.path = diagnostic.path.chars().take(1024).collect();
    }
    diagnostics
}

/// Diagnostics of a rendered text with the field that the text stands in.
fn placed(diagnostics: Vec<Diagnostic>, field: &str) -> Vec<Diagnostic> {
    let named = |mut diagnostic: Diagnostic| {
        if diagnostic.path.is_empty() {
            field.clone_into(&mut diagnostic.path);
        }
        diagnostic
    };
    diagnostics.into_iter().map(named).collect()
}

/// A number of things as the API has it.
fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
