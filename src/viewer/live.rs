//! Tells open pages that they changed.

use std::convert::Infallible;
use std::future::ready;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, stream};
use serde::Deserialize;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

use super::address::PageId;
use super::language::Language;
use super::library::Change;
use super::server::Viewer;
use super::view::View;
use crate::api::FeatureName;

/// How long a browser waits before it connects again.
const RETRY: Duration = Duration::from_secs(2);

/// What an open page tells of itself.
#[derive(Deserialize)]
pub(super) struct Listener {
    /// Path of the page, with its query.
    page: String,
    /// Version that it shows; empty where it shows that there is nothing.
    version: Option<String>,
}

/// `/-/events`: the event `changed` whenever the page changed, and at once if it did so since the
/// version that it shows.
pub(super) async fn events(
    State(viewer): State<Viewer>,
    Query(Listener { page, version }): Query<Listener>,
    asked: HeaderMap,
) -> Response {
    let page = viewer.options.base.strip(&page);
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let (view, language) = (View::parse(query), Language::of(&asked));
    let flags = &viewer.options.flags;
    let mut switched = flags.subscribe();
    let features = flags.of(&asked, language).0;
    if !features.has(FeatureName::LiveUpdates) {
        // A browser does not connect again by itself.
        return StatusCode::NO_CONTENT.into_response();
    }
    let Some(page) = PageId::parse(path) else {
        let advice = "Name a page, such as /-/events?page=/namespace/summit\n";
        return (StatusCode::BAD_REQUEST, advice).into_response();
    };
    // First listen, then look: what happens between the two is then not lost.
    let changes = BroadcastStream::new(viewer.library.subscribe());
    let shown = viewer.kept(&page, &view, language, features).map(|kept| kept.version.clone());
    let shown = shown.unwrap_or_default();
    let stale = version.is_some_and(|version| version != shown);
    let first = stale.then(changed).into_iter().map(Ok);
    let hello = Ok(Event::default().retry(RETRY).comment("following"));
    let events = stream::iter(std::iter::once(hello).chain(first)).chain(following(changes, page));
    // Whoever follows asks again where the flags change: it may be off from now on.
    let events = events.take_until(async move { drop(switched.changed().await) });
    let events = events.take_until(viewer.options.shutdown.clone().cancelled_owned());
    Sse::new(events).keep_alive(KeepAlive::new()).into_response()
}

fn following(
    changes: BroadcastStream<Change>,
    page: PageId,
) -> impl Stream<Item = Result<Event, Infallible>> {
    changes.filter_map(move |change| {
        let told = match change {
            Ok(change) => change.concerns(&page),
            // Who missed some changes looks again.
            Err(BroadcastStreamRecvError::Lagged(_)) => true,
        };
        ready(told.then(|| Ok(changed())))
    })
}

/// A browser drops events without data.
fn changed() -> Event {
    Event::default().event("changed").data("look again")
}
