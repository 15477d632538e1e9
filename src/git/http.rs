//! The HTTP client that git speaks through.
//!
//! The git library brings one of its own. This one is used instead because every request ends at the
//! visit's deadline whatever the server does, no thread outlives it, and the class of a failure is
//! known where it happens rather than guessed from the text of a wrapped error.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io::{self, BufReader};
use std::rc::Rc;

use gix::protocol::transport::Protocol;
use gix::protocol::transport::client::blocking_io::http::{
    GetResponse, Http, PostBodyDataKind, PostResponse, Transport,
};
use reqwest::blocking::{Client, RequestBuilder, Response};
use url::Url;

use super::deadline::Deadline;
use super::exchange::{self, Body, Headers, Upload};
use super::{Access, Credentials, GitError, redirect, status};

/// Most that a list of references may be, in bytes: about half a million of them.
const MOST_LISTED: u64 = 64 << 20;
/// Most that one fetch may transfer, in bytes.
const MOST_TRANSFERRED: u64 = 1 << 30;

/// What a visit knows, shared between its requests and whoever started it.
pub(super) struct Visit {
    credentials: Option<Credentials>,
    home: Url,
    deadline: Deadline,
    /// Most bytes that one answer may have from here on.
    limit: Cell<u64>,
    /// What went wrong first.
    failure: RefCell<Option<GitError>>,
}

impl Visit {
    /// Opens a transport to `url` that works until `deadline`.
    pub(super) fn open(
        url: &Url,
        access: &Access,
        deadline: Deadline,
    ) -> Result<(Rc<Self>, Transport<Requests>), GitError> {
        let client = client(access)?;
        let visit = Rc::new(Self {
            credentials: access.credentials.clone(),
            home: url.clone(),
            deadline,
            limit: Cell::new(MOST_LISTED),
            failure: RefCell::new(None),
        });
        let address = gix::url::parse(url.as_str())
            .map_err(|_| GitError::InvalidUrl("git cannot read it".to_owned()))?;
        let requests = Requests { client, visit: Rc::clone(&visit), redirected: None };
        Ok((visit, Transport::new_http(requests, address, Protocol::V2, false)))
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

    /// Whether there is something to show the server.
    pub(super) fn has_credentials(&self) -> bool {
        self.credentials.is_some()
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

    /// An answer broke off.
    pub(super) fn broke(&self, error: &io::Error) -> io::Error {
        self.fail(status::of_broken_answer(error, &self.deadline))
    }

    fn authorize(&self, request: RequestBuilder, to: &Url) -> RequestBuilder {
        if to.origin() != self.home.origin() {
            return request;
        }
        match &self.credentials {
            Some(Credentials::Basic { username, password }) => {
                request.basic_auth(username, Some(password))
            }
            Some(Credentials::Bearer(token)) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request; what is left of the visit's time covers the answer to its last byte.
    pub(super) fn send(&self, request: RequestBuilder) -> Result<Response, GitError> {
        let left = self.deadline.remaining()?;
        request.timeout(left).send().map_err(|error| status::of_failure(&error, &self.deadline))
    }

    /// Keeps the first failure and gives the git library something to stop at.
    pub(super) fn fail(&self, error: GitError) -> io::Error {
        let text = error.to_string();
        self.failure.borrow_mut().get_or_insert(error);
        io::Error::other(text)
    }
}

fn client(access: &Access) -> Result<Client, GitError> {
    // Fails where the process has chosen a provider before, which is just as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(None);
    if let Some(pem) = &access.certificate_authority {
        builder = builder.tls_certs_merge(super::access::authorities(pem)?);
    }
    builder.build().map_err(|error| GitError::Failed(status::innermost(&error)))
}

/// The requests of one visit.
pub(super) struct Requests {
    client: Client,
    visit: Rc<Visit>,
    redirected: Option<String>,
}

impl Requests {
    fn start(&mut self, url: &str, base: &str, lines: &[String]) -> Result<Response, GitError> {
        let malformed = |_| GitError::InvalidUrl("it is not well-formed".to_owned());
        let tail = url.strip_prefix(base).unwrap_or_default();
        let mut to = Url::parse(url).map_err(malformed)?;
        for _ in 0..=redirect::MOST_REDIRECTS {
            let request = with_headers(self.client.get(to.clone()), lines);
            let response = self.visit.send(self.visit.authorize(request, &to))?;
            let credentials = self.visit.has_credentials();
            match redirect::target(&response, &to, tail, credentials)? {
                Some(next) => {
                    self.redirected = next.as_str().strip_suffix(tail).map(str::to_owned);
                    to = next;
                }
                None => return status::accept(response, credentials),
            }
        }
        Err(GitError::RedirectRefused("one address after the other".to_owned()))
    }
}

impl Http for Requests {
    type Headers = Headers;
    type ResponseBody = BufReader<Body>;
    type PostBody = Upload;

    fn get(
        &mut self,
        url: &str,
        base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> gix::Result<GetResponse<Self::Headers, Self::ResponseBody>> {
        let lines: Vec<String> = headers.into_iter().map(|line| line.as_ref().to_owned()).collect();
        match self.start(url, base_url, &lines) {
            Ok(response) => Ok(exchange::answered(&self.visit, response).into()),
            Err(error) => Err(gix::Error::from_error(self.visit.fail(error))),
        }
    }

    fn post(
        &mut self,
        url: &str,
        _base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
        _body: PostBodyDataKind,
    ) -> gix::Result<PostResponse<Self::Headers, Self::ResponseBody, Self::PostBody>> {
        let lines: Vec<String> = headers.into_iter().map(|line| line.as_ref().to_owned()).collect();
        let malformed = |_| GitError::InvalidUrl("it is not well-formed".to_owned());
        match Url::parse(url).map_err(malformed) {
            Ok(to) => {
                let request = with_headers(self.client.post(to.clone()), &lines);
                let request = self.visit.authorize(request, &to);
                Ok(exchange::prepared(&self.visit, request))
            }
            Err(error) => Err(gix::Error::from_error(self.visit.fail(error))),
        }
    }

    /// What the git library would configure comes from git's configuration, which is not read.
    fn configure(&mut self, _config: &dyn Any) -> gix::Result<()> {
        Ok(())
    }

    fn redirected_base_url(&self) -> Option<String> {
        self.redirected.clone()
    }
}

fn with_headers(mut request: RequestBuilder, lines: &[String]) -> RequestBuilder {
    for (name, value) in lines.iter().filter_map(|line| line.split_once(':')) {
        request = request.header(name, value.trim());
    }
    request
}
