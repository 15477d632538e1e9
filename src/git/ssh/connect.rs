//! From an address to a channel in which git runs: the server proves who it is, then we do.

use std::borrow::Cow;
use std::sync::Arc;

use russh::client::{self, AuthResult, Config, Handle, Handler, Msg};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::{Algorithm, HashAlg, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, Preferred};
use tokio::net::TcpStream;

use super::super::text::one_line;
use super::super::{GitError, Proxy, Ssh};
use super::address::SshAddress;
use super::identity;
use super::known_hosts::KnownHosts;

/// A connection, and the channel in which git runs.
pub(super) struct Connected {
    /// The connection ends with it.
    pub handle: Handle<Server>,
    pub channel: Channel<Msg>,
}

/// Connects, and starts git.
pub(super) async fn connect(
    address: &SshAddress,
    ssh: &Ssh,
    proxy: Option<&Proxy>,
) -> Result<Connected, GitError> {
    let known = KnownHosts::parse(&ssh.known_hosts)?;
    let config = Config { preferred: preferred(known.algorithms(address)), ..Config::default() };
    let stream = match proxy {
        Some(proxy) => proxy.connect(&address.host, address.port).await?,
        None => TcpStream::connect((address.host.as_str(), address.port))
            .await
            .map_err(|error| GitError::Unreachable(one_line(&error.to_string())))?,
    };
    // Git asks and waits for the answer.
    let _ = stream.set_nodelay(true);
    let server = Server { known, address: address.clone() };
    let mut handle = client::connect_stream(Arc::new(config), stream, server).await?;
    authenticate(&mut handle, &address.user, ssh).await?;
    let channel = handle.channel_open_session().await.map_err(broken)?;
    // A server that does not take it speaks an older protocol, which is just as well.
    channel.set_env(false, "GIT_PROTOCOL", "version=2").await.map_err(broken)?;
    channel.exec(true, address.command()).await.map_err(broken)?;
    Ok(Connected { handle, channel })
}

/// The server is asked to show a key that is known, where it has several. Signatures with SHA-1 are not
/// taken.
fn preferred(known: Vec<Algorithm>) -> Preferred {
    let defaults = Preferred::DEFAULT;
    let is_known = |algorithm: &Algorithm| {
        known.iter().any(|known| match known {
            Algorithm::Rsa { .. } => matches!(algorithm, Algorithm::Rsa { .. }),
            other => other == algorithm,
        })
    };
    let safe = defaults.key.iter().filter(|key| !matches!(key, Algorithm::Rsa { hash: None }));
    let (first, rest): (Vec<_>, Vec<_>) = safe.cloned().partition(is_known);
    Preferred { key: Cow::Owned([first, rest].concat()), ..defaults }
}

/// Shows one key after the other until the server takes one.
async fn authenticate(handle: &mut Handle<Server>, user: &str, ssh: &Ssh) -> Result<(), GitError> {
    let mut shown = Vec::new();
    let mut unread = None;
    for identity in &ssh.identities {
        let key = match identity::read(identity) {
            Ok(key) => Arc::new(key),
            Err(error) => {
                unread.get_or_insert(error);
                continue;
            }
        };
        let hash = signature(handle, &key.algorithm()).await?;
        shown.push(identity::fingerprint(key.public_key()));
        let key = PrivateKeyWithHashAlg::new(key, hash);
        match handle.authenticate_publickey(user, key).await {
            Ok(AuthResult::Success) => return Ok(()),
            Ok(AuthResult::Failure { .. }) => {}
            // Servers hang up after a few keys.
            Err(_) => return Err(refused(user, &shown)),
        }
    }
    if let Some(socket) = &ssh.agent
        && ask_agent(handle, user, socket, &mut shown).await?
    {
        return Ok(());
    }
    match unread {
        Some(error) if shown.is_empty() => Err(error),
        _ if shown.is_empty() => Err(GitError::SshKeyNeeded),
        _ => Err(refused(user, &shown)),
    }
}

/// Lets an agent sign with each of its keys. An agent that is away has none.
async fn ask_agent(
    handle: &mut Handle<Server>,
    user: &str,
    socket: &std::path::Path,
    shown: &mut Vec<String>,
) -> Result<bool, GitError> {
    let Ok(mut agent) = AgentClient::connect_uds(socket).await else { return Ok(false) };
    let identities = agent.request_identities().await.unwrap_or_default();
    for found in identities {
        let AgentIdentity::PublicKey { key, .. } = found else { continue };
        let hash = signature(handle, &key.algorithm()).await?;
        shown.push(identity::fingerprint(&key));
        match handle.authenticate_publickey_with(user, key, hash, &mut agent).await {
            Ok(AuthResult::Success) => return Ok(true),
            Ok(AuthResult::Failure { .. }) => {}
            Err(_) => return Err(refused(user, shown)),
        }
    }
    Ok(false)
}

/// How a key signs; only RSA has a choice, and never SHA-1.
async fn signature(
    handle: &Handle<Server>,
    algorithm: &Algorithm,
) -> Result<Option<HashAlg>, GitError> {
    if !matches!(algorithm, Algorithm::Rsa { .. }) {
        return Ok(None);
    }
    let best = handle.best_supported_rsa_hash().await.map_err(broken)?;
    Ok(best.flatten().or(Some(HashAlg::Sha256)))
}

fn refused(user: &str, shown: &[String]) -> GitError {
    GitError::SshKeyRefused { user: one_line(user), fingerprints: shown.join(", ") }
}

/// The connection broke.
pub(super) fn broken(error: russh::Error) -> GitError {
    match error {
        russh::Error::IO(error) => GitError::Unreachable(one_line(&error.to_string())),
        other => GitError::Unreachable(format!("ssh failed: {}", one_line(&other.to_string()))),
    }
}

/// What we know of the server.
pub(super) struct Server {
    known: KnownHosts,
    address: SshAddress,
}

impl Handler for Server {
    type Error = GitError;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, GitError> {
        match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => {
                self.known.check(&self.address, key).map(|()| true)
            }
            // We never ask for one.
            PublicKeyOrCertificate::Certificate(_) => Ok(false),
        }
    }
}

impl From<russh::Error> for GitError {
    fn from(error: russh::Error) -> Self {
        broken(error)
    }
}
