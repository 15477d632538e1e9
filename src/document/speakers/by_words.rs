//! Names behind words such as `by`, in lines under a title and behind one.

use super::likeness::Likeness;
use super::people::People;
use super::seats::{Credit, Seat};
use crate::api::LinkKind;
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

/// Whether a text holds a word such as `by` between two others.
pub(in crate::document) fn is_in(text: &str) -> bool {
    let text = text.to_lowercase();
    words().by_words(false).is_apart_in(&text) || words().by_words(true).is_apart_in(&text)
}

/// What follows a word such as `by` that a text begins with, and whether it is one that needs a habit.
pub(in crate::document) fn leading(text: &str) -> Option<(bool, &str)> {
    let (word, names) = text.split_once(' ')?;
    let word = word.to_lowercase();
    let weak = words().by_words(true).contains(&word);
    (weak || words().by_words(false).contains(&word)).then_some((weak, names.trim_start()))
}

/// The texts of the links that a list of names consists of, up to what else is said: where names are
/// links, the links show where they end.
pub(super) fn linked(names: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = names.trim_start_matches(['*', '_', ' ']);
    while let Some((name, after)) = rest.strip_prefix('[').and_then(|link| link.split_once("](")) {
        let (_, behind) = after.split_once(')')?;
        let name = plain(name);
        // `with [slides](…)`
        if words().link_kind(&name, "") != LinkKind::Reference {
            break;
        }
        found.push(name);
        let next = behind.trim_start_matches([',', '、', '&', '+', ' ']);
        let joined = next.split_once(' ').filter(|(word, _)| words().is_and(word));
        rest = joined.map_or(next, |(_, next)| next);
    }
    let short = found.iter().all(|name| (1..=4).contains(&name.split(' ').count()));
    (!found.is_empty() && short).then_some(found)
}

/// The names behind `by` in a line such as `[Slides](…) by Name`.
pub(super) fn behind_media(text: &str) -> Option<&str> {
    let (media, rest) = text.split_once(") ")?;
    let link = media.starts_with('[') && media.contains("](");
    let text = plain(&format!("{media})"));
    let (word, names) = rest.split_once(' ')?;
    let by = words().by_words(false).contains(word);
    (link && by && words().link_kind(&text, "") != LinkKind::Reference).then_some(names)
}

/// `Keynote by Name: Title`; behind a dash a title of several words, as a single one may be a company.
pub(in crate::document) fn behind_kind(text: &str) -> Option<Credit> {
    if !words().by_words(false).is_apart_in(text) {
        return None;
    }
    let by = words().by_words(false).iter();
    let (kind, rest) = by.filter_map(|by| text.split_once(&format!(" {by} "))).next()?;
    words().talk_kind(kind)?;
    let marks = [": ", "：", " - ", " – ", " — "];
    let parted = marks.iter().filter_map(|mark| rest.split_once(mark));
    let (names, title) = parted.min_by_key(|(names, _)| names.len())?;
    let title = title.trim();
    let company = !rest.contains([':', '：']) && !title.contains(' ');
    let people = People::parse(names);
    let named = people.likeness >= Likeness::Medium && !title.is_empty() && !company;
    named.then(|| Credit { seat: Seat::By, title: Some(title.to_owned()), people })
}

/// The people of a line `avec Name`: believed only where other talks have them there, too.
pub(super) fn behind_weak_word(text: &str) -> Option<People> {
    let (word, names) = text.split_once(' ')?;
    let weak = words().by_words(true).contains(&word.to_lowercase());
    let people = Some(names).filter(|names| weak && names.chars().count() <= 80).map(People::parse);
    people.filter(|people| people.likeness >= Likeness::Medium)
}

/// The people behind a title that is a link, up to what is said of the talk: `, de Name: …`.
pub(in crate::document) fn behind_title(rest: &str) -> Option<Credit> {
    let (word, rest) = rest.trim_start_matches([']', ',', ' ']).split_once(' ')?;
    let word = word.to_lowercase();
    let weak = words().by_words(true).contains(&word);
    let names = rest.split([':', '：']).next()?;
    let people = plain_people(names).filter(|_| weak || words().by_words(false).contains(&word))?;
    Some(Credit { seat: Seat::ByLine, title: None, people })
}

/// The people of a short text that has the shape of names.
fn plain_people(names: &str) -> Option<People> {
    let people =
        (names.chars().count() <= 80).then(|| People::parse(&names.replace(['[', ']'], "")))?;
    (people.likeness >= Likeness::Medium).then_some(people)
}

/// Whether a line says `by` and a name and nothing else.
pub(in crate::document) fn is_by_line(line: &str) -> bool {
    let text = plain(line.trim().trim_start_matches(['*', '_']));
    let named = text.chars().count() <= 80;
    behind_by(&text).is_some_and(|names| named && People::parse(names).likeness >= Likeness::Medium)
}
