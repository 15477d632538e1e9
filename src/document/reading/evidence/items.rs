//! Evidence for talks that are items of lists.

use super::{Evidence, is_sure, ratio};
use crate::document::dates;
use crate::document::parsed::Document;
use crate::document::reading::habits::Habits;
use crate::document::reading::items::ItemMark;
use crate::document::words::words;

/// Evidence for talks that are items of lists, each point counted `weight` times.
pub(in crate::document) fn of_items(
    document: &Document<'_>,
    items: &[ItemMark],
    habits: &Habits,
    weight: f32,
) -> Vec<Evidence> {
    let share = |wanted: &dyn Fn(&ItemMark) -> bool| {
        weight * ratio(items.iter().filter(|item| wanted(item)).count(), items.len())
    };
    let credited = share(&|item| item.credits.iter().any(|credit| habits.accept(credit)));
    let title = document.title().unwrap_or_default();
    let event = words().is_event(&title) || words().is_event(document.stem()) || is_name(&title);
    let sure =
        items.iter().flat_map(|item| &item.credits).filter(|c| habits.accept(c)).any(is_sure);
    let placed = |item: &ItemMark| {
        item.under_day
            || item.under_group
            || item.has_page
            || item.is_listed
            || item.title.kind.is_some()
            || item.title.start_time.is_some()
    };
    let placed = sure || items.iter().any(placed) || document.start().is_some();
    let anything = if event || placed { 0.0 } else { -4.0 * weight };
    vec![
        Evidence { what: "names in a list that may be of anything", points: anything },
        Evidence { what: "speakers in items", points: 6.0 * credited },
        Evidence { what: "items link to session pages", points: 6.0 * share(&|i| i.has_page) },
        Evidence { what: "items under a day", points: 4.0 * share(&|i| i.under_day) },
        Evidence {
            what: "items with times",
            points: 3.0 * share(&|item| item.title.start_time.is_some()),
        },
        Evidence { what: "items under a group", points: 3.0 * share(&|i| i.under_group) },
    ]
}

/// Whether a title is a name with a year and nothing else, as that of an event may be.
fn is_name(title: &str) -> bool {
    let small = |word: &str| word.starts_with(char::is_lowercase);
    let short = title.split_whitespace().count() <= 4 && title.chars().count() <= 40;
    dates::year_in(title).is_some() && short && !title.split_whitespace().any(small)
}
