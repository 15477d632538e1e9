//! All the ways in which a title can part from people beside it, for documents in which most do so in
//! the same way.

use super::byline;
use super::handles::is_handle;
use super::likeness::Likeness;
use super::people::{Expected, People};
use crate::document::dates;
use crate::document::text::is_cjk;
use crate::document::words::words;

/// Brackets in which people may stand behind a title.
const BRACKETS: &[(char, char)] = &[
    ('(', ')'),
    ('（', '）'),
    ('[', ']'),
    ('【', '】'),
    ('<', '>'),
    ('〈', '〉'),
    ('《', '》'),
    ('{', '}'),
];
/// Longest text that names people, in characters.
const LONGEST: usize = 80;
/// Most people beside a title, and most words of one.
const MAX_PEOPLE: usize = 3;
const MAX_WORDS: usize = 4;
/// Most characters of a name in Chinese, Japanese or Korean.
const MAX_WIDE: usize = 8;

/// What parts a title from people, and at which side of it they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::document) enum Manner {
    /// Behind the last mark of this kind.
    Behind(usize),
    /// Before the first mark of this kind.
    Before(usize),
    /// In brackets of this kind, at the end.
    Inside(usize),
}

/// A title with the text beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) struct Parted<'a> {
    pub manner: Manner,
    pub title: &'a str,
    pub beside: &'a str,
}

/// All the ways in which a title parts from a short text.
pub(in crate::document) fn ways(text: &str) -> Vec<Parted<'_>> {
    let text = text.trim();
    let mut found = Vec::new();
    for (kind, marks) in words().marks.partings.iter().enumerate() {
        let last = marks.iter().filter_map(|mark| Some((text.rfind(mark.as_str())?, mark.len())));
        let last = last.max_by_key(|(at, width)| (at + width, *width));
        if let Some((title, beside)) = last.and_then(|at| around(text, at)) {
            found.push(Parted { manner: Manner::Behind(kind), title, beside });
        }
        let first = marks.iter().filter_map(|mark| Some((text.find(mark.as_str())?, mark.len())));
        let first = first.min_by_key(|(at, width)| (*at, usize::MAX - width));
        let spoken = marks.iter().any(|mark| mark.contains(char::is_alphanumeric));
        if let Some((beside, title)) = first.and_then(|at| around(text, at)).filter(|_| !spoken) {
            found.push(Parted { manner: Manner::Before(kind), title, beside });
        }
    }
    for (kind, (open, close)) in BRACKETS.iter().enumerate() {
        let inside = text.strip_suffix(*close).and_then(|rest| rest.rsplit_once(*open));
        if let Some((title, beside)) = inside {
            found.push(Parted { manner: Manner::Inside(kind), title: title.trim(), beside });
        }
    }
    found.retain(|way| is_title(way.title) && !is_abbreviated(way) && is_short(way.beside));
    found
}

fn around(text: &str, (at, width): (usize, usize)) -> Option<(&str, &str)> {
    let end = at + width;
    // The mark of a handle belongs to it.
    let behind = text.get(..end)?.trim_end_matches(['@', '＠']).len();
    Some((text.get(..at)?.trim(), text.get(behind..)?.trim()))
}

fn is_title(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

/// Whether what stands in front ends with a word that a full stop makes short: `Dr. Quill`.
fn is_abbreviated(way: &Parted<'_>) -> bool {
    let first = if matches!(way.manner, Manner::Before(_)) { way.beside } else { way.title };
    let last = first.rsplit(' ').next().unwrap_or_default();
    let short = last.len() <= 2 && last.starts_with(char::is_uppercase);
    short || words().honorifics().contains(&last.to_lowercase())
}

/// Whether a text is as short as a few names are, and holds no sentence.
fn is_short(text: &str) -> bool {
    let sentence = |c: char| "?!？！「」『』\"“”…".contains(c);
    let parts: Vec<&str> = people(text).collect();
    !text.is_empty()
        && text.chars().count() <= LONGEST
        && !text.contains(sentence)
        && parts.len() <= MAX_PEOPLE * 2
        && parts.iter().all(|part| {
            part.split_whitespace().count() <= MAX_WORDS
                && part.chars().filter(|c| is_cjk(*c)).count() <= MAX_WIDE * 2
        })
}

/// The parts of a text about people: names, companies and jobs.
fn people(text: &str) -> impl Iterator<Item = &str> {
    let parts = [" - ", " – ", " — ", "(", "（", ", ", "、", "，", " & ", " and ", " / ", "／"];
    let mut found = vec![text];
    for mark in parts {
        found = found.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    found.into_iter().map(str::trim).filter(|part| !part.is_empty())
}

/// The people beside a title, where nothing shows that they are none.
pub(in crate::document) fn people_beside(beside: &str) -> Option<People> {
    let text = beside.replace('＠', "@");
    if dates::find(&text).is_some() || words().is_room(&text) || words().talk_kind(&text).is_some()
    {
        return None;
    }
    let people = byline::people(&text, Expected::Any);
    let named = (1..=MAX_PEOPLE).contains(&people.speakers.len())
        && people.speakers.iter().all(|speaker| may_be_name(&speaker.name, people.likeness));
    named.then_some(people)
}

/// Whether a text may be a name, a nickname or a handle.
fn may_be_name(name: &str, likeness: Likeness) -> bool {
    let wide = name.chars().filter(|c| is_cjk(*c)).count();
    let plain = |c: char| c.is_alphanumeric() || "_-.・ー".contains(c);
    let single = !name.contains(' ') && name.chars().all(plain) && !words().is_not_name(name);
    let number = !name.chars().any(char::is_alphabetic);
    likeness > Likeness::None
        || is_handle(&format!("@{name}")) && single && !number && wide <= MAX_WIDE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(text: &str) -> Vec<(&str, &str)> {
        ways(text).into_iter().map(|way| (way.title, way.beside)).collect()
    }

    #[test]
    fn titles_part_at_marks_words_and_brackets() {
        for (text, title, names) in [
            ("Sensors rust. Peter Quill – Tide Labs", "Sensors rust", "Peter Quill – Tide Labs"),
            ("潮見表の話 from @tidewright", "潮見表の話", "@tidewright"),
            ("Flags ＠nora", "Flags", "＠nora"),
            ("旗子【小浪】", "旗子", "小浪"),
            ("brumas > Pintar una torre", "Pintar una torre", "brumas"),
        ] {
            assert!(beside(text).contains(&(title, names)), "{text}: {:?}", beside(text));
        }
        for text in ["Speaker: Dr. Quill", "Flags from one end of a long harbor to the other one"] {
            let parted = |way: &(&str, &str)| way.0.ends_with("Dr") || way.0 == "Flags";
            assert!(!beside(text).iter().any(parted), "{text}: {:?}", beside(text));
        }
    }

    #[test]
    fn what_may_be_people() {
        for text in ["Peter Quill", "@tidewright", "小浪", "brumas", "Nora Quill & Bo Pier"] {
            assert!(people_beside(text).is_some(), "{text}");
        }
        for text in
            ["Lessons Learned", "Room 4", "Keynote", "14 May 2031", "2031", "and the rest of it"]
        {
            assert_eq!(people_beside(text), None, "{text}");
        }
    }
}
