//! An API server that speaks just enough to publish notes, and fails when it is told to.
//!
//! It knows one namespace, and lists, watches, applies, deletes and creates. Selectors, pages of
//! lists and field ownership are left out: nobody but the operator writes here.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::http::{HeaderValue, Method, Response, StatusCode, Uri, header};
use futures::{Stream, StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::net::TcpSocket;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::state::{Fault, Position, State};
use crate::support::Result;
use crate::support::wait::DEADLINE;

struct Server {
    state: Mutex<State>,
    /// Bumped after each change of the state.
    changed: watch::Sender<u64>,
}

impl Server {
    fn change<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let result = work(&mut self.lock());
        self.changed.send_modify(|count| *count += 1);
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// The address of a server that is away: connections to it are refused.
pub struct Away {
    socket: TcpSocket,
    address: SocketAddr,
}

impl Away {
    pub fn new() -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        Ok(Self { address: socket.local_addr()?, socket })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The server comes.
    pub fn ends(self) -> Result<FakeApi> {
        let server = Arc::new(Server { state: Mutex::default(), changed: watch::Sender::new(0) });
        let listener = self.socket.listen(1024)?;
        let app = Router::new().fallback(answer).with_state(Arc::clone(&server));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(FakeApi { server, address: self.address })
    }
}

/// The server. It ends with the runtime of its test.
pub struct FakeApi {
    server: Arc<Server>,
    address: SocketAddr,
}

impl FakeApi {
    pub fn start() -> Result<Self> {
        Away::new()?.ends()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers the next `times` requests such as `apply configmaps/talknote-a` with `fault`.
    pub fn plan(&self, request: &str, times: usize, fault: Fault) {
        self.server.change(|state| state.plan(request, times, fault));
    }

    /// From now on all is well.
    pub fn heal(&self) {
        self.server.change(State::heal);
    }

    /// Somebody applies an object with `spec`.
    pub fn put(&self, kind: &str, name: &str, spec: &Value) {
        self.server.change(|state| state.edit(kind, name, spec, false));
    }

    /// The same, and no watch tells of it, as when it happened in a gap between two watches.
    pub fn put_silently(&self, kind: &str, name: &str, spec: &Value) {
        self.server.change(|state| state.edit(kind, name, spec, true));
    }

    /// Ends all watches of `kind`, as API servers do every few minutes.
    pub fn cut(&self, kind: &str) {
        self.interrupt(kind, String::new());
    }

    /// Tells all watches of `kind` that their version is too old to go on from.
    pub fn expire(&self, kind: &str) {
        let expired = failure(410, "Expired");
        self.interrupt(kind, json!({ "type": "ERROR", "object": expired }).to_string());
    }

    /// Sends something that is no event to all watches of `kind`.
    pub fn garble(&self, kind: &str) {
        self.interrupt(kind, "<html>502</html>".to_owned());
    }

    /// Lets all watches of `kind` fall silent for ever, as when a machine between is switched off.
    pub fn mute(&self, kind: &str) {
        self.interrupt(kind, MUTE.to_owned());
    }

    fn interrupt(&self, kind: &str, text: String) {
        self.server.change(|state| state.tell(kind, text, true));
    }

    /// Looks at what there is.
    pub fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.server.lock())
    }

    /// Waits until `holds`.
    pub async fn until(&self, what: &str, holds: impl Fn(&State) -> bool) -> Result {
        let mut changed = self.server.changed.subscribe();
        let wait = changed.wait_for(|_| holds(&self.server.lock()));
        match tokio::time::timeout(DEADLINE, wait).await {
            Ok(outcome) => outcome.map(drop).map_err(Into::into),
            Err(_) => Err(format!("not within {DEADLINE:?}: {what}").into()),
        }
    }
}

/// Not a line, but the end of all lines on connections that stay open.
const MUTE: &str = "mute";

/// A request, taken apart.
struct Asked {
    verb: &'static str,
    kind: String,
    name: String,
    /// Version to watch from.
    since: u64,
    /// How long to watch at most.
    lasts: Option<Duration>,
}

impl Asked {
    /// Reads `/apis/GROUP/VERSION/namespaces/t/KIND/NAME/SUBRESOURCE`.
    fn parse(method: &Method, uri: &Uri) -> Option<Self> {
        let mut parts = uri.path().split('/').skip_while(|part| *part != "namespaces").skip(2);
        let (kind, name, subresource) = (parts.next()?, parts.next(), parts.next());
        let query = uri.query().unwrap_or_default();
        let number = |name: &str| -> Option<u64> {
            query.split('&').find_map(|pair| pair.strip_prefix(name))?.parse().ok()
        };
        let verb = match (method.as_str(), name, subresource) {
            ("GET", None, None) if query.contains("watch=true") => "watch",
            ("GET", None, None) => "list",
            ("GET", Some(_), None) => "get",
            ("PATCH", Some(_), None) => "apply",
            ("PATCH", Some(_), Some("status")) => "status",
            ("POST", None, None) => "create",
            ("DELETE", Some(_), None) => "delete",
            _ => return None,
        };
        Some(Self {
            verb,
            kind: kind.to_owned(),
            name: name.unwrap_or_default().to_owned(),
            since: number("resourceVersion=").unwrap_or(0),
            lasts: number("timeoutSeconds=").map(Duration::from_secs),
        })
    }

    /// Such as `apply configmaps/talknote-a`.
    fn text(&self) -> String {
        let slash = if self.name.is_empty() { "" } else { "/" };
        format!("{} {}{slash}{}", self.verb, self.kind, self.name)
    }
}

async fn answer(
    Shared(server): Shared<Arc<Server>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response<Body> {
    let Some(asked) = Asked::parse(&method, &uri) else { return refusal(501) };
    match server.change(|state| state.record(asked.text())) {
        None => willing(&server, &asked, &body),
        Some(Fault::Refuse(code)) => refusal(code),
        Some(Fault::Later(code)) => {
            let mut response = refusal(code);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
        Some(Fault::DoneBut(code)) => {
            willing(&server, &asked, &body);
            refusal(code)
        }
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Break) => broken(),
        Some(Fault::Stall) => stalled(),
    }
}

fn willing(server: &Arc<Server>, asked: &Asked, body: &[u8]) -> Response<Body> {
    let Asked { verb, kind, name, .. } = asked;
    if *verb == "watch" {
        return watching(Arc::clone(server), asked);
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let found = server.change(|state| match *verb {
        "list" => Some(state.list(kind)),
        "get" => state.object(kind, name).cloned(),
        "delete" => state.remove(kind, name),
        "apply" => Some(state.apply(kind, name, &body)),
        "status" => state.apply_status(kind, name, &body),
        // Events: nobody reads them here.
        _ => Some(body),
    });
    found.map_or_else(|| refusal(404), |object| json_response(200, &object))
}

/// Tells the lines after the version that was asked for, until an interruption or the end of the time
/// that was asked for.
fn watching(server: Arc<Server>, asked: &Asked) -> Response<Body> {
    let opened = server.lock().line_count();
    let changed = server.changed.subscribe();
    let position = Position { kind: asked.kind.clone(), since: asked.since, opened, next: 0 };
    let end = asked.lasts.map(|lasts| Instant::now() + lasts);
    Response::new(Body::from_stream(lines(server, changed, position, end)))
}

fn lines(
    server: Arc<Server>,
    changed: watch::Receiver<u64>,
    position: Position,
    end: Option<Instant>,
) -> impl Stream<Item = Result<String, Infallible>> {
    stream::unfold(Some((changed, position)), move |state| {
        let server = Arc::clone(&server);
        async move {
            let (mut changed, mut position) = state?;
            loop {
                let found = server.lock().next_line(&position).map(|(line, next)| {
                    (format!("{}\n", line.text), (!line.interruption).then_some(next))
                });
                if let Some((text, next)) = found {
                    if text.trim_end() == MUTE {
                        std::future::pending::<()>().await;
                    }
                    let rest = next.map(|next| {
                        position.next = next;
                        (changed, position)
                    });
                    return Some((Ok(text), rest));
                }
                tokio::select! {
                    more = changed.changed() => more.ok()?,
                    () = at(end) => return None,
                }
            }
        }
    })
}

async fn at(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end).await,
        None => std::future::pending().await,
    }
}

fn failure(code: u16, reason: &str) -> Value {
    let message = format!("this is a test of {code}");
    json!({ "apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Failure",
        "code": code, "reason": reason, "message": message })
}

fn refusal(code: u16) -> Response<Body> {
    let reason = match code {
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        422 => "Invalid",
        429 => "TooManyRequests",
        _ => "InternalError",
    };
    json_response(code, &failure(code, reason))
}

fn broken() -> Response<Body> {
    let first = Ok(Bytes::from_static(b"{\"kind\":"));
    let parts = [first, Err(std::io::Error::other("broken on purpose"))];
    Response::new(Body::from_stream(stream::iter(parts)))
}

fn stalled() -> Response<Body> {
    let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{\"kind\":"))]);
    Response::new(Body::from_stream(first.chain(stream::pending())))
}

fn json_response(code: u16, value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
