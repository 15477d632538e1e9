//! `/-/tags`: what talks are about, across summits.

use std::collections::BTreeMap;

use askama::Template;

use super::rows::Talk;
use super::{Absent, Content, Crumb, Setting};
use crate::viewer::address::PageId;
use crate::viewer::language::Language;
use crate::viewer::library::{PublishedNote, Shelf};
use crate::viewer::words::Words;

/// A tag with its number of talks.
pub struct TagLine {
    pub href: String,
    pub text: Words,
    pub count: usize,
}

impl TagLine {
    /// The line of a tag, which leads to `page`.
    pub fn new<T: ToString>((tag, count): (String, usize), page: impl Fn(String) -> T) -> Self {
        Self { text: Words::guess(&tag), href: page(tag).to_string(), count }
    }
}

/// The tags of notes with their numbers, the most frequent first. Letters large and small are one tag,
/// written as most write it.
pub fn counted<'a>(tags: impl Iterator<Item = &'a [String]>) -> Vec<(String, usize)> {
    let mut found: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for tag in tags.flatten() {
        let ways = found.entry(tag.to_lowercase()).or_default();
        let count = ways.entry(tag).or_default();
        *count = count.saturating_add(1);
    }
    let mut counted: Vec<(String, usize)> = found
        .into_values()
        .filter_map(|ways| {
            let total = ways.values().sum();
            let best =
                ways.into_iter().max_by_key(|(way, count)| (*count, std::cmp::Reverse(*way)));
            best.map(|(way, _)| (way.to_owned(), total))
        })
        .collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted
}

/// Whether a talk has the tag, whatever the size of its letters.
pub fn has_tag(tags: &[String], tag: &str) -> bool {
    let tag = tag.to_lowercase();
    tags.iter().any(|known| known.to_lowercase() == tag)
}

#[derive(Template)]
#[template(path = "tags.html")]
struct Tags {
    l: Language,
    tags: Vec<TagLine>,
}

pub fn all(setting: Setting<'_>) -> Result<Content, Absent> {
    let tags = counted(setting.shelf.notes().map(|note| &*note.document().card.tags));
    let tags = tags.into_iter().map(|tag| TagLine::new(tag, PageId::Tag)).collect();
    let l = setting.language;
    Ok(Content::new(l.say("tags"), Tags { l, tags }.render()?))
}

#[derive(Template)]
#[template(path = "tag.html")]
struct Tag {
    l: Language,
    tag: Words,
    counts: String,
    calendar: String,
    feed: String,
    years: Vec<Year>,
}

/// The talks of a year, or those without one.
pub struct Year {
    pub year: String,
    pub talks: Vec<Talk>,
}

/// `notes` by year, the latest first.
pub fn by_year(setting: Setting<'_>, mut notes: Vec<&PublishedNote>) -> Vec<Year> {
    let Setting { shelf, language, .. } = setting;
    notes.sort_by_key(|note| {
        let card = &note.document().card;
        (std::cmp::Reverse(card.day.clone()), card.start_time.clone(), card.title.clone())
    });
    let year = |note: &PublishedNote| -> String {
        note.document().card.day.iter().flat_map(|day| day.chars().take(4)).collect()
    };
    notes
        .chunk_by(|a, b| year(a) == year(b))
        .map(|notes| Year {
            year: notes.first().map(|note| year(note)).unwrap_or_default(),
            talks: notes.iter().map(|note| Talk::with_place(language, shelf, note)).collect(),
        })
        .collect()
}

/// The notes that have a tag.
pub fn notes_of<'a>(shelf: &'a Shelf, tag: &str) -> Vec<&'a PublishedNote> {
    shelf.notes().filter(|note| has_tag(&note.document().card.tags, tag)).collect()
}

pub fn one(setting: Setting<'_>, tag: &str) -> Result<Content, Absent> {
    let l = setting.language;
    let notes = notes_of(setting.shelf, tag);
    if notes.is_empty() {
        return Err(Absent::Missing);
    }
    let counts = l.count("talks", notes.len());
    let own = PageId::Tag(tag.to_owned());
    let page = Tag {
        l,
        tag: Words::guess(tag),
        counts,
        calendar: format!("{own}/calendar.ics"),
        feed: format!("{own}/feed.xml"),
        years: by_year(setting, notes),
    };
    Ok(Content {
        crumbs: vec![Crumb::new(PageId::Tags, l.say("tags"))],
        ..Content::new(format!("#{tag}"), page.render()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_counted_whatever_the_size_of_their_letters() {
        let tags = [
            vec!["GitOps".to_owned()],
            vec!["gitops".into(), "節流".into()],
            vec!["GitOps".into()],
        ];
        let counted = counted(tags.iter().map(Vec::as_slice));
        assert_eq!(counted, [("GitOps".to_owned(), 3), ("節流".to_owned(), 1)]);
        assert!(has_tag(&tags[1], "GITOPS") && !has_tag(&tags[0], "git"));
    }
}
