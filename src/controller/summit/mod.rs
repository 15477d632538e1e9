//! The `Summit` controller: one event, one index of its notes.

mod apply;
mod build;
mod fetch;
mod status;
mod validate;
mod withheld;

use std::sync::Arc;
use std::time::Instant;

use kube::runtime::controller::Action;

use super::context::Context;
use super::error::Error;
use super::kind::Kind;
use super::memory::key;
use super::pace::Pace;
use super::runner::contained;
use super::{next_visit, report};
use crate::api::{Diagnostic, Summit};

struct Done {
    config_map: String,
    digest: String,
    dates: Option<String>,
    notes: usize,
    unpublished: usize,
    diagnostics: Vec<Diagnostic>,
}

/// Visits a summit: what may not be public is taken down before anything else; then fetch, validate, build, apply, and report on every path.
pub async fn reconcile(summit: Arc<Summit>, ctx: Arc<Context>) -> Result<Action, Error> {
    if summit.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let now = (ctx.now)();
    if let Some(withheld) = withheld::of(&summit.spec, now) {
        apply::no_index(&summit, &ctx).await?; // client
        report::status(summit.as_ref(), status::withheld(&summit, &withheld, now), &ctx).await?;
        return Ok(withheld.visit_again.map_or_else(next_visit, Action::requeue));
    }
    let (namespace, name) = summit.address();
    let memory = key(Summit::NAME, &namespace, &name);
    let start = Instant::now();
    if let Some(rest) = ctx.summits.get(&memory).and_then(|pace| pace.remaining(start)) {
        return Ok(Action::requeue(rest));
    }
    let result = contained(visit(&summit, &ctx)).await;
    if let Some(status) = status::of(&summit, &result, (ctx.now)()) {
        report::status(summit.as_ref(), status, &ctx).await?;
    }
    ctx.summits.put(memory, Pace::since(start));
    result.map(|_| withheld::closes(&summit.spec, now).map_or_else(next_visit, Action::requeue))
}

async fn visit(summit: &Arc<Summit>, ctx: &Context) -> Result<Done, Error> {
    let notes = fetch::notes(summit, ctx); // the watches' stores
    let object = summit.clone();
    let rendered = ctx.compute.run(move || {
        let valid = validate::summit(&object, notes)?; // pure
        build::wanted(valid) // pure
    });
    apply::wanted(rendered.await?, ctx).await // client
}
