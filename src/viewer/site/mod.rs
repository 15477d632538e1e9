//! The pages as files: what a server would answer, asked for once and written down.
//!
//! Whatever leads on from the first page is asked for, in each language. Addresses in the pages are made
//! those of the files, so that any server of files can serve them.

mod place;

use std::collections::{BTreeSet, VecDeque};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use tower::ServiceExt;

use super::base::Base;
use super::language::Language;
use super::library::Library;
use super::pages;
use super::relink::{escaped, relink};
use super::server::{Options, router};
use super::view::View;
use place::{Place, Places};

/// What a browser is shown where a page has another address.
const MOVED: &str = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Moved</title>\n\
    <meta http-equiv=\"refresh\" content=\"0; url=TO\">\n<a href=\"TO\">TO</a>\n";
/// Where the search in the browser finds its text.
pub(super) const CATALOGUE: &str = "/-/search.json";
/// Bytes of an answer: no page, image or export is larger.
const LARGEST: usize = 64 * 1024 * 1024;

/// Why a site could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] std::io::Error),
    /// A page could not be made.
    #[error("the page {path} could not be made: {status}")]
    Page {
        /// Its address.
        path: String,
        /// What a server would have answered.
        status: StatusCode,
    },
    /// An answer could not be read.
    #[error("the page {path} could not be read: {error}")]
    Body {
        /// Its address.
        path: String,
        /// Why.
        #[source]
        error: axum::Error,
    },
    /// The catalogue for searches could not be written.
    #[error("the search index could not be written")]
    Catalogue(#[from] serde_json::Error),
}

/// Gives `put` each file of the site that shows `library`: its path, with `/` between its parts, and its
/// content.
///
/// # Errors
/// Where `put` fails, or a page cannot be made.
pub async fn write(
    library: Library,
    base: Base,
    mut put: impl FnMut(&str, &[u8]) -> std::io::Result<()>,
) -> Result<(), SiteError> {
    let options = Options { base, files: true, ..Options::default() };
    let places = Places::new(options.base.clone(), library.clone());
    let site = Site { router: router(library.clone(), options.clone()), places };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for language in Language::all() {
        let mut open: VecDeque<String> = VecDeque::from(["/".to_owned(), "/search".to_owned()]);
        while let Some(address) = open.pop_front() {
            let place = site.places.of(&address, language);
            if !seen.insert(place.file()) {
                continue;
            }
            if let Some((content, links)) = site.file(&address, &place, language).await? {
                put(&place.file(), &content)?;
                open.extend(links);
            }
        }
        put(
            &site.places.of(CATALOGUE, language).file(),
            &catalogue(&library, &options, &site.places, language)?,
        )?;
    }
    put("404.html", &site.missing().await?)?;
    // GitHub Pages would leave out what it takes for a draft.
    put(".nojekyll", b"")?;
    Ok(())
}

/// The notes for the search in the browser.
fn catalogue(
    library: &Library,
    options: &Options,
    places: &Places,
    language: Language,
) -> Result<Vec<u8>, SiteError> {
    let view = View::default();
    let mut catalogue =
        library.read(|shelf| pages::catalogue(options.setting(shelf, language, &view)));
    for entry in &mut catalogue.notes {
        entry.found.href = places.of(&entry.found.href, language).link;
    }
    Ok(serde_json::to_vec(&catalogue)?)
}

struct Site {
    router: Router,
    places: Places,
}

impl Site {
    /// The file for `address`, and where it leads; none where there is nothing, as where a note links to.
    async fn file(
        &self,
        address: &str,
        place: &Place,
        language: Language,
    ) -> Result<Option<(Bytes, Vec<String>)>, SiteError> {
        let answer = self.ask(address, language).await;
        let status = answer.status();
        if status.is_redirection() {
            let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            return Ok(to.map(|to| self.moved(to, address, language)));
        }
        if status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if status != StatusCode::OK {
            return Err(SiteError::Page { path: address.to_owned(), status });
        }
        let body = read(answer, address).await?;
        if !place.is_page() {
            return Ok(Some((body, Vec::new())));
        }
        let (page, links) = self.placed(&body, address, language);
        Ok(Some((page, links)))
    }

    async fn ask(&self, address: &str, language: Language) -> Response<Body> {
        let request = Request::builder()
            .uri(address)
            .header(header::ACCEPT_LANGUAGE, language.tag())
            .body(Body::empty());
        match request {
            Ok(request) => match self.router.clone().oneshot(request).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            },
            // No address of ours: what a note links to.
            Err(_) => {
                let mut answer = Response::new(Body::empty());
                *answer.status_mut() = StatusCode::NOT_FOUND;
                answer
            }
        }
    }

    /// A page with the addresses of files, and those that it had.
    fn placed(&self, body: &[u8], address: &str, language: Language) -> (Bytes, Vec<String>) {
        let mut links = Vec::new();
        let page = relink(&String::from_utf8_lossy(body), |link| {
            let (target, fragment) = self.places.target(link, address)?;
            let place = self.places.of(&target, language);
            // What another language shows is asked for in that language.
            if place.language.is_none_or(|own| own.tag() == language.tag()) {
                links.push(target);
            }
            Some(self.places.shown(link, &place) + &fragment)
        });
        (page.into(), links)
    }

    fn moved(&self, to: &str, address: &str, language: Language) -> (Bytes, Vec<String>) {
        let Some((target, fragment)) = self.places.target(to, address) else {
            return (Bytes::new(), Vec::new());
        };
        let link = self.places.of(&target, language).link;
        (MOVED.replace("TO", &escaped(&format!("{link}{fragment}"))).into(), vec![target])
    }

    /// The page for whatever is missing, which servers of files know by its name.
    async fn missing(&self) -> Result<Bytes, SiteError> {
        let (address, language) = ("/404.html", Language::default());
        let body = read(self.ask(address, language).await, address).await?;
        Ok(self.placed(&body, address, language).0)
    }
}

async fn read(answer: Response<Body>, address: &str) -> Result<Bytes, SiteError> {
    let body = to_bytes(answer.into_body(), LARGEST).await;
    body.map_err(|error| SiteError::Body { path: address.to_owned(), error })
}
