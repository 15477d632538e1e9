//! Keys of front matter that are not read and look like slips of those that are.
//!
//! Front matter is shared with other programs, so that little is said: a key must be near to one that
//! is read, its value must fit that one, and no other program may know it (`words.toml`).

use serde_json::{Map, Value};

use super::fields::Fields;
use super::split::{Source, Syntax};
use crate::document::codes::Code;
use crate::document::literal;
use crate::document::report::{Place, Report};
use crate::document::words::{Label, words};

/// The keys that are read where a document does not say what it is.
const KEYS: [&str; 30] = [
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
    "startDate",
    "endDate",
    "medal",
    "links",
    "order",
    "publication",
    "publishAt",
    literal::MARKER,
    "images",
];
/// Keys that only notes have: under another key they are meant for us.
const OURS: [&str; 8] =
    ["speakers", "speaker", "summit", "day", "startTime", "endTime", "medal", "publishAt"];
/// Keys under which fields are that may stand at the top as well. Zola takes none there, so that its
/// `extra` is left alone.
const PARENTS: [&str; 3] = ["params", "talk", "session"];
/// Longest key with one slip only; longer ones may have two.
const SHORT: usize = 6;

/// A key that is not read, and what it seems to be meant as.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::document) struct Slip {
    place: Place,
    message: String,
    /// Whether it names speakers, so that the document is meant to be a note whatever it is read as.
    names_speakers: bool,
}

/// Reports `slips`: all of a document with notes, else those by which it seems to be meant as one.
pub(in crate::document) fn report(slips: &[Slip], is_note: bool, report: &mut Report) {
    for slip in slips.iter().filter(|slip| is_note || slip.names_speakers) {
        report.at(Code::Key, slip.place, &slip.message);
    }
}

/// The slips among `fields`, whose keys are as they are written in `source`.
pub(super) fn find(fields: &Map<String, Value>, source: &Source<'_>) -> Vec<Slip> {
    let given: Vec<String> = fields.keys().map(|key| key.to_lowercase()).collect();
    let is_given = |key: &str| given.iter().any(|other| *other == key.to_lowercase());
    let kind = fields.iter().find(|(key, _)| key.to_lowercase() == literal::MARKER);
    let kind = kind.and_then(|(_, value)| value.as_str());
    let known: Vec<&str> = kind.map_or(KEYS.to_vec(), literal::keys);
    let mut found = Vec::new();
    for (key, value) in fields {
        if known.iter().any(|known| known.to_lowercase() == key.to_lowercase()) {
            continue;
        }
        let advice = meant(key, value, &known)
            .filter(|target| !is_given(target))
            .map(|target| (target, format!("did you mean `{target}`?")))
            .or_else(|| elsewhere(key, kind?).filter(|(target, _)| !is_given(target)))
            .or_else(|| {
                kind.is_none().then(|| label(key, value))?.filter(|_| !is_given("speakers"))
            });
        found.extend(advice.map(|(target, advice)| Slip {
            place: place(key, None, source),
            message: format!("the key `{key}` is not read; {advice}"),
            names_speakers: target.starts_with("speaker"),
        }));
        if kind.is_none() && PARENTS.contains(&key.to_lowercase().as_str()) {
            found.extend(nested(key, value, source, is_given));
        }
    }
    found
}

/// The key of `known` that `key` is a slip of.
fn meant<'k>(key: &str, value: &Value, known: &[&'k str]) -> Option<&'k str> {
    let written = plain(key);
    if words().is_foreign_key(&written) || written.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let near = |target: &&str| is_near(&written, &target.to_lowercase()) && fits(target, value);
    let distance = |target: &str| strsim::damerau_levenshtein(&written, &target.to_lowercase());
    let likeness = |target: &str| strsim::jaro_winkler(&written, &target.to_lowercase());
    known.iter().copied().filter(near).min_by(|a, b| {
        distance(a).cmp(&distance(b)).then_with(|| likeness(b).total_cmp(&likeness(a)))
    })
}

/// A key as it is compared: people part words by `-` or `_`, too.
fn plain(key: &str) -> String {
    key.to_lowercase().chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect()
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
    begins && strsim::damerau_levenshtein(written, target) <= most
}

/// Whether `target` can have this value.
fn fits(target: &str, value: &Value) -> bool {
    if target == literal::MARKER {
        return [literal::TALK, literal::SUMMIT].iter().any(|kind| value == kind);
    }
    let mut report = Report::new("");
    let fields = Map::from_iter([(target.to_lowercase(), value.clone())]);
    Fields { fields, text: "", report: &mut report }.read_as_said();
    !value.is_null() && report.into_diagnostics().is_empty()
}

/// What to write for a key that is read in other documents only than those that say what they are.
fn elsewhere(key: &str, kind: &str) -> Option<(&'static str, String)> {
    let key = key.to_lowercase();
    let (target, advice) = match (kind, key.as_str()) {
        (literal::TALK, "date" | "startdate") => ("day", "write `day` for the day of a talk"),
        (literal::SUMMIT, "date" | "day") => ("startDate", "write `startDate` for its first day"),
        (literal::TALK, "location" | "timezone" | "enddate") => ("", "only summits have it"),
        (
            literal::SUMMIT,
            "speakers" | "speaker" | "room" | "track" | "kind" | "medal" | "starttime" | "endtime",
        ) => ("", "only talks have it"),
        _ => return None,
    };
    Some((target, format!("the document says `{}: {kind}`; {advice}", literal::MARKER)))
}

/// What to write for a word that stands in front of speakers elsewhere, such as `presenter`.
fn label(key: &str, value: &Value) -> Option<(&'static str, String)> {
    let known = words().label(key) == Some(Label::Speakers) && fits("speakers", value);
    let foreign = words().is_foreign_key(&plain(key));
    (known && !foreign)
        .then(|| ("speakers", "write `speakers` for those who gave the talk".to_owned()))
}

