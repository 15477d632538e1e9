//! `/{namespace}/{summit}/{note}`: what was written about a talk.

use askama::Template;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::part::framed;
use super::rows::{Glyph, SafeLink, Talk, safe_links};
use super::{Absent, Content, Crumb, Setting};
use crate::api::FeatureName;
use crate::render::{Card, Exported, NoteDocument, NoteOrigin, Section, exports};
use crate::viewer::address::{Key, PageId};
use crate::viewer::language::Language;
use crate::viewer::library::{PublishedNote, PublishedSummit, Shelf, sections};
use crate::viewer::view::View;
use crate::viewer::words::{self, Words};

/// Level of a note's sections.
const SECTION: u8 = 2;
/// Level of the deepest heading in the outline.
const DEEPEST: u8 = 3;
/// Digits of a commit's name that people are shown.
const SHORT_REVISION: usize = 7;
/// Value of `view` for all sections in one column.
const COLUMN: &str = "column";
/// What has to be encoded in a fragment (WHATWG URL, fragment percent-encode set, and `%`).
const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%');

/// `anchor` as it stands behind the `#` of an address.
pub fn fragment(anchor: &str) -> String {
    utf8_percent_encode(anchor, FRAGMENT).to_string()
}

#[derive(Template)]
#[template(path = "note.html")]
struct NotePage<'a> {
    l: Language,
    talk: Talk,
    day: Option<String>,
    weekday: Option<&'static str>,
    read: Option<String>,
    links: Vec<SafeLink>,
    views: Vec<Choice>,
    outline: Vec<Entry>,
    columns: usize,
    lang: &'a str,
    direction: Option<&'static str>,
    html: String,
    is_blank: bool,
    map: Option<String>,
    origin: Option<Origin<'a>>,
    before: Option<Beside>,
    after: Option<Beside>,
    beside: Vec<Beside>,
}

/// A way to see the note's sections.
struct Choice {
    href: String,
    text: Words,
    current: bool,
    /// Of what is only for some widths.
    class: Option<&'static str>,
}

/// Where the note is written, and what is known of its last change.
struct Origin<'a> {
    at: &'a NoteOrigin,
    /// When it was changed, for machines and for people.
    changed: Option<(&'a str, String)>,
    /// The first digits of the commit.
    revision: Option<String>,
}

impl<'a> Origin<'a> {
    fn new(l: Language, at: &'a NoteOrigin) -> Self {
        let changed = at.changed_at.as_deref();
        let day = |at: &'a str| Some((at, l.day(at.get(..10)?)));
        let short = |name: &String| name.chars().take(SHORT_REVISION).collect();
        Self { at, changed: changed.and_then(day), revision: at.revision.as_ref().map(short) }
    }
}

/// A heading to jump to.
struct Entry {
    title: Words,
    anchor: String,
    level: u8,
    empty: bool,
}

/// Another talk of the summit.
struct Beside {
    href: String,
    title: Words,
    when: String,
    glyph: Glyph,
    room: Option<Words>,
}

pub fn content(setting: Setting<'_>, key: &Key, asked: &PageId) -> Result<Content, Absent> {
    let Setting { shelf, language: l, .. } = setting;
    let note = shelf.note(key).ok_or(Absent::Missing)?;
    if note.page() != *asked {
        return Err(Absent::Moved(note.page()));
    }
    let document = note.document();
    let summit = document.summit.as_ref().map(|name| Key::new(&key.namespace, name));
    let summit = summit.and_then(|key| shelf.summit(&key));
    let main = page(setting, note, summit).render()?;
    let title = document.card.title.clone();
    let mut content = match summit {
        Some(summit) => {
            let mut content = framed(l, summit, title, main);
            content.crumbs.push(crumb(summit));
            content
        }
        None => {
            Content { crumbs: vec![Crumb::new("/", l.say("summits"))], ..Content::new(title, main) }
        }
    };
    content.description = document.excerpt.clone();
    content.data = summit.and_then(|summit| {
        let (cards, page) = ([&document.card], setting.base.address(&summit.page().to_string()));
        let page = page.as_deref();
        let exported = Exported {
            summit: summit.document(),
            cards: &cards,
            title: &document.card.title,
            page,
        };
        exports::json_ld(&exported, &document.card, &document.excerpt)
    });
    content.robots = words::robots(&document.robots);
    Ok(content)
}

fn crumb(summit: &PublishedSummit) -> Crumb {
    let seal = Some(super::rows::seal_of(summit));
    Crumb { seal, ..Crumb::new(summit.page(), &summit.document().title) }
}

