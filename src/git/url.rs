//! Which addresses are visited.

use std::fmt;
use std::path::PathBuf;

use url::Url;

use super::ssh::{self, SshAddress};
use super::{Artifact, GitError, Locals};

/// Where a repository is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// At a server.
    Server(Server),
    /// On this machine.
    Local(PathBuf),
    /// Fetched by somebody else.
    Artifact(Artifact),
}

/// A repository at a server. What is shown of it stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Server {
    /// http or https, with a host, without userinfo, query and fragment.
    Http(Url),
    /// By ssh.
    Ssh(SshAddress),
}

impl Server {
    /// How the git library is to name it: it knows neither all addresses nor how to reach them.
    pub(super) fn library_url(&self) -> String {
        match self {
            Self::Http(url) => url.to_string(),
            Self::Ssh(_) => ssh::LIBRARY_URL.to_owned(),
        }
    }

    /// Names the server, whichever repository it is.
    pub(super) fn origin(&self) -> String {
        match self {
            Self::Http(url) => url.origin().ascii_serialization(),
            Self::Ssh(address) => format!("ssh://{}", address.known_name()),
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(url) => url.fmt(f),
            Self::Ssh(address) => address.fmt(f),
        }
    }
}

/// Reads an address. Messages never quote it, because it may carry a secret.
pub(super) fn parse(text: &str, locals: Locals) -> Result<Location, GitError> {
    if text.is_empty() {
        return invalid("it is empty: give a https:// URL");
    }
    if text.chars().any(char::is_control) || text.trim() != text {
        return invalid("it has control characters, or spaces around it");
    }
    let Some((scheme, _)) = text.split_once("://") else {
        return without_scheme(text, locals);
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => server(text),
        "file" => file(text, locals),
        "ssh" => SshAddress::of_url(text).map(by_ssh),
        "git+ssh" | "ssh+git" => invalid("write ssh:// in place of its scheme"),
        "git" => invalid(
            "git:// is not encrypted, and the server proves nothing: use https:// or ssh://",
        ),
        _ if scheme.contains("::") => helper(),
        _ => invalid("only https://, http:// and ssh:// are supported"),
    }
}

fn server(text: &str) -> Result<Location, GitError> {
    let Ok(url) = Url::parse(text) else {
        return invalid("it is not well-formed: give it as https://host/path");
    };
    if !url.username().is_empty() || url.password().is_some() || has_userinfo(text) {
        return invalid(
            "it holds credentials: put them into a Secret and remove them from the URL",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return invalid("it has a query (?) or a fragment (#): remove it");
    }
    Ok(Location::Server(Server::Http(url)))
}

/// Whether there is an `@` in the authority; the parser drops an empty userinfo silently.
fn has_userinfo(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.split(['/', '\\', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

fn file(text: &str, locals: Locals) -> Result<Location, GitError> {
    if locals == Locals::Refused {
        return Err(GitError::LocalRefused);
    }
    match Url::parse(text).map(|url| url.to_file_path()) {
        Ok(Ok(path)) => Ok(Location::Local(path)),
        _ => invalid("a file:// URL must be file:///path on this machine"),
    }
}

fn without_scheme(text: &str, locals: Locals) -> Result<Location, GitError> {
    let first = text.split('/').next().unwrap_or_default();
    if first.contains("::") {
        return helper();
    }
    // The same rule as git's: a colon before the first slash means host:path.
    if first.contains(':') {
        return SshAddress::of_scp(text).map(by_ssh);
    }
    match locals {
        Locals::Refused => Err(GitError::LocalRefused),
        Locals::Allowed => Ok(Location::Local(PathBuf::from(text))),
    }
}

fn by_ssh(address: SshAddress) -> Location {
    Location::Server(Server::Ssh(address))
}

fn helper() -> Result<Location, GitError> {
    invalid("remote helpers (name::address) are not supported: use a https:// URL")
}

fn invalid(why: &str) -> Result<Location, GitError> {
    Err(GitError::InvalidUrl(why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::Reason;

    fn reason(text: &str, locals: Locals) -> Option<Reason> {
        parse(text, locals).err().map(|error| error.reason())
    }

    #[test]
    fn servers_are_visited() {
        for url in [
            "https://git.example/notes.git",
            "http://127.0.0.1:8080/a/b",
            "HTTPS://[::1]/x",
            "ssh://git@git.example/x",
            "git@git.example:team/notes.git",
            "git.example:notes",
        ] {
            assert_eq!(reason(url, Locals::Refused), None, "{url}");
        }
    }

    #[test]
    fn other_ways_are_refused_with_a_reason() {
        for url in [
            "",
            " https://git.example/x",
            "https://",
            "https://git.example/x?token=abc",
            "https://git.example/x#main",
            "ssh://git.example/x?y",
            "git+ssh://git@git.example/x",
            "ext::sh -c touch% /tmp/x",
            "fd::17/foo",
            "ext::http://x",
            "git://git.example/x",
            "ftp://git.example/x",
            "https://git.example/a\nb",
        ] {
            assert_eq!(reason(url, Locals::Allowed), Some(Reason::InvalidUrl), "{url}");
        }
    }

    #[test]
    fn userinfo_is_refused_and_not_repeated() {
        for url in [
            "https://anna:hunter2@git.example/x",
            "https://hunter2@git.example/x",
            "https://@git.example/",
            "ssh://anna:hunter2@git.example/x",
        ] {
            let error = parse(url, Locals::Allowed).unwrap_err();
            assert_eq!(error.reason(), Reason::InvalidUrl);
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
            assert!(error.to_string().contains("Secret"), "{error}");
        }
    }

    #[test]
    fn locals_are_for_those_who_may() {
        for url in ["/srv/notes", "./notes", "notes", "file:///srv/notes"] {
            assert_eq!(reason(url, Locals::Refused), Some(Reason::LocalRefused), "{url}");
            assert_eq!(reason(url, Locals::Allowed), None, "{url}");
        }
        assert_eq!(reason("file://host/srv", Locals::Allowed), Some(Reason::InvalidUrl));
    }
}
