//! What the controllers of all kinds share.

pub mod apply;
pub mod child_kind;
pub mod children;
pub mod codes;
pub mod conditions;
pub mod context;
pub mod error;
pub mod freshness;
pub mod kind;
pub mod ownership;
pub mod published;
pub mod report;
pub mod text;
pub mod visibility;

use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::Resource;
use kube::runtime::controller::Action;

use self::error::Error;
use crate::api::{Diagnostic, MAX_DIAGNOSTICS};

/// An object that is as desired is looked at again after an hour, in case an event was lost.
pub fn next_reconcile() -> Action {
    Action::requeue(Duration::from_secs(3600).mul_f64(0.9 + 0.2 * fastrand::f64()))
}

/// The controller owner reference of children of `object`.
pub fn owner_reference<K: Resource<DynamicType = ()>>(object: &K) -> Result<OwnerReference, Error> {
    object.controller_owner_ref(&()).ok_or_else(|| {
        Error::Internal("an object without a name or uid came from a watch".to_owned())
    })
}

/// The diagnostics that a status carries: errors first, then by place.
pub fn first_diagnostics(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| (a.severity, a).cmp(&(b.severity, b)));
    diagnostics.truncate(MAX_DIAGNOSTICS);
    for diagnostic in &mut diagnostics {
        diagnostic.message = diagnostic.message.chars().take(1024).collect();
        diagnostic.path = diagnostic.path.chars().take(1024).collect();
    }
    diagnostics
}

/// Diagnostics of a rendered text with the field that the text stands in.
pub fn placed(diagnostics: Vec<Diagnostic>, field: &str) -> Vec<Diagnostic> {
    let named = |mut diagnostic: Diagnostic| {
        if diagnostic.path.is_empty() {
            field.clone_into(&mut diagnostic.path);
        }
        diagnostic
    };
    diagnostics.into_iter().map(named).collect()
}

/// A number of things as the API has it.
pub fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
