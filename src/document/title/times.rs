//! Times and days in front of a title.

use super::ends::bracketed;
use super::plain::plain;
use crate::document::dates::{self, DayHeading};
use crate::document::words::words;

/// `09:30`, `09:30-10:15` or `[10:00 ~ 10:40]` in front of a title.
pub(super) fn times_in_front(text: &str) -> Option<(Vec<String>, String)> {
    let inner = text.trim_start_matches(['[', '(', '（', '【', '`', ' ']);
    let is_time = |c: char| c.is_ascii_digit() || ":：-–—~～ ".contains(c);
    let rest = inner.trim_start_matches(is_time);
    let span = inner.strip_suffix(rest)?;
    // `9:00am` has a unit.
    if span.ends_with(|c: char| c.is_ascii_digit()) && rest.starts_with(char::is_alphabetic) {
        return None;
    }
    let times: Vec<String> = span
        .split(['-', '–', '—', '~', '～', ' '])
        .filter(|t| !t.is_empty())
        .map(|t| dates::time(t.trim_end_matches([':', '：'])))
        .collect::<Option<_>>()?;
    let rest =
        rest.trim_start_matches([']', ')', '）', '】', '`', '|', '｜', '│', ',', ' ', '、']).trim();
    ((1..=2).contains(&times.len()) && !rest.is_empty()).then(|| (times, rest.to_owned()))
}

/// `10.15 uur. `, `9h30 - 10h15 ` or `2 pm: ` in front of a title: times with a unit.
pub(super) fn clock_in_front(text: &str) -> Option<(Vec<String>, String)> {
    let between = ['-', '–', '—', '~', '～', '|', ' ', '.', ':', '：', ',', ')', ']', '）'];
    let mut rest = text.trim_start_matches(['[', '(', '（', '`', ' ']);
    let (mut times, mut sure) = (Vec::new(), false);
    while let Some((time, told, after)) = clock(rest).filter(|_| times.len() < 2) {
        times.push(time);
        sure |= told;
        rest = after.trim_start_matches(between);
    }
    (sure && !rest.is_empty()).then(|| (times, rest.to_owned()))
}

/// Whether a text is one time of day or two, and nothing else.
pub(in crate::document) fn is_time(text: &str) -> bool {
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let with_rest = format!("{} x", text.trim());
    let found = clock_in_front(&with_rest).or_else(|| times_in_front(&with_rest));
    found.is_some_and(|(_, rest)| rest == "x")
}

/// Whether a text begins with a time of day, and something follows.
pub(in crate::document) fn begins_with_time(text: &str) -> bool {
    let text = plain(text);
    let found = times_in_front(&text).or_else(|| clock_in_front(&text));
    found.is_some_and(|(_, rest)| rest.contains(char::is_alphabetic))
}

/// One time at the beginning of a text, whether a unit shows that it is one, and what follows.
fn clock(text: &str) -> Option<(String, bool, &str)> {
    let number = |text: &str| -> Option<(u8, usize)> {
        let width = text.chars().take_while(char::is_ascii_digit).count();
        (1..=2).contains(&width).then(|| Some((text.get(..width)?.parse().ok()?, width)))?
    };
    let (mut hour, width) = number(text)?;
    let mut rest = text.get(width..)?;
    let mark = rest.chars().next().filter(|c| ":：.hH時시点".contains(*c));
    let behind = mark.and_then(|mark| rest.strip_prefix(mark));
    let minutes = behind.and_then(number).filter(|(_, width)| *width == 2);
    let mut told = minutes.is_some() && mark.is_some_and(|mark| !":：.".contains(mark));
    if let Some((_, width)) = minutes {
        rest = behind?.get(width..)?;
    }
    let word = rest.trim_start_matches(['分', '분', ' ']);
    let unit: String = word.chars().take_while(|c| c.is_alphabetic() || *c == '.').collect();
    let name = unit.trim_end_matches('.').to_lowercase();
    // `10:30a` is written in one.
    let short = minutes.is_some() && word.len() == rest.len() && matches!(name.as_str(), "a" | "p");
    if words().is_clock(&name) || short {
        told = true;
        rest = word.strip_prefix(unit.as_str())?;
        if name.starts_with('p') && hour < 12 {
            hour = hour.saturating_add(12);
        }
    }
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    let parted = minutes.is_some() || told;
    // `24h` is a length.
    if hour >= 24 && minutes.is_none() {
        return None;
    }
    let time = dates::time(&format!("{hour}:{:02}", minutes.map_or(0, |(minute, _)| minute)))?;
    (ends && parted).then_some((time, told, rest))
}

/// `(11:40 - 12:10)` or `(Room 3, 11:40)` behind a title: the times, what stands in front of them, and
/// the title.
pub(super) fn times_behind(text: &str) -> Option<(Vec<String>, String, String)> {
    let (rest, inner) = bracketed(text.trim())?;
    let parts = inner.match_indices([' ', ',', '，', '、', '|']).map(|(at, _)| at);
    [0].into_iter().chain(parts).find_map(|at| {
        let (place, span) = inner.split_at_checked(at)?;
        let span = span.trim_start_matches([' ', ',', '，', '、', '|']);
        let (times, end) = times_in_front(&format!("{span} x"))?;
        let place = place.trim_end_matches([' ', ',', '，', '、', '|', '-', '–']).to_owned();
        (span.contains(':') && end == "x").then(|| (times, place, rest.to_owned()))
    })
}

/// `10/25 ` or `2031-05-14: ` in front of a title.
pub(super) fn day_in_front(text: &str) -> Option<(DayHeading, String)> {
    let leading = DayHeading::leading(text)?;
    let fits = leading.day.is_date() && leading.rest.chars().count() >= 4;
    let prose = leading.rest.split(' ').next().is_some_and(|word| words().is_date_fill(word));
    (fits && !prose).then_some((leading.day, leading.rest))
}
