//! What the operator made of a repository.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{Diagnostic, DocumentReading};

/// What the operator made of the repository.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct NoteRepositoryStatus {
    /// Generation of the spec that this status describes; -1 before the operator has seen the
    /// repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready always; Reconciling and Stalled only while they are True; SourceVerified where verify is
    /// set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
    /// Revision that was tried last, such as main@sha1:<commit>.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub last_attempted_revision: Option<String>,
    /// Revision that the objects in the cluster were made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub last_applied_revision: Option<String>,
    /// Digest of all objects that the revision gave: a controller that starts compares it with what is in the
    /// cluster, and reads the repository where they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 80))]
    pub inventory_digest: Option<String>,
    /// The last five revisions that were applied, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 5))]
    pub history: Vec<HistoryEntry>,
    /// Number of documents that were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<i32>,
    /// Number of summits that were found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summits: Option<i32>,
    /// Number of notes that were found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<i32>,
    /// Number of notes among them that are drafts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafts: Option<i32>,
    /// How the documents are read, the most frequent reading first; at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 10))]
    pub readings: Vec<DocumentReading>,
    /// Number of errors found in the documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<i32>,
    /// Number of warnings found in the documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warnings: Option<i32>,
    /// The first 20 faults and hints, errors first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub diagnostics: Vec<Diagnostic>,
    /// Path at which the controllers take reports of the git server; absent where none are wanted or
    /// taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub webhook_path: Option<String>,
    /// Value of the annotation talknotes.dev/requested-at (or reconcile.fluxcd.io/requestedAt) that
    /// was handled last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub last_handled_reconcile_at: Option<String>,
}

/// A revision that was applied.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// The revision, such as main@sha1:<commit>.
    #[schemars(length(max = 512))]
    pub revision: String,
    /// When it was applied first (RFC 3339).
    #[schemars(extend("format" = "date-time", "maxLength" = 64))]
    pub applied_at: String,
    /// Number of notes that it had.
    pub notes: i32,
}
