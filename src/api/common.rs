//! Parts that more than one kind is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many diagnostics a `status` carries at most; the counts beside the list are of all.
pub const MAX_DIAGNOSTICS: usize = 20;

/// A link that belongs to a talk or a summit.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Text of the link. The URL is shown where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 500))]
    pub title: Option<String>,
    /// Where the link leads: an absolute http or https URL.
    #[schemars(length(min = 1, max = 4096))]
    pub url: String,
    /// What the link leads to: Session (the organiser's page), Slides, Video, Workshop, Source,
    /// Reference or Other. Other where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<LinkKind>,
}

#[derive(
    Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[allow(
    missing_docs,
    reason = "the values are explained at Link::kind, where the schema keeps them"
)]
pub enum LinkKind {
    Session,
    Slides,
    Video,
    Workshop,
    Source,
    Reference,
    Other,
}

/// A fault or a hint with its place in the source.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// Path of the document in the repository, or the field of the object that is meant.
    #[schemars(length(max = 1024))]
    pub path: String,
    /// Line in the document, from 1; absent where the whole document is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub line: Option<i32>,
    /// Column in the line in characters, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub column: Option<i32>,
    /// Error (something is not published), Warning (something is probably not what the author
    /// meant) or Info.
    pub severity: Severity,
    /// Stable code such as TN1001.
    #[schemars(length(max = 16))]
    pub code: String,
    /// What is wrong and what to do about it.
    #[schemars(length(max = 1024))]
    pub message: String,
}

#[derive(
    Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord,
)]
#[allow(missing_docs, reason = "the values are explained at Diagnostic::severity")]
pub enum Severity {
    Error,
    Warning,
    Info,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        })
    }
}
