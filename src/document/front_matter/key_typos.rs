//! Keys of front matter that are not read and look like misspellings of those that are.
//!
//! Front matter is shared with other programs, so that little is said: a key must be near to one that
//! is read, its value must fit that one, and no other program may know it (`words.toml`).

use serde_json::{Map, Value};

use super::split::{Source, Syntax};
use super::{fields, json};
use crate::document::codes::Code;
use crate::document::explicit_document;
use crate::document::report::{Place, Report};
use crate::document::words::{FieldWords, words};

/// The keys that are read where a document does not say what it is.
const KEYS: [&str; 35] = [
    "title",
    "slug",
    "url",
    "date",
    "draft",
    "tags",
    "description",
    "lang",
    "summit",
    "speakers",
    "speaker",
    "day",
    "startTime",
    "endTime",
    "room",
    "track",
    "kind",
    "location",
    "timeZone",
    "breaks",
    "nesting",
    "dir",
    "robots",
    "startDate",
    "endDate",
    "medal",
    "links",
    "order",
    "publication",
    "publishAt",
    "unpublishAt",
    "eventStatus",
    explicit_document::MARKER,
    "images",
    "targets",
];
/// Misspelt keys that are told of a document. Somebody who has more wants something else.
const MAX_TYPOS: usize = 20;
/// Longest key with one wrong letter only; longer ones may have two.
const SHORT: usize = 6;

/// A key that is not read, and what it seems to be meant as.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::document) struct KeyTypo {
    place: Place,
    message: String,
    /// Whether it names speakers, so that the document is meant to be a note whatever it is read as.
    names_speakers: bool,
}

/// Reports `typos`: all of a document with notes, else those by which it seems to be meant as one.
pub(in crate::document) fn report(key_typos: &[KeyTypo], is_note: bool, report: &mut Report) {
    for typo in key_typos.iter().filter(|typo| is_note || typo.names_speakers) {
        report.at(Code::Key, typo.place, &typo.message);
    }
}

/// The misspelt keys among `fields`, whose keys are as they are written in `source`.
pub(super) fn find(fields: &Map<String, Value>, source: &Source<'_>) -> Vec<KeyTypo> {
    let kind = fields.iter().find(|(key, _)| key.to_lowercase() == explicit_document::MARKER);
    let kind = kind.and_then(|(_, value)| value.as_str());
    let known: Vec<&str> = kind.map_or(KEYS.to_vec(), explicit_document::keys);
    // A document that says what it is is taken at its word.
    let same = |key: &str, known: &str| match kind {
        Some(_) => key.to_lowercase() == known.to_lowercase(),
        None => FieldWords::plain(key) == known.to_lowercase(),
    };
    let is_given = |target: &str| fields.keys().any(|key| same(key, target));
    let mut found = Vec::new();
    for (key, value) in fields {
        if found.len() == MAX_TYPOS {
            break;
        }
        if known.iter().any(|known| same(key, known)) {
            continue;
        }
        let meant = meant(key, value, &known);
        let advice = meant.map(|target| (target, format!("did you mean `{target}`?")));
        let advice = advice.or_else(|| elsewhere(key, kind?));
        found.extend(advice.filter(|(target, _)| !is_given(target)).map(|(target, advice)| {
            KeyTypo {
                place: place(key, source),
                message: format!("the key `{key}` is not read; {advice}"),
                names_speakers: target.starts_with("speaker"),
            }
        }));
    }
    found
}

/// The key of `known` that `key` is a misspelling of.
fn meant<'k>(key: &str, value: &Value, known: &[&'k str]) -> Option<&'k str> {
    let written = FieldWords::plain(key);
    if words().is_foreign_key(&written)
        || words().fields.knows(&written)
        || written.ends_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let near = |target: &&str| is_near(&written, &target.to_lowercase()) && fits(target, value);
    let distance = |target: &str| strsim::damerau_levenshtein(&written, &target.to_lowercase());
    let name_confidence = |target: &str| strsim::jaro_winkler(&written, &target.to_lowercase());
    known.iter().copied().filter(near).min_by(|a, b| {
        distance(a)
            .cmp(&distance(b))
            .then_with(|| name_confidence(b).total_cmp(&name_confidence(a)))
    })
}

