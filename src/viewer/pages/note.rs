//! `/{namespace}/{summit}/{note}`: what was written about a talk.

use askama::Template;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::talk::{SafeLink, Talk, safe_links};
use super::{Absent, Content};
use crate::render::{Card, NoteDocument, Section};
use crate::viewer::address::{Key, PageId};
use crate::viewer::library::{PublishedSummit, Shelf};
use crate::viewer::words::{self, Words};

/// What stands in the place of a note that has no text.
pub const NOTHING: &str =
    "<p class=\"empty\" lang=\"en\">Nothing was written about this talk yet.</p>";

/// Level of a note's sections.
const SECTION: u8 = 2;
/// Level of the deepest heading in the outline.
const DEEPEST: u8 = 3;
/// What has to be encoded in a fragment (WHATWG URL, fragment percent-encode set, and `%`).
const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%');

/// Where a link leads and what it says.
type Lead = (String, Words);

#[derive(Template)]
#[template(path = "note.html")]
struct NotePage<'a> {
    talk: Talk,
    summit: Option<Lead>,
    has_facts: bool,
    reading_minutes: u32,
    links: Vec<SafeLink>,
    outline: Vec<Entry>,
    columns: usize,
    language: &'a str,
    direction: Option<&'static str>,
    html: &'a str,
    nothing: &'a str,
    before: Option<Lead>,
    after: Option<Lead>,
}

struct Entry {
    title: Words,
    anchor: String,
    level: u8,
    empty: bool,
}

pub fn content(shelf: &Shelf, key: &Key, asked: &PageId) -> Result<Content, Absent> {
    let note = shelf.note(key).ok_or(Absent::Missing)?;
    if note.page() != *asked {
        return Err(Absent::Moved(note.page()));
    }
    let document = &note.document;
    let summit = document.summit.as_ref().map(|name| Key::new(&key.namespace, name));
    let summit = summit.and_then(|key| shelf.summit(&key));
    let [before, after] = summit.map(|summit| neighbours(shelf, summit, key)).unwrap_or_default();
    let talk = Talk::new(&document.card, Some(&document.language));
    let page = NotePage {
        summit: summit
            .map(|summit| (summit.page().to_string(), Words::guess(&summit.document().title))),
        has_facts: has_facts(&talk) || document.reading_minutes > 0,
        reading_minutes: document.reading_minutes,
        links: safe_links(&document.links),
        outline: outline(document),
        columns: columns(&document.sections),
        language: &document.language,
        direction: document.direction.map(words::direction),
        html: &note.html,
        nothing: NOTHING,
        talk,
        before,
        after,
    };
    Ok(Content {
        title: document.card.title.clone(),
        description: document.excerpt.clone(),
        robots: words::robots(&document.robots),
        main: page.render()?,
    })
}

fn has_facts(talk: &Talk) -> bool {
    [talk.day.is_some(), talk.start.is_some(), talk.room.is_some(), talk.track.is_some()]
        .contains(&true)
}

fn neighbours(shelf: &Shelf, summit: &PublishedSummit, key: &Key) -> [Option<Lead>; 2] {
    let lead = |card: &Card| {
        let note = shelf.note(&Key::new(&key.namespace, &card.name))?;
        let title = Words::from_note(&card.title, &note.document.language);
        Some((note.page().to_string(), title))
    };
    shelf.neighbours(summit, &key.name).map(|card| card.and_then(lead))
}

/// The headings to jump to; a single one is no outline.
fn outline(document: &NoteDocument) -> Vec<Entry> {
    let sections = document.sections.iter().filter(|section| section.level <= DEEPEST);
    let entries: Vec<Entry> = sections.map(|section| entry(section, &document.language)).collect();
    if entries.len() > 1 { entries } else { Vec::new() }
}

fn entry(section: &Section, language: &str) -> Entry {
    Entry {
        title: Words::from_note(&section.title, language),
        anchor: utf8_percent_encode(&section.anchor, FRAGMENT).to_string(),
        level: section.level,
        empty: section.empty,
    }
}

/// How many columns the note has on a wide screen: a few sections stand side by side.
fn columns(sections: &[Section]) -> usize {
    let count = sections.iter().filter(|section| section.level == SECTION).count();
    if (2..=3).contains(&count) { count } else { 1 }
}
