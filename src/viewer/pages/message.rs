//! Pages for what went wrong: what happened and what to do.

use askama::Template;
use percent_encoding::percent_decode_str;

use super::rows::seal_of;
use super::{Content, Crumb, Page, Setting};
use crate::viewer::address::{Key, PageId};
use crate::viewer::language::Language;
use crate::viewer::library::{PublishedSummit, Shelf};
use crate::viewer::seal::Seal;
use crate::viewer::words::Words;

/// Names that are offered at most.
const OFFERED: usize = 5;
/// Names that are compared at most, and characters of the one that was asked for: whoever asks for
/// pages that do not exist is to cost little.
const COMPARED: usize = 1000;
const CHARACTERS: usize = 64;
/// How like a name has to be, from 0 to 1 (Jaro-Winkler).
const LIKE: f64 = 0.75;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing is published there.
    Missing,
    /// Something is wrong with the viewer itself.
    Failed,
    /// The page can only be read.
    ReadOnly,
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    l: Language,
    code: u16,
    title: &'a str,
    advice: &'a str,
    path: String,
    query: String,
    near: Vec<Near>,
}

/// What may have been meant.
struct Near {
    href: String,
    title: Words,
    about: String,
    seal: Seal,
}

/// The page that tells of `trouble` at `path`. For what is missing it offers what has a similar name.
pub fn message(setting: Setting<'_>, trouble: Trouble, path: &str) -> askama::Result<Page> {
    let l = setting.language;
    let (code, title, advice) = match trouble {
        Trouble::Missing => (404, "missing", "missing-advice"),
        Trouble::Failed => (500, "failed", "failed-advice"),
        Trouble::ReadOnly => (405, "read-only", "read-only-advice"),
    };
    let is_missing = trouble == Trouble::Missing;
    let readable = percent_decode_str(path).decode_utf8_lossy();
    let readable: String = readable.chars().take(200).collect();
    let query = readable.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let main = Message {
        l,
        code,
        title: l.say(title),
        advice: l.say(advice),
        query: if setting.files { "" } else { query }
            .split(['-', '_', '.'])
            .collect::<Vec<_>>()
            .join(" ")
            .trim()
            .to_owned(),
        near: if is_missing { near(setting.shelf, path) } else { Vec::new() },
        // A file for whatever is missing does not know what that was.
        path: if setting.files { String::new() } else { readable },
    };
    let crumbs = vec![Crumb::new("/", l.say("summits"))];
    let content = Content { crumbs, ..Content::new(l.say(title), main.render()?) };
    // Without a version: whatever is published here is newer than this message.
    content.with_version(setting, "/", 0, String::new())
}

fn near(shelf: &Shelf, path: &str) -> Vec<Near> {
    let wanted: String = match PageId::parse(path) {
        Some(PageId::Note { key, .. } | PageId::Summit(key)) => key.name,
        _ => path.trim_matches('/').to_owned(),
    };
    let wanted: String = wanted.chars().take(CHARACTERS).collect();
    let mut found: Vec<(f64, String, &str, &PublishedSummit)> = candidates(shelf, path)
        .take(COMPARED)
        .map(|(page, name, title, summit)| {
            (strsim::jaro_winkler(&wanted, name), page.to_string(), title, summit)
        })
        .filter(|(like, ..)| *like >= LIKE)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found
        .into_iter()
        .take(OFFERED)
        .map(|(_, href, title, summit)| Near {
            href,
            title: Words::guess(title),
            about: summit.document().title.clone(),
            seal: seal_of(summit),
        })
        .collect()
}

/// What may have been meant: all summits, and before them the notes of the one that was named.
fn candidates<'a>(
    shelf: &'a Shelf,
    path: &str,
) -> impl Iterator<Item = (PageId, &'a str, &'a str, &'a PublishedSummit)> {
    let named = match PageId::parse(path) {
        Some(PageId::Note { key, summit: Some(summit) }) => {
            shelf.summit(&Key::new(key.namespace, summit))
        }
        _ => None,
    };
    let notes = named.into_iter().flat_map(|summit| {
        let cards = shelf.agenda(summit);
        cards.map(move |card| (summit.note_page(&card.name), &*card.name, &*card.title, summit))
    });
    let summits = shelf.summits().map(|summit| {
        let document = summit.document();
        (summit.page(), &*document.name, &*document.title, summit)
    });
    notes.chain(summits)
}
