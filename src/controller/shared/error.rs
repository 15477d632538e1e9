//! What can go wrong in a reconciliation, and the one table that says what follows from it.

use std::borrow::Cow;
use std::time::Duration;

use crate::api::Diagnostic;
use crate::controller::shared::codes::Code;
use crate::git::{GitError, Reason as GitReason};
use crate::render::TooLarge;

/// Why a reconciliation did not reach its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The object says something that cannot be acted upon.
    #[error("{}", join(.0))]
    Invalid(Vec<Fault>),
    /// The object does not match the types of this version.
    #[error(
        "the object cannot be read by this version of TalkNotes ({0}) and is left alone: correct it, or \
         install the CRDs of this version with `talknotes crds | kubectl apply --server-side -f -`"
    )]
    Unreadable(String),
    /// What was rendered does not fit into a ConfigMap.
    #[error("the rendered page is too large: {0}; split the note or shorten it")]
    TooLarge(#[from] TooLarge),
    /// What the object refers to is not there.
    #[error("{0}")]
    Missing(String),
    /// An object of that name belongs to somebody else.
    #[error(
        "{kind} {name} exists and was not made by TalkNotes for the {owner}, which is not its \
         controller: rename or delete the {kind}, or rename the {owner}"
    )]
    Foreign {
        /// Kind of the object in the way.
        kind: &'static str,
        /// Its name.
        name: String,
        /// Kind and name of the object that wants the name.
        owner: String,
    },
    /// Names that the repository wants are held by others.
    #[error("{message}")]
    NamesTaken {
        /// Which, by whom, and what to do.
        message: String,
        /// Whether all of them are about to go without anybody's doing.
        leaving: bool,
        /// When to look again, should nobody tell that they went.
        retry: Duration,
    },
    /// An object of ours was deleted and cannot go.
    #[error(
        "the {kind} {name} is deleted but cannot go, because of its finalizers: {finalizers}. Let whoever \
         set them finish, or remove them with kubectl edit"
    )]
    Remains {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
        /// What others have still to do.
        finalizers: String,
    },
    /// The object changed while it was reconciled: the watch tells of it.
    #[error("the {kind} {name} has changed meanwhile")]
    Overtaken {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// Another writer keeps changing what we publish.
    #[error("{0}")]
    WriteContention(String),
    /// More would be deleted than `maxDeletePercent` allows.
    #[error("{message}")]
    DeleteGuard {
        /// What would be deleted, and how to allow it.
        message: String,
        /// When to ask the remote again: the next revision may be a whole one.
        retry: Duration,
    },
    /// Git failed.
    #[error("{source}")]
    Git {
        /// What went wrong.
        source: GitError,
        /// When to ask the remote again, where [`crate::controller::remotes`] has decided it.
        retry: Option<Duration>,
    },
    /// The API server refused or did not answer.
    #[error("cannot {doing}: {}", explain(.source))]
    Api {
        /// What we were about to do, as in "apply the ConfigMap x".
        doing: String,
        /// What came back.
        #[source]
        source: kube::Error,
    },
    /// Some objects of a revision could not be written; the others were.
    #[error(
        "{failed} objects of {total} changed ones could not be written or deleted; the first: {first}"
    )]
    Partial {
        /// How many failed.
        failed: usize,
        /// Of how many.
        total: usize,
        /// The first failure.
        #[source]
        first: Box<Error>,
        /// When to ask the remote again, however grave the failures are.
        retry: Duration,
    },
    /// Any of these, while a moment draws near at which something has to be done all the same.
    #[error("{error}")]
    Timed {
        /// What failed.
        error: Box<Error>,
        /// When to try again at the latest.
        within: Duration,
    },
    /// A reconciliation panicked or an invariant is broken: a bug of ours.
    #[error("internal error: {0}")]
    Internal(String),
}

/// One thing that is wrong with a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field, such as `spec.publishAt`.
    pub field: Cow<'static, str>,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Fault {
    pub(in crate::controller) fn new(
        field: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), message: message.into() }
    }

    fn diagnostic(&self) -> Diagnostic {
        Code::InvalidField.at(&self.field, self.message.clone())
    }
}

fn join(faults: &[Fault]) -> String {
    faults
        .iter()
        .map(|fault| format!("{}: {}", fault.field, fault.message))
        .collect::<Vec<_>>()
        .join("; ")
}

