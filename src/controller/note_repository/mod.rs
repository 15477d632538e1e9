//! The `NoteRepository` controller: one git repository, its summits and notes.
//!
//! The same steps as in the other controllers, but that the spec is validated before the remote is
//! asked, because it says which one.

mod apply;
mod build;
mod fetch;
mod images;
mod imported;
mod links;
mod status;
mod validate;

use std::sync::Arc;
use std::time::Duration;

use kube::runtime::controller::Action;
use kube::runtime::events::EventType;

pub use images::RepositoryImages;
pub(super) use imported::drift;
pub use links::attach as attach_links;

use super::context::Context;
use super::error::Error;
use super::kind::Kind;
use super::loads::Room;
use super::memory::{Key, key};
use super::report;
use super::runner::contained;
use super::visit::{Summary, Visit, Wish};
use crate::api::NoteRepository;
use crate::document;
use crate::git::Revision;

/// How far a visit came.
#[derive(Default)]
struct Progress {
    attempted: Option<Revision>,
    summary: Option<Arc<Summary>>,
}

/// A visit that reached its end.
struct Applied {
    revision: Revision,
    visit_again: Duration,
}

/// Visits a repository: validate, fetch, build, apply, and report on every path.
pub async fn reconcile(
    repository: Arc<NoteRepository>,
    ctx: Arc<Context>,
) -> Result<Action, Error> {
    if repository.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let mut progress = Progress::default();
    let result = contained(visit(&repository, &ctx, &mut progress)).await;
    if let Some(status) = status::of(&repository, &progress, &result, (ctx.now)()) {
        announce(&repository, &status, &ctx).await;
        report::status(repository.as_ref(), status, &ctx).await?;
    }
    result.map(|done| done.map_or_else(Action::await_change, |done| jittered(done.visit_again)))
}

/// None while suspended.
async fn visit(
    repository: &Arc<NoteRepository>,
    ctx: &Context,
    progress: &mut Progress,
) -> Result<Option<Applied>, Error> {
    if repository.spec.suspend == Some(true) {
        return Ok(None);
    }
    let (namespace, name) = repository.address();
    let memory = key(NoteRepository::NAME, &namespace, &name);
    let wish = wish(repository, &memory, ctx);
    let valid = Arc::new(validate::repository(repository)?); // pure
    let remote = fetch::remote(&valid, ctx).await?; // client
    let revision = fetch::revision(&remote, &valid, ctx).await?; // git
    progress.attempted = Some(revision.clone());
    if let Some(last) = ctx.repositories.get(&memory)
        && last.wish == wish
        && last.revision == revision
    {
        progress.summary = Some(last.summary.clone());
        return Ok(Some(Applied { revision, visit_again: valid.interval }));
    }
    let files = fetch::files(remote, &valid, ctx).await?; // git
    let (plan, summary, _rooms) = plan(repository, &valid, &revision, files, ctx).await?; // pure
    let summary = Arc::new(summary);
    progress.summary = Some(summary.clone());
    apply::plan(plan, repository, ctx).await?; // client
    let done = Visit { wish, revision: revision.clone(), summary };
    ctx.repositories.put(memory, Arc::new(done));
    Ok(Some(Applied { revision, visit_again: valid.interval }))
}

fn wish(repository: &NoteRepository, memory: &Key, ctx: &Context) -> Wish {
    use crate::api::names::ALLOW_PRUNE;
    Wish {
        uid: repository.metadata.uid.clone(),
        generation: repository.metadata.generation,
        requested_at: repository.requested_at(),
        allow_prune: repository
            .metadata
            .annotations
            .as_ref()
            .and_then(|annotations| annotations.get(ALLOW_PRUNE).cloned()),
        drifts: ctx.drifts.get(memory).unwrap_or_default(),
    }
}

/// Reading thousands of documents and comparing them with what is there takes the processor for a
/// while, and so is done where blocking is allowed. The rooms are to be held until the plan is carried
/// out.
async fn plan(
    repository: &Arc<NoteRepository>,
    valid: &Arc<validate::ValidRepository>,
    revision: &Revision,
    fetched: fetch::Fetched,
    ctx: &Context,
) -> Result<(build::Plan, Summary, [Option<Room>; 2]), Error> {
    let (repository, valid, revision) = (repository.clone(), valid.clone(), revision.clone());
    let stores = ctx.stores.clone();
    let fetch::Fetched { files, skipped, snapshot, room } = fetched;
    let options = valid.options.clone();
    let url = valid.url.clone();
    let read = move || -> Result<_, Error> {
        let mut collection = document::read(&files, options);
        collection.leave_out(&skipped, &files);
        links::attach(&mut collection, &files, &snapshot, &url)?;
        let images = RepositoryImages::look_for(&collection, snapshot, &url)?;
        Ok((collection, images, files, skipped))
    };
    let (mut collection, images, files, skipped) = fetch::blocking(read).await??;
    let of_images = if images.is_empty() { None } else { Some(ctx.loads.images().await) };
    let planned = fetch::blocking(move || {
        images.attach(&mut collection, &files)?;
        drop(files);
        let existing = build::Existing {
            summits: stores.summits.state(),
            notes: stores.talk_notes.state(),
            config_maps: stores.config_maps.state(),
        };
        let plan = build::plan(&repository, &valid, &revision, &mut collection, &existing)?;
        let mut diagnostics = valid.notices.clone();
        diagnostics.extend(skipped);
        diagnostics.extend(plan.diagnostics.iter().cloned());
        let summary = build::summary(collection, diagnostics);
        Ok((plan, summary, [Some(room), of_images]))
    });
    planned.await?
}

/// An event for the first revision. Those after it stand in `status.history`: an event for each would
/// be one more write for every push.
async fn announce(
    repository: &NoteRepository,
    status: &crate::api::NoteRepositoryStatus,
    ctx: &Context,
) {
    let applied_before =
        repository.status.as_ref().is_some_and(|old| old.last_applied_revision.is_some());
    let ready = status.conditions.iter().find(|condition| condition.type_ == "Ready");
    if let Some(ready) = ready.filter(|ready| ready.status == "True" && !applied_before) {
        report::event(repository, EventType::Normal, "Applied", &ready.message, ctx).await;
    }
}

/// Spreads the visits of many repositories: ten percent to either side.
fn jittered(interval: Duration) -> Action {
    Action::requeue(interval.mul_f64(0.9 + 0.2 * fastrand::f64()))
}