/// Whether one or two letters are missing, too many, wrong or swapped. The first letter is right, or
/// has changed its place with the second.
fn is_near(written: &str, target: &str) -> bool {
    let length = written.chars().count();
    let most = match length {
        0..3 => 0,
        // `dat`, but not `tab`, for which half of all keys would do.
        3 => usize::from(target.chars().count() == 4),
        4..=SHORT => 1,
        _ => 2,
    };
    let (mut a, mut b) = (written.chars(), target.chars());
    let (first, second) = ((a.next(), b.next()), (a.next(), b.next()));
    let begins = first.0 == first.1 || (first.0 == second.1 && first.1 == second.0);
    let long = length.abs_diff(target.chars().count()) > most;
    begins && !long && strsim::damerau_levenshtein(written, target) <= most
}

/// Whether `target` can have this value.
fn fits(target: &str, value: &Value) -> bool {
    if target == explicit_document::MARKER {
        return [explicit_document::TALK, explicit_document::SUMMIT]
            .iter()
            .any(|kind| value == kind);
    }
    let mut report = Report::new("");
    let fields = Map::from_iter([(target.to_owned(), value.clone())]);
    let source = Source { syntax: Syntax::Yaml, text: "", closed: true, first_line: 1 };
    fields::read(fields, &source, &mut report);
    !value.is_null() && report.into_diagnostics().is_empty()
}

/// What to write for a key that is read in other documents only than those that say what they are.
fn elsewhere(key: &str, kind: &str) -> Option<(&'static str, String)> {
    let key = key.to_lowercase();
    let (target, advice) = match (kind, key.as_str()) {
        (explicit_document::TALK, "date" | "startdate") => {
            ("day", "write `day` for the day of a talk")
        }
        (explicit_document::SUMMIT, "date" | "day") => {
            ("startDate", "write `startDate` for its first day")
        }
        (_, "dir") => ("rendering", "write `rendering: {direction: RTL}`, `LTR` or `Auto`"),
        (_, "breaks") => ("rendering", "write `rendering: {lineBreaks: Soft}` or `Hard`"),
        (_, "nesting") => ("rendering", "write `rendering: {nesting: AsWritten}` or `Inferred`"),
        (explicit_document::TALK, "location" | "timezone" | "enddate") => {
            ("", "only summits have it")
        }
        (
            explicit_document::SUMMIT,
            "speakers" | "speaker" | "room" | "track" | "kind" | "medal" | "starttime" | "endtime",
        ) => ("", "only talks have it"),
        _ => return None,
    };
    Some((target, format!("the document says `{}: {kind}`; {advice}", explicit_document::MARKER)))
}

