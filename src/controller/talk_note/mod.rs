//! The `TalkNote` controller: one note, one ConfigMap.

mod apply;
mod build;
mod fetch;
mod status;
mod validate;

use std::sync::Arc;
use std::time::Duration;

use kube::ResourceExt;
use kube::runtime::controller::Action;

use crate::api::Diagnostic;
use crate::api::TalkNote;
use crate::controller::runtime::runner::contained;
use crate::controller::runtime::salvage::refuse_unreadable;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::next_reconcile;
use crate::controller::shared::report;
use crate::controller::shared::visibility::{PublicationWindow, Visibility, Withheld};

/// What became of a note.
enum Done {
    /// The ConfigMap holds it.
    Published { config_map: String, digest: String, diagnostics: Vec<Diagnostic> },
    /// Nothing is published, as the author asks.
    Withheld(Withheld),
}

struct Outcome {
    done: Done,
    /// When something changes without anybody's doing.
    requeue_after: Option<Duration>,
}

/// Reconciles a note: first of all, what may not be public is taken down, whatever is wrong with it; then
/// fetch, validate, build, apply, and report on every path.
pub async fn reconcile(note: Arc<TalkNote>, ctx: Arc<Context>) -> Result<Action, Error> {
    let visibility = PublicationWindow::from(&note.spec).at((ctx.now)());
    if note.metadata.deletion_timestamp.is_some() {
        return leaving(&note, &visibility, &ctx).await;
    }
    let (mut is_down, ask_again) = (false, visibility.ask_again());
    let result = contained(converge(&note, visibility, &mut is_down, &ctx)).await;
    if let Some(status) = status::of(&note, is_down, &result, (ctx.now)()) {
        report::status(note.as_ref(), status, &ctx).await?;
    }
    result
        .map(|outcome| outcome.requeue_after.map_or_else(next_reconcile, Action::requeue))
        .map_err(|error| error.retried_within(ask_again))
}

/// `is_down` tells, on every path, whether there is no page any more.
async fn converge(
    note: &Arc<TalkNote>,
    visibility: Visibility,
    is_down: &mut bool,
    ctx: &Context,
) -> Result<Outcome, Error> {
    let ask_again = visibility.ask_again();
    if let Visibility::Withheld(withheld) = visibility {
        apply::no_page(note, ctx).await?; // client
        *is_down = true;
        refuse_unreadable(note.as_ref())?;
        validate::sound(note)?; // pure
        return Ok(Outcome { done: Done::Withheld(withheld), requeue_after: ask_again });
    }
    let result = contained(publish(note, ctx)).await;
    if let Err(error) = &result
        && !error.may_pass()
    {
        apply::keep(note, ctx).await?;
    }
    result.map(|outcome| {
        let requeue_after = ask_again.into_iter().chain(outcome.requeue_after).min();
        Outcome { requeue_after, ..outcome }
    })
}

async fn publish(note: &Arc<TalkNote>, ctx: &Context) -> Result<Outcome, Error> {
    refuse_unreadable(note.as_ref())?;
    let inputs = fetch::inputs(note, ctx).await?; // client
    let requeue_after = inputs.look_again();
    let object = note.clone();
    let rendered = ctx.compute.run(move || {
        let valid = validate::note(&object, inputs)?; // pure
        build::page(valid) // pure
    });
    let done = apply::page(rendered.await?, note, ctx).await?; // client
    Ok(Outcome { done, requeue_after })
}

/// A note that is being deleted keeps its page until it goes, unless that may not be public.
async fn leaving(note: &TalkNote, visibility: &Visibility, ctx: &Context) -> Result<Action, Error> {
    let is_orphaning = note.finalizers().iter().any(|finalizer| finalizer == "orphan");
    if matches!(visibility, Visibility::Withheld(_)) && !is_orphaning {
        apply::no_page(note, ctx).await?;
    }
    Ok(Action::await_change())
}
