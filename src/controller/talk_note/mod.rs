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

use super::context::Context;
use super::error::Error;
use super::runner::contained;
use super::{next_visit, report};
use crate::api::Diagnostic;
use crate::api::TalkNote;

/// What became of a note.
enum Done {
    /// The ConfigMap holds it.
    Published { config_map: String, digest: String, diagnostics: Vec<Diagnostic> },
    /// Nothing is published, as the author wishes.
    Hidden { reason: &'static str, message: String },
}

struct Outcome {
    done: Done,
    /// When something changes without anybody's doing.
    visit_again: Option<Duration>,
}

/// Visits a note: fetch, validate, build, apply, and report on every path.
pub async fn reconcile(note: Arc<TalkNote>, ctx: Arc<Context>) -> Result<Action, Error> {
    if note.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let result = contained(visit(&note, &ctx)).await;
    if let Some(status) = status::of(&note, &result, (ctx.now)()) {
        report::status(note.as_ref(), status, &ctx).await?;
    }
    result.map(|outcome| outcome.visit_again.map_or_else(next_visit, Action::requeue))
}

async fn visit(note: &Arc<TalkNote>, ctx: &Context) -> Result<Outcome, Error> {
    let inputs = fetch::inputs(note, ctx).await?; // client
    let (object, now) = (note.clone(), (ctx.now)());
    let rendered = ctx.compute.run(move || {
        let valid = validate::note(&object, inputs, now)?; // pure
        let visit_again = valid.visit_again;
        Ok((build::wanted(valid)?, visit_again)) // pure
    });
    let (wanted, visit_again) = rendered.await?;
    let done = apply::wanted(wanted, &note.uid().unwrap_or_default(), ctx).await?; // client
    Ok(Outcome { done, visit_again })
}
