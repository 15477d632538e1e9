//! What follows from an error.

use jiff::Timestamp;

use super::GitError;
use super::text::{chain, unsupported};

/// Class of a [`GitError`], for a condition or a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The address cannot be used.
    InvalidUrl,
    /// The branch, tag, reference or commit cannot be a name of one.
    InvalidReference,
    /// A local repository where these are refused.
    LocalRefused,
    /// Credentials would travel unencrypted.
    CredentialsOverHttp,
    /// The server wants credentials, or other ones.
    AuthenticationFailed,
    /// The ssh server's key is not the one that is known.
    HostKeyMismatch,
    /// The revision is not signed by anybody who is trusted.
    NotVerified,
    /// There is no repository at the address.
    NotFound,
    /// The repository lacks the reference.
    ReferenceNotFound,
    /// The server's certificate, or the given authority, is not valid.
    CertificateInvalid,
    /// The visit took too long.
    Timeout,
    /// The server cannot be reached, or has a fault of its own.
    Unreachable,
    /// The server asks for fewer visits.
    RateLimited,
    /// The repository is larger than we read.
    TooLarge,
    /// The repository is of a kind that we do not read.
    Unsupported,
    /// An artifact is not what it should be.
    ArtifactInvalid,
    /// Anything else.
    Failed,
}

impl GitError {
    /// The class of the error.
    pub fn reason(&self) -> Reason {
        match self {
            Self::InvalidUrl(_) | Self::RedirectRefused(_) => Reason::InvalidUrl,
            Self::InvalidReference(_) => Reason::InvalidReference,
            Self::LocalRefused => Reason::LocalRefused,
            Self::CredentialsOverHttp => Reason::CredentialsOverHttp,
            Self::CredentialsMalformed
            | Self::CredentialsNeeded
            | Self::CredentialsRefused { .. }
            | Self::Forbidden
            | Self::GitHubAppInvalid(_)
            | Self::GitHubAppRefused(_)
            | Self::SshKeyNeeded
            | Self::SshKeyInvalid(_)
            | Self::ClientCertificateInvalid
            | Self::ClientCertificateRefused
            | Self::ProxyInvalid(_)
            | Self::ProxyRefused
            | Self::SshKeyRefused { .. } => Reason::AuthenticationFailed,
            Self::KnownHostsInvalid(_)
            | Self::HostKeyUnknown { .. }
            | Self::HostKeyChanged { .. }
            | Self::HostKeyRevoked { .. }
            | Self::HostCertificate { .. } => Reason::HostKeyMismatch,
            Self::NotFound(_) | Self::NotServed(_) => Reason::NotFound,
            Self::ReferenceNotFound(_)
            | Self::HeadDangling(_)
            | Self::Empty
            | Self::NoCommit(_) => Reason::ReferenceNotFound,
            Self::NotVerified(_) | Self::SignersInvalid(_) => Reason::NotVerified,
            Self::Unsupported(_) => Reason::Unsupported,
            Self::CertificateInvalid(_) | Self::IssuerUnknown | Self::AuthorityInvalid(_) => {
                Reason::CertificateInvalid
            }
            Self::ArtifactInvalid(_) | Self::DigestMismatch => Reason::ArtifactInvalid,
            Self::Timeout(_) | Self::CacheBusy(_) => Reason::Timeout,
            Self::Unreachable(_) | Self::ProxyFailed(_) | Self::ArtifactGone => Reason::Unreachable,
            Self::RateLimited { .. } => Reason::RateLimited,
            Self::TooLarge(_) => Reason::TooLarge,
            Self::LargeFilesBySsh => Reason::InvalidUrl,
            Self::LargeFiles(_)
            | Self::UnexpectedStatus(_)
            | Self::Cache(_)
            | Self::Damaged(_)
            | Self::Failed(_) => Reason::Failed,
        }
    }

    /// Whether only a change of the spec can help. All other errors may pass by themselves: a branch
    /// is pushed, a Secret renewed, a server repaired.
    pub fn is_permanent(&self) -> bool {
        matches!(
            self,
            Self::InvalidUrl(_)
                | Self::InvalidReference(_)
                | Self::LocalRefused
                | Self::CredentialsOverHttp
        )
    }

    /// When the server may be asked again, where it says so.
    pub fn wait_until(&self) -> Option<Timestamp> {
        match self {
            Self::RateLimited { until, .. } => *until,
            _ => None,
        }
    }

    /// Whether the server limits how often whoever we are may ask, whichever repository it is.
    pub fn limits_the_host(&self) -> bool {
        matches!(self, Self::RateLimited { status: ..500, .. })
    }

    /// Whether another visit of the same revision must end in the same way.
    pub fn is_about_the_revision(&self) -> bool {
        matches!(self, Self::TooLarge(_) | Self::NoCommit(_))
    }

    /// Wraps an error of the git library. Its text may quote the server, so it is cut and cleaned.
    pub(super) fn failed(error: &gix::Error) -> Self {
        unsupported(error).unwrap_or_else(|| Self::Failed(chain(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_faults_of_the_spec_are_permanent() {
        assert!(GitError::LocalRefused.is_permanent());
        assert!(GitError::InvalidUrl(String::new()).is_permanent());
        assert!(!GitError::Unreachable(String::new()).is_permanent());
        assert!(!GitError::CredentialsNeeded.is_permanent());
        assert!(!GitError::ReferenceNotFound(String::new()).is_permanent());
    }
}
