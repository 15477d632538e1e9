//! The `NoteRepository` controller: one git repository, its summits and notes.
//!
//! The same steps as in the other controllers, but that the spec is validated before the remote is
//! asked, because it says which one.

mod access;
mod apply;
mod build;
mod changes;
mod commit_status;
mod fetch;
mod held;
mod hook;
mod images;
mod imported;
mod inventory;
mod lacking;
mod source;
mod sources;
mod status;
mod validate;
mod vanished;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kube::runtime::controller::Action;
use kube::runtime::events::EventType;
use kube::runtime::reflector::ObjectRef;

pub(super) use access::sink as sink_access;
pub(super) use held::{Claimant, Held};
pub(super) use hook::hook;
pub(super) use imported::{ImportedKind, is_drift};

use crate::api::{Diagnostic, NoteRepository, condition};
use crate::controller::remotes::Call;
use crate::controller::runtime::runner::contained;
use crate::controller::runtime::salvage::refuse_unreadable;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::report;
use crate::controller::state::memory::key;
use crate::controller::state::reconciled::{Desired, Reconciled, Summary, Unreadable};
use crate::document;
use crate::git::{Remote, Revision};
use crate::import::{Contents, Importer, Written};
use inventory::Inventory;
use validate::ValidRepository;

/// How far a reconciliation came.
#[derive(Default)]
struct Progress {
    attempted: Option<Revision>,
    summary: Option<Arc<Summary>>,
    /// Digest of all that there is after it, where nothing is missing.
    inventory: Option<String>,
    /// Who signed the revision, where that was checked.
    verified: Option<String>,
    /// What is wrong beside the revision.
    notice: Option<Diagnostic>,
}

/// A reconciliation that reached its end.
struct Applied {
    revision: Revision,
    requeue_after: Duration,
}

/// What is to be done for a revision.
struct Planned {
    plan: build::Plan,
    summary: Summary,
    /// What its texts and images are read from.
    files: apply::Files,
}

/// Reconciles a repository: validate, fetch, build, apply, and report on every path.
pub async fn reconcile(
    repository: Arc<NoteRepository>,
    ctx: Arc<Context>,
) -> Result<Action, Error> {
    if repository.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let mut progress = Progress::default();
    let result = contained(converge(&repository, &ctx, &mut progress)).await;
    if ctx.stores.repositories.get(&ObjectRef::from_obj(repository.as_ref())).is_none() {
        // It went during the reconciliation, which may have made its cache anew.
        ctx.caches.changed();
    }
    if let Some(status) = status::of(&repository, &progress, &result, ctx.webhooks, (ctx.now)()) {
        announce(&repository, &status, &ctx).await;
        commit_status::tell(&repository, &status, &progress, &result, &ctx);
        report::status(repository.as_ref(), status, &ctx).await?;
    }
    result.map(|done| done.map_or_else(Action::await_change, |done| jittered(done.requeue_after)))
}

/// None while suspended.
async fn converge(
    repository: &Arc<NoteRepository>,
    ctx: &Context,
    progress: &mut Progress,
) -> Result<Option<Applied>, Error> {
    refuse_unreadable(repository.as_ref())?;
    if repository.spec.suspend == Some(true) {
        return Ok(None);
    }
    let (namespace, name) = repository.address();
    let memory = key(NoteRepository::NAME, &namespace, &name);
    let drifts = ctx.drifts.get(&memory).unwrap_or_default();
    let desired = Desired::of(repository, drifts);
    let valid = Arc::new(validate::repository(repository, ctx.webhooks)?); // pure
    progress.notice = hook::notice(repository, ctx).await; // client
    let remote = match &valid.source {
        Some(source) => source::remote(source, &valid, ctx).await?, // client
        None => access::remote(&valid, ctx).await?,                 // client
    };
    ctx.caches.visited(&memory, &valid.url, &remote);
    let call = Call {
        remote: &remote,
        interval: valid.interval,
        requested_at: desired.requested_at.as_deref(),
        now: (ctx.now)(),
    };
    ctx.remotes.admit(&call)?;
    let asked = ask(repository, &valid, &remote, &desired, ctx, progress).await;
    ctx.remotes.heard(&call, asked).map(Some)
}

/// Asks the remote, and brings the cluster to what it has.
async fn ask(
    repository: &Arc<NoteRepository>,
    valid: &Arc<ValidRepository>,
    remote: &Remote,
    desired: &Desired,
    ctx: &Context,
    progress: &mut Progress,
) -> Result<Applied, Error> {
    let (namespace, name) = repository.address();
    let memory = key(NoteRepository::NAME, &namespace, &name);
    let revision = fetch::revision(remote, valid, &memory, ctx).await?; // git
    progress.attempted = Some(revision.clone());
    if ctx.repositories.get(&memory).is_none()
        && let Some(earlier) = inventory::resumed(repository, valid, desired, &revision, ctx)
    {
        ctx.repositories.put(memory.clone(), Arc::new(earlier));
    }
    if let Some(last) = ctx.repositories.get(&memory)
        && last.desired == *desired
        && last.revision == revision
        && held::stand(&last.held, repository, &ctx.stores)
    {
        progress.summary = Some(last.summary.clone());
        progress.inventory.clone_from(&last.inventory);
        return settled(&last.held, revision, valid.interval);
    }
    if let Some(known) = ctx.unreadable.get(&memory)
        && known.desired == *desired
        && known.revision == revision
    {
        return Err(known.error.clone().into());
    }
    let read = read(repository, valid, remote, ctx, progress).await; // git, pure
    let (revision, Planned { plan, files, .. }) = read.inspect_err(|error| {
        let known = Unreadable::of(error, desired, &revision);
        known.into_iter().for_each(|known| ctx.unreadable.put(memory.clone(), Arc::new(known)));
    })?;
    let summary = progress.summary.clone().unwrap_or_default();
    let held = Arc::new(plan.held.clone());
    let claimant = Claimant::new(repository, &ctx.stores.repositories.state());
    let inventory = Inventory::after(&plan, &claimant, &ctx.stores); // pure
    ctx.notifications.applying(repository, &revision);
    apply::plan(plan, &files, repository, ctx).await?; // client
    progress.inventory = held.is_empty().then(|| inventory.digest(&revision, valid));
    let done = Reconciled {
        desired: desired.clone(),
        revision: revision.clone(),
        summary,
        held: held.clone(),
        inventory: progress.inventory.clone(),
    };
    ctx.repositories.put(memory, Arc::new(done));
    // Whatever went before this was remembered has woken nobody.
    if !held::stand(&held, repository, &ctx.stores) {
        let _ = ctx.queues.repositories.unbounded_send(ObjectRef::from_obj(repository.as_ref()));
    }
    settled(&held, revision, valid.interval)
}

