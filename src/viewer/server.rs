//! Requests and answers.

use std::any::Any;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use super::address::PageId;
use super::health::SourceHealth;
use super::library::Library;
use super::pages::{self, Absent, Page};
use super::{assets, etag, headers, images, live};
use crate::api::names::hex_digest;

/// How the viewer behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name of the site, shown on every page.
    pub site: String,
    /// State of the source that fills the library, for `/readyz`.
    pub health: SourceHealth,
    /// How long a page may take.
    pub timeout: Duration,
    /// Ends the event streams; without it an open page would keep the server from stopping.
    pub shutdown: CancellationToken,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            site: "TalkNotes".to_owned(),
            health: SourceHealth::default(),
            timeout: Duration::from_secs(10),
            shutdown: CancellationToken::new(),
        }
    }
}

/// What every handler knows.
#[derive(Clone)]
pub(super) struct Viewer {
    pub(super) library: Library,
    pub(super) options: Options,
}

impl Viewer {
    pub(super) fn render(&self, page: &PageId) -> Result<Page, Absent> {
        self.library.read(|shelf| pages::render(shelf, &self.options.site, page))
    }
}

/// The pages of `library`.
pub fn router(library: Library, options: Options) -> Router {
    let timeout = TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, options.timeout);
    let site = options.site.clone();
    let viewer = Viewer { library, options };
    let pages = Router::new()
        .route("/", get(page))
        .route("/{namespace}/{summit}", get(page))
        .route("/{namespace}/{summit}/", get(page))
        .route("/{namespace}/{summit}/{note}", get(page))
        .route("/{namespace}/{summit}/{note}/", get(page))
        .route("/{namespace}/{summit}/{note}/{image}", get(images::serve))
        .route("/-/assets/{name}", get(assets::serve))
        .fallback(page)
        .method_not_allowed_fallback(wrong_method)
        .layer(CompressionLayer::new())
        .layer(timeout);
    // Compression would hold events back, and a timeout would end their stream.
    let rest = Router::new()
        .route("/-/events", get(live::events))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready));
    pages
        .merge(rest)
        .layer(CatchPanicLayer::custom(move |panic| panicked(&site, panic)))
        .layer(map_response(headers::secure))
        .layer(TraceLayer::new_for_http())
        .with_state(viewer)
}

/// Answers requests until `shutdown` is cancelled and those under way are done. It has to be the
/// token of the router's [`Options`].
///
/// # Errors
/// Where connections can no longer be accepted.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) -> io::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(shutdown.cancelled_owned()).await
}

async fn page(State(viewer): State<Viewer>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(page) = PageId::parse(uri.path()) else { return missing(&viewer, uri.path()) };
    match viewer.render(&page) {
        Ok(_) if page.to_string() != uri.path() => {
            Redirect::permanent(&page.to_string()).into_response()
        }
        Ok(page) => fresh(page, &headers),
        Err(Absent::Moved(page)) => Redirect::temporary(&page.to_string()).into_response(),
        Err(Absent::Missing) => missing(&viewer, uri.path()),
        Err(Absent::Broken(error)) => {
            tracing::error!(%page, %error, "a page could not be written");
            failed(&viewer.options.site)
        }
    }
}

/// The page, or that the client has it already. The tag is that of the whole document, since a new
/// viewer puts another frame around the same content; it is weak because the page may be compressed
/// on its way.
fn fresh(page: Page, asked: &HeaderMap) -> Response {
    let etag = format!("W/\"{}\"", hex_digest(page.html.as_bytes()));
    let kept = [(header::ETAG, &*etag), (header::CACHE_CONTROL, "no-cache")];
    let robots = headers::robots(page.robots);
    if etag::matches(asked, &etag) {
        (StatusCode::NOT_MODIFIED, kept).into_response()
    } else {
        (kept, robots, Html(page.html)).into_response()
    }
}

async fn ready(State(viewer): State<Viewer>) -> (StatusCode, String) {
    let health = &viewer.options.health;
    let status = if health.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, health.report())
}

fn missing(viewer: &Viewer, path: &str) -> Response {
    let page = viewer.library.read(|shelf| pages::missing(shelf, &viewer.options.site, path));
    message(StatusCode::NOT_FOUND, page)
}

async fn wrong_method(State(viewer): State<Viewer>) -> Response {
    message(StatusCode::METHOD_NOT_ALLOWED, pages::wrong_method(&viewer.options.site))
}

fn failed(site: &str) -> Response {
    message(StatusCode::INTERNAL_SERVER_ERROR, pages::failed(site))
}

fn panicked(site: &str, panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let message = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!(message, "a handler panicked");
    failed(site)
}

fn message(status: StatusCode, page: askama::Result<Page>) -> Response {
    let kept = [(header::CACHE_CONTROL, "no-store")];
    match page {
        Ok(page) => (status, kept, Html(page.html)).into_response(),
        Err(_) => (status, kept, "This page could not be shown.\n").into_response(),
    }
}
