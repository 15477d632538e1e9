//! Pages for what went wrong: what happened and what to do.

use askama::Template;

use super::{Content, Page};
use crate::viewer::address::{Key, PageId};
use crate::viewer::library::Shelf;
use crate::viewer::words::Words;

/// Names that are offered at most.
const OFFERED: usize = 5;
/// Names that are compared at most, and characters of the one that was asked for: whoever asks for
/// pages that do not exist is to cost little.
const COMPARED: usize = 1000;
const CHARACTERS: usize = 64;
/// How like a name has to be, from 0 to 1 (Jaro-Winkler).
const LIKE: f64 = 0.75;

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'a str,
    advice: &'a str,
    near: Vec<(String, Words)>,
}

/// Nothing is published at `path`. Offers what has a similar name.
pub fn missing(shelf: &Shelf, site: &str, path: &str) -> askama::Result<Page> {
    page(
        site,
        Message {
            title: "Nothing is published here",
            advice: "The note may be a draft, may have been renamed, or may not be published yet. \
                If it appears, this page shows it.",
            near: near(shelf, path),
        },
    )
}

/// Something is wrong with the viewer itself.
pub fn failed(site: &str) -> askama::Result<Page> {
    let advice = "The fault is in the viewer and is in its log. Try again, or read another note.";
    page(site, Message { title: "This page could not be shown", advice, near: Vec::new() })
}

/// The page can only be read.
pub fn wrong_method(site: &str) -> askama::Result<Page> {
    let advice = "Ask for it with GET or HEAD. To change a note, change its document in git.";
    page(site, Message { title: "This page can only be read", advice, near: Vec::new() })
}

fn page(site: &str, message: Message<'_>) -> askama::Result<Page> {
    let main = message.render()?;
    let title = message.title.to_owned();
    let content = Content { title, description: String::new(), robots: None, main };
    // Without a version: whatever is published here is newer than this message.
    content.with_version(site, 0, String::new())
}

fn near(shelf: &Shelf, path: &str) -> Vec<(String, Words)> {
    let wanted: String = match PageId::parse(path) {
        Some(PageId::Note { key, .. } | PageId::Summit(key)) => key.name,
        _ => path.trim_matches('/').to_owned(),
    };
    let wanted: String = wanted.chars().take(CHARACTERS).collect();
    let mut found: Vec<(f64, String, Words)> = candidates(shelf, path)
        .take(COMPARED)
        .map(|(page, name, title)| (strsim::jaro_winkler(&wanted, name), page.to_string(), title))
        .filter_map(|(like, href, title)| (like >= LIKE).then(|| (like, href, Words::guess(title))))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.into_iter().take(OFFERED).map(|(_, href, title)| (href, title)).collect()
}

/// What may have been meant: all summits, and before them the notes of the one that was named.
fn candidates<'a>(
    shelf: &'a Shelf,
    path: &str,
) -> impl Iterator<Item = (PageId, &'a str, &'a str)> {
    let named = match PageId::parse(path) {
        Some(PageId::Note { key, summit: Some(summit) }) => {
            shelf.summit(&Key::new(key.namespace, summit))
        }
        _ => None,
    };
    let notes = named.into_iter().flat_map(|summit| {
        let cards = summit.document().agenda.iter();
        cards.map(|card| (summit.note_page(&card.name), &*card.name, &*card.title))
    });
    let summits = shelf.summits().map(|summit| {
        let document = summit.document();
        (summit.page(), &*document.name, &*document.title)
    });
    notes.chain(summits)
}
