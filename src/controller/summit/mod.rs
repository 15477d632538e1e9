//! The `Summit` controller: one event, one index of its notes.

mod apply;
mod build;
mod fetch;
mod status;
mod validate;

use std::sync::Arc;
use std::time::Instant;

use kube::ResourceExt;
use kube::runtime::controller::Action;

use crate::api::{Diagnostic, Summit};
use crate::controller::runtime::runner::contained;
use crate::controller::runtime::salvage::refuse_unreadable;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::next_reconcile;
use crate::controller::shared::report;
use crate::controller::shared::visibility::{PublicationWindow, Visibility};
use crate::controller::state::debounce::Debounce;
use crate::controller::state::memory::key;

struct Done {
    config_map: String,
    digest: String,
    dates: Option<String>,
    notes: usize,
    unpublished: usize,
    diagnostics: Vec<Diagnostic>,
}

/// Reconciles a summit: first of all, what may not be public is taken down; then fetch, validate, build,
/// apply, and report on every path.
pub async fn reconcile(summit: Arc<Summit>, ctx: Arc<Context>) -> Result<Action, Error> {
    if summit.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let visibility = PublicationWindow::from(&summit.spec).at((ctx.now)());
    let ask_again = visibility.ask_again();
    if let Visibility::Withheld(withheld) = visibility {
        apply::no_index(&summit, &ctx).await?; // client
        let status = status::withheld(&summit, &withheld, (ctx.now)());
        report::status(summit.as_ref(), status, &ctx).await?;
        return Ok(ask_again.map_or_else(next_reconcile, Action::requeue));
    }
    let (namespace, name) = summit.address();
    let memory = key(Summit::NAME, &namespace, &name);
    let start = Instant::now();
    if let Some(rest) = ctx.summits.get(&memory).and_then(|debounce| debounce.remaining(start)) {
        return Ok(Action::requeue(rest));
    }
    let result = contained(converge(&summit, &ctx)).await;
    if let Some(status) = status::of(&summit, &result, (ctx.now)()) {
        report::status(summit.as_ref(), status, &ctx).await?;
    }
    ctx.summits.put(memory, Debounce::since(start));
    result
        .map(|_| ask_again.map_or_else(next_reconcile, Action::requeue))
        .map_err(|error| error.retried_within(ask_again))
}

async fn converge(summit: &Arc<Summit>, ctx: &Context) -> Result<Done, Error> {
    let notes = fetch::notes(summit, ctx); // the watches' stores
    let public = notes.published.iter().map(|note| note.name_any()).collect();
    let result = contained(publish(summit, notes, ctx)).await;
    match &result {
        // The last good index stays, but for what may no longer be public.
        Err(error) if !error.may_pass() => apply::keep(summit, &public, ctx).await?,
        _ => {}
    }
    result
}

async fn publish(summit: &Arc<Summit>, notes: fetch::Notes, ctx: &Context) -> Result<Done, Error> {
    refuse_unreadable(summit.as_ref())?;
    let object = summit.clone();
    let rendered = ctx.compute.run(move || {
        let valid = validate::summit(&object, notes)?; // pure
        build::wanted(valid) // pure
    });
    apply::wanted(rendered.await?, summit, ctx).await // client
}
