//! One visit to a server, over whichever transport it takes.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::time::Duration;

use gix::protocol::transport::client::blocking_io::Transport;

use super::deadline::Deadline;
use super::url::Server;
use super::{Access, GitError, http, ssh};

/// Most that a list of references may be, in bytes: about half a million of them.
const MOST_LISTED: u64 = 64 << 20;
/// Most that one fetch may transfer, in bytes.
const MOST_TRANSFERRED: u64 = 1 << 30;

/// What a visit knows, shared between its transport and whoever started it.
pub(super) struct Visit {
    deadline: Deadline,
    /// Most bytes that one answer may have from here on.
    limit: Cell<u64>,
    /// What went wrong first.
    failure: RefCell<Option<GitError>>,
}

impl Visit {
    /// Opens a transport to `server` that works until `deadline`.
    pub(super) fn open(
        server: &Server,
        access: &Access,
        deadline: Deadline,
    ) -> Result<(Rc<Self>, Box<dyn Transport>), GitError> {
        let failure = RefCell::new(None);
        let visit = Rc::new(Self { deadline, limit: Cell::new(MOST_LISTED), failure });
        let transport = match server {
            Server::Http(url) => http::open(url, access, &visit)?,
            Server::Ssh(address) => ssh::open(address, access, &visit)?,
        };
        Ok((visit, transport))
    }

    /// From here on an answer may be as large as a repository.
    pub(super) fn expect_objects(&self) {
        self.limit.set(MOST_TRANSFERRED);
    }

    /// Why the visit failed, given what the git library says of it.
    pub(super) fn explain(&self, error: &gix::Error) -> GitError {
        if let Some(failure) = self.failure.take() {
            return failure;
        }
        match self.deadline.remaining() {
            Ok(_) => GitError::failed(error),
            Err(late) => late,
        }
    }

    /// What is left of the visit's time.
    pub(super) fn remaining(&self) -> Result<Duration, GitError> {
        self.deadline.remaining()
    }

    /// How long the whole visit may take.
    pub(super) fn timeout(&self) -> Duration {
        self.deadline.timeout()
    }

    /// Fails where an answer of `received` bytes is more than we take.
    pub(super) fn check_size(&self, received: u64) -> io::Result<()> {
        let limit = self.limit.get();
        if received <= limit {
            return Ok(());
        }
        let what = format!("an answer of more than {} MiB", limit >> 20);
        Err(self.fail(GitError::TooLarge(what)))
    }

    /// Keeps the first failure and gives the git library something to stop at.
    pub(super) fn fail(&self, error: GitError) -> io::Error {
        let text = error.to_string();
        self.failure.borrow_mut().get_or_insert(error);
        io::Error::other(text)
    }
}