fn page<'a>(
    setting: Setting<'_>,
    note: &'a PublishedNote,
    summit: Option<&PublishedSummit>,
) -> NotePage<'a> {
    let Setting { shelf, language: l, view, features, .. } = setting;
    let document = note.document();
    let card = &document.card;
    let minutes = usize::try_from(document.reading_minutes).unwrap_or(usize::MAX);
    let own_page = note.page().to_string();
    let (html, chosen) = shown(&note.html(), document, view.section.as_deref());
    let count = columns(&document.sections);
    let [before, after] =
        summit.map(|summit| shelf.neighbours(summit, &card.name)).unwrap_or_default();
    let lead = |card: &Card| beside(l, shelf, note, card);
    let has_map = document.sections.len() > 1 && features.has(FeatureName::MindMap);
    let map = PageId::NoteMap { key: note.key(), summit: document.summit.clone() };
    NotePage {
        l,
        talk: Talk::new(l, card, Some(note)),
        day: card.day.as_deref().map(|day| l.day(day)),
        weekday: card.day.as_deref().and_then(|day| l.weekday(day)),
        read: (minutes > 0 && !note.coverage().is_empty()).then(|| l.count("read", minutes)),
        links: safe_links(l, &document.links),
        views: if count > 1 { choices(l, document, &own_page, &chosen) } else { Vec::new() },
        outline: outline(document, &chosen),
        columns: if chosen == Chosen::All { count } else { 1 },
        lang: &document.language,
        direction: document.direction.map(words::direction),
        is_blank: html.trim().is_empty(),
        html,
        map: has_map.then(|| map.to_string()),
        origin: document.source.as_ref().map(|at| Origin::new(l, at)),
        before: before.and_then(lead),
        after: after.and_then(lead),
        beside: summit
            .into_iter()
            .flat_map(|summit| shelf.at_the_same_time(summit, &card.name))
            .filter_map(lead)
            .collect(),
    }
}

/// What a reader wants to see of the sections.
#[derive(PartialEq, Eq)]
enum Chosen {
    All,
    Column,
    One(usize),
}

/// The HTML of what is chosen. Sections are numbered from 1, as their links have it.
fn shown(html: &str, document: &NoteDocument, wanted: Option<&str>) -> (String, Chosen) {
    let all = || (html.to_owned(), Chosen::All);
    let titled = document.sections.iter().filter(|section| section.level == SECTION).count();
    match wanted {
        Some(COLUMN) => (html.to_owned(), Chosen::Column),
        Some(number) => {
            let parts = sections(html);
            // What stands above the first heading has no number.
            let leads = parts.len().saturating_sub(titled);
            let number: usize = number.parse().unwrap_or_default();
            let index = number.checked_sub(1).map(|index| index.saturating_add(leads));
            match index.and_then(|index| parts.get(index)) {
                Some(part) => ((*part).to_owned(), Chosen::One(number)),
                None => all(),
            }
        }
        None => all(),
    }
}

fn choices(l: Language, document: &NoteDocument, path: &str, chosen: &Chosen) -> Vec<Choice> {
    let to = |section: Option<String>| View { section, ..View::default() }.address(path);
    let own = |text: &str| Words { text: text.to_owned(), lang: None };
    let mut choices = vec![Choice {
        href: to(None),
        text: own(l.say("side-by-side")),
        current: *chosen == Chosen::All,
        class: Some("beside-choice"),
    }];
    let titled = document.sections.iter().filter(|section| section.level == SECTION);
    choices.extend((1_usize..).zip(titled).map(|(number, section)| Choice {
        href: to(Some(number.to_string())),
        text: Words::from_note(&section.title, &document.language),
        current: *chosen == Chosen::One(number),
        class: None,
    }));
    choices.push(Choice {
        href: to(Some(COLUMN.to_owned())),
        text: own(l.say("one-column")),
        current: *chosen == Chosen::Column,
        class: Some("together-choice"),
    });
    choices
}

fn beside(l: Language, shelf: &Shelf, note: &PublishedNote, card: &Card) -> Option<Beside> {
    let other = shelf.note(&Key::new(note.namespace(), &card.name))?;
    let language = &other.document().language;
    Some(Beside {
        href: other.page().to_string(),
        title: Words::from_note(&card.title, language),
        when: l.list([card.start_time.clone(), card.room.clone()]),
        glyph: other.coverage().into(),
        room: card.room.as_deref().map(|room| Words::from_note(room, language)),
    })
}

/// The headings to jump to; a single one is no outline.
fn outline(document: &NoteDocument, chosen: &Chosen) -> Vec<Entry> {
    let mut number = 0_usize;
    let mut entries: Vec<Entry> = Vec::new();
    for section in &document.sections {
        number = number.saturating_add(usize::from(section.level == SECTION));
        let is_shown = !matches!(chosen, Chosen::One(wanted) if *wanted != number);
        if section.level <= DEEPEST && is_shown {
            entries.push(entry(section, &document.language));
        }
    }
    if entries.len() > 1 { entries } else { Vec::new() }
}

fn entry(section: &Section, language: &str) -> Entry {
    Entry {
        title: Words::from_note(&section.title, language),
        anchor: fragment(&section.anchor),
        level: section.level,
        empty: section.empty,
    }
}

/// How many columns the note has on a wide screen: a few sections stand side by side.
fn columns(sections: &[Section]) -> usize {
    let count = sections.iter().filter(|section| section.level == SECTION).count();
    if (2..=3).contains(&count) { count } else { 1 }
}
