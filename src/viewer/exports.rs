//! What other programs read: calendars, feeds and files, of a summit, of a person and of a tag.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::address::Key;
use super::cache::Kept;
use super::library::{Listed, PublishedNote, PublishedSummit, Shelf};
use super::pages::{matches, notes_of_person, notes_of_summit, notes_of_tag};
use super::server::Viewer;
use super::view::View;
use crate::render::{Card, Exported, SummitDocument, exports};

/// A file of a summit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Export {
    /// iCalendar.
    Calendar,
    /// Atom.
    Feed,
    /// The common format of conferences.
    Schedule,
    /// OPass.
    Sessions,
    /// Markmap.
    Outline,
}

impl Export {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 5] =
        [Self::Calendar, Self::Feed, Self::Schedule, Self::Sessions, Self::Outline];

    fn named(file: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|export| export.file() == file)
    }

    /// Name of the file.
    pub fn file(self) -> &'static str {
        match self {
            Self::Calendar => "calendar.ics",
            Self::Feed => "feed.xml",
            Self::Schedule => "schedule.json",
            Self::Sessions => "session.json",
            Self::Outline => "mindmap.md",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Calendar => "text/calendar; charset=utf-8",
            Self::Feed => "application/atom+xml; charset=utf-8",
            Self::Schedule | Self::Sessions => "application/json",
            Self::Outline => "text/markdown; charset=utf-8",
        }
    }

    /// Whether a summit has it: one that no list has is on no list of a reader of feeds either.
    pub fn is_of(self, summit: &SummitDocument) -> bool {
        self != Self::Feed || !summit.unlisted
    }

    /// The phrases for its name and for what it is.
    pub fn phrases(self) -> (&'static str, &'static str) {
        match self {
            Self::Calendar => ("calendar", "calendar-about"),
            Self::Feed => ("feed", "feed-about"),
            Self::Schedule => ("schedule", "schedule-about"),
            Self::Sessions => ("sessions", "sessions-about"),
            Self::Outline => ("outline", "outline-about"),
        }
    }
}

/// Answers with the file that an address asks for: below a summit, a person or a tag. None where there is
/// no such file.
pub fn serve(viewer: &Viewer, path: [&str; 4], query: &str, asked: &HeaderMap) -> Option<Response> {
    let [_, _, _, file] = path;
    let export = Export::named(file)?;
    let site = viewer.options.base.of_request(asked);
    let text = viewer.library.read(|shelf| written(shelf, export, path, query, &site))?;
    let kept = Kept::new(text, export.media_type());
    // It differs by the address at which the site is reached.
    Some(kept.answer(asked, StatusCode::OK, "no-cache"))
}

fn written(
    shelf: &Shelf,
    export: Export,
    [namespace, summit, folder, _]: [&str; 4],
    query: &str,
    site: &str,
) -> Option<String> {
    if namespace != "-" && folder == "-" {
        let summit = shelf.summit(&Key::new(namespace, summit))?;
        let has_it = export.is_of(summit.document());
        return has_it.then(|| of_summit(shelf, export, summit, query, site));
    }
    let (title, notes) = match (namespace, summit) {
        ("-", "speakers") => notes_of_person(shelf.notes(), folder)?,
        ("-", "tags") => (format!("#{folder}"), notes_of_tag(shelf, folder)),
        _ => return None,
    };
    if notes.is_empty() || !matches!(export, Export::Calendar | Export::Feed) {
        return None;
    }
    Some(of_notes(shelf, export, &title, &notes, site))
}

/// The talks of a summit that the query leaves, as its page shows them.
fn of_summit(
    shelf: &Shelf,
    export: Export,
    summit: &PublishedSummit,
    query: &str,
    site: &str,
) -> String {
    let view = View::parse(query);
    let notes = notes_of_summit(shelf, summit);
    let cards: Vec<&Card> = notes
        .iter()
        .filter(|note| matches(&view, Listed::Note(note)))
        .map(|note| &note.document().card)
        .filter(|card| view.day.is_none() || card.day == view.day)
        .collect();
    let document = summit.document();
    let page = format!("{site}{}", summit.page());
    let exported =
        Exported { summit: document, cards: &cards, title: &document.title, page: Some(&page) };
    match export {
        Export::Calendar => exports::calendar(&[exported]),
        Export::Feed => exports::feed(&[exported]),
        Export::Schedule => exports::schedule(&exported),
        Export::Sessions => exports::sessions(&exported),
        Export::Outline => exports::outline(&exported),
    }
}

/// The talks of notes of several summits, those of each on its own clocks.
fn of_notes(
    shelf: &Shelf,
    export: Export,
    title: &str,
    notes: &[&PublishedNote],
    site: &str,
) -> String {
    let none = SummitDocument { name: "none".to_owned(), ..SummitDocument::default() };
    let mut parts: BTreeMap<(&str, Option<&str>), Vec<&Card>> = BTreeMap::new();
    for note in notes {
        let document = note.document();
        let part = parts.entry((note.namespace(), document.summit.as_deref())).or_default();
        part.push(&document.card);
    }
    let pages: Vec<String> = parts
        .keys()
        .map(|(namespace, summit)| format!("{site}/{namespace}/{}", summit.unwrap_or("-")))
        .collect();
    let exported: Vec<Exported<'_>> = parts
        .iter()
        .zip(&pages)
        .map(|(((namespace, summit), cards), page)| {
            let key = summit.map(|summit| Key::new(*namespace, summit));
            let summit = key.and_then(|key| shelf.summit(&key)).map(PublishedSummit::document);
            Exported { summit: summit.unwrap_or(&none), cards, title, page: Some(page) }
        })
        .collect();
    match export {
        Export::Feed => exports::feed(&exported),
        _ => exports::calendar(&exported),
    }
}
