//! Addresses of repositories that are reached by ssh.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::Url;

use super::super::GitError;

/// Where an ssh server listens when nothing else is said.
pub(in crate::git) const PORT: u16 = 22;
/// Whoever nobody names: all large hosts serve git to this user.
const USER: &str = "git";

/// A repository at an ssh server, with nothing in it that a shell or a program could take for an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::git) struct SshAddress {
    pub user: String,
    /// In lower case, an IPv6 address without its brackets.
    pub host: String,
    pub port: u16,
    /// As the server is asked for it: relative to the home folder where it does not begin with a slash.
    pub path: String,
}

impl SshAddress {
    /// Reads `ssh://[user@]host[:port]/path`.
    pub fn of_url(text: &str) -> Result<Self, GitError> {
        let malformed = || invalid("it is not well-formed: give it as ssh://git@host/path");
        let url = Url::parse(text).map_err(|_| malformed())?;
        if url.password().is_some() {
            return Err(invalid(
                "it holds a password: remove it, and put an ssh key into a Secret",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("it has a query (?) or a fragment (#): remove it"));
        }
        let decoded = |text: &str| -> Result<String, GitError> {
            let text = percent_decode_str(text).decode_utf8().map_err(|_| malformed())?;
            Ok(text.into_owned())
        };
        let path = decoded(url.path())?;
        // The same rule as git's: the home folder of somebody is no folder at the root.
        let path = if path.starts_with("/~") { path.trim_start_matches('/') } else { &path };
        Self {
            user: decoded(url.username())?,
            host: url.host_str().ok_or_else(malformed)?.to_owned(),
            port: url.port().unwrap_or(PORT),
            path: path.to_owned(),
        }
        .checked()
    }

    /// Reads `[user@]host:path`; an IPv6 address, or a host with its port, stands in brackets.
    pub fn of_scp(text: &str) -> Result<Self, GitError> {
        let malformed = || invalid("it is not well-formed: give it as git@host:path");
        // What comes first tells whether there is a user.
        let (user, rest) = match text.split_once('@') {
            Some((user, rest)) if !user.contains([':', '/']) => (user, rest),
            _ => ("", text),
        };
        let (host, path) = match rest.strip_prefix('[') {
            Some(rest) => rest.split_once("]:"),
            None => rest.split_once(':'),
        }
        .ok_or_else(malformed)?;
        let (host, port) = match host.split_once(':') {
            Some((host, port)) if rest.starts_with('[') && !port.contains(':') => {
                (host, port.parse().map_err(|_| malformed())?)
            }
            _ => (host, PORT),
        };
        Self { user: user.to_owned(), host: host.to_owned(), port, path: path.to_owned() }.checked()
    }

    /// The name that `known_hosts` has for the server.
    pub fn known_name(&self) -> String {
        match self.port {
            PORT => self.host.clone(),
            port => format!("[{}]:{port}", self.host),
        }
    }

    /// The command that serves the repository. The path is quoted for a shell.
    pub fn command(&self) -> String {
        format!("git-upload-pack '{}'", self.path.replace('\'', r"'\''"))
    }

    fn checked(self) -> Result<Self, GitError> {
        let Self { user, host, port, path } = self;
        let user = if user.is_empty() { USER.to_owned() } else { user };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let is_name = |text: &str, more: &str| {
            !text.is_empty()
                && !text.starts_with('-')
                && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        if !is_name(&host, ".-_:") || port == 0 {
            return Err(invalid("its host is not the name or address of a server"));
        }
        if !is_name(&user, ".-_+@") {
            return Err(invalid("its user is not the name of one"));
        }
        let is_empty = path.trim_matches('/').is_empty();
        if is_empty || path.starts_with('-') || path.chars().any(char::is_control) {
            return Err(invalid("it names no repository behind the host"));
        }
        Ok(Self { user, host, port, path })
    }
}

/// A URL where the path begins at the root, `user@host:path` elsewhere.
impl fmt::Display for SshAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, host, port, path } = self;
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        match (path.starts_with('/'), *port) {
            (true, PORT) => write!(f, "ssh://{user}@{host}{path}"),
            (true, port) => write!(f, "ssh://{user}@{host}:{port}{path}"),
            (false, PORT) => write!(f, "{user}@{host}:{path}"),
            (false, port) => write!(f, "{user}@[{host}:{port}]:{path}"),
        }
    }
}

fn invalid(why: &str) -> GitError {
    GitError::InvalidUrl(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Option<(String, String, u16, String)> {
        parts(SshAddress::of_url(text))
    }

    fn scp(text: &str) -> Option<(String, String, u16, String)> {
        parts(SshAddress::of_scp(text))
    }

    fn parts(read: Result<SshAddress, GitError>) -> Option<(String, String, u16, String)> {
        read.ok().map(|SshAddress { user, host, port, path }| (user, host, port, path))
    }

    fn is(user: &str, host: &str, port: u16, path: &str) -> Option<(String, String, u16, String)> {
        Some((user.to_owned(), host.to_owned(), port, path.to_owned()))
    }

    #[test]
    fn urls_are_read_as_git_reads_them() {
        let port = 2222;
        assert_eq!(url("ssh://git@Git.Example/o/r.git"), is("git", "git.example", 22, "/o/r.git"));
        assert_eq!(url("ssh://git.example:2222/r"), is("git", "git.example", port, "/r"));
        assert_eq!(url("ssh://anna@[::1]:2222/r"), is("anna", "::1", port, "/r"));
        assert_eq!(url("ssh://git.example/~anna/r"), is("git", "git.example", 22, "~anna/r"));
        assert_eq!(url("ssh://git.example/a%20b"), is("git", "git.example", 22, "/a b"));
    }

    #[test]
    fn scp_like_addresses_are_read_as_git_reads_them() {
        assert_eq!(scp("git@git.example:o/r.git"), is("git", "git.example", 22, "o/r.git"));
        assert_eq!(scp("git.example:/srv/r"), is("git", "git.example", 22, "/srv/r"));
        assert_eq!(scp("git.example:a@b/r"), is("git", "git.example", 22, "a@b/r"));
        assert_eq!(scp("git@[git.example:2222]:r"), is("git", "git.example", 2222, "r"));
        assert_eq!(scp("git@[::1]:r"), is("git", "::1", 22, "r"));
    }

    #[test]
    fn what_is_shown_is_read_as_the_same_again() {
        for text in ["ssh://git@git.example/o/r.git", "ssh://a@[::1]:2222/r", "ssh://git@h:1/r"] {
            assert_eq!(SshAddress::of_url(text).unwrap().to_string(), text);
        }
        for text in ["git@git.example:o/r.git", "git@[git.example:2222]:r", "git@[::1]:r"] {
            assert_eq!(SshAddress::of_scp(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn nothing_passes_that_a_program_could_take_for_something_else() {
        for text in [
            "ssh://",
            "ssh://git.example",
            "ssh://git.example/",
            "ssh://-oProxyCommand=x/r",
            "ssh://-x@git.example/r",
            "ssh://a:hunter2@git.example/r",
            "ssh://git.example/a%0ab",
            "ssh://git.example/r?x",
            "ssh://git.example:0/r",
            "ssh://gi%20t.example/r",
        ] {
            assert_eq!(url(text), None, "{text}");
        }
        for text in ["git@-x:r", "git@git.example:-r", "git@git.example:", "git@:r", "@:", "a b:r"]
        {
            assert_eq!(scp(text), None, "{text}");
        }
        let odd = SshAddress::of_scp("git@git.example:it's; rm").unwrap();
        assert_eq!(odd.command(), r"git-upload-pack 'it'\''s; rm'");
    }
}
