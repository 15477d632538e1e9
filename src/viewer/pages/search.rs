//! `/search`: what is found, as a page and for the palette.

use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::note::fragment;
use super::rows::seal_of;
use super::{Absent, Content, Setting};
use crate::viewer::address::{Key, PageId};
use crate::viewer::base::Base;
use crate::viewer::language::Language;
use crate::viewer::library::PublishedNote;
use crate::viewer::search::{self, Hit, Piece, Query, Repair};
use crate::viewer::view::View;
use crate::viewer::words::Words;

/// Notes that a page shows, and places in each of them.
const NOTES: usize = 30;
const PLACES: usize = 3;

/// What a search answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// As it was asked for.
    pub query: String,
    /// How many notes there are.
    pub total: usize,
    /// What was found, in words.
    pub summary: String,
    /// Words that were repaired, in words.
    pub repairs: Vec<String>,
    /// The best notes.
    pub notes: Vec<FoundNote>,
    /// The page with all of this.
    pub href: String,
}

/// A note that was found.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundNote {
    pub href: String,
    pub title: Vec<Part>,
    pub lang: Option<String>,
    /// Summit and speakers.
    pub about: String,
    pub seal: Option<String>,
    pub hue: Option<String>,
    pub places: Vec<FoundPlace>,
}

/// A place in it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundPlace {
    pub href: String,
    pub path: String,
    pub snippet: Vec<Part>,
}

/// Some text, and whether it was looked for.
#[derive(Serialize)]
pub struct Part {
    pub text: String,
    pub hit: bool,
}

impl From<Piece> for Part {
    fn from(Piece { text, is_hit }: Piece) -> Self {
        Self { text, hit: is_hit }
    }
}

impl Answer {
    /// Puts all addresses below where the site is reached.
    pub fn place(&mut self, base: &Base) {
        let places = self.notes.iter_mut().flat_map(|note| {
            std::iter::once(&mut note.href)
                .chain(note.places.iter_mut().map(|place| &mut place.href))
        });
        for href in places.chain([&mut self.href]) {
            *href = base.link(href);
        }
    }
}

/// The summit that a search is limited to.
fn scope(view: &View) -> Option<Key> {
    let (namespace, name) = view.scope.as_deref()?.split_once('/')?;
    Some(Key::new(namespace, name))
}

/// Looks for what the view asks for.
pub fn answer(setting: Setting<'_>) -> Answer {
    let Setting { shelf, language: l, view, .. } = setting;
    let query = Query::parse(&view.query);
    let found = search::find(shelf, &query, scope(view).as_ref());
    let notes: Vec<FoundNote> =
        found.notes.iter().take(NOTES).map(|note| line(setting, note, &found.terms)).collect();
    let places = notes.iter().map(|note| note.places.len()).sum::<usize>();
    let counts =
        [("notes", l.count("notes", found.notes.len())), ("hits", l.count("hits", places))];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, text)| (*name, &**text)).collect();
    Answer {
        query: view.query.clone(),
        total: found.notes.len(),
        summary: if places > 0 && found.notes.len() <= NOTES {
            l.with("search-found", &counts)
        } else {
            l.count("notes", found.notes.len())
        },
        repairs: found.repairs.iter().map(|repair| said(l, repair)).collect(),
        notes,
        href: view.address(&PageId::Search.to_string()),
    }
}

fn said(l: Language, Repair { asked, used }: &Repair) -> String {
    l.with("search-repaired", &[("asked", asked), ("used", used)])
}

/// What is shown of `note`, with the places that have one of the `terms`.
pub fn line(setting: Setting<'_>, note: &PublishedNote, terms: &[String]) -> FoundNote {
    let Setting { shelf, language: l, .. } = setting;
    let document = note.document();
    let card = &document.card;
    let summit = document.summit.as_ref().map(|name| Key::new(note.namespace(), name));
    let summit = summit.and_then(|key| shelf.summit(&key));
    let seal = summit.map(seal_of);
    let people: Vec<&str> = card.speakers.iter().map(|speaker| &*speaker.name).collect();
    let people = (!people.is_empty()).then(|| people.join("、"));
    let href = note.page().to_string();
    FoundNote {
        places: search::hits(note, terms, PLACES)
            .into_iter()
            .map(|hit| place(&href, hit))
            .collect(),
        href,
        title: search::marked(&card.title, terms).into_iter().map(Part::from).collect(),
        lang: Words::from_note(&card.title, &document.language).lang,
        about: l.list([summit.map(|summit| summit.document().title.clone()), people]),
        hue: seal.as_ref().map(|seal| seal.hue.clone()),
        seal: seal.map(|seal| seal.letter),
    }
}

/// The heading's place, and the words themselves where a browser knows how to find them.
fn place(href: &str, hit: Hit) -> FoundPlace {
    let anchor = hit.anchor.as_deref().map(fragment).unwrap_or_default();
    let words = hit.found().map(|found| utf8_percent_encode(found, NON_ALPHANUMERIC).to_string());
    let words = words.map(|words| format!(":~:text={words}")).unwrap_or_default();
    FoundPlace {
        href: format!("{href}#{anchor}{words}"),
        path: hit.path.join(" › "),
        snippet: hit.snippet.into_iter().map(Part::from).collect(),
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    l: Language,
    query: String,
    answer: Option<Answer>,
    nothing: String,
    everywhere: Option<String>,
    scope: Option<Words>,
    scope_value: Option<String>,
    files: bool,
}

pub fn content(setting: Setting<'_>) -> Result<Content, Absent> {
    let Setting { shelf, language: l, view, .. } = setting;
    let query = view.query.clone();
    let answer = (!query.is_empty()).then(|| answer(setting));
    let summit = scope(view).and_then(|key| shelf.summit(&key));
    let everywhere = summit.map(|_| {
        View { query: query.clone(), ..View::default() }.address(&PageId::Search.to_string())
    });
    let title = match &answer {
        Some(_) => l.with("search-title", &[("query", &query)]),
        None => l.say("search").to_owned(),
    };
    let page = SearchPage {
        l,
        answer,
        nothing: l.with("search-nothing", &[("query", &query)]),
        everywhere,
        scope: summit.map(|summit| Words::guess(&summit.document().title)),
        files: setting.files,
        scope_value: summit.and(view.scope.clone()),
        query,
    };
    let robots = Some("noindex".to_owned());
    Ok(Content { robots, ..Content::new(title, page.render()?) })
}
