//! What a search in the browser looks at, where pages are files.

use serde::Serialize;

use super::Setting;
use super::note::fragment;
use super::search::{FoundNote, line};
use crate::viewer::library::{Passage, PublishedNote, passages};

/// All notes with their text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalogue {
    pub notes: Vec<Entry>,
}

/// A note as an answer shows it, and what it is found by.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    #[serde(flatten)]
    pub found: FoundNote,
    /// The summit, as `namespace/name`.
    pub scope: Option<String>,
    pub speakers: Vec<String>,
    pub tags: Vec<String>,
    pub passages: Vec<Part>,
}

/// A heading with what is below it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// What follows the address of the note.
    pub fragment: String,
    /// The headings above, and itself.
    pub path: Vec<String>,
    pub lines: Vec<String>,
}

/// All notes.
pub fn catalogue(setting: Setting<'_>) -> Catalogue {
    Catalogue { notes: setting.shelf.notes().map(|note| entry(setting, note)).collect() }
}

fn entry(setting: Setting<'_>, note: &PublishedNote) -> Entry {
    let document = note.document();
    let card = &document.card;
    let people = card.speakers.iter().flat_map(|speaker| {
        [Some(&speaker.name), speaker.alias.as_ref(), speaker.organization.as_ref()]
    });
    let scope = document.summit.as_ref().map(|summit| format!("{}/{summit}", note.namespace()));
    Entry {
        found: line(setting, note, &[]),
        scope,
        speakers: people.flatten().cloned().collect(),
        tags: card.tags.clone(),
        passages: parts(&note.html()),
    }
}

fn parts(html: &str) -> Vec<Part> {
    let mut above: Vec<(u8, String)> = Vec::new();
    let part = |Passage { anchor, level, title, text }: Passage| {
        if level > 0 {
            above.retain(|(other, _)| *other < level);
            above.push((level, title.trim().to_owned()));
        }
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Part {
            fragment: anchor.map(|anchor| format!("#{}", fragment(&anchor))).unwrap_or_default(),
            path: above.iter().map(|(_, title)| title.clone()).collect(),
            lines: lines.map(str::to_owned).collect(),
        }
    };
    passages(html).into_iter().map(part).collect()
}
