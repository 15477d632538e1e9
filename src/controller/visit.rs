//! What is remembered of the last visit of a repository.

use std::sync::Arc;

use super::note_repository::Held;
use crate::api::{Diagnostic, DocumentReading};
use crate::git::Revision;

/// A visit after which the cluster was as the revision wants it. As long as nothing of it changes, the
/// next visit has nothing to do but to ask the remote.
#[derive(PartialEq)]
pub struct Visit {
    pub wish: Wish,
    pub revision: Revision,
    pub summary: Arc<Summary>,
    /// Names that others hold: when one goes, there is something to do.
    pub held: Arc<Vec<Held>>,
}

/// What people have said about a repository, beside what is in it.
#[derive(Clone, PartialEq)]
pub struct Wish {
    pub uid: Option<String>,
    pub generation: Option<i64>,
    pub requested_at: Option<String>,
    pub allow_prune: Option<String>,
    /// Number of objects found changed by others so far.
    pub drifts: u64,
}

/// What a revision holds.
#[derive(Default, PartialEq)]
pub struct Summary {
    pub documents: usize,
    pub summits: usize,
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
