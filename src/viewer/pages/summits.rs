//! `/`: all summits, and the notes that belong to none.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use askama::Template;

use super::talk::Talk;
use super::{Content, count_notes};
use crate::viewer::dates;
use crate::viewer::library::{PublishedNote, PublishedSummit, Shelf};
use crate::viewer::words::Words;

#[derive(Template)]
#[template(path = "summits.html")]
struct Summits {
    summits: Vec<Line>,
    others: Vec<Talk>,
}

struct Line {
    href: String,
    title: Words,
    dates: Option<String>,
    location: Option<Words>,
    notes: String,
    namespace: Option<String>,
}

pub fn content(shelf: &Shelf, site: &str) -> askama::Result<Content> {
    let mut summits: Vec<&PublishedSummit> = shelf.summits().collect();
    // Summits without a date come last, since the empty text is the smallest.
    summits.sort_by_key(|summit| {
        let document = summit.document();
        let date = document.start_date.as_deref().or(document.end_date.as_deref());
        (Reverse(date.unwrap_or_default()), &*document.title, summit.namespace())
    });
    let namespaces: BTreeSet<&str> = summits.iter().map(|summit| summit.namespace()).collect();
    let several = namespaces.len() > 1;
    let page = Summits {
        summits: summits.into_iter().map(|summit| line(shelf, summit, several)).collect(),
        others: others(shelf),
    };
    Ok(Content {
        title: site.to_owned(),
        description: "Notes of talks, by summit.".to_owned(),
        robots: None,
        main: page.render()?,
    })
}

fn line(shelf: &Shelf, summit: &PublishedSummit, with_namespace: bool) -> Line {
    let document = summit.document();
    Line {
        href: summit.page().to_string(),
        title: Words::guess(&document.title),
        dates: dates::range(document.start_date.as_deref(), document.end_date.as_deref()),
        location: document.location.as_deref().map(Words::guess),
        notes: count_notes(shelf.agenda(summit).count()),
        namespace: with_namespace.then(|| summit.namespace().to_owned()),
    }
}

/// The notes on no agenda, the latest day first.
fn others(shelf: &Shelf) -> Vec<Talk> {
    let mut notes: Vec<&PublishedNote> = shelf.notes_without_summit().collect();
    notes.sort_by_key(|note| {
        let card = &note.document.card;
        (Reverse(card.day.as_deref().unwrap_or_default()), &*card.title, &*card.name)
    });
    let talk = |note: &PublishedNote| Talk {
        href: Some(note.page().to_string()),
        start: None,
        ..Talk::new(&note.document.card, Some(&note.document.language))
    };
    notes.into_iter().map(talk).collect()
}
