//! The channel of an ssh connection, as the blocking streams that the git library wants.

use std::cell::{Cell, RefCell};
use std::io::{self, Cursor, Read, Write};
use std::rc::Rc;

use russh::ChannelMsg;
use russh::client::{Handle, Msg};
use russh::{ChannelReadHalf, ChannelWriteHalf};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::super::text::one_line;
use super::super::visit::Visit;
use super::super::{Access, GitError};
use super::address::SshAddress;
use super::connect::{Connected, Server, broken, connect};

/// Most that is kept of what the server says beside git's protocol, in bytes.
const MOST_WORDS: usize = 4096;

/// Opens a connection and gives the two ends of its channel.
pub(super) fn open(
    address: &SshAddress,
    access: &Access,
    visit: &Rc<Visit>,
) -> Result<(Reader, Writer), GitError> {
    let ssh = access.ssh.as_ref().ok_or(GitError::SshKeyNeeded)?;
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| GitError::Failed(format!("no runtime for ssh: {error}")))?;
    let driver = Driver { runtime: Some(runtime), visit: Rc::clone(visit) };
    let Connected { handle, channel } =
        driver.run(connect(address, ssh, access.proxy.as_ref()))??;
    let (messages, outgoing) = channel.split();
    let link = Rc::new(Link { driver, outgoing, _handle: handle });
    let reader = Reader {
        link: Rc::clone(&link),
        messages: RefCell::new(messages),
        chunk: Cursor::default(),
        received: Cell::new(0),
        words: RefCell::default(),
    };
    Ok((reader, Writer(link)))
}

/// Lets the connection go on while somebody waits for it.
struct Driver {
    runtime: Option<Runtime>,
    visit: Rc<Visit>,
}

impl Driver {
    fn run<T>(&self, work: impl Future<Output = T>) -> Result<T, GitError> {
        let left = self.visit.remaining()?;
        let Some(runtime) = &self.runtime else {
            return Err(GitError::Failed("the ssh connection has ended".to_owned()));
        };
        runtime
            .block_on(async { timeout(left, work).await })
            .map_err(|_| GitError::Timeout(self.visit.timeout()))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Not waited for: a name may still be looked up.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

struct Link {
    driver: Driver,
    outgoing: ChannelWriteHalf<Msg>,
    _handle: Handle<Server>,
}

/// What git at the server says.
pub(super) struct Reader {
    link: Rc<Link>,
    messages: RefCell<ChannelReadHalf>,
    chunk: Cursor<Vec<u8>>,
    received: Cell<u64>,
    /// What the server says to people.
    words: RefCell<Vec<u8>>,
}

impl Reader {
    /// The next bytes; none at the end.
    fn next(&self) -> Result<Option<Vec<u8>>, GitError> {
        let mut status = None;
        loop {
            let message = self.link.driver.run(self.messages.borrow_mut().wait())?;
            match message {
                Some(ChannelMsg::Data { data }) => {
                    let count = self.received.get().saturating_add(data.len() as u64);
                    self.received.set(count);
                    return Ok(Some(data.into()));
                }
                Some(ChannelMsg::ExtendedData { data, .. }) => {
                    let mut words = self.words.borrow_mut();
                    let room = MOST_WORDS.saturating_sub(words.len());
                    words.extend(data.iter().take(room));
                }
                Some(ChannelMsg::ExitStatus { exit_status }) => status = Some(exit_status),
                Some(ChannelMsg::Failure) => return Err(self.not_served()),
                Some(_) => {}
                None if self.received.get() == 0 => return Err(self.not_served()),
                None if status.is_some_and(|status| status != 0) => {
                    let words = self.in_words();
                    return Err(GitError::Unreachable(format!("git failed there: {words}")));
                }
                None => return Ok(None),
            }
        }
    }

    fn not_served(&self) -> GitError {
        GitError::NotServed(self.in_words())
    }

    /// The lines that say something; servers draw boxes.
    fn in_words(&self) -> String {
        let words = self.words.borrow();
        let text = String::from_utf8_lossy(&words);
        let lines = text.lines().map(|line| line.trim_start_matches("remote:").trim());
        let lines: Vec<&str> = lines.filter(|line| line.contains(char::is_alphanumeric)).collect();
        if lines.is_empty() { "nothing".to_owned() } else { one_line(&lines.join(" ")) }
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let visit = &self.link.driver.visit;
        while self.chunk.position() >= self.chunk.get_ref().len() as u64 {
            match self.next().map_err(|error| visit.fail(error))? {
                Some(chunk) => self.chunk = Cursor::new(chunk),
                None => return Ok(0),
            }
            visit.check_size(self.received.get())?;
        }
        self.chunk.read(buffer)
    }
}

/// What we say to git at the server.
pub(super) struct Writer(Rc<Link>);

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Link { driver, outgoing, .. } = self.0.as_ref();
        let sent = driver.run(outgoing.data_bytes(bytes.to_vec()));
        match sent.and_then(|sent| sent.map_err(broken)) {
            Ok(()) => Ok(bytes.len()),
            Err(error) => Err(driver.visit.fail(error)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
