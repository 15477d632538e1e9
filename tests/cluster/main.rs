//! The operator on a real API server. All tests share one control plane, each has a namespace of its
//! own, and the operator runs under the RBAC of `deploy/`.

#[path = "../support/mod.rs"]
mod support;

mod kinds;