/// Where `key` stands in the document.
fn place(key: &str, source: &Source<'_>) -> Place {
    let mut lines = source.text.split_inclusive('\n').scan(0, |next, line| {
        let start = *next;
        *next += line.len();
        Some((start, line))
    });
    let at = match source.syntax {
        Syntax::Json => json::key(source.text, |written| written == key).map(|quote| quote + 1),
        _ => lines.find_map(|(start, line)| {
            let quoted = line.strip_prefix(['"', '\'']).unwrap_or(line);
            let rest = quoted.strip_prefix(key)?;
            let ends = rest.starts_with([':', '=', ' ', '"', '\'', '.']);
            ends.then_some(start + line.len() - quoted.len())
        }),
    };
    let before = at.and_then(|at| source.text.get(..at)).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    Place {
        line: before.matches('\n').count() + source.first_line,
        column: line.chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{read, split};
    use super::*;

    /// What is said of front matter: line, column and advice.
    fn said(text: &str) -> Vec<(usize, usize, String)> {
        let mut report = Report::new("a.md");
        let front = read(&split(text).front.unwrap(), &mut report).unwrap();
        let advice = |typo: &KeyTypo| typo.message.split_once("; ").unwrap().1.to_owned();
        front
            .key_typos
            .iter()
            .map(|typo| (typo.place.line, typo.place.column, advice(typo)))
            .collect()
    }

    #[track_caller]
    fn one(line: &str, target: &str) {
        let expected = vec![(2, 1, format!("did you mean `{target}`?"))];
        assert_eq!(said(&format!("---\n{line}\nmode: x\n---\n")), expected, "{line}");
    }

    #[test]
    fn slips_are_found_with_what_was_meant() {
        one("titl: Tides", "title");
        one("dat: 2031-05-14", "date");
        one("speekers: [Mira Quell]", "speakers");
        one("speker: Mira Quell", "speaker");
        one("strat_time: '09:30'", "startTime");
        one("star-date: 2031-05-14", "startDate");
        one("Drafft: true", "draft");
        one("talknote: talk", "talknotes");
        one("sumit: harbor-days", "summit");
    }

    #[test]
    fn nothing_is_said_of_what_may_be_meant_otherwise() {
        for line in [
            "zoom: https://zoom.example/1",
            "data: [1, 2]",
            "dates: next week",
            "day1: 2031-05-14",
            "link: https://a.example",
            "author: Mira Quell",
            "updated: 2031-05-14",
            "weight: 3",
            "toc: true",
            "cssclasses: [wide]",
            "sidebar_label: Tides",
            "permalink: /tides",
            "TITLE: Tides",
            "x: 1",
            "start_time: '09:30'",
            "presenter: Mira Quell",
            "titre: Tides",
            "params: {speakers: [Mira Quell]}",
        ] {
            assert_eq!(said(&format!("---\n{line}\n---\n")), [], "{line}");
        }
        let both = "---\ntitle: Tides\ntitl: Gezeiten\n---\n";
        assert_eq!(said(both), [], "a key that is there cannot be meant");
    }

    #[test]
    fn keys_in_the_wrong_place_are_told() {
        let talk = "---\ntalknotes: talk\ntitle: A\ndate: 2031-05-14\n---\n";
        let advice = "the document says `talknotes: talk`; write `day` for the day of a talk";
        assert_eq!(said(talk), [(4, 1, advice.to_owned())]);
        let summit = "---\ntalknotes: summit\ntitle: A\nroom: B\n---\n";
        let advice = "the document says `talknotes: summit`; only talks have it";
        assert_eq!(said(summit), [(4, 1, advice.to_owned())]);
        let shown = "---\ntalknotes: talk\ntitle: A\ndir: rtl\n---\n";
        let advice = "the document says `talknotes: talk`; write `rendering: {direction: RTL}`, `LTR` \
                      or `Auto`";
        assert_eq!(said(shown), [(4, 1, advice.to_owned())]);
        let exact = "---\ntalknotes: talk\ntitle: A\nstart_time: '09:30'\n---\n";
        assert_eq!(said(exact), [(4, 1, "did you mean `startTime`?".to_owned())]);
    }

    #[test]
    fn places_are_those_of_the_file() {
        // No fence stands above a header, which has known keys only.
        assert_eq!(said("Title: A\nsummary: B\ntags: c\n\ntext\n"), []);
        let json = "{\n  \"toc\": {\"titl\": 1}, \"titl\": \"A\"\n}\n\ntext\n";
        assert_eq!(said(json), [(2, 24, "did you mean `title`?".to_owned())]);
        assert_eq!(said("+++\n\"titl\" = 'A'\n+++\n")[0].1, 2);
        assert_eq!(
            said("---\n# titl: x\n'titl': A\n---\n")[0],
            (3, 2, "did you mean `title`?".to_owned())
        );
    }

    #[test]
    fn hostile_keys_cost_little() {
        let many: String =
            (0..1500).map(|number| format!("titl{number}x: a\nti{number}tle: b\n")).collect();
        assert_eq!(said(&format!("---\n{many}---\n")).len(), MAX_TYPOS);
        assert_eq!(said(&format!("---\ntitle: A\n? t{}\n: a\n---\n", "i".repeat(60_000))), []);
    }

    #[test]
    fn every_key_that_a_document_can_state_is_known() {
        for kind in [explicit_document::TALK, explicit_document::SUMMIT] {
            for key in explicit_document::keys(kind) {
                let only_there = [
                    "name",
                    "labels",
                    "annotations",
                    "contentFrom",
                    "rendering",
                    "showInLists",
                    "banner",
                    "agenda",
                    "theme",
                    "source",
                ];
                assert!(KEYS.contains(&key) || only_there.contains(&key), "{key}");
            }
        }
    }
}
