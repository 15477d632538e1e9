//! A web server whose answers a test writes, and which remembers what it was asked: an artifact server, or
//! the API of a forge.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, Response, Uri};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::git_server::{Options, TlsListener, certificates};

/// How long a wait may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// With the query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Asked {
    /// The value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Status, lines of the head, and body.
    Says(u16, Vec<(String, String)>, Vec<u8>),
    /// Nothing, until the server ends.
    Hangs,
}

impl Answer {
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::Says(200, Vec::new(), body.into())
    }

    pub fn status(status: u16) -> Self {
        Self::Says(status, Vec::new(), status.to_string().into_bytes())
    }

    pub fn json(status: u16, body: &Value) -> Self {
        let kind = ("content-type".to_owned(), "application/json".to_owned());
        Self::Says(status, vec![kind], body.to_string().into_bytes())
    }

    pub fn with(status: u16, header: (&str, &str)) -> Self {
        Self::Says(status, vec![(header.0.to_owned(), header.1.to_owned())], Vec::new())
    }
}

type Script = Box<dyn Fn(&Asked) -> Answer + Send + Sync>;

struct Shared {
    script: Mutex<Script>,
    asked: watch::Sender<Vec<Asked>>,
    closing: watch::Sender<bool>,
}

/// The server. Dropping it ends it.
pub struct WebServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    authority: Option<String>,
    thread: Option<JoinHandle<()>>,
}

impl WebServer {
    /// One that answers as `script` says.
    pub fn start(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::new(false, 0, Box::new(script))
    }

    /// The same at a port, as a server that comes back.
    pub fn start_at(port: u16, script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::new(false, port, Box::new(script))
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The same over TLS, with a certificate of [`WebServer::ca_pem`].
    pub fn with_tls(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::new(true, 0, Box::new(script))
    }

    fn new(has_tls: bool, port: u16, script: Script) -> Self {
        let (authority, tls) = match has_tls {
            true => {
                let (authorities, tls) = certificates(&Options::default());
                (Some(authorities.signer), Some(tls))
            }
            false => (None, None),
        };
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            asked: watch::Sender::default(),
            closing: watch::Sender::default(),
        });
        let listener = std::net::TcpListener::bind(("127.0.0.1", port)).expect("a free port");
        let address = listener.local_addr().unwrap();
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("web-server".to_owned())
            .spawn(move || serve(listener, tls, served))
            .expect("a thread for the server");
        Self { shared, address, authority, thread: Some(thread) }
    }

    /// From here on it answers as `script` says.
    pub fn answer(&self, script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) {
        *self.shared.script.lock().unwrap() = Box::new(script);
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.authority.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.address)
    }

    /// Certificate (PEM) of the authority that signed the server's.
    pub fn ca_pem(&self) -> &str {
        self.authority.as_deref().expect("the server was started with TLS")
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.borrow().clone()
    }

    /// Waits until it was asked something that `wanted` takes, and gives the first of it.
    pub async fn wait_for(&self, what: &str, wanted: impl Fn(&Asked) -> bool) -> Asked {
        let mut asked = self.shared.asked.subscribe();
        let found = |asked: &Vec<Asked>| asked.iter().find(|asked| wanted(asked)).cloned();
        let wait = asked.wait_for(|asked| found(asked).is_some());
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(asked) => found(&asked.expect("the server lives")).unwrap(),
            Err(_) => panic!("not asked within {PATIENCE:?}: {what}"),
        }
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        self.shared.closing.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been printed; a second one here would abort the test.
            let _ = thread.join();
        }
    }
}

fn serve(listener: std::net::TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime for the server");
    runtime.block_on(async move {
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let mut closing = shared.closing.subscribe();
        let app =
            Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(shared);
        let served = async move {
            match tls {
                Some(tls) => axum::serve(TlsListener { listener, tls }, app).await,
                None => axum::serve(listener, app).await,
            }
        };
        // Whoever keeps a connection open is not waited for.
        tokio::select! {
            result = served => result.expect("the server serves"),
            _ = closing.wait_for(|closing| *closing) => {}
        }
    });
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let path = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let asked = Asked { method: method.to_string(), path, headers, body: body.to_vec() };
    let answer = (shared.script.lock().unwrap())(&asked);
    shared.asked.send_modify(|all| all.push(asked));
    match answer {
        Answer::Hangs => std::future::pending().await,
        Answer::Says(status, headers, body) => {
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::from(body)).unwrap()
        }
    }
}
