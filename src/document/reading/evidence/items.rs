//! Evidence for talks that are items of lists.

use super::topic::is_name;
use super::{Evidence, is_sure, ratio};
use crate::document::parsed::Document;
use crate::document::reading::item_draft::ItemDraft;
use crate::document::reading::position_statistics::PositionStatistics;
use crate::document::words::words;

/// Evidence for talks that are items of lists, each point counted `weight` times.
pub(in crate::document) fn of_items(
    document: &Document<'_>,
    items: &[ItemDraft],
    statistics: &PositionStatistics,
    weight: f32,
) -> Vec<Evidence> {
    let share = |wanted: &dyn Fn(&ItemDraft) -> bool| {
        weight * ratio(items.iter().filter(|item| wanted(item)).count(), items.len())
    };
    let credited = share(&|item| item.credits.iter().any(|credit| statistics.accept(credit)));
    let title = document.title().unwrap_or_default();
    let event = words().is_event(&title) || words().is_event(document.stem()) || is_name(&title);
    let sure =
        items.iter().flat_map(|item| &item.credits).filter(|c| statistics.accept(c)).any(is_sure);
    let placed = |item: &ItemDraft| {
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
        Evidence {
            what: "items link to notes of their own",
            points: 1.5 * share(&|item| item.is_bare_link && item.under_day),
        },
        Evidence { what: "items under a group", points: 3.0 * share(&|i| i.under_group) },
    ]
}
