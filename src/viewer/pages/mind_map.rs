//! Notes and summits as trees: nested lists that can be folded, and walked with the arrow keys.

use askama::Template;

use super::note::fragment;
use super::part::{Head, framed};
use super::rows::Talk;
use super::{Absent, Content, Crumb, Setting};
use crate::viewer::address::{Key, PageId};
use crate::viewer::language::Language;
use crate::viewer::library::{PublishedNote, PublishedSummit, Shoot, tree};
use crate::viewer::maps::Map;
use crate::viewer::words::Words;

/// A branch that was closed at this depth stays closed until somebody opens it.
const OPEN: usize = 2;

#[derive(Template)]
#[template(path = "mind-map.html")]
struct NoteMap {
    l: Language,
    title: Words,
    back: String,
    tree: String,
    maps: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "summit-mind-map.html")]
struct SummitMap {
    l: Language,
    head: Head,
    tree: String,
}

/// A branch with its own.
#[derive(Template)]
#[template(path = "branch.html")]
struct Branch<'a> {
    text: Words,
    href: Option<&'a str>,
    kind: &'static str,
    open: bool,
    inner: String,
    count: usize,
}

/// The list of `shoots`, each as a branch.
fn drawn(shoots: &[Shoot], language: Option<&str>, depth: usize) -> askama::Result<String> {
    let mut list = String::new();
    for shoot in shoots {
        let text = language.map_or_else(
            || Words::guess(&shoot.text),
            |language| Words::from_note(&shoot.text, language),
        );
        let branch = Branch {
            text,
            href: shoot.href.as_deref(),
            kind: shoot.kind,
            open: depth < OPEN,
            inner: drawn(&shoot.children, language, depth.saturating_add(1))?,
            count: shoot.children.len(),
        };
        list.push_str(&branch.render()?);
    }
    Ok(list)
}

/// `/{namespace}/{summit}/{note}/mindmap`.
pub fn of_note(setting: Setting<'_>, key: &Key, asked: &PageId) -> Result<Content, Absent> {
    let Setting { shelf, language: l, .. } = setting;
    let note = shelf.note(key).ok_or(Absent::Missing)?;
    let summit = note.document().summit.clone();
    let own = PageId::NoteMap { key: key.clone(), summit: summit.clone() };
    if own != *asked {
        return Err(Absent::Moved(own));
    }
    let document = note.document();
    let back = note.page().to_string();
    let shoots = tree(&note.html(), |anchor| format!("{back}#{}", fragment(anchor)));
    let page = NoteMap {
        l,
        title: Words::from_note(&document.card.title, &document.language),
        tree: drawn(&shoots, Some(&document.language), 0)?,
        maps: Map::ALL.map(|map| (map.name(), format!("{back}/{}", map.file()))).to_vec(),
        back,
    };
    let main = page.render()?;
    let title = format!("{}: {}", l.say("mind-map"), document.card.title);
    let summit = summit.and_then(|name| shelf.summit(&Key::new(&key.namespace, name)));
    let mut content = match summit {
        Some(summit) => {
            let mut content = framed(l, summit, title, main);
            content.crumbs.push(Crumb::new(summit.page(), &summit.document().title));
            content
        }
        None => Content::new(title, main),
    };
    content.crumbs.push(Crumb::new(note.page(), &document.card.title));
    content.robots = crate::viewer::words::robots(&document.robots);
    Ok(content)
}

/// Days, times and talks.
pub fn of_summit(
    l: Language,
    head: Head,
    summit: &PublishedSummit,
    notes: &[&PublishedNote],
) -> askama::Result<String> {
    let day = |note: &PublishedNote| note.document().card.day.clone();
    let shoots: Vec<Shoot> = notes
        .chunk_by(|a, b| day(a) == day(b))
        .map(|notes| Shoot {
            text: notes
                .first()
                .and_then(|note| day(note))
                .map_or_else(|| l.say("day-not-given").to_owned(), |day| l.day_and_weekday(&day)),
            href: None,
            kind: "",
            children: notes.iter().map(|note| talk(l, summit, note)).collect(),
        })
        .collect();
    SummitMap { l, head, tree: drawn(&shoots, None, 0)? }.render()
}

/// A talk with its sections.
fn talk(l: Language, summit: &PublishedSummit, note: &PublishedNote) -> Shoot {
    let document = note.document();
    let row = Talk::new(l, &document.card, Some(note));
    let page = summit.note_page(&document.card.name).to_string();
    let text = match row.start {
        Some(start) => format!("{start} {}", document.card.title),
        None => document.card.title.clone(),
    };
    let sections = document.sections.iter().filter(|section| section.level == 2 && !section.empty);
    let children = sections.map(|section| Shoot {
        text: section.title.clone(),
        href: Some(format!("{page}#{}", fragment(&section.anchor))),
        kind: "",
        children: Vec::new(),
    });
    Shoot { text, children: children.collect(), href: Some(page), kind: "" }
}
