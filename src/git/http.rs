//! The HTTP client that git speaks through.
//!
//! The git library brings one of its own. This one is used instead because every request ends at the
//! visit's deadline whatever the server does, and the class of a failure is
//! known where it happens rather than guessed from the text of a wrapped error.

use std::any::Any;
use std::io::{self, BufReader};
use std::rc::Rc;
use std::sync::OnceLock;
use std::time::Duration;

use gix::protocol::transport::client::blocking_io::http::{
    GetResponse, Http, PostBodyDataKind, PostResponse, Transport,
};
use gix::protocol::transport::{Protocol, client};
use reqwest::blocking::{Client, RequestBuilder, Response};
use url::Url;

use super::exchange::{self, Body, Headers, Upload};
use super::visit::Visit;
use super::{Access, Credentials, GitError, proxy, redirect, status};

/// How long a connection that nobody uses is kept: for the next request of the same visit.
const IDLE: Duration = Duration::from_secs(10);

/// What the requests of one visit have in common.
pub(super) struct Session {
    visit: Rc<Visit>,
    credentials: Option<Credentials>,
    has_certificate: bool,
    proxied: bool,
    home: Url,
}

/// Opens a transport to the repository at `url`.
pub(super) fn open(
    url: &Url,
    access: &Access,
    visit: &Rc<Visit>,
) -> Result<Box<dyn client::blocking_io::Transport>, GitError> {
    let client = client(access)?;
    let session = Rc::new(Session {
        visit: Rc::clone(visit),
        credentials: access.credentials.clone(),
        has_certificate: access.client_certificate.is_some(),
        proxied: access.proxy.is_some(),
        home: url.clone(),
    });
    let address = gix::url::parse(url.as_str())
        .map_err(|_| GitError::InvalidUrl("git cannot read it".to_owned()))?;
    let requests = Requests { client, session, redirected: None };
    Ok(Box::new(Transport::new_http(requests, address, Protocol::V2, false)))
}

impl Session {
    /// Whether there is something to show the server.
    pub(super) fn has_credentials(&self) -> bool {
        self.credentials.is_some() || self.has_certificate
    }

    /// The visit that the requests are for.
    pub(super) fn visit(&self) -> &Visit {
        &self.visit
    }

    /// An answer broke off.
    pub(super) fn broke(&self, error: &io::Error) -> io::Error {
        self.visit.fail(status::of_broken_answer(error, self.visit.timeout()))
    }

    fn authorize(&self, request: RequestBuilder, to: &Url) -> RequestBuilder {
        if to.origin() != self.home.origin() {
            return request;
        }
        match &self.credentials {
            Some(credentials) => credentials.shown(request),
            None => request,
        }
    }

    /// Sends a request; what is left of the visit's time covers the answer to its last byte.
    pub(super) fn send(&self, request: RequestBuilder) -> Result<Response, GitError> {
        let left = self.visit.remaining()?;
        let timeout = self.visit.timeout();
        request.timeout(left).send().map_err(|error| match status::of_failure(&error, timeout) {
            // Only the proxy is known to be there, or not to be.
            GitError::Unreachable(cause) if self.proxied => proxy::explain(&cause),
            other => other,
        })
    }
}

/// Fails where the process has chosen a provider before, which is just as well.
pub(super) fn choose_provider() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The client for what `access` asks for. Most ask for nothing special and share one: to read the system's
/// certificates takes longer than to ask a server for its references.
pub(super) fn client(access: &Access) -> Result<Client, GitError> {
    static SHARED: OnceLock<Client> = OnceLock::new();
    let Access { certificate_authority, client_certificate, proxy, .. } = access;
    let is_plain =
        certificate_authority.is_none() && client_certificate.is_none() && proxy.is_none();
    match is_plain {
        true => shared(&SHARED, || new_client(access)),
        false => new_client(access),
    }
}

/// The client in `place`, which `make` makes for the first who asks.
pub(super) fn shared(
    place: &OnceLock<Client>,
    make: impl FnOnce() -> Result<Client, GitError>,
) -> Result<Client, GitError> {
    match place.get() {
        Some(client) => Ok(client.clone()),
        None => {
            let client = make()?;
            Ok(place.get_or_init(|| client).clone())
        }
    }
}

fn new_client(access: &Access) -> Result<Client, GitError> {
    choose_provider();
    let mut builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(None)
        .pool_idle_timeout(IDLE);
    if let Some(pem) = &access.certificate_authority {
        builder = builder.tls_certs_merge(super::access::authorities(pem)?);
    }
    if let Some(certificate) = &access.client_certificate {
        builder = builder.identity(certificate.identity()?);
    }
    if let Some(proxy) = &access.proxy {
        builder = builder.proxy(proxy.for_http()?);
    }
    builder.build().map_err(|error| GitError::Failed(status::innermost(&error)))
}

/// The requests of one visit.
pub(super) struct Requests {
    client: Client,
    session: Rc<Session>,
    redirected: Option<String>,
}

impl Requests {
    fn start(&mut self, url: &str, base: &str, lines: &[String]) -> Result<Response, GitError> {
        let malformed = |_| GitError::InvalidUrl("it is not well-formed".to_owned());
        let tail = url.strip_prefix(base).unwrap_or_default();
        let mut to = Url::parse(url).map_err(malformed)?;
        for _ in 0..=redirect::MOST_REDIRECTS {
            let request = with_headers(self.client.get(to.clone()), lines);
            let response = self.session.send(self.session.authorize(request, &to))?;
            let credentials = self.session.has_credentials();
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
            Ok(response) => Ok(exchange::answered(&self.session, response).into()),
            Err(error) => Err(gix::Error::from_error(self.session.visit.fail(error))),
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
                let request = self.session.authorize(request, &to);
                Ok(exchange::prepared(&self.session, request))
            }
            Err(error) => Err(gix::Error::from_error(self.session.visit.fail(error))),
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