/// The API server's own words where it has some.
fn explain(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) => status.message.clone(),
        kube::Error::Service(inner) => format!("the API server did not answer: {inner}"),
        other => other.to_string(),
    }
}

/// What kind of failure it is, and thereby what happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Somebody has to change something: waits for a change.
    Terminal,
    /// May pass by itself: is tried again with growing pauses.
    Transient,
    /// Somebody else wrote at the same time: is tried again at once.
    Conflict,
    /// The object is going away: nothing is left to do.
    Gone,
    /// A fault in the operator.
    Bug,
}

impl Class {
    fn retry_after(self, attempts: u32) -> Option<Duration> {
        match self {
            Self::Terminal => Some(Duration::from_secs(3600)),
            Self::Transient => {
                let seconds = 2_u64.saturating_pow(attempts.saturating_sub(1)).min(300);
                Some(Duration::from_secs(seconds).mul_f64(0.75 + 0.5 * fastrand::f64()))
            }
            Self::Conflict => Some(Duration::from_secs(1)),
            Self::Gone => None,
            Self::Bug => Some(Duration::from_secs(300)),
        }
    }

    /// Value of the metric label `result`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Transient => "transient",
            Self::Conflict => "conflict",
            Self::Gone => "gone",
            Self::Bug => "bug",
        }
    }
}

impl From<GitError> for Error {
    fn from(source: GitError) -> Self {
        Self::Git { source, retry: None }
    }
}

impl Error {
    pub(in crate::controller) fn api(doing: impl Into<String>) -> impl FnOnce(kube::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Api { doing, source }
    }

    /// Pause before the next attempt, of which `attempts` have failed in a row; none where only a
    /// change helps.
    pub fn retry_after(&self, attempts: u32) -> Option<Duration> {
        match self {
            Self::DeleteGuard { retry, .. } | Self::NamesTaken { retry, .. } => Some(*retry),
            Self::Partial { first, retry, .. } => {
                Some(first.retry_after(attempts).map_or(*retry, |pause| pause.min(*retry)))
            }
            Self::Git { retry: Some(retry), .. } => Some(*retry),
            Self::Timed { error, within } => {
                Some(error.retry_after(attempts).map_or(*within, |pause| pause.min(*within)))
            }
            // Nobody tells us when somebody else's object goes.
            Self::Foreign { .. } | Self::Remains { .. } => Class::Transient.retry_after(attempts),
            _ => self.class().retry_after(attempts),
        }
    }

    /// The same, tried again after `pause` at the latest, where there is one.
    pub fn retried_within(self, pause: Option<Duration>) -> Self {
        match pause {
            Some(within) => Self::Timed { error: Box::new(self), within },
            None => self,
        }
    }

    /// The faults of a spec one by one.
    pub(in crate::controller) fn diagnostics(&self) -> Vec<Diagnostic> {
        match self {
            Self::Invalid(faults) => faults.iter().map(Fault::diagnostic).collect(),
            _ => Vec::new(),
        }
    }

    /// What kind of failure this is.
    pub fn class(&self) -> Class {
        match self {
            Self::Invalid(_)
            | Self::Unreadable(_)
            | Self::TooLarge(_)
            | Self::Foreign { .. }
            | Self::Remains { .. }
            | Self::NamesTaken { leaving: false, .. }
            | Self::DeleteGuard { .. } => Class::Terminal,
            Self::NamesTaken { leaving: true, .. } => Class::Transient,
            Self::Missing(_) | Self::WriteContention(_) => Class::Transient,
            Self::Git { source, .. }
                if source.is_permanent() || needs_a_person(source.reason()) =>
            {
                Class::Terminal
            }
            Self::Git { .. } => Class::Transient,
            Self::Api { source, .. } => api_class(source),
            Self::Partial { first, .. } => first.class(),
            Self::Timed { error, .. } => error.class(),
            Self::Overtaken { .. } => Class::Gone,
            Self::Internal(_) => Class::Bug,
        }
    }

    /// Whether trying again may help, though nobody changes anything.
    pub fn may_pass(&self) -> bool {
        matches!(self.class(), Class::Transient | Class::Conflict | Class::Gone)
    }

