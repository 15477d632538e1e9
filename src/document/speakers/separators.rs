//! Separators between a title and its speakers.

use crate::document::text::is_cjk;
use crate::document::words::{MarkList, words};

/// The text before and behind the last separator. White space at one side is enough, so that a
/// hyphen inside a word is none.
pub(super) fn last_of<'a>(text: &'a str, marks: &'a MarkList) -> Option<(&'a str, &'a str)> {
    if !marks.is_in(text) {
        return None;
    }
    let found = marks.iter().flat_map(|mark| {
        text.rmatch_indices(mark.as_str()).filter(|(at, _)| separates(text, *at, mark)).take(1)
    });
    let (at, mark) = found.max_by_key(|(at, mark)| (*at + mark.len(), mark.len()))?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

pub(super) fn first_of<'a>(text: &'a str, marks: &'a MarkList) -> Option<(&'a str, &'a str)> {
    if !marks.is_in(text) {
        return None;
    }
    let found = marks.iter().flat_map(|mark| {
        text.match_indices(mark.as_str()).filter(|(at, _)| separates(text, *at, mark)).take(1)
    });
    let (at, mark) = found.min_by_key(|(at, mark)| (*at, usize::MAX - mark.len()))?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

fn separates(text: &str, at: usize, mark: &str) -> bool {
    let before = text.get(..at).unwrap_or_default().chars().next_back();
    let after = text.get(at + mark.len()..).unwrap_or_default().chars().next();
    let space = |c: Option<char>| c.is_some_and(char::is_whitespace);
    if words().marks.is_spaced(mark) {
        return space(before) && space(after);
    }
    let wide = !mark.is_ascii() && mark != "–" && mark != "—";
    let range =
        before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
    wide || (!range
        && before.is_some()
        && (space(before)
            || (space(after) && mark != "-")
            || (space(after) && before.is_some_and(is_cjk))))
}
