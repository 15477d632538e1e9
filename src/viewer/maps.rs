//! A note as a tree, for other programs: Markmap, OPML, and drawn.

mod drawing;

use super::address::Key;
use super::library::{PublishedNote, Shelf, Shoot, tree};
use super::pages::fragment;
use crate::render::exports::{Line, nested, outline_opml};

/// A form of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Map {
    /// An outline in Markdown.
    Markmap,
    /// OPML 2.0.
    Opml,
    /// A picture.
    Svg,
}

impl Map {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Markmap, Self::Opml];

    /// The form that a file has.
    pub fn named(file: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|map| map.file() == file)
    }

    /// Name of the file.
    pub fn file(self) -> &'static str {
        match self {
            Self::Markmap => "mindmap.md",
            Self::Opml => "mindmap.opml",
            Self::Svg => "mindmap.svg",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Markmap => "text/markdown; charset=utf-8",
            Self::Opml => "text/x-opml; charset=utf-8",
            Self::Svg => "image/svg+xml",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Markmap => "Markmap",
            Self::Opml => "OPML",
            Self::Svg => "SVG",
        }
    }
}

/// The tree of a note, where there is such a note of this summit.
pub fn of_note(
    shelf: &Shelf,
    map: Map,
    namespace: &str,
    summit: &str,
    name: &str,
    site: &str,
) -> Option<String> {
    let note = shelf.note(&Key::new(namespace, name))?;
    let is_here = note.document().summit.as_deref().unwrap_or("-") == summit;
    is_here.then(|| written(note, map, site))
}

fn written(note: &PublishedNote, map: Map, site: &str) -> String {
    let page = format!("{site}{}", note.page());
    let shoots = tree(&note.html(), |anchor| format!("{page}#{}", fragment(anchor)));
    let lines: Vec<Line> = shoots.iter().map(line).collect();
    let title = &note.document().card.title;
    match map {
        Map::Markmap => nested(title, &lines),
        Map::Opml => outline_opml(title, &lines),
        Map::Svg => drawing::svg(title, &lines),
    }
}

fn line(shoot: &Shoot) -> Line {
    Line {
        text: shoot.text.clone(),
        url: shoot.href.clone(),
        lines: shoot.children.iter().map(line).collect(),
    }
}
