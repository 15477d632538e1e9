//! What an answer, or the lack of one, means.

use std::error::Error;
use std::time::Duration;

use reqwest::blocking::Response;
use reqwest::header::CONTENT_TYPE;
use rustls::{AlertDescription, CertificateError};

use super::text::one_line;
use super::{GitError, wait};

/// Lets answers pass but those that ask us to come again, and faults of the server, which is called `who`.
pub(super) fn unless_away(response: Response, who: &str) -> Result<Response, GitError> {
    let status = response.status().as_u16();
    if let Some(until) = wait::asked_for(status, response.headers(), jiff::Timestamp::now()) {
        return Err(GitError::RateLimited { status, until: Some(until) });
    }
    if status >= 500 {
        return Err(GitError::Unreachable(format!("{who} has a fault (status {status})")));
    }
    Ok(response)
}

/// Lets answers of git servers pass.
pub(super) fn accept(response: Response, credentials: bool) -> Result<Response, GitError> {
    let response = unless_away(response, "it")?;
    let status = response.status().as_u16();
    match status {
        200 if is_git(&response) => Ok(response),
        200 => Err(GitError::NotFound("it answers, but not as a git server".to_owned())),
        300..=399 => Err(GitError::RedirectRefused("another address in mid-visit".to_owned())),
        401 if !credentials => Err(GitError::CredentialsNeeded),
        403 if !credentials => Err(GitError::Forbidden),
        401 | 403 => Err(GitError::CredentialsRefused { status }),
        404 | 410 => Err(GitError::NotFound(format!("status {status}"))),
        429 => Err(GitError::RateLimited { status, until: None }),
        _ => Err(GitError::UnexpectedStatus(status)),
    }
}

fn is_git(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-git-upload-pack-"))
}

/// Why there was no answer.
pub(super) fn of_failure(error: &reqwest::Error, timeout: Duration) -> GitError {
    if error.is_timeout() {
        return GitError::Timeout(timeout);
    }
    if let Some(tls) = find_tls(error) {
        return match tls {
            rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
                GitError::IssuerUnknown
            }
            rustls::Error::InvalidCertificate(_) => {
                GitError::CertificateInvalid(one_line(&tls.to_string()))
            }
            rustls::Error::AlertReceived(alert) if is_about_us(*alert) => {
                GitError::ClientCertificateRefused
            }
            other => GitError::Unreachable(format!("TLS failed: {}", one_line(&other.to_string()))),
        };
    }
    if error.is_builder() {
        let what = "the credentials or the URL cannot be sent over HTTP".to_owned();
        return GitError::Failed(what);
    }
    GitError::Unreachable(innermost(error))
}

/// Whether a server says that it does not like who we are.
fn is_about_us(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::DecryptError
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::AccessDenied
    )
}

/// Why an answer broke off.
pub(super) fn of_broken_answer(error: &std::io::Error, timeout: Duration) -> GitError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>()) {
        Some(inner) => of_failure(inner, timeout),
        None if error.kind() == std::io::ErrorKind::TimedOut => GitError::Timeout(timeout),
        None => {
            GitError::Unreachable(format!("the connection broke: {}", one_line(&error.to_string())))
        }
    }
}

/// The text of the first cause. The outer ones quote the URL.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let first = causes(error).last().map_or("no answer".to_owned(), ToString::to_string);
    one_line(&first)
}

fn find_tls(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// What an error goes back to, the nearest cause first. An I/O error leaves out what it wraps when it is
/// asked for its source, so that is looked at here.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| wrapped_in(*cause))
}

fn wrapped_in<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}
