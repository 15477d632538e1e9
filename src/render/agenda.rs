//! The order of a summit's talks.

use std::cmp::Ordering;

use super::contract::Card;

/// Sorts by day, start time, order, title and name. What has no day, time or order comes after what
/// has one.
pub(super) fn sort(cards: &mut [Card]) {
    cards.sort_by(|a, b| {
        absent_last(a.day.as_ref(), b.day.as_ref())
            .then_with(|| absent_last(a.start_time.as_ref(), b.start_time.as_ref()))
            .then_with(|| absent_last(a.order.as_ref(), b.order.as_ref()))
            .then_with(|| a.title.cmp(&b.title))
            .then_with(|| a.name.cmp(&b.name))
    });
}

fn absent_last<T: Ord>(a: Option<&T>, b: Option<&T>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}
