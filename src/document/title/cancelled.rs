//! Titles of talks that were not given: struck through, or with a word beside them.

use super::ends::bracketed;
use super::labels::label_kind;
use crate::document::words::words;

/// What parts a title from a word beside it.
const MARKS: [&str; 10] = [": ", "：", ":", " - ", " – ", " — ", "——", " | ", "｜", "! "];

/// Longest heading that is looked at, in bytes: longer than any title.
const LONGEST: usize = 4096;

/// A heading without what is struck through in it, and whether all of it is.
pub(super) fn unstruck(heading: &str) -> (String, bool) {
    if heading.len() > LONGEST || !heading.contains(['~', '<']) {
        return (heading.to_owned(), false);
    }
    let (rest, struck) = parts(heading);
    if struck.is_empty() {
        return (heading.to_owned(), false);
    }
    let left = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let left = left.trim_matches(|c: char| c.is_whitespace() || "-–—|/:,;·：，、".contains(c));
    // A time, a number or a word that says so leaves nothing that could be a title.
    let title = super::undecorate(left);
    let says_more = title.text.chars().any(char::is_alphabetic)
        && !words().is_cancelled(&title.text)
        && label_kind(&title.text).is_none();
    if says_more { (left.to_owned(), false) } else { (heading.to_owned(), true) }
}

/// The text outside of `~~…~~`, `<del>…</del>` and `<s>…</s>`, and that inside.
fn parts(heading: &str) -> (String, String) {
    let (mut outside, mut struck) = (String::new(), String::new());
    let mut rest = heading;
    while let Some((at, open, close)) = next_struck(rest) {
        let (before, found) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let Some((inner, after)) =
            found.strip_prefix(open).and_then(|inner| inner.split_once(close))
        else {
            break;
        };
        outside.push_str(before);
        outside.push(' ');
        struck.push_str(inner);
        rest = after;
    }
    outside.push_str(rest);
    (outside, struck)
}

fn next_struck(text: &str) -> Option<(usize, &'static str, &'static str)> {
    let pairs = [("~~", "~~"), ("<del>", "</del>"), ("<s>", "</s>"), ("<strike>", "</strike>")];
    let found = pairs.into_iter().filter_map(|(open, close)| {
        let at = text.find(open)?;
        text.get(at + open.len()..)?.contains(close).then_some((at, open, close))
    });
    found.min_by_key(|(at, ..)| *at)
}

/// A title without the word in front of it or behind it that says that the talk was not given.
pub(super) fn without_word(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let rest = in_brackets(text).or_else(|| beside_a_mark(text)).or_else(|| in_capitals(text))?;
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || "-–—|:：".contains(c));
    rest.chars().any(char::is_alphanumeric).then(|| rest.to_owned())
}

/// `[cancelled] Title`, `Title (cancelled by the speaker)`.
fn in_brackets(text: &str) -> Option<&str> {
    let text = text.trim();
    let says = |inner: &str| words().begins_cancelled(inner);
    let pairs = [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】'), ('〔', '〕')];
    let front = pairs.iter().find_map(|(open, close)| {
        let (inner, rest) = text.strip_prefix(*open)?.split_once(*close)?;
        says(inner).then_some(rest)
    });
    front.or_else(|| bracketed(text).filter(|(_, inner)| says(inner)).map(|(rest, _)| rest))
}

/// `CANCELLED: Title`, `Title - Name - cancelled`.
fn beside_a_mark(text: &str) -> Option<&str> {
    let says = |part: &str| words().is_cancelled(part);
    let front = MARKS.iter().filter_map(|mark| text.split_once(mark));
    let behind = MARKS.iter().chain(&[", ", "，"]).filter_map(|mark| text.rsplit_once(mark));
    front
        .into_iter()
        .find_map(|(part, rest)| says(part).then_some(rest))
        .or_else(|| behind.into_iter().find_map(|(rest, part)| says(part).then_some(rest)))
}

/// `CANCELLED Title`, where only the word is in capitals.
fn in_capitals(text: &str) -> Option<&str> {
    let says = |word: &str, rest: &str| {
        let shouted =
            |text: &str| text.is_ascii() && !text.contains(|c: char| c.is_ascii_lowercase());
        shouted(word) && !shouted(rest) && words().is_cancelled(word)
    };
    let front = text.split_once(' ').filter(|(word, rest)| says(word, rest));
    let behind = || text.rsplit_once(' ').filter(|(rest, word)| says(word, rest));
    front.map(|(_, rest)| rest).or_else(|| behind().map(|(rest, _)| rest))
}

#[cfg(test)]
mod tests {
    use super::super::undecorate;

    #[test]
    fn talks_that_were_not_given() {
        for (heading, text) in [
            ("10:30 ~~Tides of traffic - Nia Quay~~ (cancelled)", "Tides of traffic - Nia Quay"),
            ("~~Tides of traffic~~", "Tides of traffic"),
            ("<del>Tides of traffic</del>", "Tides of traffic"),
            ("1. ~~**Tides** of traffic~~", "Tides of traffic"),
            ("【取消】潮汐與交通 - 王小港", "潮汐與交通 - 王小港"),
            ("潮汐與交通（已取消）", "潮汐與交通"),
            ("[停辦] 潮汐與交通", "潮汐與交通"),
            ("【中止】潮と交通", "潮と交通"),
            ("キャンセル：潮と交通", "潮と交通"),
            ("조수와 교통 (취소)", "조수와 교통"),
            ("CANCELLED: Tides of traffic", "Tides of traffic"),
            ("Canceled - Tides of traffic", "Tides of traffic"),
            ("[cancelled] Tides of traffic", "Tides of traffic"),
            ("09:30 [CANCELED] Tides of traffic", "Tides of traffic"),
            ("Tides of traffic (cancelled by the speaker)", "Tides of traffic"),
            ("Tides of traffic - Nia Quay - cancelled", "Tides of traffic - Nia Quay"),
            ("Tides of traffic CANCELLED", "Tides of traffic"),
            ("CANCELLED Tides of traffic", "Tides of traffic"),
            ("Annulé : Les marées", "Les marées"),
            ("Gezeiten (abgesagt)", "Gezeiten"),
            ("Keynote: ~~Tides of traffic~~", "Tides of traffic"),
        ] {
            let title = undecorate(heading);
            assert_eq!((title.text.as_str(), title.cancelled), (text, true), "{heading}");
        }
    }

    #[test]
    fn words_that_are_struck_leave_the_title() {
        for (heading, text) in [
            ("14:30 ~~Ropes~~ Anchors as code - Nia Quay", "Anchors as code - Nia Quay"),
            ("Anchors as code - ~~Bo Reef~~ Nia Quay", "Anchors as code - Nia Quay"),
            ("Anchors as code - ~~Bo Reef~~", "Anchors as code"),
            ("Anchors <s>as a service</s> as code", "Anchors as code"),
        ] {
            let title = undecorate(heading);
            assert_eq!((title.text.as_str(), title.cancelled), (text, false), "{heading}");
        }
    }

    #[test]
    fn talks_about_it_were_given() {
        for heading in [
            "How we cancelled our own outage",
            "Cancelled",
            "Cancellation tokens (in Rust)",
            "取消的藝術",
            "Tildes ~ and tides",
            "Noise - cancelled signals",
        ] {
            let title = undecorate(heading);
            assert_eq!((title.text.as_str(), title.cancelled), (heading, false));
        }
    }
}