/// Fetches the files and plans what becomes of them. The revision is that of the files: somebody may
/// have pushed since the remote was asked for it.
async fn read(
    repository: &Arc<NoteRepository>,
    valid: &Arc<ValidRepository>,
    remote: &Remote,
    ctx: &Context,
    progress: &mut Progress,
) -> Result<(Revision, Planned), Error> {
    let verification = access::verification(valid, ctx).await?; // client
    let files = fetch::files(remote.clone(), valid, verification, ctx).await?;
    let revision = files.files.snapshot().revision().clone();
    progress.attempted = Some(revision.clone());
    progress.verified.clone_from(&files.verified);
    let mut planned = plan(repository, valid, &revision, files, ctx).await?;
    progress.summary = Some(Arc::new(std::mem::take(&mut planned.summary)));
    Ok((revision, planned))
}

fn settled(held: &[Held], revision: Revision, requeue_after: Duration) -> Result<Applied, Error> {
    match held::names_taken(held, &revision, requeue_after) {
        Some(error) => Err(error),
        None => Ok(Applied { revision, requeue_after }),
    }
}

/// Reading thousands of documents and comparing them with what is there takes the processor for a
/// while, and so is done where blocking is allowed.
async fn plan(
    repository: &Arc<NoteRepository>,
    valid: &Arc<ValidRepository>,
    revision: &Revision,
    fetched: fetch::Fetched,
    ctx: &Context,
) -> Result<Planned, Error> {
    let (repository, valid, revision) = (repository.clone(), valid.clone(), revision.clone());
    let (stores, now) = (ctx.stores.clone(), (ctx.now)());
    let fetch::Fetched { files, skipped, verified: _ } = fetched;
    let options = document::ReadOptions { now: Some(now), ..valid.options.clone() };
    let (url, preview) = (valid.url.clone(), valid.preview.clone());
    let (reference, shows_source) = (valid.reference.clone(), valid.shows_source);
    let (namespace, name) = repository.address();
    let memory = key(NoteRepository::NAME, &namespace, &name);
    let importer = ctx.importers.get(&memory).unwrap_or_else(|| {
        let new = Arc::new(Mutex::new(Importer::within(&ctx.keeping)));
        ctx.importers.put(memory, new.clone());
        new
    });
    let unread = importer.lock().unwrap_or_else(PoisonError::into_inner).unread(&files);
    let room = ctx.loads.documents(unread).await;
    let kept_for = (repository.clone(), revision.clone());
    let planned = fetch::blocking(move || {
        let (mut collection, images) = {
            let mut importer = importer.lock().unwrap_or_else(PoisonError::into_inner);
            importer.import(&files, &options, &skipped, &url, preview.as_ref())?
        };
        let written = Written::at(&url, &reference, files.snapshot()).filter(|_| shows_source);
        Written::say(written.as_ref(), &mut collection);
        let notes = stores.talk_notes.state();
        let repositories = stores.repositories.state();
        let claimant = Claimant::new(&repository, &repositories);
        let contents = Contents::new(&files);
        let texts = vanished::Texts::where_needed(&claimant, &notes, &collection, &contents);
        contents.finish()?;
        let existing = build::Existing {
            summits: stores.summits.state(),
            notes,
            images: stores.config_maps.images(),
            repositories,
        };
        let wanted = (&collection, images);
        let plan = build::plan(&repository, &valid, &revision, wanted, &existing)?;
        let mut diagnostics = valid.notices.clone();
        diagnostics.extend(skipped);
        Ok::<_, Error>((plan, texts, build::summary(collection, diagnostics), files))
    });
    let (mut plan, texts, mut summary, files) = planned.await??;
    drop(room);
    lacking::fill(&mut plan.notes, ctx).await?; // client
    lacking::fill(&mut plan.summits, ctx).await?; // client
    if let Some(texts) = texts {
        let said = lacking::doomed(&plan, ctx).await?; // client
        vanished::keep(&mut plan, &texts, &said, &kept_for.0, &kept_for.1);
    }
    summary.add(&plan.diagnostics);
    Ok(Planned { plan, summary, files: Arc::new(Mutex::new(files)) })
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
    let ready = condition(&status.conditions, "Ready");
    if let Some(ready) = ready.filter(|ready| ready.status == "True" && !applied_before) {
        report::event(repository, EventType::Normal, "Applied", &ready.message, ctx).await;
    }
}

/// Spreads the reconciliations of many repositories: ten percent to either side.
fn jittered(interval: Duration) -> Action {
    Action::requeue(interval.mul_f64(0.9 + 0.2 * fastrand::f64()))
}
