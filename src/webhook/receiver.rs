//! The server: limits first, then who acts, then whether the report is true.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower_http::timeout::TimeoutLayer;

use super::forward;
use super::limit::Limit;
use super::payload::{Event, read};
use super::replay::Replays;
use super::signature::{Doubt, check};
use crate::git::Reference;

/// Folder of the paths at which reports are taken; the uid of a repository follows.
pub const PATH: &str = "/hook/";
/// Largest report, in bytes. Forges leave out commits before it becomes larger.
const LARGEST: usize = 1 << 20;
/// Reports under way at once: each holds its body in memory.
const AT_ONCE: usize = 32;
/// How long a report may take to arrive and to be answered; forges wait for ten seconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a report waits for a replica that acts, such as between two leaders.
const WAIT_FOR_ACTOR: Duration = Duration::from_secs(8);
/// Pause before a replica is asked again that did not answer.
const PAUSE: Duration = Duration::from_millis(250);

/// Who acts on reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// This process.
    Us,
    /// The replica at that address.
    At(SocketAddr),
}

/// What a report is checked by.
pub struct Hook {
    /// The token that both sides know.
    pub token: Vec<u8>,
    /// What the repository follows.
    pub reference: Reference,
    /// Whether anything at a path can be meant.
    pub is_meant: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

/// What the receiver needs of the rest of the process.
pub trait Desk: Send + Sync + 'static {
    /// Who acts; waits until somebody does.
    fn actor(&self) -> impl Future<Output = Actor> + Send;
    /// The hook of the repository `uid`; none where no repository has one. An error says what is wrong
    /// with it.
    fn hook(&self, uid: &str) -> impl Future<Output = Result<Option<Hook>, String>> + Send;
    /// Has the remote of the repository `uid` asked now.
    fn ring(&self, uid: &str);
    /// Counts a report by what became of it.
    fn count(&self, result: &'static str);
}

struct Receiver<D> {
    desk: D,
    limit: Limit,
    replays: Replays,
    room: Semaphore,
    client: reqwest::Client,
}

/// Serves reports at [`PATH`].
///
/// # Errors
/// Where no client for other replicas can be made.
pub fn router<D: Desk>(desk: D) -> reqwest::Result<Router> {
    let (limit, replays, room) = (Limit::default(), Replays::default(), Semaphore::new(AT_ONCE));
    let receiver = Receiver { desk, limit, replays, room, client: forward::client()? };
    let late = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE);
    Ok(Router::new()
        .route(&format!("{PATH}{{uid}}"), post(take::<D>))
        .layer((late, DefaultBodyLimit::max(LARGEST)))
        .with_state(Arc::new(receiver)))
}

/// What became of a report.
enum Outcome {
    /// The remote is asked.
    Rung,
    /// It asked whether anybody is there.
    Pong,
    /// It concerns nothing that is followed.
    Ignored(String),
    /// Another replica answered.
    Forwarded(StatusCode, String),
    NotFound,
    /// Nobody can tell whether it is true.
    Misconfigured(String),
    Doubted(Doubt),
    TooMany(Duration),
    /// Nobody acts.
    Nobody,
}

async fn take<D: Desk>(
    State(receiver): State<Arc<Receiver<D>>>,
    Path(uid): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = receiver.take(&uid, &headers, body).await;
    receiver.desk.count(outcome.label());
    outcome.into_response()
}

impl<D: Desk> Receiver<D> {
    async fn take(&self, uid: &str, headers: &HeaderMap, body: Bytes) -> Outcome {
        let Ok(_room) = self.room.try_acquire() else {
            return Outcome::TooMany(Duration::from_secs(1));
        };
        if !is_uid(uid) {
            return Outcome::NotFound;
        }
        if let Err(wait) = self.limit.admit(uid, Instant::now()) {
            return Outcome::TooMany(wait);
        }
        let acted = timeout(WAIT_FOR_ACTOR, self.hand_over(uid, headers, &body)).await;
        acted.unwrap_or(Outcome::Nobody)
    }

