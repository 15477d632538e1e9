//! What indexes tell about the files that they link to: days, speakers, times, rooms and their order.

use std::collections::{BTreeMap, BTreeSet};

use super::item_draft::ItemDraft;
use super::items;
use super::paths::{local_path, without_extension};
use super::position_statistics::PositionStatistics;
use super::tables;
use crate::api::{Speaker, SummitSpec};
use crate::document;
use crate::document::dates::{self, DayHeading, Resolved};
use crate::document::markdown::outline::Item;
use crate::document::markdown::scanner::LineKind;
use crate::document::naming;
use crate::document::parsed::Document;
use crate::document::speakers::credits;
use crate::document::speakers::same;
use crate::document::summit_part::{self, SummitPart};
use crate::document::title;
use crate::document::words::words;
use jiff::civil::Date;

/// What indexes tell about a document beside or below them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::document) struct Around {
    /// What stands beside the link to it.
    pub entry: Entry,
    /// The first day of the event.
    pub start: Option<Date>,
    /// The day of the event where it is one.
    pub only: Option<Date>,
}

/// What an index tells about a talk that it links to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::document) struct Entry {
    pub day: Option<Date>,
    pub speakers: Vec<Speaker>,
    pub start_time: Option<String>,
    pub end_time: Option<String>,
    pub room: Option<String>,
    /// Its place among the talks of its day, from 1.
    pub order: Option<i32>,
    /// The path of the index and its line, from 1.
    pub place: Option<(String, usize)>,
    /// The summit that the index is about.
    pub summit: Option<SummitPart>,
}

impl Entry {
    /// Fills gaps from what another place tells.
    fn fill(&mut self, other: Self) {
        if self.speakers.is_empty() {
            self.speakers = other.speakers;
        } else {
            same::complete(&mut self.speakers, &other.speakers);
        }
        self.day = self.day.or(other.day);
        self.start_time = self.start_time.take().or(other.start_time);
        self.end_time = self.end_time.take().or(other.end_time);
        self.room = self.room.take().or(other.room);
        self.order = self.order.or(other.order);
        self.place = self.place.take().or(other.place);
        self.summit = self.summit.take().or(other.summit);
    }
}

/// What indexes tell about the files beside and below them.
#[derive(Debug, Default)]
pub(in crate::document) struct Indexes {
    entries: BTreeMap<String, Entry>,
    folders: BTreeMap<String, (Option<Date>, Option<Date>)>,
}

impl Indexes {
    /// Gathers what all documents that may be indexes tell.
    pub fn of<'a>(documents: impl Iterator<Item = &'a Links>) -> Self {
        let mut indexes = Self::default();
        for Links { folder, days, entries, .. } in documents {
            if *days != (None, None) {
                indexes.folders.entry(folder.clone()).or_insert(*days);
            }
            for (path, entry) in entries {
                indexes.entries.entry(path.clone()).or_default().fill(entry.clone());
            }
        }
        indexes
    }

    /// What they tell about the document at `path`.
    pub fn about(&self, path: &str) -> Around {
        let folder = document::folder(path);
        let stem = without_extension(path.rsplit('/').next().unwrap_or(path));
        let index = words().files.is_index(stem);
        let names = [Some(path), Some(without_extension(path)), Some(folder).filter(|_| index)];
        let mut entry = Entry::default();
        for found in names.into_iter().flatten().filter_map(|name| self.entries.get(name)) {
            entry.fill(found.clone());
        }
        let mut above = Some(folder);
        let mut days = None;
        while let Some(folder) = above.filter(|_| days.is_none()) {
            days = self.folders.get(folder).copied();
            above = (!folder.is_empty()).then(|| document::folder(folder));
        }
        let (start, only) = days.unwrap_or_default();
        Around { entry, start, only }
    }
}