    /// Reason in the conditions: one of a closed set.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) | Self::Unreadable(_) => "InvalidSpec",
            Self::TooLarge(_) => "TooLarge",
            Self::Missing(_) => "ReferenceNotFound",
            Self::Foreign { .. } | Self::NamesTaken { .. } => "NameTaken",
            Self::Remains { .. } => "DeletionBlocked",
            Self::WriteContention(_) => "ResourceFight",
            Self::DeleteGuard { .. } => "DeleteGuard",
            Self::Git { source, .. } => git_reason(source.reason()),
            Self::Api { .. } | Self::Overtaken { .. } => "ApiServerError",
            Self::Partial { first, .. } => first.reason(),
            Self::Timed { error, .. } => error.reason(),
            Self::Internal(_) => "InternalError",
        }
    }
}

fn api_class(error: &kube::Error) -> Class {
    let kube::Error::Api(status) = error else { return Class::Transient };
    match status.code {
        409 => Class::Conflict,
        404 => Class::Gone,
        403 if status.message.contains("because it is being terminated") => Class::Gone,
        400 | 413 | 422 => Class::Terminal,
        _ => Class::Transient,
    }
}

/// What does not pass by itself, although the object may be right: a Secret, a server or a branch has
/// to be changed.
fn needs_a_person(reason: GitReason) -> bool {
    matches!(
        reason,
        GitReason::AuthenticationFailed
            | GitReason::HostKeyMismatch
            | GitReason::NotVerified
            | GitReason::NotFound
            | GitReason::ReferenceNotFound
            | GitReason::CertificateInvalid
            | GitReason::TooLarge
            | GitReason::Unsupported
            | GitReason::ArtifactInvalid
            | GitReason::InvalidUrl
    )
}

fn git_reason(reason: GitReason) -> &'static str {
    match reason {
        GitReason::InvalidUrl
        | GitReason::InvalidReference
        | GitReason::LocalRefused
        | GitReason::CredentialsOverHttp => "InvalidSpec",
        GitReason::AuthenticationFailed => "AuthenticationFailed",
        GitReason::NotVerified => "VerificationFailed",
        GitReason::HostKeyMismatch => "HostKeyMismatch",
        GitReason::NotFound => "RepositoryNotFound",
        GitReason::ReferenceNotFound => "RevisionNotFound",
        GitReason::CertificateInvalid => "CertificateInvalid",
        GitReason::Timeout => "Timeout",
        GitReason::Unreachable => "Unreachable",
        GitReason::RateLimited => "RateLimited",
        GitReason::TooLarge => "TooLarge",
        GitReason::Unsupported => "UnsupportedRepository",
        GitReason::ArtifactInvalid => "ArtifactInvalid",
        GitReason::Failed => "GitOperationFailed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transient_failures_wait_longer_each_time_and_five_minutes_at_most() {
        let pause = |n| Class::Transient.retry_after(n).unwrap_or_default();
        assert!(pause(1) <= Duration::from_millis(1250));
        assert!(pause(6) > pause(1));
        assert!(pause(60) <= Duration::from_secs(375));
    }

    #[test]
    fn a_repository_is_asked_again_however_grave_the_failure_of_one_object_is() {
        let first = Box::new(Error::Unreadable("never".to_owned()));
        let retry = Duration::from_secs(300);
        let error = Error::Partial { failed: 1, total: 2, first, retry };
        assert_eq!(error.class(), Class::Terminal);
        assert_eq!(error.retry_after(1), Some(retry));
    }

    #[test]
    fn a_moment_that_draws_near_is_not_slept_over_because_of_a_fault() {
        let fault = || Error::Invalid(vec![Fault::new("spec.day", "is no date")]);
        let soon = Duration::from_secs(60);
        assert_eq!(fault().retried_within(Some(soon)).retry_after(1), Some(soon));
        assert_eq!(fault().retried_within(None).retry_after(1), Some(Duration::from_secs(3600)));
        let timed = fault().retried_within(Some(soon));
        assert_eq!((timed.class(), timed.reason()), (Class::Terminal, "InvalidSpec"));
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let error = Error::Invalid(vec![
            Fault::new("spec.day", "is no date"),
            Fault::new("spec.publishAt", "is no time"),
        ]);
        assert_eq!(error.to_string(), "spec.day: is no date; spec.publishAt: is no time");
        assert_eq!(error.class(), Class::Terminal);
    }
}