/// Keys of ours that stand under another one.
fn nested(
    parent: &str,
    value: &Value,
    source: &Source<'_>,
    is_given: impl Fn(&str) -> bool,
) -> Vec<Slip> {
    let fields = value.as_object().into_iter().flatten();
    let ours = fields.filter_map(|(key, value)| {
        let target = OURS.iter().find(|ours| ours.to_lowercase() == key.to_lowercase())?;
        (!is_given(target) && fits(target, value)).then_some((key, target))
    });
    ours.map(|(key, target)| Slip {
        place: place(key, Some(parent), source),
        message: format!(
            "the key `{key}` is not read under `{parent}`; write it at the top, not indented"
        ),
        names_speakers: target.starts_with("speaker"),
    })
    .collect()
}

/// Where `key` stands in the document: at the top, or below `parent`.
fn place(key: &str, parent: Option<&str>, source: &Source<'_>) -> Place {
    let first = if source.syntax == Syntax::Header { 1 } else { 2 };
    let column = |line: &str, key: &str| {
        let at = line.len() - line.trim_start().trim_start_matches(['"', '\'', '[']).len();
        let rest = line.get(at..)?.strip_prefix(key)?;
        let ends = rest.starts_with([':', '=', ' ', '"', '\'', ']', '.']);
        let before = line.get(..at)?;
        ends.then(|| (before.chars().count() + 1, before.starts_with([' ', '\t'])))
    };
    let lines = || source.text.lines().enumerate();
    let above = parent.and_then(|parent| {
        lines().find(|(_, line)| column(line, parent).is_some()).map(|(index, _)| index)
    });
    let found = lines().skip(above.unwrap_or_default()).filter_map(|(index, line)| {
        let (column, indented) = column(line, key)?;
        Some((indented && parent.is_none(), index, column))
    });
    // An indented line is taken where no other is: the whole may be written in braces.
    let best = found.min_by_key(|(indented, index, _)| (*indented, *index));
    let (index, column) = best.map_or((0, 1), |(_, index, column)| (index, column));
    Place { line: index + first, column }
}

#[cfg(test)]
mod tests {
    use super::super::{read, split};
    use super::*;

    /// What is said of front matter: line, column and advice.
    fn said(text: &str) -> Vec<(usize, usize, String)> {
        let mut report = Report::new("a.md");
        let front = read(&split(text).front.unwrap(), &mut report).unwrap();
        let advice = |slip: &Slip| slip.message.split_once("; ").unwrap().1.to_owned();
        front.slips.iter().map(|slip| (slip.place.line, slip.place.column, advice(slip))).collect()
    }

    #[track_caller]
    fn one(line: &str, target: &str) {
        let expected = vec![(2, 1, format!("did you mean `{target}`?"))];
        assert_eq!(said(&format!("---\n{line}\nmode: x\n---\n")), expected, "{line}");
    }

    #[test]
    fn slips_are_found_with_what_was_meant() {
        one("titel: Tides", "title");
        one("dat: 2031-05-14", "date");
        one("speekers: [Mira Quell]", "speakers");
        one("speker: Mira Quell", "speaker");
        one("strat_time: '09:30'", "startTime");
        one("start-date: 2031-05-14", "startDate");
        one("publish_at: 2031-05-14T18:00:00Z", "publishAt");
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
            "params: {toc: true}",
            "extra: {speaker: Mira Quell}",
        ] {
            assert_eq!(said(&format!("---\n{line}\n---\n")), [], "{line}");
        }
        let both = "---\ntitle: Tides\ntitel: Gezeiten\n---\n";
        assert_eq!(said(both), [], "a key that is there cannot be meant");
    }

    #[test]
    fn keys_in_the_wrong_place_are_told() {
        let nested = "---\ntitle: A\nparams:\n  toc: true\n  speakers: [Mira Quell]\n---\n";
        assert_eq!(said(nested), [(5, 3, "write it at the top, not indented".to_owned())]);
        let toml = "+++\ntitle = 'A'\n[params]\nspeakers = ['Mira Quell']\n+++\n";
        assert_eq!(said(toml), [(4, 1, "write it at the top, not indented".to_owned())]);
        let talk = "---\ntalknotes: talk\ntitle: A\ndate: 2031-05-14\n---\n";
        let advice = "the document says `talknotes: talk`; write `day` for the day of a talk";
        assert_eq!(said(talk), [(4, 1, advice.to_owned())]);
        let summit = "---\ntalknotes: summit\ntitle: A\nroom: B\n---\n";
        let advice = "the document says `talknotes: summit`; only talks have it";
        assert_eq!(said(summit), [(4, 1, advice.to_owned())]);
        let word = "---\npresenter: Mira Quell\n---\n";
        assert_eq!(said(word), [(2, 1, "write `speakers` for those who gave the talk".to_owned())]);
    }

    #[test]
    fn places_are_those_of_the_file() {
        // No fence stands above a header, which has known keys only.
        assert_eq!(said("Title: A\nsummary: B\ntags: c\n\ntext\n"), []);
        assert_eq!(said("+++\n\"titel\" = 'A'\n+++\n")[0].1, 2);
        assert_eq!(
            said("---\n# titel: x\n'titel': A\n---\n")[0],
            (3, 2, "did you mean `title`?".to_owned())
        );
    }

    #[test]
    fn every_key_that_a_document_can_state_is_known() {
        for kind in [literal::TALK, literal::SUMMIT] {
            for key in literal::keys(kind) {
                let only_there = ["name", "contentFrom", "rendering"].contains(&key);
                assert!(KEYS.contains(&key) || only_there, "{key}");
            }
        }
    }
}
