//! Names behind words such as `by`, in lines under a title and behind one.

use super::name_confidence::NameConfidence;
use super::people::People;
use crate::document::text::is_cjk;
use crate::document::title::plain;
use crate::document::words::words;

/// The names behind `by` at the beginning of a line, or behind `given by` in its first sentence.
pub(super) fn behind_by(text: &str) -> Option<&str> {
    let first = text
        .split_once(' ')
        .filter(|(word, _)| words().by_words(false).iter().any(|by| word.eq_ignore_ascii_case(by)));
    let folded = text.to_lowercase();
    if first.is_some() || folded.len() != text.len() {
        return first.map(|(_, names)| names);
    }
    if !words().holds_by_phrase(&folded) {
        return None;
    }
    let at = words().by_phrases().filter_map(|phrase| {
        let at = folded.find(phrase)?;
        let begins = at == 0 || folded.get(..at)?.ends_with(' ');
        (begins && at <= 40).then_some(at + phrase.len())
    });
    let rest = text.get(at.max()?..)?.trim_start_matches([':', ' ']);
    let end = rest.find(". ").unwrap_or(rest.len());
    let names = rest.get(..end)?.trim_end_matches('.');
    let begins = names.chars().next().is_some_and(|c| c.is_uppercase() || is_cjk(c));
    (names.starts_with('[') || begins && names.chars().count() <= 80).then_some(names)
}

/// The people of a line `avec Name`: believed only where other talks have them there, too.
pub(super) fn behind_weak_word(text: &str) -> Option<People> {
    let (word, names) = text.split_once(' ')?;
    let weak = words().by_words(true).contains(&word.to_lowercase());
    let people = Some(names).filter(|names| weak && names.chars().count() <= 80).map(People::parse);
    people.filter(|people| people.name_confidence >= NameConfidence::Medium)
}

/// Whether a line says `by` and a name and nothing else.
pub(in crate::document) fn is_by_line(line: &str) -> bool {
    let text = plain(line.trim().trim_start_matches(['*', '_']));
    let named = text.chars().count() <= 80;
    behind_by(&text).is_some_and(|names| {
        named && People::parse(names).name_confidence >= NameConfidence::Medium
    })
}
