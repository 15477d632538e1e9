//! Rooms and tags beside a title.

use crate::document::words::words;

/// `@R0` or `@R0、R1` in front of a title.
pub(super) fn room_in_front(text: &str) -> Option<(String, String)> {
    let (word, rest) = text.strip_prefix('@')?.split_once(' ').or_else(|| {
        let after = text.strip_prefix('@')?;
        let width = after.find(|c: char| !c.is_ascii_alphanumeric() && !"、,/-".contains(c))?;
        after.split_at_checked(width)
    })?;
    let fits = word.chars().count() <= 12
        && word.chars().any(|c| c.is_ascii_digit())
        && !rest.trim().is_empty();
    fits.then(|| (word.to_owned(), rest.trim().to_owned()))
}

/// `/ Track 1 / ` between a time and a title.
pub(super) fn room_behind_time(text: &str) -> Option<(String, String)> {
    let (room, rest) = text.strip_prefix("/ ")?.split_once(" / ")?;
    let fits = room.chars().count() <= 24 && words().is_room(room) && !rest.trim().is_empty();
    fits.then(|| (room.trim().to_owned(), rest.trim().to_owned()))
}

/// `@R0` behind a title; a handle of a person is written in lower case.
pub(super) fn room_behind(text: &str) -> Option<(String, String)> {
    let (rest, room) = text.rsplit_once(" @")?;
    let digits = room.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = room.len() - digits.len();
    let fits = (1..=3).contains(&letters)
        && (1..=4).contains(&digits.len())
        && digits.chars().all(|c| c.is_ascii_digit());
    fits.then(|| (room.to_owned(), rest.trim().to_owned()))
}

/// `[Company]` or `【Room A】` in front of a title.
pub(super) fn tag_in_front(text: &str) -> Option<(String, String)> {
    let (tag, rest) = [('[', ']'), ('【', '】')]
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.split_once(*close))?;
    let rest = rest.trim_start_matches([':', '：', '-', ' ']).trim();
    let fits =
        (1..=40).contains(&tag.trim().chars().count()) && rest.chars().any(char::is_alphanumeric);
    fits.then(|| (tag.trim().to_owned(), rest.to_owned()))
}
