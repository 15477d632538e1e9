//! The ssh client that git speaks through. No `ssh` program and none of its settings are used.
//!
//! A visit has one connection, driven by the thread that visits: whoever reads or writes lets it go on
//! until the visit's deadline, and nothing of it outlives the visit.

mod address;
mod connect;
mod identity;
mod known_hosts;
mod link;

use std::rc::Rc;

use gix::protocol::transport::Protocol;
use gix::protocol::transport::client::blocking_io::Transport;
use gix::protocol::transport::client::git::ConnectMode;
use gix::protocol::transport::client::git::blocking_io::Connection;

pub(super) use address::SshAddress;

use super::visit::Visit;
use super::{Access, GitError, Ssh};

/// How the git library is to name a repository: it knows not all addresses that we do.
pub(super) const LIBRARY_URL: &str = "ssh://server/repository";

/// Checks what can be checked before a visit.
pub(super) fn check(ssh: &Ssh) -> Result<(), GitError> {
    known_hosts::KnownHosts::parse(&ssh.known_hosts)?;
    // One that cannot be read may stand beside others that can.
    match ssh.identities.as_slice() {
        [only] if ssh.agent.is_none() => identity::check(only),
        _ => Ok(()),
    }
}

/// Opens a transport to the repository at `address`.
pub(super) fn open(
    address: &SshAddress,
    access: &Access,
    visit: &Rc<Visit>,
) -> Result<Box<dyn Transport>, GitError> {
    let (reader, writer) = link::open(address, access, visit)?;
    let path = address.path.as_str();
    let nowhere = None::<(String, Option<u16>)>;
    let mode = ConnectMode::Process;
    let connection = Connection::new(reader, writer, Protocol::V2, path, nowhere, mode, false);
    Ok(Box::new(connection.custom_url(Some(LIBRARY_URL.into()))))
}
