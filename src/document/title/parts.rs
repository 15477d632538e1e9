//! What stands beside a title and a mark that parts them: `Track 1, …`, `세션 1. …`, `… - Ballroom 4`,
//! `…, 16:00`.

use super::labels::label_kind;
use super::times::{clock_in_front, times_in_front};
use crate::api::TalkKind;
use crate::document::dates::DayHeading;
use crate::document::words::words;

/// What parts a title from what stands beside it, white space at least behind it.
const MARKS: &[&str] =
    &[", ", "，", ": ", "：", ". ", " - ", " – ", " — ", " | ", "｜", "、", " / ", " · "];
/// Longest text beside a title that is looked at, in characters.
const LONGEST: usize = 28;

/// What a part beside a title says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Times(Vec<String>),
    Room(String),
    Kind(TalkKind),
    Day(DayHeading),
}

/// The part in front of the first mark, and what follows.
pub(super) fn in_front(text: &str) -> Option<(Part, String)> {
    let first = MARKS.iter().filter_map(|mark| Some((text.find(mark)?, *mark)));
    let (at, mark) = first.min_by_key(|(at, mark)| (*at, usize::MAX - mark.len()))?;
    let (part, rest) = (text.get(..at)?, text.get(at + mark.len()..)?);
    Some((said(part)?, rest.trim().to_owned())).filter(|(_, rest)| is_title(rest))
}

/// The part behind the last mark, and what stands in front.
pub(super) fn behind(text: &str) -> Option<(Part, String)> {
    let last = MARKS.iter().filter_map(|mark| Some((text.rfind(mark)?, *mark)));
    let (at, mark) = last.max_by_key(|(at, mark)| at + mark.len())?;
    let (rest, part) = (text.get(..at)?, text.get(at + mark.len()..)?);
    let rest = rest.trim_end_matches([' ', '-', '–', '—']);
    Some((said(part)?, rest.to_owned())).filter(|(_, rest)| is_title(rest))
}

fn is_title(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

/// What a part says beside a title; `None` where it may belong to the title.
fn said(part: &str) -> Option<Part> {
    let part = part.trim();
    if part.is_empty() || part.chars().count() > LONGEST {
        return None;
    }
    let whole = format!("{part} x");
    let times = clock_in_front(&whole).or_else(|| times_in_front(&whole));
    if let Some((times, _)) = times.filter(|(_, rest)| rest == "x") {
        return Some(Part::Times(times));
    }
    if let Some(day) = DayHeading::parse(part) {
        return Some(Part::Day(day));
    }
    if is_numbered_room(part) {
        return Some(Part::Room(part.to_owned()));
    }
    label_kind(part).map(Part::Kind)
}

/// Whether a part is a room or a track by its word and number: `Ballroom 1-3`, `Track2`, `Room A`.
fn is_numbered_room(part: &str) -> bool {
    let counts = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '&' | '/' | '#' | ' ');
    let digits = part.trim_end_matches(counts);
    let (word, counted) = match part.rsplit_once(' ') {
        Some((word, letter)) if letter.len() == 1 && letter.starts_with(char::is_uppercase) => {
            (word, true)
        }
        _ => (digits, digits.len() < part.len() && part.ends_with(|c: char| c.is_ascii_digit())),
    };
    counted && word.split(' ').count() <= 2 && words().is_room(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_times_days_and_kinds_beside_a_title() {
        let times = |times: &[&str]| Part::Times(times.iter().map(|&time| time.into()).collect());
        let room = |room: &str| Part::Room(room.into());
        for (text, part, rest) in [
            ("Track1, Knots that hold", room("Track1"), "Knots that hold"),
            ("세션 1. 노래하는 부표", Part::Kind(TalkKind::Session), "노래하는 부표"),
            ("Room A: Knots that hold", room("Room A"), "Knots that hold"),
        ] {
            assert_eq!(in_front(text), Some((part, rest.to_owned())), "{text}");
        }
        for (text, part, rest) in [
            ("Knots that hold - Ballroom 1-3", room("Ballroom 1-3"), "Knots that hold"),
            ("노래하는 부표, 16:00", times(&["16:00"]), "노래하는 부표"),
            ("Knots that hold, Keynote", Part::Kind(TalkKind::Keynote), "Knots that hold"),
        ] {
            assert_eq!(behind(text), Some((part, rest.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_may_belong_to_the_title_stays() {
        for text in [
            "Knots, a primer",
            "Room for knots: ropes",
            "Ropes - Part 2",
            "Go: 2031",
            "Track changes, fast",
        ] {
            assert_eq!((in_front(text), behind(text)), (None, None), "{text}");
        }
    }
}
