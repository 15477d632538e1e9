//! What is remembered of the last reconciliation of a repository.

use std::sync::Arc;

use crate::api::{
    Diagnostic, DocumentReading, NoteRepository, NoteRepositoryStatus, Severity, names,
};
use crate::controller::note_repository::Held;
use crate::controller::shared::codes::Code;
use crate::controller::shared::error::Error;
use crate::controller::shared::first_diagnostics;
use crate::controller::shared::kind::Kind;
use crate::git::{GitError, Revision};

/// A reconciliation after which the cluster was as the revision wants it. As long as nothing of it changes, the
/// next reconciliation has nothing to do but to ask the remote.
#[derive(PartialEq)]
pub struct Reconciled {
    pub desired: Desired,
    pub revision: Revision,
    pub summary: Arc<Summary>,
    /// Names that others hold: when one goes, there is something to do.
    pub held: Arc<Vec<Held>>,
    /// Digest of all that there is after it, where nothing is missing.
    pub inventory: Option<String>,
}

/// A revision that can never be read: it is not transferred a second time.
pub struct Unreadable {
    pub desired: Desired,
    pub revision: Revision,
    pub error: GitError,
}

impl PartialEq for Unreadable {
    fn eq(&self, other: &Self) -> bool {
        self.desired == other.desired && self.revision == other.revision
    }
}

impl Unreadable {
    /// What `error` says of `revision`; none where another reconciliation may end in another way.
    pub fn of(error: &Error, desired: &Desired, revision: &Revision) -> Option<Self> {
        let Error::Git { source, .. } = error else { return None };
        source.is_about_the_revision().then(|| Self {
            desired: desired.clone(),
            revision: revision.clone(),
            error: source.clone(),
        })
    }
}

/// What people have said about a repository, beside what is in it.
#[derive(Clone, PartialEq)]
pub struct Desired {
    pub uid: Option<String>,
    pub generation: Option<i64>,
    pub requested_at: Option<String>,
    pub allow_prune: Option<String>,
    /// Number of objects found changed by others so far.
    pub drifts: u64,
}

impl Desired {
    /// What is said about `repository`, of which so many objects were found changed by others.
    pub fn of(repository: &NoteRepository, drifts: u64) -> Self {
        let annotations = repository.metadata.annotations.as_ref();
        Self {
            uid: repository.metadata.uid.clone(),
            generation: repository.metadata.generation,
            requested_at: repository.requested_at(),
            allow_prune: annotations.and_then(|told| told.get(names::ALLOW_PRUNE).cloned()),
            drifts,
        }
    }
}

/// What a revision holds.
#[derive(Default, PartialEq)]
pub struct Summary {
    pub documents: usize,
    pub summits: usize,
    /// Name of the summit, where there is just one.
    pub only_summit: Option<String>,
    pub notes: usize,
    pub drafts: usize,
    /// How the documents were read, the most frequent reading first.
    pub readings: Vec<DocumentReading>,
    /// Numbers of diagnostics.
    pub errors: usize,
    pub warnings: usize,
    /// Those that a status has room for: this is kept as long as the repository.
    pub diagnostics: Vec<Diagnostic>,
}

impl Summary {
    /// As a status tells it, of a revision that gave `only_summit` where that is the only one.
    pub fn told(status: &NoteRepositoryStatus, only_summit: Option<String>) -> Self {
        let number = |told: Option<i32>| usize::try_from(told.unwrap_or_default()).unwrap_or(0);
        // What is told beside the revision is found anew each time.
        let is_beside = |told: &&Diagnostic| told.code == Code::WebhookSecret.code();
        let beside = status.diagnostics.iter().filter(is_beside).count();
        let diagnostics = status.diagnostics.iter().filter(|told| !is_beside(told));
        Self {
            documents: number(status.documents),
            summits: number(status.summits),
            only_summit,
            notes: number(status.notes),
            drafts: number(status.drafts),
            readings: status.readings.clone(),
            errors: number(status.errors),
            warnings: number(status.warnings).saturating_sub(beside),
            diagnostics: diagnostics.cloned().collect(),
        }
    }

    /// Something more is to be told of the revision.
    pub fn add(&mut self, more: &[Diagnostic]) {
        let number = |severity| more.iter().filter(|said| said.severity == severity).count();
        self.errors += number(Severity::Error);
        self.warnings += number(Severity::Warning);
        self.diagnostics.extend(more.iter().cloned());
        self.diagnostics = first_diagnostics(std::mem::take(&mut self.diagnostics));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_change_is_remembered_of_a_revision() {
        let desired = Desired {
            uid: None,
            generation: Some(1),
            requested_at: None,
            allow_prune: None,
            drifts: 0,
        };
        let revision = Revision { name: "main".to_owned(), commit: "1".to_owned() };
        let remembered =
            |error: GitError| Unreadable::of(&error.into(), &desired, &revision).is_some();
        assert!(remembered(GitError::TooLarge("more than it may have".to_owned())));
        assert!(remembered(GitError::NoCommit("tag v1".to_owned())));
        assert!(!remembered(GitError::Unreachable("away".to_owned())));
        assert!(!remembered(GitError::Damaged("cut off".to_owned())));
    }
}
