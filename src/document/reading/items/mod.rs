//! The items of lists that may be talks.

mod marks;
mod talk;

use super::roles::{Role, Segment};
use super::tables;
use super::talk::found_links;
use crate::document::dates::DayHeading;
use crate::document::markdown::links::FoundLink;
use crate::document::markdown::outline::{Heading, Item};
use crate::document::naming::title_key;
use crate::document::parsed::Document;
use crate::document::speakers::seats::Credit;
use crate::document::title::{self, Title};
use crate::document::words::words;
use marks::marks_of;
pub(super) use marks::{are_talks, entry, item_text};
use std::collections::{BTreeMap, BTreeSet};
pub(super) use talk::from_item;

/// An item of a list that may be a talk.
#[derive(Clone, Debug)]
pub(in crate::document) struct ItemMark {
    pub item: Item,
    pub title: Title,
    pub credits: Vec<Credit>,
    pub link: Option<FoundLink>,
    /// What stands behind the title in its line.
    pub rest: String,
    /// Whether it is a row of a table or stands among items with speakers.
    pub is_listed: bool,
    pub under_day: bool,
    pub under_group: bool,
    pub has_page: bool,
    /// Whether it links to a file that is not there and names no speaker.
    pub is_bare_link: bool,
}

/// The items that may be talks: those of groups and of lists of links to talks, and with `all` those
/// of any list but one under a heading that is none.
pub(in crate::document) fn items(
    document: &Document<'_>,
    headings: &[Heading],
    segments: &[Segment],
    all: bool,
) -> Vec<ItemMark> {
    let mut under_day = false;
    let mut found = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        let heading = segment.heading.and_then(|index| headings.get(index));
        let named_group = heading.is_some_and(|heading| words().is_group(&heading.text));
        let under_group = segment.role == Role::Group && named_group;
        match segment.role {
            Role::Day(_) => under_day = true,
            Role::Talk | Role::Section => continue,
            Role::Group | Role::Title | Role::Other => {}
        }
        let none =
            segment.role == Role::Other && heading.is_some_and(|h| words().is_not_talk(&h.text));
        let over_talks = segments.get(index + 1).is_some_and(|next| next.role == Role::Talk);
        let own = document.outline.items(segment.body, segment.end);
        let programme = heading.is_some_and(|heading| words().is_programme(&heading.text));
        let mut listed = Vec::new();
        if all && (!none || programme) {
            listed.extend(tables::rows(document, segment.body, segment.end));
        }
        let wanted = all || (named_group && !over_talks) || lists_talks(document, heading, &own);
        if !none && wanted {
            let plural = heading.map_or(words().is_group(document.stem()), |heading| {
                under_group && !words().is_single_kind(&heading.text)
            });
            listed.extend(with_nested(document, &own, plural));
        }
        let under_group = under_group || (heading.is_none() && words().is_group(document.stem()));
        found.extend(listed.into_iter().map(|mark| ItemMark {
            under_day: under_day || mark.under_day,
            under_group,
            ..mark
        }));
    }
    found.retain(|mark| !mark.is_bare_link || mark.under_day || mark.under_group);
    let repeated = repeated_labels(&found);
    found.retain(|mark| label(mark).is_none_or(|label| !repeated.contains(&label)));
    found.sort_by_key(|mark| mark.item.line);
    found
}

/// What stands in front of the colon of three items or more: a label such as `Summary:`.
fn repeated_labels(marks: &[ItemMark]) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for label in marks.iter().filter_map(label) {
        *counts.entry(label).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= 3).map(|(label, _)| label).collect()
}

fn label(mark: &ItemMark) -> Option<String> {
    mark.title.text.split_once([':', '：']).map(|(label, _)| title_key(label))
}

/// The items that may be talks, those nested in items that are days, too.
fn with_nested(document: &Document<'_>, items: &[Item], grouped: bool) -> Vec<ItemMark> {
    let day = |item: &Item| {
        let text = item_text(document.outline.lines.get(item.line)?.text);
        DayHeading::parse(&title::plain(&text))
    };
    let (days, own): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| day(item).is_some());
    let own: Vec<Item> = own.into_iter().copied().collect();
    let mut found = marks_of(document, &own, grouped);
    for item in days {
        let nested = marks_of(document, &document.outline.nested(item), true);
        found.extend(nested.into_iter().map(|mark| ItemMark {
            title: Title { day: mark.title.day.or(day(item)), ..mark.title },
            under_day: true,
            ..mark
        }));
    }
    found
}

/// The rows of tables outside of talks.
pub(in crate::document) fn agenda(document: &Document<'_>, segments: &[Segment]) -> Vec<ItemMark> {
    let outside = segments.iter().filter(|s| !matches!(s.role, Role::Talk | Role::Section));
    outside.flat_map(|segment| tables::rows(document, segment.body, segment.end)).collect()
}

/// Whether a section that does not say so is a list of talks: two items at least begin with a link to
/// the page of a talk, and they are most of its items.
fn lists_talks(document: &Document<'_>, heading: Option<&Heading>, items: &[Item]) -> bool {
    if heading.is_none_or(|heading| words().is_not_talk(&heading.text)) {
        return false;
    }
    let pages = items.iter().filter(|item| {
        let found = found_links(document, item.line, item.line + 1);
        found.first().is_some_and(|link| link.is_talk_page() && title_key(&link.text).len() > 12)
    });
    let pages = pages.count();
    pages >= 2 && pages * 2 >= items.len()
}
