//! What the remote has.

use std::time::Instant;

use super::validate::ValidRepository;
use crate::api::Diagnostic;
use crate::controller::remotes::answers::Asker;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::state::memory::Key;
use crate::git::{GitError, Limits, Remote, Revision, Signed, Signers};
use crate::import::{RevisionFiles, about_skipped};

/// The files of a revision, and why some were left out.
pub(super) struct Fetched {
    pub files: RevisionFiles,
    pub skipped: Vec<Diagnostic>,
    /// Who signed it, where it must be signed.
    pub verified: Option<String>,
}

/// The revision that the remote offers now.
pub(super) async fn revision(
    remote: &Remote,
    valid: &ValidRepository,
    memory: &Key,
    ctx: &Context,
) -> Result<Revision, Error> {
    let question = remote.question(&valid.reference);
    let since = ctx.asked.take(memory);
    let asker = Asker { who: memory.clone(), since, interval: valid.interval };
    let (remote, reference) = (remote.clone(), valid.reference.clone());
    let ask = counted("ls-remote", ctx, move || remote.resolve(&reference));
    match question {
        Some(question) => ctx.answers.get(question, asker, ask).await,
        None => ask.await,
    }
}

/// The files of the revision that the remote offers now. It may be a newer one than [`revision`] gave:
/// the snapshot says which.
pub(super) async fn files(
    remote: Remote,
    valid: &ValidRepository,
    verification: Option<(Signed, Signers)>,
    ctx: &Context,
) -> Result<Fetched, Error> {
    let (reference, selection) = (valid.reference.clone(), valid.selection.clone());
    let caches = ctx.caches.clone();
    let transfer = ctx.loads.transfer().await;
    let (listing, verified, snapshot) = counted("fetch", ctx, move || {
        let snapshot = remote.fetch(&reference, caches.folder())?;
        // Before anything of it is read.
        let verified = match &verification {
            Some((signed, signers)) => Some(snapshot.verify(*signed, signers)?),
            None => None,
        };
        let listing = snapshot.list(&|path| selection.contains(path), Limits::default())?;
        Ok((listing, verified, snapshot))
    })
    .await?;
    drop(transfer);
    ctx.metrics.read(listing.bytes());
    let skipped = listing.skipped.iter();
    let skipped = skipped.filter_map(|file| about_skipped(file, &valid.selection)).collect();
    Ok(Fetched { files: RevisionFiles::new(snapshot, listing), skipped, verified })
}

async fn counted<T: Send + 'static>(
    operation: &'static str,
    ctx: &Context,
    work: impl FnOnce() -> Result<T, GitError> + Send + 'static,
) -> Result<T, Error> {
    let start = Instant::now();
    let result = blocking(work).await?;
    let outcome = if result.is_ok() { "success" } else { "failure" };
    ctx.metrics.git(operation, outcome, start.elapsed());
    Ok(result?)
}

/// Runs `work` where blocking is allowed.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(format!("a background task failed: {error}")))
}
