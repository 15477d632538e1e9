//! Where a server may send us.

use reqwest::header::LOCATION;
use url::Url;

use super::GitError;

/// How many redirects are followed.
pub(super) const MOST_REDIRECTS: usize = 5;

/// The address that an answer redirects to, or None where it does not redirect.
///
/// `tail` is what git put behind the repository's address; it has to be kept, so that the rest of the
/// visit knows the repository's new address. Where the visit has `credentials`, they must not reach
/// another host, and an encrypted visit stays encrypted.
pub(super) fn target(
    response: &reqwest::blocking::Response,
    from: &Url,
    tail: &str,
    credentials: bool,
) -> Result<Option<Url>, GitError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    follow(from, location.unwrap_or_default(), tail, credentials).map(Some)
}

fn follow(from: &Url, location: &str, tail: &str, credentials: bool) -> Result<Url, GitError> {
    let refused = |why: &str| Err(GitError::RedirectRefused(why.to_owned()));
    let Ok(to) = from.join(location) else {
        return refused("an address that is not well-formed");
    };
    if !matches!(to.scheme(), "http" | "https") || to.host_str().is_none() {
        return refused("something that is not a web address");
    }
    if from.scheme() == "https" && to.scheme() == "http" {
        return refused("an address that is not encrypted");
    }
    if !to.username().is_empty() || to.password().is_some() {
        return refused("an address with credentials in it");
    }
    if credentials && to.origin() != from.origin() {
        return refused("another host, to which credentials are not sent");
    }
    match to.as_str().strip_suffix(tail) {
        Some(base) if !base.contains(['?', '#']) => Ok(to),
        _ => refused("a page that is not the same repository"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIL: &str = "/info/refs?service=git-upload-pack";

    fn refused(location: &str, credentials: bool) -> bool {
        let from = Url::parse("https://git.example/old/info/refs?service=git-upload-pack").unwrap();
        follow(&from, location, TAIL, credentials).is_err()
    }

    #[test]
    fn a_repository_may_move() {
        assert!(!refused(&format!("/new{TAIL}"), true));
        assert!(!refused(&format!("https://git.example/new{TAIL}"), true));
        assert!(!refused(&format!("https://elsewhere.example/new{TAIL}"), false));
    }

    #[test]
    fn credentials_stay_with_their_host() {
        assert!(refused(&format!("https://elsewhere.example/new{TAIL}"), true));
        assert!(refused(&format!("https://git.example:444/new{TAIL}"), true));
    }

    #[test]
    fn unsafe_targets_are_refused() {
        for location in [
            format!("http://git.example/new{TAIL}"),
            format!("https://a:b@git.example/new{TAIL}"),
            format!("file:///etc/passwd{TAIL}"),
            format!("https://git.example/new?x={TAIL}"),
            "https://git.example/login".to_owned(),
            "https://".to_owned(),
        ] {
            assert!(refused(&location, false), "{location}");
        }
    }
}
