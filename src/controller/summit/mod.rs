//! The `Summit` controller: one event, one index of its notes.

mod apply;
mod build;
mod current;
mod fetch;
mod status;
mod validate;

use std::sync::Arc;
use std::time::{Duration, Instant};

use kube::ResourceExt;
use kube::runtime::controller::Action;
use kube::runtime::reflector::ObjectRef;

use crate::api::{Diagnostic, Summit, names};
use crate::controller::runtime::runner::contained;
use crate::controller::runtime::salvage::refuse_unreadable;
use crate::controller::shared::apply::expect;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::freshness::Freshness;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::text::text_of;
use crate::controller::shared::visibility::{PublicationWindow, Visibility};
use crate::controller::shared::{next_reconcile, report};
use crate::controller::state::debounce::Debounce;
use crate::controller::state::memory::key;

/// What became of a summit.
enum Done {
    /// The ConfigMap held its index already, or is to be rendered again in its turn.
    Current { turn: Option<Duration> },
    /// The ConfigMap holds it.
    Published(Index),
}

/// A published index.
struct Index {
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
    let ask_again = [visibility.ask_again(), look_again(&summit)].into_iter().flatten().min();
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
    let again = |done: Done| {
        let turn = if let Done::Current { turn } = done { turn } else { None };
        ask_again.into_iter().chain(turn).min()
    };
    result
        .map(|done| again(done).map_or_else(next_reconcile, Action::requeue))
        .map_err(|error| error.retried_within(ask_again))
}

/// When an agenda may have changed of which nobody tells.
fn look_again(summit: &Summit) -> Option<Duration> {
    let agenda = summit.spec.agenda.as_ref()?;
    (agenda.text.is_none() && agenda.content_from.is_some()).then_some(fetch::AGENDA_INTERVAL)
}

async fn converge(summit: &Arc<Summit>, ctx: &Context) -> Result<Done, Error> {
    let notes = fetch::notes(summit, ctx); // the watches' stores
    let public = notes.published.iter().map(|note| note.name_any()).collect();
    let result = contained(async {
        let agenda = fetch::agenda(summit, ctx).await?; // client
        publish(summit, notes, agenda, ctx).await
    })
    .await;
    match &result {
        // The last good index stays, but for what may no longer be public.
        Err(error) if !error.may_pass() => apply::keep(summit, &public, ctx).await?,
        _ => {}
    }
    result
}

async fn publish(
    summit: &Arc<Summit>,
    notes: fetch::Notes,
    agenda: fetch::Agenda,
    ctx: &Context,
) -> Result<Done, Error> {
    refuse_unreadable(summit.as_ref())?;
    let (namespace, name) = summit.address();
    let memory = key(Summit::NAME, &namespace, &name);
    let index = ObjectRef::new(&names::summit_config_map(&name)).within(&namespace);
    let index = ctx.stores.config_maps.get(&index);
    let (object, found) = (summit.clone(), index.clone());
    let valid = ctx.compute.run(move || {
        let valid = validate::summit(&object, notes, agenda)?; // pure
        let freshness = found.map(|found| current::index(&object, &valid, &found)); // pure
        Ok((valid, freshness.unwrap_or(Freshness::Stale)))
    });
    let (valid, freshness) = valid.await?;
    let left = match freshness {
        Freshness::Current => Some(None),
        Freshness::Outdated => ctx.upgrade.wait(&memory).map(Some),
        Freshness::Stale => None,
    };
    if let Some(turn) = left {
        if turn.is_none() {
            ctx.upgrade.done(&memory);
        }
        index.iter().for_each(|index| expect(index, ctx));
        return Ok(Done::Current { turn });
    }
    let overview = text_of(summit.as_ref(), ctx).await?; // client
    let rendered = ctx.compute.run(move || build::wanted(valid, overview)); // pure
    let index = apply::wanted(rendered.await?, summit, ctx).await?; // client
    ctx.upgrade.done(&memory);
    Ok(Done::Published(index))
}
