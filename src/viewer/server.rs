//! Requests and answers.

use std::any::Any;
use std::io;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::util::MapRequest;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use super::address::PageId;
use super::base::Base;
use super::cache::{Cache, Kept};
use super::features::{Features, Flags};
use super::health::SourceHealth;
use super::language::{COOKIE, Language};
use super::library::{Library, Shelf};
use super::pages::{self, Absent, Page, Setting, Trouble};
use super::view::View;
use super::{assets, headers, images, live};

/// A page is asked for again each time, and seldom sent.
const ASK_AGAIN: &str = "no-cache";
const HTML: &str = "text/html; charset=utf-8";

/// How the viewer behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name of the site, shown on every page.
    pub site: String,
    /// Where it is reached.
    pub base: Base,
    /// The pages become files, behind which no server answers.
    pub files: bool,
    /// What is on and off.
    pub flags: Flags,
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
            base: Base::default(),
            files: false,
            flags: Flags::default(),
            health: SourceHealth::default(),
            timeout: Duration::from_secs(10),
            shutdown: CancellationToken::new(),
        }
    }
}

/// What every handler knows. Each request has a clone of it in each layer.
#[derive(Clone)]
pub(super) struct Viewer(Arc<Known>);

pub(super) struct Known {
    pub(super) library: Library,
    pub(super) options: Options,
    pub(super) cache: Cache,
}

impl Deref for Viewer {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0
    }
}

impl Options {
    pub(super) fn setting<'a>(
        &'a self,
        shelf: &'a Shelf,
        language: Language,
        view: &'a View,
    ) -> Setting<'a> {
        let Self { site, base, files, .. } = self;
        Setting { site, base, files: *files, shelf, language, view, features: Features::ALL }
    }
}

impl Viewer {
    /// The page as it is kept, made anew where something of it changed.
    pub(super) fn kept(
        &self,
        page: &PageId,
        view: &View,
        language: Language,
        features: Features,
    ) -> Result<Arc<Kept>, Absent> {
        self.library.read(|shelf| {
            let make = || {
                let page = self.render(shelf, page, view, language, features);
                page.map(|page| self.placed(page))
            };
            // Whatever may be searched for would push out what is read.
            if matches!(page, PageId::Search) {
                return make().map(Arc::new);
            }
            let address = format!("{} {}", features.number(), view.address(&page.to_string()));
            self.cache.get(&(address, language.tag(), shelf.revision(page)), make)
        })
    }

    fn render(
        &self,
        shelf: &Shelf,
        page: &PageId,
        view: &View,
        language: Language,
        features: Features,
    ) -> Result<Page, Absent> {
        let setting = self.options.setting(shelf, language, view);
        pages::render(Setting { features, ..setting }, page)
    }

    fn placed(&self, page: Page) -> Kept {
        let Page { html, version, robots } = page;
        Kept::new(self.options.base.place(html), HTML).of_page(version, robots)
    }

    /// Where a reader is sent.
    fn to(&self, page: &PageId, view: &View) -> String {
        self.options.base.link(&view.address(&page.to_string()))
    }
}

/// The pages of `library`.
pub fn router(library: Library, options: Options) -> Router {
    let timeout = TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, options.timeout);
    let viewer = Viewer(Arc::new(Known { library, options, cache: Cache::default() }));
    let (broken, outer) = (viewer.clone(), viewer.clone());
    let pages = Router::new()
        .route("/", get(page))
        .route("/search", get(search))
        .route("/{namespace}/{summit}", get(page))
        .route("/{namespace}/{summit}/", get(page))
        .route("/{namespace}/{summit}/{note}", get(page))
        .route("/{namespace}/{summit}/{note}/", get(page))
        .route("/{namespace}/{summit}/{note}/{file}", get(images::serve))
        .route("/-/language/{tag}", get(choose_language))
        .route("/-/assets/{name}", get(assets::serve))
        .fallback(page)
        .method_not_allowed_fallback(wrong_method)
        .layer(timeout);
    // A timeout would end a stream of events.
    let rest = Router::new()
        .route("/-/events", get(live::events))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready));
    let all = pages
        .merge(rest)
        .layer(CatchPanicLayer::custom(move |panic| panicked(&broken.options, panic)))
        .layer(map_response(headers::secure))
        .layer(TraceLayer::new_for_http())
        .with_state(viewer);
    if outer.options.base.prefix().is_empty() {
        return all;
    }
    let at_root = MapRequest::new(all, move |request| outer.options.base.at_root(request));
    Router::new().fallback_service(at_root)
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

