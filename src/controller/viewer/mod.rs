//! The `Viewer` controller: one web site, and everything in the cluster that it takes.

mod apply;
mod audit;
mod build;
mod compare;
pub mod default;
mod fetch;
mod flags;
mod pod;
mod status;
mod validate;

use std::sync::Arc;

use kube::runtime::controller::Action;

use crate::api::{Viewer, names};
use crate::controller::runtime::runner::contained;
use crate::controller::runtime::salvage::refuse_unreadable;
use crate::controller::shared::child_kind::ChildKind;
use crate::controller::shared::children::Child;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::{next_reconcile, report};

pub use fetch::is_child;

/// Reconciles a viewer: fetch, validate, build, apply, and report on every path.
pub async fn reconcile(viewer: Arc<Viewer>, ctx: Arc<Context>) -> Result<Action, Error> {
    if viewer.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let result = contained(publish(&viewer, &ctx)).await;
    if result.is_ok() {
        audit::features(&viewer, &ctx).await;
    }
    let deployment = deployment(&viewer, &ctx);
    if let Some(status) = status::of(&viewer, &result, deployment.as_deref(), (ctx.now)()) {
        report::status(viewer.as_ref(), status, &ctx).await?;
    }
    result.map(|()| next_reconcile())
}

async fn publish(viewer: &Viewer, ctx: &Context) -> Result<(), Error> {
    refuse_unreadable(viewer)?;
    let found = fetch::route(viewer, fetch::found(viewer, ctx), ctx).await?; // client
    let valid = validate::viewer(viewer, ctx.viewer_image.as_deref())?; // pure
    let wanted = build::wanted(&valid)?; // pure
    apply::wanted(&wanted, &found, viewer, ctx).await // client
}

/// What the Deployment reports, as the watch has shown it last. Another event comes after a change of ours.
fn deployment(viewer: &Viewer, ctx: &Context) -> Option<Arc<Child>> {
    let (namespace, name) = viewer.address();
    let own = names::viewer_objects(&name);
    ctx.stores.children.get(ChildKind::Deployment, &namespace, &own)
}
