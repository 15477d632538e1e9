//! Pages: what the library holds as HTML.

mod agenda;
mod catalogue;
mod coverage;
mod diagnostics;
mod filters;
mod grid;
mod home;
mod message;
mod mind_map;
mod note;
mod part;
mod people;
mod print;
mod rows;
mod search;
mod subscribe;
mod tags;

pub use catalogue::catalogue;
pub use diagnostics::{Remark, remark};
pub use filters::matches;
pub use grid::style as grid_style;
pub use message::{Trouble, message};
pub use note::fragment;
pub use part::notes_of as notes_of_summit;
pub use people::notes_of as notes_of_person;
pub use search::answer;
pub use tags::notes_of as notes_of_tag;

use askama::Template;

use super::address::{PageId, Part};
use super::assets;
use super::base::Base;
use super::features::Features;
use super::headers::POLICY_OF_FILES;
use super::language::Language;
use super::library::Shelf;
use super::seal::Seal;
use super::view::View;
use super::words::Words;
use crate::api::FeatureName;
use crate::api::names::hex_digest;

/// Class of the hue that the product's own pages have.
const OWN_HUE: &str = "hue-30";

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

/// What every page is made from.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Name of the site.
    pub site: &'a str,
    /// Where it is reached.
    pub base: &'a Base,
    /// Whether the pages become files.
    pub files: bool,
    /// What is published.
    pub shelf: &'a Shelf,
    /// In which language the page speaks.
    pub language: Language,
    /// What its address asks for.
    pub view: &'a View,
    /// What its reader has.
    pub features: Features,
}

/// Writes `page`.
pub fn render(setting: Setting<'_>, page: &PageId) -> Result<Page, Absent> {
    let is_map = matches!(page, PageId::NoteMap { .. } | PageId::Part(_, Part::MindMap));
    if is_map && !setting.features.has(FeatureName::MindMap) {
        return Err(Absent::Missing);
    }
    let content = match page {
        PageId::Summits => home::content(setting)?,
        PageId::Summit(key) => agenda::content(setting, key)?,
        PageId::Part(key, part) => part::content(setting, key, *part)?,
        PageId::Note { key, .. } => note::content(setting, key, page)?,
        PageId::NoteMap { key, .. } => mind_map::of_note(setting, key, page)?,
        PageId::Speakers => people::all(setting)?,
        PageId::Speaker(name) => people::one(setting, name)?,
        PageId::Tags => tags::all(setting)?,
        PageId::Tag(tag) => tags::one(setting, tag)?,
        PageId::Search => search::content(setting)?,
        PageId::Diagnostics => diagnostics::content(setting)?,
    };
    let remarks = if *page == PageId::Diagnostics { 0 } else { setting.shelf.diagnostics().len() };
    Ok(content.into_page(setting, &page.to_string(), remarks)?)
}

/// A step of the way to the page.
pub struct Crumb {
    href: String,
    text: Words,
    seal: Option<Seal>,
}

impl Crumb {
    fn new(href: impl ToString, text: &str) -> Self {
        Self { href: href.to_string(), text: Words::guess(text), seal: None }
    }
}

/// What differs from page to page.
struct Content {
    title: String,
    description: String,
    robots: Option<String>,
    hue: String,
    crumbs: Vec<Crumb>,
    /// Where a search from this page looks, as `namespace/name`.
    scope: Option<String>,
    /// A line above it.
    banner: Option<String>,
    /// Whether it has a feed, as all of a summit has.
    feed: bool,
    /// Whether it needs the places of the grid.
    grid: bool,
    /// What search engines read, as JSON-LD without `<`.
    data: Option<String>,
    main: String,
}

impl Content {
    fn new(title: impl Into<String>, main: String) -> Self {
        Self {
            title: title.into(),
            description: String::new(),
            robots: None,
            hue: OWN_HUE.to_owned(),
            crumbs: Vec::new(),
            scope: None,
            banner: None,
            feed: false,
            grid: false,
            data: None,
            main,
        }
    }

    fn into_page(
        self,
        setting: Setting<'_>,
        path: &str,
        diagnostics: usize,
    ) -> askama::Result<Page> {
        let banner = self.banner.as_deref().unwrap_or_default();
        let shown = format!("{}\n{diagnostics}\n{banner}{}", self.title, self.main);
        let version = hex_digest(shown.as_bytes()).chars().take(16).collect();
        self.with_version(setting, path, diagnostics, version)
    }

    fn with_version(
        &self,
        setting: Setting<'_>,
        path: &str,
        diagnostics: usize,
        version: String,
    ) -> askama::Result<Page> {
        let language = setting.language;
        let layout = Layout {
            l: language,
            site: setting.site,
            features: setting.features,
            files: setting.files,
            policy: POLICY_OF_FILES,
            prefix: setting.base.prefix(),
            canonical: setting.base.address(path).filter(|_| !version.is_empty()),
            content: self,
            // Of the page itself, so that the reader comes back to the same view.
            here: &setting.view.address(path),
            query: &setting.view.query,
            version: &version,
            remarks: (diagnostics > 0).then(|| language.count("remarks", diagnostics)),
        };
        Ok(Page { html: layout.render()?, version, robots: self.robots.clone() })
    }
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    l: Language,
    site: &'a str,
    features: Features,
    files: bool,
    policy: &'static str,
    prefix: &'a str,
    canonical: Option<String>,
    content: &'a Content,
    here: &'a str,
    query: &'a str,
    version: &'a str,
    remarks: Option<String>,
}

impl Layout<'_> {
    fn follows(&self) -> bool {
        self.features.has(FeatureName::LiveUpdates)
    }

    fn finds(&self) -> bool {
        self.features.has(FeatureName::SearchAsYouType)
    }

    fn introduces(&self) -> bool {
        self.features.has(FeatureName::SocialCards)
    }

    /// Where the other language is chosen; the reader comes back.
    fn switch(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("to", self.here);
        format!("/-/language/{}?{}", self.l.next().tag(), query.finish())
    }
}