/// What a document tells about the files that it links to.
#[derive(Clone, Debug)]
pub(in crate::document) struct Links {
    /// The folder or the file whose days those of the document are.
    folder: String,
    days: (Option<Date>, Option<Date>),
    entries: Vec<(String, Entry)>,
    /// The lines with links to paths in the repository.
    local: Vec<(usize, String)>,
}

impl Links {
    /// What `document` tells.
    pub fn of(document: &Document<'_>) -> Self {
        let own = document::folder(document.path);
        let all = document.links(0, document.outline.lines.len()).iter();
        let local = all.filter_map(|link| Some((link.line, local_path(own, &link.url)?)));
        let local: Vec<(usize, String)> = local.collect();
        let folder = if document.is_index() { own } else { without_extension(document.path) };
        Self {
            folder: folder.to_owned(),
            days: (document.start(), document.only_day().or_else(|| document.event_date())),
            entries: entries(document, &local),
            local,
        }
    }

    /// The lines of the document that link to one of `paths`.
    pub fn targets(&self, paths: &BTreeSet<&str>) -> BTreeSet<usize> {
        let is_there = |target: &str| {
            let pages = ["", ".md", "/index.md", "/_index.md", "/README.md"];
            let target = target.trim_end_matches('/');
            pages.iter().any(|page| paths.contains(format!("{target}{page}").as_str()))
        };
        let found = self.local.iter().filter(|(_, target)| is_there(target));
        found.map(|(line, _)| *line).collect()
    }

    /// How many bytes they take, about.
    pub fn weight(&self) -> usize {
        let local = self.local.iter().map(|(_, path)| 64 + path.len());
        let entries = self.entries.len() * (size_of::<(String, Entry)>() + 256);
        self.folder.len() + local.sum::<usize>() + entries
    }
}

/// What a document tells about the paths that it links to.
fn entries(document: &Document<'_>, paths: &[(usize, String)]) -> Vec<(String, Entry)> {
    if paths.is_empty() {
        return Vec::new();
    }
    let mut listed = if is_index(document, paths) { listed(document) } else { BTreeMap::new() };
    let days = days(document);
    let summit = summit(document, !days.is_empty());
    let mut orders: BTreeMap<Option<Date>, i32> = BTreeMap::new();
    let linked = paths.iter().cloned().map(|(line, path)| {
        let above = days.partition_point(|(known, _)| *known <= line).checked_sub(1);
        let above = above.and_then(|at| days.get(at)).map(|(_, day)| *day);
        // What stands beside a link is about the first one of its line.
        let Some(mut entry) = listed.remove(&line) else {
            return (
                path,
                Entry { day: above.or_else(|| document.only_day()), ..Entry::default() },
            );
        };
        entry.day = entry.day.or(above).or_else(|| document.only_day());
        let order = orders.entry(entry.day).or_default();
        *order = order.saturating_add(1);
        entry.order = Some(*order);
        entry.place = Some((document.path.to_owned(), document.line(line)));
        entry.summit.clone_from(&summit);
        (path, entry)
    });
    linked.collect()
}

/// Whether a list of links in a document is one of talks: in a file that stands for its folder or is named
/// as the folder of what it links to, and under a title such as that of an event or an agenda.
fn is_index(document: &Document<'_>, paths: &[(usize, String)]) -> bool {
    let below = format!("{}/", without_extension(document.path));
    let title = document.title().unwrap_or_default();
    let stem = document.stem();
    let named = [title.as_str(), stem].iter().any(|text| {
        words().is_programme(text)
            || words().is_not_talk(text)
            || words().is_event(text)
            || words().is_event_notes(text)
    });
    !document.front.speaks_of_a_talk()
        && (document.is_index() || named || paths.iter().any(|(_, path)| path.starts_with(&below)))
}

