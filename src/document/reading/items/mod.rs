//! The items of lists that may be talks.

mod drafts;
mod people;
mod prefixed_lines;
mod talk;

use super::evidence::Topic;
use super::item_draft::ItemDraft;
use super::lines::is_span;
use super::roles::{Role, Segment};
use super::tables;
use crate::document::dates::DayHeading;
use crate::document::markdown::outline::{Heading, Item};
use crate::document::naming::title_key;
use crate::document::parsed::Document;
use crate::document::title::{self, Title};
use crate::document::words::words;
use drafts::{Setting, are_labelled, drafts_of};
pub(super) use drafts::{entry, item_text};
use std::collections::{BTreeMap, BTreeSet};
pub(super) use talk::from_item;

/// The items that may be talks: those of groups and of lists of links to talks, and with a `topic`
/// those of any list but one under a heading that is none.
pub(in crate::document) fn items(
    document: &Document<'_>,
    headings: &[Heading],
    segments: &[Segment],
    topic: Option<&Topic>,
) -> Vec<ItemDraft> {
    let mut under_day = false;
    let mut found = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        under_day |= matches!(segment.role, Role::Day(_));
        let heading = segment.heading.and_then(|index| headings.get(index));
        let next = segments.get(index + 1).filter(|next| next.role == Role::Talk);
        let over_talks = next.is_some();
        let section = Section { document, topic, segment, heading, over_talks };
        let listed = section.items().into_iter();
        found.extend(
            listed.map(|draft| ItemDraft { under_day: under_day || draft.under_day, ..draft }),
        );
    }
    found.retain(|draft| !draft.is_bare_link || draft.under_day || draft.under_group);
    found.retain(|draft| !is_span(&draft.title.text));
    let repeated = repeated_labels(&found);
    found.retain(|draft| label(draft).is_none_or(|label| !repeated.contains(&label)));
    found.sort_by_key(|draft| draft.item.line);
    found
}

/// The lines under a heading, with what decides which of their items may be talks.
struct Section<'a, 'd> {
    document: &'a Document<'d>,
    /// What the document is about, where the items of any list may be talks.
    topic: Option<&'a Topic>,
    segment: &'a Segment,
    heading: Option<&'a Heading>,
    /// Whether a talk follows that is a heading.
    over_talks: bool,
}

impl Section<'_, '_> {
    fn items(&self) -> Vec<ItemDraft> {
        let Segment { role, body, end, .. } = *self.segment;
        if matches!(role, Role::Talk | Role::Section) {
            return Vec::new();
        }
        let is = |told: fn(&str) -> bool| self.heading.is_some_and(|own| told(&own.text));
        let none = role == Role::Other && is(|text| words().is_not_talk(text));
        let named_group = is(|text| words().is_group(text));
        let mut listed = Vec::new();
        if self.topic.is_some() && (!none || is(|text| words().is_programme(text))) {
            listed.extend(tables::rows(self.document, body, end));
        }
        let own = self.listed();
        let wanted = self.topic.is_some()
            || (named_group && (!self.over_talks || are_labelled(self.document, &own)));
        let nameless = self.heading.is_none() && words().is_group(self.document.stem());
        let event = self.topic.is_some_and(Topic::names_event);
        let under_group = (role == Role::Group && named_group) || nameless;
        if !none && wanted {
            let plural = under_group && !is(|text| words().is_single_kind(text));
            let top = matches!(role, Role::Title | Role::Day(_)) || self.heading.is_none();
            let programme = event && (top || plural);
            let setting = Setting { grouped: plural, programme };
            listed.extend(with_nested(self.document, &own, setting));
        }
        let listed = listed.into_iter();
        listed
            .map(|draft| ItemDraft { under_group: under_group || draft.under_group, ..draft })
            .collect()
    }

    /// The items of lists, and the lines that begin as those of a programme do.
    fn listed(&self) -> Vec<Item> {
        let Segment { body, end, .. } = *self.segment;
        let mut items = self.document.outline.items(body, end);
        if self.topic.is_none() {
            return items;
        }
        let led = prefixed_lines::items(self.document, body, end);
        let inside = |item: &Item| {
            let above = led.partition_point(|own| own.line < item.line).checked_sub(1);
            above.and_then(|at| led.get(at)).is_some_and(|own| item.line < own.end)
        };
        items.retain(|item| !inside(item));
        items.extend(led);
        items.sort_by_key(|item| item.line);
        items
    }
}

/// What stands in front of the colon of three items or more: a label such as `Summary:`.
fn repeated_labels(drafts: &[ItemDraft]) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for label in drafts.iter().filter_map(label) {
        *counts.entry(label).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= 3).map(|(label, _)| label).collect()
}

fn label(draft: &ItemDraft) -> Option<String> {
    draft.title.text.split_once([':', '：']).map(|(label, _)| title_key(label))
}

/// The items that may be talks, those nested in items that are days, too.
fn with_nested(document: &Document<'_>, items: &[Item], setting: Setting) -> Vec<ItemDraft> {
    let day = |item: &Item| {
        let text = item_text(document.outline.lines.get(item.line)?.text);
        DayHeading::parse(&title::plain(&text))
    };
    let (days, own): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| day(item).is_some());
    let own: Vec<Item> = own.into_iter().copied().collect();
    let mut found = drafts_of(document, &own, setting);
    for item in days {
        let nested = document.outline.nested(item);
        let nested = drafts_of(document, &nested, Setting { grouped: true, ..setting });
        found.extend(nested.into_iter().map(|draft| ItemDraft {
            title: Title { day: draft.title.day.or(day(item)), ..draft.title },
            under_day: true,
            ..draft
        }));
    }
    found
}

/// The rows of tables outside of talks.
pub(in crate::document) fn agenda(document: &Document<'_>, segments: &[Segment]) -> Vec<ItemDraft> {
    let outside = segments.iter().filter(|s| !matches!(s.role, Role::Talk | Role::Section));
    outside.flat_map(|segment| tables::rows(document, segment.body, segment.end)).collect()
}
