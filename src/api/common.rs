//! Parts that more than one kind is made of.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Objects in one answer of the API server to a list, whoever asks. Each may have a MiB and more, so that
/// a page of kube's usual 500 could have half a GiB.
pub const LIST_PAGE: u32 = 100;

/// How many diagnostics a `status` carries at most; the counts beside the list are of all.
pub const MAX_DIAGNOSTICS: usize = 20;

/// The condition of a type, where it is there.
pub fn condition<'c>(conditions: &'c [Condition], type_: &str) -> Option<&'c Condition> {
    conditions.iter().find(|condition| condition.type_ == type_)
}

/// Pattern of a time of the day, which may go on after midnight: 24:30 is half an hour after it.
pub(super) const TIME: &str = r"^[0-2]\d:[0-5]\d$";
/// Pattern of a length of time.
pub(super) const DURATION: &str = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$";
/// Pattern of the name of a language.
pub(super) const LANGUAGE: &str = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";
/// Pattern of the full name of a commit.
pub(super) const COMMIT: &str = "^([0-9a-f]{40}|[0-9a-f]{64})$";

/// Pattern of the end of a name.
pub(super) const SUFFIX: &str = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

/// What the API server says to whoever breaks a rule: what to write instead. The rule is in CEL.
pub(super) fn rule(rule: &str, message: &str) -> Value {
    json!([{ "rule": rule, "message": message }])
}

/// The same for a text that has to match a pattern. The pattern itself stays in the schema too: what
/// checks manifests without an API server knows no CEL.
pub(super) fn matches(pattern: &str, message: &str) -> Value {
    rule(&format!("self.matches(r'{pattern}')"), message)
}

pub(super) fn day() -> Value {
    // No `format: date`: the server would say that it is no date, and not run the rule.
    rule(
        "!format.date().validate(self).hasValue()",
        "write a day as YYYY-MM-DD, such as 2026-05-14",
    )
}

pub(super) fn time() -> Value {
    matches(TIME, "write a time as HH:MM on the 24-hour clock and in quotes, such as \"09:30\"")
}

pub(super) fn moment() -> Value {
    rule(
        "!format.datetime().validate(self).hasValue()",
        "write day, time and zone as in 2026-05-14T18:00:00+08:00",
    )
}

pub(super) fn duration() -> Value {
    matches(DURATION, "write a number and its unit (ms, s, m or h), such as 5m or 1h30m")
}

pub(super) fn suffix() -> Value {
    matches(SUFFIX, "write small letters, digits and hyphens, such as pr-42")
}

pub(super) fn language() -> Value {
    matches(LANGUAGE, "write a BCP 47 tag with hyphens, such as en or zh-Hant-TW")
}

pub(super) fn commit() -> Value {
    matches(
        COMMIT,
        "write all 40 (or 64) hexadecimal digits of the commit; `git rev-parse HEAD` prints them",
    )
}

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
