//! Files that pages need, each under a name that holds its hash, so that a browser may keep it for
//! ever.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::etag;
use crate::api::names::hex_digest;

/// Where assets are served.
pub const PREFIX: &str = "/-/assets/";

#[derive(RustEmbed)]
#[folder = "src/viewer/assets"]
struct Files;

struct Asset {
    content: Bytes,
    mime: String,
    etag: String,
}

/// All assets by their hashed names, and the hashed names by the plain ones.
struct Catalogue {
    assets: HashMap<String, Asset>,
    urls: BTreeMap<String, String>,
    version: String,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let (mut assets, mut urls) = (HashMap::new(), BTreeMap::new());
    for name in Files::iter() {
        let Some(EmbeddedFile { data, metadata, .. }) = Files::get(&name) else { continue };
        let hash: String = hex_digest(&data).chars().take(16).collect();
        let hashed = format!("{hash}-{name}");
        urls.insert(name.into_owned(), format!("{PREFIX}{hashed}"));
        let etag = format!("\"{hash}\"");
        let mime = match metadata.mimetype() {
            text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
            other => other.to_owned(),
        };
        let content = Bytes::from(data.into_owned());
        assets.insert(hashed, Asset { content, mime, etag });
    }
    let frame = format!("{} {urls:?}", env!("CARGO_PKG_VERSION"));
    let version = hex_digest(frame.as_bytes()).chars().take(8).collect();
    Catalogue { assets, urls, version }
});

/// The URL of the asset `name`; empty for a name that does not exist.
pub fn url(name: &str) -> &'static str {
    CATALOGUE.urls.get(name).map_or("", String::as_str)
}

/// Names the frame around every page: it changes with the viewer and with its assets.
pub fn version() -> &'static str {
    &CATALOGUE.version
}

/// Serves the asset with the hashed name.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = CATALOGUE.assets.get(&name) else {
        return (StatusCode::NOT_FOUND, "This file belongs to another version of the viewer.\n")
            .into_response();
    };
    let kept = [
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::ETAG, &asset.etag),
    ];
    if etag::matches(&headers, &asset.etag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, &*asset.mime)], asset.content.clone()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assets_that_pages_name_exist() {
        for name in ["style.css", "live.js", "icon.svg"] {
            let url = url(name);
            let asset = CATALOGUE.assets.get(url.strip_prefix(PREFIX).unwrap()).unwrap();
            assert!(!asset.content.is_empty(), "{name}");
        }
    }
}
