//! Images that notes show, under the path of the note that shows them.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::address::Key;
use super::etag;
use super::server::Viewer;
use crate::render::digest_of;

/// Serves `image-<digest>`. The digest names the bytes, so that a browser may keep them for ever.
pub async fn serve(
    State(viewer): State<Viewer>,
    Path((namespace, _summit, _note, name)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let image = digest_of(&name).and_then(|digest| {
        let key = Key::new(namespace, digest);
        viewer.library.read(|shelf| shelf.image(&key).cloned())
    });
    let Some(image) = image else {
        let kept = [(header::CACHE_CONTROL, "no-store")];
        return (StatusCode::NOT_FOUND, kept, "There is no such image.\n").into_response();
    };
    let etag = format!("\"{}\"", image.key().name);
    let kept =
        [(header::CACHE_CONTROL, "public, max-age=31536000, immutable"), (header::ETAG, &*etag)];
    if etag::matches(&headers, &etag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, image.media_type())], image.content()).into_response()
}