pub(super) async fn page(State(viewer): State<Viewer>, uri: Uri, asked: HeaderMap) -> Response {
    let language = Language::of(&asked);
    let view = View::parse(uri.query().unwrap_or_default());
    let Some(page) = PageId::parse(uri.path()) else {
        return trouble(&viewer, Trouble::Missing, uri.path(), &asked);
    };
    let (features, cookie) = viewer.options.flags.of(&asked, language);
    let mut answer = match viewer.kept(&page, &view, language, features) {
        Ok(_) if page.to_string() != uri.path() => {
            Redirect::permanent(&viewer.to(&page, &view)).into_response()
        }
        Ok(kept) => kept.answer(&asked, StatusCode::OK, ASK_AGAIN),
        Err(Absent::Moved(page)) => Redirect::temporary(&viewer.to(&page, &view)).into_response(),
        Err(Absent::Missing) => trouble(&viewer, Trouble::Missing, uri.path(), &asked),
        Err(Absent::Broken(error)) => {
            tracing::error!(%page, %error, "a page could not be written");
            trouble(&viewer, Trouble::Failed, uri.path(), &asked)
        }
    };
    answer.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    answer
}

/// What a search is to answer with.
#[derive(Deserialize)]
struct Format {
    format: Option<String>,
}

async fn search(
    State(viewer): State<Viewer>,
    Query(Format { format }): Query<Format>,
    uri: Uri,
    asked: HeaderMap,
) -> Response {
    if format.as_deref() != Some("json") {
        return page(State(viewer), uri, asked).await;
    }
    let language = Language::of(&asked);
    let view = View::parse(uri.query().unwrap_or_default());
    let mut answer =
        viewer.library.read(|shelf| pages::answer(viewer.options.setting(shelf, language, &view)));
    answer.place(&viewer.options.base);
    ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

/// Where a reader comes from.
#[derive(Deserialize)]
struct Return {
    to: Option<String>,
}

/// Remembers the language that a reader chose, and leads back.
async fn choose_language(
    State(viewer): State<Viewer>,
    Path(tag): Path<String>,
    Query(Return { to }): Query<Return>,
) -> Response {
    // Only to a page of this site: neither `//host` nor `/\host` is one.
    let is_own = |to: &String| to.starts_with('/') && !to.starts_with("//") && !to.contains('\\');
    let to = to.filter(is_own).unwrap_or_else(|| "/".to_owned());
    let tag = Language::named(&tag).unwrap_or_default().tag();
    let path = viewer.options.base.link("/");
    let cookie = format!("{COOKIE}={tag}; Path={path}; Max-Age=31536000; SameSite=Lax; HttpOnly");
    let kept = [(header::SET_COOKIE, &*cookie), (header::CACHE_CONTROL, "no-store")];
    (kept, Redirect::to(&viewer.options.base.link(&to))).into_response()
}

async fn ready(State(viewer): State<Viewer>) -> (StatusCode, String) {
    let health = &viewer.options.health;
    let status = if health.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, health.report())
}

async fn wrong_method(State(viewer): State<Viewer>, uri: Uri, asked: HeaderMap) -> Response {
    trouble(&viewer, Trouble::ReadOnly, uri.path(), &asked)
}

/// The page that tells of `trouble`.
pub(super) fn trouble(
    viewer: &Viewer,
    trouble: Trouble,
    path: &str,
    asked: &HeaderMap,
) -> Response {
    let (language, view) = (Language::of(asked), View::default());
    let page = viewer.library.read(|shelf| {
        let features = viewer.options.flags.of(asked, language).0;
        let setting = viewer.options.setting(shelf, language, &view);
        pages::message(Setting { features, ..setting }, trouble, path)
    });
    told(&viewer.options.base, trouble, page, asked)
}

fn told(base: &Base, trouble: Trouble, page: askama::Result<Page>, asked: &HeaderMap) -> Response {
    let status = match trouble {
        Trouble::Missing => StatusCode::NOT_FOUND,
        Trouble::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        Trouble::ReadOnly => StatusCode::METHOD_NOT_ALLOWED,
    };
    match page {
        Ok(page) => Kept::new(base.place(page.html), HTML).answer(asked, status, "no-store"),
        Err(_) => (status, "This page could not be shown.\n").into_response(),
    }
}

/// The library is left alone: it may be why there was a panic.
fn panicked(options: &Options, panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let message = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!(message, "a handler panicked");
    let (shelf, view) = (Shelf::default(), View::default());
    let setting = options.setting(&shelf, Language::default(), &view);
    let page = pages::message(setting, Trouble::Failed, "/");
    told(&options.base, Trouble::Failed, page, &HeaderMap::new())
}
