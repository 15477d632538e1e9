//! The order of a summit's talks.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::contract::Card;

/// Talks that begin before this time may belong to the night of the day before, in minutes.
const MORNING: u32 = 6 * 60;
/// Longest break between two talks of a night, in minutes.
const LONGEST_BREAK: u32 = 6 * 60;
const DAY: u32 = 24 * 60;

/// Sorts by day, start time, order, title and name. What has no day, time or order comes after what
/// has one. A day goes on after midnight where its talks do, in their order.
pub fn sort(cards: &mut [Card]) {
    let nights = after_midnight(cards);
    cards.sort_by(|a, b| {
        let is_late = |card: &Card| nights.contains(&card.name);
        absent_last(a.day.as_ref(), b.day.as_ref())
            .then_with(|| a.start_time.is_none().cmp(&b.start_time.is_none()))
            .then_with(|| is_late(a).cmp(&is_late(b)))
            .then_with(|| absent_last(a.start_time.as_ref(), b.start_time.as_ref()))
            .then_with(|| absent_last(a.order.as_ref(), b.order.as_ref()))
            .then_with(|| a.title.cmp(&b.title))
            .then_with(|| a.name.cmp(&b.name))
    });
}

/// The names of the talks that a document has below one day and that begin after its midnight: the
/// order goes back in time from the evening to the early morning. Where the break would be too long,
/// as between tracks that stand one below the other, another morning begins.
fn after_midnight(cards: &[Card]) -> BTreeSet<String> {
    let mut days: BTreeMap<&str, Vec<(i32, u32, u32, &str)>> = BTreeMap::new();
    for card in cards {
        let start = card.start_time.as_deref().and_then(minutes);
        let (Some(day), Some(order), Some(start)) = (&card.day, card.order, start) else {
            continue;
        };
        let end = card.end_time.as_deref().and_then(minutes).unwrap_or(start);
        days.entry(day).or_default().push((order, start, end, &card.name));
    }
    let mut late = BTreeSet::new();
    for talks in days.values_mut() {
        talks.sort_by_key(|(order, ..)| *order);
        let mut before: Option<(u32, u32, bool)> = None;
        for &(_, start, end, name) in talks.iter() {
            let is_late = before.is_some_and(|before| start < MORNING && goes_on(before, start));
            if is_late {
                late.insert(name.to_owned());
            }
            before = Some((start, end, is_late));
        }
    }
    late
}

/// Whether a talk that begins early in the morning belongs to the night of the talk in front of it, of
/// which start, end and whether it is after midnight are given.
fn goes_on((start, end, is_late): (u32, u32, bool), next: u32) -> bool {
    if is_late {
        return true;
    }
    // A talk that ends before it begins ends on the next day.
    let until_next = |from: u32| (next + DAY).saturating_sub(from);
    next < start
        && (until_next(start) <= LONGEST_BREAK
            || end < start && next.abs_diff(end) <= LONGEST_BREAK
            || end > start && until_next(end) <= LONGEST_BREAK)
}

/// The minutes from midnight of `HH:MM`. A day may be written to last until 29:59.
pub fn minutes(time: &str) -> Option<u32> {
    let (hours, minutes) = time.split_once(':')?;
    hours.parse::<u32>().ok()?.checked_mul(60)?.checked_add(minutes.parse().ok()?)
}

fn absent_last<T: Ord>(a: Option<&T>, b: Option<&T>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of the talks of one day in the order of their document, each with its end.
    fn sorted(times: &[&str]) -> Vec<String> {
        let mut cards: Vec<Card> = (1..)
            .zip(times)
            .map(|(order, time)| {
                let (start, end) =
                    time.split_once('-').map_or((*time, None), |(s, e)| (s, Some(e)));
                Card {
                    name: format!("n{order}"),
                    day: Some("2031-05-14".to_owned()),
                    start_time: Some(start.to_owned()),
                    end_time: end.map(str::to_owned),
                    order: Some(order),
                    ..Card::default()
                }
            })
            .collect();
        cards.reverse();
        sort(&mut cards);
        cards.into_iter().filter_map(|card| card.start_time).collect()
    }

    #[test]
    fn a_day_goes_on_after_midnight() {
        for (document, agenda) in [
            (
                &["09:30", "23:30-00:15", "00:30", "02:00"][..],
                &["09:30", "23:30", "00:30", "02:00"][..],
            ),
            (&["20:00", "00:00", "05:30"], &["20:00", "00:00", "05:30"]),
            (&["18:00-23:50", "01:00"], &["18:00", "01:00"]),
            (&["16:00-02:00", "02:30"], &["16:00", "02:30"]),
            (&["23:00", "23:30", "00:10", "00:05"], &["23:00", "23:30", "00:05", "00:10"]),
            (&["09:00", "23:30", "24:30", "25:00"], &["09:00", "23:30", "24:30", "25:00"]),
            // Two tracks, each with its night.
            (
                &["09:00", "23:00", "00:30", "10:00", "22:00", "01:00"],
                &["09:00", "10:00", "22:00", "23:00", "00:30", "01:00"],
            ),
            // The morning of the day itself.
            (&["06:00", "09:00", "23:00"], &["06:00", "09:00", "23:00"]),
            (&["00:30", "09:00", "23:00"], &["00:30", "09:00", "23:00"]),
            (&["09:00", "10:00", "09:00"], &["09:00", "09:00", "10:00"]),
            (&["09:00", "17:00", "05:30", "09:00"], &["05:30", "09:00", "09:00", "17:00"]),
            (&["09:00", "23:00", "06:00"], &["06:00", "09:00", "23:00"]),
        ] {
            assert_eq!(sorted(document), agenda, "{document:?}");
        }
    }

    #[test]
    fn without_an_order_the_time_alone_counts() {
        let card = |name: &str, start: &str| Card {
            name: name.to_owned(),
            start_time: Some(start.to_owned()),
            day: Some("2031-05-14".to_owned()),
            ..Card::default()
        };
        let mut cards = [card("a", "23:30"), card("b", "00:30")];
        sort(&mut cards);
        assert_eq!(cards.map(|card| card.name), ["b", "a"]);
    }
}
