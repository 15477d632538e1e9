//! Files that pages need, each under a name that holds its hash, so that a browser may keep it for
//! ever.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::cache::Kept;
use super::pages;
use crate::api::names::hex_digest;

/// Where assets are served.
pub const PREFIX: &str = "/-/assets/";

/// For what its name tells from what comes after it.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "src/viewer/assets"]
struct Files;

/// All assets by their hashed names, and the hashed names by the plain ones.
#[derive(Default)]
struct Catalogue {
    assets: HashMap<String, Kept>,
    urls: HashMap<String, String>,
}

impl Catalogue {
    fn add(&mut self, name: &str, content: Vec<u8>, media_type: &str) {
        let hash: String = hex_digest(&content).chars().take(16).collect();
        let hashed = format!("{hash}-{name}");
        self.urls.insert(name.to_owned(), format!("{PREFIX}{hashed}"));
        let media_type = if media_type.starts_with("text/") {
            format!("{media_type}; charset=utf-8")
        } else {
            media_type.to_owned()
        };
        self.assets.insert(hashed, Kept::new(content, media_type));
    }
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut catalogue = Catalogue::default();
    for name in Files::iter() {
        let Some(file) = Files::get(&name) else { continue };
        catalogue.add(&name, file.data.into_owned(), file.metadata.mimetype());
    }
    catalogue.add("grid.css", pages::grid_style().into_bytes(), "text/css");
    catalogue
});

/// The URL of the asset `name`; empty for a name that does not exist.
pub fn url(name: &str) -> &'static str {
    CATALOGUE.urls.get(name).map_or("", String::as_str)
}

/// Serves the asset with the hashed name.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match CATALOGUE.assets.get(&name) {
        Some(asset) => asset.answer(&headers, StatusCode::OK, FOR_EVER),
        None => (StatusCode::NOT_FOUND, "This file belongs to another version of the viewer.\n")
            .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assets_that_pages_name_exist() {
        for name in [
            "style.css",
            "pages.css",
            "note.css",
            "grid.css",
            "theme.js",
            "live.js",
            "palette.js",
            "find.js",
            "icon.svg",
        ] {
            let url = url(name);
            assert!(CATALOGUE.assets.contains_key(url.strip_prefix(PREFIX).unwrap()), "{name}");
        }
    }
}
