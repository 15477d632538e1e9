//! What reconciling reports, as stable codes.

use crate::api::{Diagnostic, Severity};

/// A kind of fault or hint that a controller finds in an object. Codes are never given a new meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A field has a value that cannot be acted upon.
    InvalidField,
    /// A field is set that this version does not act upon.
    NotActedUpon,
    /// An object of the name exists and came from elsewhere.
    NameTaken,
    /// The summit that a note names does not exist.
    SummitMissing,
    /// A document still says what a note says, and is no longer read as giving it.
    TalkNotFound,
    /// The Secret of a webhook is not there, or has no token.
    WebhookSecret,
}

impl Code {
    /// All codes, in the order of their numbers.
    pub const ALL: &[Self] = &[
        Self::InvalidField,
        Self::NotActedUpon,
        Self::NameTaken,
        Self::SummitMissing,
        Self::TalkNotFound,
        Self::WebhookSecret,
    ];

    /// The stable code, such as `TN3001`.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidField => "TN3001",
            Self::NotActedUpon => "TN3002",
            Self::NameTaken => "TN3003",
            Self::SummitMissing => "TN3004",
            Self::TalkNotFound => "TN3005",
            Self::WebhookSecret => "TN3006",
        }
    }

    /// How grave it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::InvalidField | Self::NameTaken | Self::TalkNotFound => Severity::Error,
            Self::NotActedUpon | Self::SummitMissing | Self::WebhookSecret => Severity::Warning,
        }
    }

    /// The diagnostic of the field or document `path`.
    pub(in crate::controller) fn at(self, path: &str, message: String) -> Diagnostic {
        Diagnostic {
            path: path.to_owned(),
            line: None,
            column: None,
            severity: self.severity(),
            code: self.code().to_owned(),
            message,
        }
    }
}
