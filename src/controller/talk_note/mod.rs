//! The `TalkNote` controller: one note, one ConfigMap.

mod apply;
mod build;
mod current;
mod fetch;
mod status;
mod validate;

pub use fetch::config_map_text;

use std::sync::Arc;
use std::time::Duration;

use kube::ResourceExt;
use kube::runtime::controller::Action;
use kube::runtime::reflector::ObjectRef;

use crate::api::{Diagnostic, TalkNote, names};
use crate::controller::runtime::runner::contained;
use crate::controller::runtime::salvage::refuse_unreadable;
use crate::controller::shared::apply::expect;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::freshness::Freshness;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::published::Source;
use crate::controller::shared::visibility::{PublicationWindow, Visibility, Withheld};
use crate::controller::shared::{next_reconcile, report};
use crate::controller::state::memory::{Key, key};

/// What became of a note.
enum Done {
    /// The ConfigMap held it already, or is to be rendered again in its turn.
    Current,
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
    let mut inputs = fetch::inputs(note, ctx).await?; // client
    validate::sound(note)?; // pure
    let (look_again, source) = (inputs.look_again(), inputs.source(note));
    if let Some(outcome) = left_as_it_is(note, &inputs, &source, ctx)? {
        return Ok(outcome);
    }
    let markdown = fetch::markdown(note, &mut inputs, ctx).await?; // client
    let (object, renders) = (note.clone(), Source::of(source));
    let rendered = ctx.compute.run(move || {
        let valid = validate::note(&object, markdown, inputs.summit_exists)?; // pure
        build::page(valid, &renders) // pure
    });
    let done = apply::page(rendered.await?, note, ctx).await?; // client
    ctx.upgrade.done(&memory(note));
    Ok(Outcome { done, requeue_after: look_again })
}

/// The outcome where the page is current, or waits for its turn to be rendered by this version; none where
/// it is to be rendered now.
fn left_as_it_is(
    note: &TalkNote,
    inputs: &fetch::Inputs,
    source: &str,
    ctx: &Context,
) -> Result<Option<Outcome>, Error> {
    let (namespace, name) = note.address();
    let page = ObjectRef::new(&names::note_config_map(&name)).within(&namespace);
    let Some(page) = ctx.stores.config_maps.get(&page) else { return Ok(None) };
    let freshness = current::page(note, inputs, &page, source.to_owned())?; // pure
    let requeue_after = match freshness {
        Freshness::Stale => return Ok(None),
        Freshness::Current => {
            ctx.upgrade.done(&memory(note));
            inputs.look_again()
        }
        Freshness::Outdated => match ctx.upgrade.wait(&memory(note)) {
            Some(turn) => Some(turn),
            None => return Ok(None),
        },
    };
    expect(&page, ctx);
    Ok(Some(Outcome { done: Done::Current, requeue_after }))
}

fn memory(note: &TalkNote) -> Key {
    let (namespace, name) = note.address();
    key(TalkNote::NAME, &namespace, &name)
}

/// A note that is being deleted keeps its page until it goes, unless that may not be public.
async fn leaving(note: &TalkNote, visibility: &Visibility, ctx: &Context) -> Result<Action, Error> {
    let is_orphaning = note.finalizers().iter().any(|finalizer| finalizer == "orphan");
    if matches!(visibility, Visibility::Withheld(_)) && !is_orphaning {
        apply::no_page(note, ctx).await?;
    }
    Ok(Action::await_change())
}