/// The summit of an index whose title names an event. At the root of the repository no folder names it, and
/// a title with a year above days, `has_days`, is the name of one.
fn summit(document: &Document<'_>, has_days: bool) -> Option<SummitPart> {
    let title = document.title()?;
    let titled = words().is_event(&title) || words().is_event_notes(&title);
    let nameless = document.is_index() && document.folders().0.is_none();
    let name = match document.front.summit.is_none() && document.front.event.is_none() && nameless {
        true => naming::summit_among_others(&title),
        false => summit_part::name_of(document),
    };
    let programme = nameless && has_days && dates::year_in(&title).is_some();
    let spec = SummitSpec { title, ..SummitSpec::default() };
    (titled || programme).then_some(SummitPart { name, spec, line: 1, described: false })
}

/// What a document tells about the talks that it links to, by the line of the link.
fn listed(document: &Document<'_>) -> BTreeMap<usize, Entry> {
    let mut drafts = tables::rows(document, 0, document.outline.lines.len());
    let linked = |item: Item| items::entry(document, item).filter(|draft| draft.link.is_some());
    drafts.extend(all_items(document).into_iter().filter_map(linked));
    let statistics = PositionStatistics::of(drafts.iter().map(|draft| draft.credits.as_slice()));
    drafts.iter().map(|draft| (draft.item.line, entry(document, draft, &statistics))).collect()
}

fn entry(document: &Document<'_>, draft: &ItemDraft, statistics: &PositionStatistics) -> Entry {
    let (_, speakers) = statistics.choose(&draft.title.text, &draft.credits);
    let room = || credits::under(document, draft.item.line + 1, draft.item.end).room;
    let title = &draft.title;
    Entry {
        day: title.day.and_then(|day| date(document, day)),
        speakers,
        start_time: title.start_time.clone(),
        end_time: title.end_time.clone(),
        room: title.room.clone().or_else(room),
        ..Entry::default()
    }
}

/// The items of all lists, those inside of others, too.
pub(super) fn all_items(document: &Document<'_>) -> Vec<Item> {
    let lines = &document.outline.lines;
    let depth = |line: usize| match lines.get(line).map(|line| line.kind) {
        Some(LineKind::Item { depth, content }) => Some((depth, content)),
        _ => None,
    };
    let inside = |kind| matches!(kind, LineKind::InList | LineKind::ListCode | LineKind::Blank);
    let item = |line: usize| {
        let (own, content) = depth(line)?;
        let behind = lines.iter().enumerate().skip(line + 1);
        let end = behind
            .take_while(|(at, line)| {
                depth(*at).map_or_else(|| inside(line.kind), |(depth, _)| depth > own)
            })
            .last()
            .map_or(line + 1, |(at, _)| at + 1);
        Some(Item { line, end, content })
    };
    (0..lines.len()).filter_map(item).collect()
}

/// The headings and items of a document that are days, by their lines.
fn days(document: &Document<'_>) -> Vec<(usize, Date)> {
    let headings = document.outline.headings.iter().filter_map(|heading| {
        let day = DayHeading::leading(&title::plain(&heading.text))?.day;
        Some((heading.line, date(document, day)?))
    });
    let items = all_items(document).into_iter().filter_map(|item| {
        let text = items::item_text(document.outline.lines.get(item.line)?.text);
        Some((item.line, date(document, DayHeading::parse(&title::plain(&text))?)?))
    });
    let mut days: Vec<(usize, Date)> = headings.chain(items).collect();
    days.sort_by_key(|(line, _)| *line);
    days
}

fn date(document: &Document<'_>, day: DayHeading) -> Option<Date> {
    match day.resolve(document.year(), document.start()) {
        Resolved::Date { date, .. } => Some(date),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_paths() {
        for (folder, url, path) in [
            ("2031", "a.md", Some("2031/a.md")),
            ("2031", "./x/../a%20b.md#top", Some("2031/a b.md")),
            ("2031", "/a/b.md?raw=1", Some("a/b.md")),
            ("2031/x", "../../../a.md", Some("a.md")),
            ("2031", "talks/", Some("2031/talks")),
            ("2031", "https://x.example/a.md", None),
            ("2031", "#top", None),
        ] {
            assert_eq!(local_path(folder, url).as_deref(), path, "{url}");
        }
    }
}
