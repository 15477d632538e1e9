//! Names that a text begins with, and where they end: at prose, links or a mark.

use super::by_words;
use super::byline;
use super::likeness::Likeness;
use super::people::{Expected, People};
use crate::document::title::plain;
use crate::document::words::words;

/// Longest text that is taken for names, in characters.
const MAX_NAMES: usize = 80;

/// What ends names wherever it stands.
const ENDS: &[&str] = &[
    ": ", "：", " - ", " – ", " — ", " -- ", " | ", "; ", "；", " [[", " http", "<br", "! ", "? ",
    "。",
];

/// People, and what follows them.
pub(in crate::document) struct Named<'t> {
    pub people: People,
    pub rest: &'t str,
}

/// The people that a text begins with, where they are at least that likely.
pub(in crate::document) fn named(text: &str, least: Likeness) -> Option<Named<'_>> {
    let text = text.trim_start();
    let end = between_marks(text).unwrap_or_else(|| end(text));
    let commas = text.match_indices([',', '，']).map(|(at, _)| at).filter(|at| *at < end).take(3);
    std::iter::once(end).chain(commas).find_map(|end| {
        let (names, rest) = text.split_at_checked(end)?;
        let names = names.replace("[[", "").replace("]]", "");
        let names = names.trim_end_matches([':', '：', '.', ';', ' ']);
        let short = (1..=MAX_NAMES).contains(&names.chars().count());
        let people = short.then(|| with_company(names))?;
        (people.likeness >= least && !people.speakers.is_empty()).then_some(Named { people, rest })
    })
}

/// A list of people, or one `of Company`.
fn with_company(names: &str) -> People {
    let whole = People::parse(names);
    if whole.likeness >= Likeness::Medium {
        return whole;
    }
    let of = words().at_words().chain([" of ", " from "]);
    let parted = of.filter_map(|of| names.split_once(of)).min_by_key(|(name, _)| name.len());
    let Some((name, company)) = parted else { return whole };
    let mut people = People::parse(name);
    if people.likeness < Likeness::Medium {
        return whole;
    }
    people.set_organization(company);
    people
}

/// The people in brackets behind a title: `(Name)`, `(by Name)`, `(Name - Company)`.
pub(in crate::document) fn in_brackets(inner: &str) -> Option<People> {
    let names = inner.replace("[[", "").replace("]]", "");
    let names = by_words::leading(&names).map_or(names.as_str(), |(_, names)| names);
    let people = People::parse(names);
    let people = if people.likeness >= Likeness::Medium {
        people
    } else {
        byline::people(names, Expected::Any)
    };
    let named = people.likeness >= Likeness::Medium && plain(names).chars().count() <= MAX_NAMES;
    named.then_some(people)
}

/// Where names that are links, bold or in italics end, if a text begins with such.
fn between_marks(text: &str) -> Option<usize> {
    let pairs = [("[[", "]]"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_")];
    let mut at = 0;
    for _ in 0..6 {
        let rest = text.get(at..)?;
        let own = rest.trim_start_matches([',', '&', '+', '、', ' ']);
        let word = own.split_once(' ').filter(|(word, _)| words().is_and(word));
        let own = word.map_or(own, |(_, own)| own);
        let (open, close) =
            pairs.iter().find(|(open, _)| own.starts_with(open)).copied().unwrap_or_default();
        let inner = own.strip_prefix(open).filter(|_| !open.is_empty());
        let Some((_, behind)) = inner.and_then(|inner| inner.split_once(close)) else { break };
        at = text.len() - behind.len();
        // A handle or a company in brackets behind the name.
        let bracket = behind.trim_start().strip_prefix('(').and_then(|own| own.split_once(')'));
        let bracket = bracket.filter(|(own, _)| own.chars().count() <= 40);
        at = bracket.map_or(at, |(_, after)| text.len() - after.len());
    }
    (at > 0).then_some(at)
}

/// Where the first of the marks that end names stands, or the first sentence ends.
fn end(text: &str) -> usize {
    let marks = ENDS.iter().filter_map(|mark| text.find(mark));
    let stops = text.match_indices(". ").map(|(at, _)| at).find(|at| {
        let word =
            text.get(..*at).unwrap_or_default().rsplit([' ', '.']).next().unwrap_or_default();
        word.chars().count() > 2 && !words().honorifics().contains(&word.to_lowercase())
    });
    marks.chain(stops).min().unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_names_end() {
        for (text, name, rest) in [
            ("Nora Quill: it was good", "Nora Quill", ": it was good"),
            ("Nora M. Quill. It was good", "Nora M. Quill", ". It was good"),
            ("Nora Quill, which was good", "Nora Quill", ", which was good"),
            ("[[Nora Quill]] : good", "Nora Quill", " : good"),
            ("_Nora Quill_", "Nora Quill", ""),
            ("Nora Quill [[Slides]]", "Nora Quill", " [[Slides]]"),
        ] {
            let named = named(text, Likeness::Medium).unwrap();
            let names: Vec<&str> =
                named.people.speakers.iter().map(|own| own.name.as_str()).collect();
            assert_eq!((names, named.rest), (vec![name], rest), "{text}");
        }
        assert!(named("it was good: really", Likeness::Medium).is_none());
    }
}