    /// Acts, or lets the replica act that does. One that does not answer has ended, and another will
    /// take its place.
    async fn hand_over(&self, uid: &str, headers: &HeaderMap, body: &Bytes) -> Outcome {
        loop {
            match self.desk.actor().await {
                Actor::Us => return self.act(uid, headers, body).await,
                Actor::At(_) if headers.contains_key(forward::FORWARDED) => return Outcome::Nobody,
                Actor::At(address) => {
                    let path = format!("{PATH}{uid}");
                    match forward::send(&self.client, address, &path, headers, body.clone()).await {
                        Ok((status, text)) => return Outcome::Forwarded(status, text),
                        Err(error) => {
                            tracing::warn!(%address, %error, "a webhook could not be handed over");
                            sleep(PAUSE).await;
                        }
                    }
                }
            }
        }
    }

    async fn act(&self, uid: &str, headers: &HeaderMap, body: &[u8]) -> Outcome {
        let hook = match self.desk.hook(uid).await {
            Ok(Some(hook)) => hook,
            Ok(None) => return Outcome::NotFound,
            Err(why) => return Outcome::Misconfigured(why),
        };
        if let Err(doubt) = check(headers, body, &hook.token) {
            return Outcome::Doubted(doubt);
        }
        match read(headers, body) {
            Event::Ping => Outcome::Pong,
            Event::Other(event) => Outcome::Ignored(format!("{event} is no push")),
            Event::Push(push) if !push.concerns(&hook.reference) => {
                Outcome::Ignored(format!("{} is not concerned", hook.reference))
            }
            Event::Push(push) if !push.touches(&hook.is_meant) => {
                Outcome::Ignored("nothing changed that is read".to_owned())
            }
            Event::Push(push)
                if push.is_unique() && !self.replays.is_new(uid, body, Instant::now()) =>
            {
                Outcome::Ignored("this report came before".to_owned())
            }
            Event::Push(_) => {
                self.desk.ring(uid);
                Outcome::Rung
            }
        }
    }
}

impl Outcome {
    fn label(&self) -> &'static str {
        match self {
            Self::Rung => "accepted",
            Self::Pong | Self::Ignored(_) => "ignored",
            Self::Forwarded(..) => "forwarded",
            Self::NotFound => "not_found",
            Self::Misconfigured(_) | Self::Nobody => "failed",
            Self::Doubted(_) => "refused",
            Self::TooMany(_) => "limited",
        }
    }
}

impl IntoResponse for Outcome {
    /// Forges show the text to whoever looks for what is wrong.
    fn into_response(self) -> Response {
        let text = |status: StatusCode, text: &str| (status, format!("{text}\n")).into_response();
        match self {
            Self::Rung => text(StatusCode::ACCEPTED, "the repository is fetched now"),
            Self::Pong => text(StatusCode::OK, "the token is right"),
            Self::Ignored(why) => text(StatusCode::OK, &format!("nothing to do: {why}")),
            Self::Forwarded(status, said) => (status, said).into_response(),
            Self::NotFound => text(
                StatusCode::NOT_FOUND,
                "no NoteRepository has this webhook: see its status.webhookPath",
            ),
            Self::Misconfigured(why) => text(StatusCode::SERVICE_UNAVAILABLE, &why),
            Self::Doubted(Doubt::Unsigned) => text(
                StatusCode::UNAUTHORIZED,
                "the report is not signed: enter the Secret's token at the git server",
            ),
            Self::Doubted(Doubt::Wrong) => text(
                StatusCode::FORBIDDEN,
                "the signature does not match: the token is not that of the Secret",
            ),
            Self::TooMany(wait) => {
                let seconds = wait.as_secs().max(1).to_string();
                let head = [(header::RETRY_AFTER, seconds)];
                (StatusCode::TOO_MANY_REQUESTS, head, "too many reports\n").into_response()
            }
            Self::Nobody => {
                let head = [(header::RETRY_AFTER, "10")];
                let words = "no replica leads just now\n";
                (StatusCode::SERVICE_UNAVAILABLE, head, words).into_response()
            }
        }
    }
}

/// What else comes is not worth a look.
fn is_uid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}
