//! Pages: what the library holds as HTML.

mod diagnostics;
mod message;
mod note;
mod remarks;
mod summit;
mod summits;
mod talk;

pub use message::{failed, missing, wrong_method};
pub use remarks::{note_with_remarks, with_remarks};

use askama::Template;

use super::address::PageId;
use super::assets;
use super::library::Shelf;
use crate::api::names::hex_digest;

/// A page as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The whole document.
    pub html: String,
    /// Names the content of the page: it is the same as long as that is, on every replica.
    pub version: String,
    /// What search engines may do with it.
    pub robots: Option<String>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum Absent {
    /// It stands elsewhere.
    #[error("the page is now at {0}")]
    Moved(PageId),
    /// Nothing is published there.
    #[error("nothing is published there")]
    Missing,
    /// The page could not be written.
    #[error("the page could not be written")]
    Broken(#[from] askama::Error),
}

/// Writes `page` from what is on the shelf.
pub fn render(shelf: &Shelf, site: &str, page: &PageId) -> Result<Page, Absent> {
    let content = match page {
        PageId::Summits => summits::content(shelf, site)?,
        PageId::Summit(key) => summit::content(shelf, key)?,
        PageId::Note { key, .. } => note::content(shelf, key, page)?,
        PageId::Diagnostics => diagnostics::content(shelf)?,
    };
    let remarks = if *page == PageId::Diagnostics { 0 } else { shelf.diagnostics().len() };
    Ok(content.into_page(site, remarks)?)
}

/// What differs from page to page.
struct Content {
    title: String,
    description: String,
    robots: Option<String>,
    main: String,
}

impl Content {
    fn into_page(self, site: &str, diagnostics: usize) -> askama::Result<Page> {
        let shown = format!("{}\n{diagnostics}\n{}", self.title, self.main);
        let version = hex_digest(shown.as_bytes()).chars().take(16).collect();
        self.with_version(site, diagnostics, version)
    }

    fn with_version(
        &self,
        site: &str,
        diagnostics: usize,
        version: String,
    ) -> askama::Result<Page> {
        let layout = Layout {
            site,
            title: &self.title,
            description: &self.description,
            robots: self.robots.as_deref(),
            main: &self.main,
            version: &version,
            diagnostics,
            style: assets::url("style.css"),
            script: assets::url("live.js"),
            icon: assets::url("icon.svg"),
        };
        Ok(Page { html: layout.render()?, version, robots: self.robots.clone() })
    }
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    site: &'a str,
    title: &'a str,
    description: &'a str,
    robots: Option<&'a str>,
    main: &'a str,
    version: &'a str,
    diagnostics: usize,
    style: &'a str,
    script: &'a str,
    icon: &'a str,
}

/// `1 note`, `2 notes`.
fn count_notes(count: usize) -> String {
    if count == 1 { "1 note".to_owned() } else { format!("{count} notes") }
}
