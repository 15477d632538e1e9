//! How a remote may be visited.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::blocking::RequestBuilder;

use super::{GitError, Proxy};

/// How a remote may be visited. The default is anonymous, trusts the system's certificate
/// authorities, takes a minute at most and refuses local repositories.
#[derive(Clone, Debug)]
pub struct Access {
    /// What to show the server; None for an anonymous visit.
    pub credentials: Option<Credentials>,
    /// Certificate authorities (PEM) to trust besides the system's.
    pub certificate_authority: Option<Vec<u8>>,
    /// What an https server is shown about who we are; None where nothing is.
    pub client_certificate: Option<ClientCertificate>,
    /// The proxy that connections go through; None for none but those of the environment, which count
    /// for https alone.
    pub proxy: Option<Proxy>,
    /// What an ssh server is shown; None where there is nothing.
    pub ssh: Option<Ssh>,
    /// Whether contents that Git LFS keeps beside the repository are fetched, over https alone.
    pub large_files: bool,
    /// How long one visit may take, from the first byte to the last.
    pub timeout: Duration,
    /// Whether repositories of this machine may be read.
    pub locals: Locals,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            credentials: None,
            certificate_authority: None,
            client_certificate: None,
            proxy: None,
            ssh: None,
            large_files: false,
            timeout: Duration::from_secs(60),
            locals: Locals::Refused,
        }
    }
}

/// What to show the server. They are sent over https only, and only to the host of the URL.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// HTTP basic authentication.
    Basic {
        /// Name of the user.
        username: String,
        /// Password or access token.
        password: String,
    },
    /// A bearer token.
    Bearer(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic { .. } => "Basic(hidden)",
            Self::Bearer(_) => "Bearer(hidden)",
        })
    }
}

/// A certificate of our own and its key, both in PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The certificate, followed by those between it and an authority.
    pub certificate: Vec<u8>,
    /// Its private key.
    pub key: Vec<u8>,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate(hidden)")
    }
}

impl ClientCertificate {
    /// The same for the client of HTTP.
    pub(super) fn identity(&self) -> Result<reqwest::Identity, GitError> {
        let both = [self.key.as_slice(), b"\n", self.certificate.as_slice()].concat();
        reqwest::Identity::from_pem(&both).map_err(|_| GitError::ClientCertificateInvalid)
    }
}

/// What an ssh server is shown, and which servers are known. There is no way to visit an unknown one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Ssh {
    /// The keys, tried one after the other.
    pub identities: Vec<Identity>,
    /// Socket of an ssh agent whose keys are tried after those.
    pub agent: Option<PathBuf>,
    /// The keys of servers, as the file `known_hosts` of OpenSSH lists them.
    pub known_hosts: String,
}

/// A private key.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// As OpenSSH writes it, or in PEM.
    pub key: String,
    /// What it is encrypted with.
    pub passphrase: Option<String>,
}

impl fmt::Debug for Ssh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ssh({} keys, hidden)", self.identities.len())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(hidden)")
    }
}

/// Whether repositories of this machine (paths and `file://`) may be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locals {
    /// They are refused: a controller must not read the disk of its machine for somebody.
    #[default]
    Refused,
    /// They are read where they are: for command line tools.
    Allowed,
}

/// The certificates of a PEM bundle; an error where it has none or is malformed.
pub(super) fn authorities(pem: &[u8]) -> Result<Vec<reqwest::Certificate>, GitError> {
    match reqwest::Certificate::from_pem_bundle(pem) {
        Ok(found) if found.is_empty() => {
            Err(GitError::AuthorityInvalid("it has no PEM certificate".to_owned()))
        }
        Ok(found) => Ok(found),
        Err(_) => {
            Err(GitError::AuthorityInvalid("it is not a list of PEM certificates".to_owned()))
        }
    }
}

impl Credentials {
    /// The request with them.
    pub(super) fn shown(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::Basic { username, password } => request.basic_auth(username, Some(password)),
            Self::Bearer(token) => request.bearer_auth(token),
        }
    }

    /// Checks that HTTP can carry them.
    pub(super) fn check(&self) -> Result<(), GitError> {
        let has_control = |text: &String| text.chars().any(char::is_control);
        let broken = match self {
            Self::Basic { username, password } => has_control(username) || has_control(password),
            Self::Bearer(token) => !token.chars().all(|c| c.is_ascii_graphic()),
        };
        if broken { Err(GitError::CredentialsMalformed) } else { Ok(()) }
    }
}
