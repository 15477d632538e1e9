//! Images that notes show, under the path of the note that shows them.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::address::Key;
use super::library::Shelf;
use super::server::{self, Viewer};
use super::{assets, etag, exports, headers, words};
use crate::render::digest_of;

/// Serves `image-<digest>`. The digest names the bytes, so that a browser may keep them for ever. What
/// has another name is a file for other programs, or a page.
pub async fn serve(
    State(viewer): State<Viewer>,
    Path((namespace, summit, note, name)): Path<(String, String, String, String)>,
    uri: Uri,
    asked: HeaderMap,
) -> Response {
    if !name.starts_with("image-") {
        let path = [&*namespace, &*summit, &*note, &*name];
        let query = uri.query().unwrap_or_default();
        if let Some(file) = exports::serve(&viewer, path, query, &asked) {
            return file;
        }
        return server::page(State(viewer), uri, asked).await;
    }
    let found = digest_of(&name).and_then(|digest| {
        viewer.library.read(|shelf| {
            if !shelf.shows_image(&namespace, &summit, &note, digest) {
                return None;
            }
            let image = shelf.image(&Key::new(&*namespace, digest)).cloned()?;
            Some((image, robots(shelf, &namespace, &summit, &note)))
        })
    });
    let Some((image, robots)) = found else {
        let kept = [(header::CACHE_CONTROL, "no-store")];
        return (StatusCode::NOT_FOUND, kept, "There is no such image.\n").into_response();
    };
    let etag = format!("\"{}\"", image.key().name);
    let kept = [(header::CACHE_CONTROL, assets::FOR_EVER), (header::ETAG, &*etag)];
    if etag::matches(&asked, &etag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let media_type = [(header::CONTENT_TYPE, image.media_type())];
    (kept, headers::robots(robots), media_type, image.content()).into_response()
}

/// What search engines may do with the images of a note or, where it is none, of a summit.
fn robots(shelf: &Shelf, namespace: &str, summit: &str, note: &str) -> Option<String> {
    let note = shelf.note(&Key::new(namespace, note)).map(|note| &note.document().robots);
    let summit = || Some(&shelf.summit(&Key::new(namespace, summit))?.document().robots);
    words::robots(note.or_else(summit)?)
}
