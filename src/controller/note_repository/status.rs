//! What the author is told. Pure.

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};

use super::{Applied, Progress, hook};
use crate::api::{Diagnostic, HistoryEntry, NoteRepository, NoteRepositoryStatus, condition};
use crate::controller::shared::conditions::{State, compute};
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::{count, first_diagnostics};
use crate::controller::state::reconciled::Summary;
use crate::git::{Reason, Revision};

/// How many applied revisions are remembered.
const HISTORY: usize = 5;

/// Type of the condition that says who signed the revision.
const VERIFIED: &str = "SourceVerified";

/// How many readings are named.
const READINGS: usize = 10;

/// The status after a reconciliation; none where the repository is going away.
pub(super) fn of(
    repository: &NoteRepository,
    progress: &Progress,
    result: &Result<Option<Applied>, Error>,
    webhooks: bool,
    now: Timestamp,
) -> Option<NoteRepositoryStatus> {
    let generation = repository.metadata.generation;
    let mut status = repository.status.clone().unwrap_or_default();
    if let Some(revision) = &progress.attempted {
        status.last_attempted_revision = Some(revision.to_string());
    }
    if let Some(summary) = &progress.summary {
        describe(&mut status, summary, progress.notice.as_ref());
    } else if let Err(error) = result
        && !error.diagnostics().is_empty()
    {
        status.diagnostics = first_diagnostics(error.diagnostics());
    }
    let state = match result {
        Ok(Some(Applied { revision, .. })) => {
            applied(&mut status, revision, now);
            status.inventory_digest.clone_from(&progress.inventory);
            let message = sentence(revision, progress.summary.as_deref());
            State::Ready { reason: "Applied", message }
        }
        Ok(None) => State::Suspended { message: suspended(&status) },
        Err(error) => kept(State::of_error(error)?, error, &status),
    };
    let previous = repository.previous_conditions();
    status.conditions = compute(previous, &state, generation, now);
    status.conditions.extend(verified(repository, progress, result, now));
    status.observed_generation = generation;
    status.webhook_path = if webhooks { hook::path(repository) } else { None };
    status.last_handled_reconcile_at = repository.requested_at();
    Some(status)
}

fn describe(status: &mut NoteRepositoryStatus, summary: &Summary, notice: Option<&Diagnostic>) {
    status.documents = Some(count(summary.documents));
    status.summits = Some(count(summary.summits));
    status.notes = Some(count(summary.notes));
    status.drafts = Some(count(summary.drafts));
    status.readings = summary.readings.iter().take(READINGS).cloned().collect();
    status.errors = Some(count(summary.errors));
    status.warnings = Some(count(summary.warnings + usize::from(notice.is_some())));
    let found = summary.diagnostics.iter().chain(notice);
    status.diagnostics = first_diagnostics(found.cloned().collect());
}

fn applied(status: &mut NoteRepositoryStatus, revision: &Revision, now: Timestamp) {
    let revision = revision.to_string();
    if status.last_applied_revision.as_ref() == Some(&revision) {
        return;
    }
    let notes = status.notes.unwrap_or_default();
    let entry = HistoryEntry {
        revision: revision.clone(),
        applied_at: now.round(jiff::Unit::Second).unwrap_or(now).to_string(),
        notes,
    };
    status.history.insert(0, entry);
    status.history.truncate(HISTORY);
    status.last_applied_revision = Some(revision);
}

fn sentence(revision: &Revision, summary: Option<&Summary>) -> String {
    let Some(summary) = summary else { return format!("Applied {revision}") };
    let many = |number: usize, word: &str| {
        format!("{number} {word}{}", if number == 1 { "" } else { "s" })
    };
    let mut sentence = format!(
        "Applied {revision}: {} in {}",
        many(summary.notes, "note"),
        many(summary.summits, "summit")
    );
    if summary.errors > 0 {
        sentence.push_str(&format!("; {} in the documents", many(summary.errors, "error")));
    }
    sentence
}

