//! Code binds tighter than a formula: `$` signs around a back-tick make none.

use std::borrow::Cow;

use comrak::Arena;
use comrak::nodes::{LineColumn, Node, NodeValue};

use super::limits::{self, Features};

/// Times that a note is read again at most.
const MAX_ROUNDS: usize = 8;

/// `markdown` with a `\` before each `$` that would begin a formula with code in it. Lines keep their
/// numbers.
pub(super) fn settle(markdown: Cow<'_, str>, features: Features) -> Cow<'_, str> {
    let mut text = markdown;
    for _ in 0..MAX_ROUNDS {
        let mended = if may_hold_code(&text) { read_again(&text, features) } else { None };
        match mended {
            Some(mended) => text = Cow::Owned(mended),
            None => break,
        }
    }
    text
}

/// Whether a back-tick that is no fence follows a `$` without a blank line between them.
fn may_hold_code(text: &str) -> bool {
    let mut is_open = false;
    text.lines().any(|line| {
        let line = line.trim_start();
        is_open &= !line.is_empty();
        let dollar = if is_open { Some(0) } else { line.find('$') };
        is_open = dollar.is_some();
        let after = dollar.and_then(|at| line.get(at..)).unwrap_or_default();
        !line.starts_with("```") && after.contains('`')
    })
}

fn read_again(text: &str, features: Features) -> Option<String> {
    let lines: Vec<&str> = super::lines(text).collect();
    let arena = Arena::new();
    let root = limits::parse(&arena, text, &super::options(features)).ok()?;
    without_code(root, &lines)
}

/// The note with a `\` before each `$` that would begin a formula with code in it; `None` where there is
/// none.
pub(super) fn without_code<'a>(root: Node<'a>, lines: &[&str]) -> Option<String> {
    let mut places: Vec<LineColumn> = root
        .descendants()
        .filter_map(|node| {
            let data = node.data();
            match &data.value {
                NodeValue::Math(math) if math.literal.contains('`') => Some(data.sourcepos.start),
                _ => None,
            }
        })
        .collect();
    if places.is_empty() {
        return None;
    }
    places.sort_by_key(|place| (place.line, place.column));
    let mut mended = String::new();
    let mut next = places.into_iter().peekable();
    let mut found = false;
    for (index, line) in lines.iter().enumerate() {
        let mut from = 0;
        while let Some(place) = next.next_if(|place| place.line == index + 1) {
            let at = place.column.saturating_sub(1);
            if let Some(before) = line.get(from..at)
                && line.get(at..).is_some_and(|rest| rest.starts_with('$'))
            {
                mended.push_str(before);
                mended.push('\\');
                from = at;
                found = true;
            }
        }
        mended.push_str(line.get(from..).unwrap_or_default());
        mended.push('\n');
    }
    found.then_some(mended)
}
