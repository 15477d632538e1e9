//! What the files beside a document tell about it: notes of one talk a file come in numbers.

use std::collections::BTreeMap;

use super::{single, talk};
use crate::document::dates::{DayHeading, Resolved};
use crate::document::parsed::Document;
use crate::document::title;
use jiff::civil::Date;

/// Files of one folder, or index files of the folders of one folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::document) struct Surroundings {
    /// Files with one title.
    pub alike: usize,
    /// Those of them whose title or first lines name a speaker.
    pub credited: usize,
    /// Those that name a speaker and whose names begin with a number.
    pub numbered: usize,
    /// What an index tells about this document.
    pub told: Around,
}

/// What an index tells about a document beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::document) struct Around {
    /// The day under which the index links to it.
    pub linked: Option<Date>,
    /// The first day of the event.
    pub start: Option<Date>,
    /// The day of the event where it is one.
    pub only: Option<Date>,
}

/// What indexes tell about the files beside and below them.
#[derive(Debug, Default)]
pub(in crate::document) struct Indexes {
    linked: BTreeMap<String, Date>,
    folders: BTreeMap<String, (Option<Date>, Option<Date>)>,
}

impl Indexes {
    /// Gathers what all documents that may be indexes tell.
    pub fn of<'a>(documents: impl Iterator<Item = &'a Document<'a>>) -> Self {
        let mut indexes = Self::default();
        for document in documents {
            let stem = document.path.rsplit_once('.').map_or(document.path, |(stem, _)| stem);
            let own = folder_of(document.path);
            let folder = if document.is_index() { own } else { stem };
            let days = (document.start(), document.only_day().or_else(|| document.event_date()));
            if days != (None, None) {
                indexes.folders.entry(folder.to_owned()).or_insert(days);
            }
            indexes.links(document);
        }
        indexes
    }

    /// The days under which a document links to others.
    fn links(&mut self, document: &Document<'_>) {
        let mut headings = document.outline.headings.iter().peekable();
        let mut day = document.only_day();
        for link in talk::found_links(document, 0, document.outline.lines.len()) {
            while let Some(heading) = headings.next_if(|heading| heading.line <= link.line) {
                let found = DayHeading::leading(&title::plain(&heading.text));
                let found = found.map(|found| found.day.resolve(document.year(), document.start()));
                if let Some(Resolved::Date { date, .. }) = found {
                    day = Some(date);
                }
            }
            if let Some(path) = local_path(folder_of(document.path), &link.url)
                && let Some(day) = day
            {
                self.linked.entry(path).or_insert(day);
            }
        }
    }

    /// What they tell about the document at `path`.
    pub fn about(&self, path: &str) -> Around {
        let folder = folder_of(path);
        let index = ["README.md", "index.md", "_index.md"].iter().any(|name| path.ends_with(name));
        let linked = self.linked.get(path).or_else(|| self.linked.get(folder).filter(|_| index));
        let mut above = Some(folder);
        let mut days = None;
        while let Some(folder) = above.filter(|_| days.is_none()) {
            days = self.folders.get(folder).copied();
            above = (!folder.is_empty()).then(|| folder_of(folder));
        }
        let (start, only) = days.unwrap_or_default();
        Around { linked: linked.copied(), start, only }
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The path in the repository that a link from `folder` leads to.
fn local_path(folder: &str, url: &str) -> Option<String> {
    let url = url.split(['#', '?']).next().filter(|url| !url.is_empty() && !url.contains("://"))?;
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let decoded = percent_encoding::percent_decode_str(url).decode_utf8_lossy();
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The surroundings of all documents, by the folder that they share.
pub(in crate::document) fn all<'a>(
    documents: impl Iterator<Item = &'a Document<'a>>,
) -> BTreeMap<String, Surroundings> {
    let mut found: BTreeMap<String, Surroundings> = BTreeMap::new();
    for document in documents {
        if let Some(credited) = single::is_alike(document) {
            let around = found.entry(key(document)).or_default();
            around.alike += 1;
            around.credited += usize::from(credited);
            around.numbered += usize::from(credited && single::is_numbered(document));
        }
    }
    found
}

/// The folder that a document shares with those like it.
pub(in crate::document) fn key(document: &Document<'_>) -> String {
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if document.is_index() {
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        format!("{above}/*")
    } else {
        folder.to_owned()
    }
}