/// Whether the revision that was tried last is signed as `spec.verify` wants it. A reconciliation that did not
/// come so far leaves it as it was.
fn verified(
    repository: &NoteRepository,
    progress: &Progress,
    result: &Result<Option<Applied>, Error>,
    now: Timestamp,
) -> Option<Condition> {
    repository.spec.verify.as_ref()?;
    let previous = repository.previous_conditions();
    let before = condition(previous, VERIFIED);
    let (status, reason, message) = match (&progress.verified, &progress.attempted, result) {
        (Some(signer), Some(revision), _) => {
            ("True", "Verified", format!("{revision} is signed by {signer}"))
        }
        (_, _, Err(error @ Error::Git { source, .. }))
            if source.reason() == Reason::NotVerified =>
        {
            ("False", "VerificationFailed", error.to_string())
        }
        _ => return before.cloned(),
    };
    let since = before.filter(|before| before.status == status);
    Some(Condition {
        type_: VERIFIED.to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
        message,
        observed_generation: repository.metadata.generation,
        last_transition_time: since.map_or(Time(now), |before| before.last_transition_time.clone()),
    })
}

/// What cannot be taken takes nothing away.
fn kept(state: State, error: &Error, status: &NoteRepositoryStatus) -> State {
    let is_gone = matches!(
        error,
        Error::Git { source, .. }
            if matches!(
                source.reason(),
                Reason::ReferenceNotFound | Reason::NotVerified | Reason::ArtifactInvalid
            )
    );
    match (state, &status.last_applied_revision) {
        (State::Stalled { reason, message }, Some(revision)) if is_gone => {
            let message = format!("{message}; {revision} stays published");
            State::Stalled { reason, message }
        }
        (state, _) => state,
    }
}

fn suspended(status: &NoteRepositoryStatus) -> String {
    match &status.last_applied_revision {
        Some(revision) => format!("Suspended; {revision} stays published"),
        None => "Suspended; nothing has been applied yet".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::Duration;

    fn revision(commit: &str) -> Revision {
        Revision { name: "main".to_owned(), commit: commit.to_owned() }
    }

    fn reconciled(repository: &mut NoteRepository, commit: &str) {
        let summary = Arc::new(Summary { notes: 3, summits: 1, ..Summary::default() });
        let progress = Progress {
            attempted: Some(revision(commit)),
            summary: Some(summary),
            ..Progress::default()
        };
        let requeue_after = Duration::from_secs(60);
        let result = Ok(Some(Applied { revision: revision(commit), requeue_after }));
        repository.status = of(repository, &progress, &result, false, Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn the_history_holds_the_last_five_revisions_newest_first() {
        let mut repository = NoteRepository::default();
        for commit in ["1", "2", "3", "4", "5", "5", "6"] {
            reconciled(&mut repository, commit);
        }
        let history = repository.status.unwrap().history;
        let commits: Vec<_> = history.iter().map(|entry| entry.revision.as_str()).collect();
        let expected = ["6", "5", "4", "3", "2"].map(|commit| format!("main@sha1:{commit}"));
        assert_eq!(commits, expected);
    }

    #[test]
    fn a_failure_keeps_what_was_applied() {
        let mut repository = NoteRepository::default();
        reconciled(&mut repository, "1");
        let progress = Progress { attempted: Some(revision("2")), ..Progress::default() };
        let failure = Err(Error::Missing("there is no Secret x".to_owned()));
        let status = of(&repository, &progress, &failure, false, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(status.last_applied_revision.as_deref(), Some("main@sha1:1"));
        assert_eq!(status.last_attempted_revision.as_deref(), Some("main@sha1:2"));
        assert_eq!(status.notes, Some(3));
    }

    #[test]
    fn a_sentence_counts_in_english() {
        let summary = Summary { notes: 1, summits: 2, ..Summary::default() };
        let text = sentence(&revision("1"), Some(&summary));
        assert_eq!(text, "Applied main@sha1:1: 1 note in 2 summits");
    }
}
