//! The speakers that a title may name: behind or before a separator.

use super::people::Expected;
use super::positions::{Credit, SpeakerPosition};
use super::separators::{first_of, last_of};
use super::{byline, handles};
use super::{name_confidence::NameConfidence, people::People};
use crate::api::Speaker;
use crate::document::dates;
use crate::document::memo::Memo;
use crate::document::text::is_cjk;
use crate::document::words::words;

/// The people that a title may name, by position.
pub(in crate::document) fn credits(text: &str) -> Vec<Credit> {
    thread_local! { static KEPT: Memo<Vec<Credit>> = Memo::default(); }
    KEPT.with(|kept| kept.of(text, || find(text)))
}

fn find(text: &str) -> Vec<Credit> {
    let mut found = Vec::new();
    found.extend(before_bars(text));
    found.extend(behind_dash(text));
    let bars = last_of(text, &words().marks.bars).or_else(|| last_of(text, &words().marks.slashes));
    found.extend(bars.and_then(|(title, names)| credit(SpeakerPosition::Bar, title, names)));
    found.extend(behind_word(text));
    for mark in [": ", "："] {
        if let Some((head, tail)) = text.split_once(mark) {
            found.extend(credit(SpeakerPosition::BeforeColon, tail, head));
        }
        if let Some((head, tail)) = text.rsplit_once(mark) {
            found.extend(credit(SpeakerPosition::Colon, head, tail));
        }
    }
    if let Some((head, tail)) = first_of(text, &words().marks.dashes) {
        found.extend(credit(SpeakerPosition::BeforeDash, tail, head));
    }
    let quoted = text.trim_end().strip_suffix('」').and_then(|text| text.split_once('「'));
    if let Some((names, title)) = quoted.filter(|(names, _)| !names.trim().is_empty()) {
        found.extend(credit(SpeakerPosition::BeforeColon, title, names));
    }
    let closed = text.trim_end().strip_suffix([')', '）']);
    if let Some((head, names)) = closed.and_then(|text| text.rsplit_once(['(', '（'])) {
        found.extend(by_in_brackets(head, names).or_else(|| in_brackets(head, names)));
    }
    found
}

/// `Title (by Name)`.
fn by_in_brackets(title: &str, text: &str) -> Option<Credit> {
    let (word, names) = text.trim().split_once(' ')?;
    let by = words().by_words(false).contains(&word.to_lowercase());
    let found = credit(SpeakerPosition::By, title, names).filter(|_| by)?;
    let named = found.people.speakers.iter().all(is_name_like);
    named.then(|| believed(found))
}

/// Whether what was read as a person is written as a name is: short, and with a capital.
fn is_name_like(speaker: &Speaker) -> bool {
    speaker.name.split(' ').count() <= 4
        && speaker.name.starts_with(|c: char| c.is_uppercase() || is_cjk(c))
}

/// A credit whose place shows that it names people.
fn believed(mut credit: Credit) -> Credit {
    if !credit.people.speakers.is_empty() {
        credit.people.name_confidence = credit.people.name_confidence.max(NameConfidence::Medium);
    }
    credit
}

/// `Title (Name)` or `Title (Name - Company)`.
fn in_brackets(title: &str, names: &str) -> Option<Credit> {
    let found = credit(SpeakerPosition::Parenthesis, title, names)?;
    let people = byline::people(names, Expected::Any);
    Some(if people.name_confidence > found.people.name_confidence {
        Credit { people, ..found }
    } else {
        found
    })
}

fn credit(position: SpeakerPosition, title: &str, names: &str) -> Option<Credit> {
    let title = title.trim().trim_end_matches(['-', '–', '—']).trim();
    let people = People::parse(names);
    // `Ada Example - Staff Engineer` is a person.
    let job = position == SpeakerPosition::BeforeDash
        && title.split(' ').count() <= 3
        && title.split(' ').next_back().is_some_and(|word| words().is_job(word));
    let named = !title.is_empty() && !names.trim().is_empty() && !job;
    named.then(|| Credit { position, title: Some(title.to_owned()), people })
}

/// `Name, Title`: in front of the first comma, where a title of several words follows. Commas are too
/// common to look for it where talks are not headings.
pub(in crate::document) fn before_comma(text: &str) -> Option<Credit> {
    let (name, title) = text.split_once(", ").or_else(|| text.split_once('，'))?;
    let several = title.contains(' ') || title.chars().filter(|c| is_cjk(*c)).count() >= 4;
    let named = |found: &Credit| found.people.name_confidence >= NameConfidence::Medium;
    credit(SpeakerPosition::BeforeComma, title, name).filter(named).filter(|_| several)
}

/// `Name | @handle | Company | "Title"`: of two parts the title must be quoted.
fn before_bars(text: &str) -> Option<Credit> {
    let parts: Vec<&str> = text.split(['|', '│', '｜']).map(str::trim).collect();
    let [name, between @ .., title] = parts.as_slice() else { return None };
    let quoted = title.starts_with(['"', '“', '「', '«', '„']);
    let mut found = credit(SpeakerPosition::BeforeBar, title, name)?;
    let later = |part: &str| {
        !part.starts_with('@') && People::parse(part).name_confidence > found.people.name_confidence
    };
    let later = between.iter().any(|part| later(part));
    if found.people.name_confidence < NameConfidence::Medium
        || later
        || (!quoted && between.is_empty())
    {
        return None;
    }
    for part in between {
        let lower = part.starts_with(|c: char| c.is_ascii_lowercase());
        let nickname = lower && handles::is_handle(&format!("@{part}")) && !part.contains('.');
        match handles::of_line(part) {
            Some(handles) => found.people.add_aliases(&handles),
            None if nickname => found.people.add_aliases(&[(*part).to_owned()]),
            None => found.people.set_organization(part),
        }
    }
    Some(found)
}

/// What stands behind the last dash; a company may stand behind one more.
fn behind_dash(text: &str) -> Option<Credit> {
    let (title, names) = last_of(text, &words().marks.dashes)?;
    let last = credit(SpeakerPosition::Dash, title, names)?;
    if let Some(found) = with_handle(title, names) {
        return Some(found);
    }
    if last.people.name_confidence >= NameConfidence::Medium {
        return Some(last);
    }
    let with_company = last_of(title, &words().marks.dashes).and_then(|(title, name)| {
        let short = names.split(' ').count() <= 4;
        let found = credit(SpeakerPosition::Dash, title, name)?;
        let alone = found.people.speakers.len() == 1
            && found.people.name_confidence >= NameConfidence::Medium;
        (alone && short).then_some((found, name))
    });
    match with_company {
        Some((mut found, _)) => {
            if names.chars().any(char::is_alphabetic) && dates::find(names).is_none() {
                found.people.set_organization(names);
            }
            Some(found)
        }
        None => Some(last),
    }
}

/// `Title - Name - @handle`.
fn with_handle(head: &str, last: &str) -> Option<Credit> {
    let aliases = handles::of_line(last)?;
    let (title, name) = last_of(head, &words().marks.dashes)?;
    let mut found = credit(SpeakerPosition::Dash, title, name)?;
    let alone =
        found.people.speakers.len() == 1 && found.people.name_confidence >= NameConfidence::Medium;
    found.people.add_aliases(&aliases);
    alone.then_some(found)
}

fn behind_word(text: &str) -> Option<Credit> {
    let folded = text.to_lowercase();
    if folded.len() != text.len() {
        return None;
    }
    if !words().by_words(false).is_apart_in(&folded) && !words().by_words(true).is_apart_in(&folded)
    {
        return None;
    }
    let strong = words().by_words(false).iter().map(|word| (word, false));
    let weak = words().by_words(true).iter().map(|word| (word, true));
    let (at, width, weak) = strong
        .chain(weak)
        .filter_map(|(word, weak)| {
            Some((folded.rfind(&format!(" {word} "))?, word.len() + 2, weak))
        })
        .max_by_key(|(at, ..)| *at)?;
    let (title, rest) = text.split_at_checked(at)?;
    let names = rest.get(width..)?;
    // `Extensions with lantern.js (EN)`: behind a weak word a single one is a thing.
    let whole = |name: &str| name.contains(' ') || name.chars().any(is_cjk) || !weak;
    let named = |found: &Credit| {
        found.people.name_confidence >= NameConfidence::Medium
            && found.people.speakers.iter().all(|speaker| whole(&speaker.name))
    };
    let title = title.trim_end_matches([',', ' ']);
    // `Keynote by nora_q`: where the title is a kind, anything short behind it is a name.
    let short = !weak && !names.contains(' ') && words().talk_kind(title).is_some();
    let position = if weak { SpeakerPosition::With } else { SpeakerPosition::By };
    let found = credit(position, title, names).filter(|found| named(found) || short)?;
    let sure = short && found.people.name_confidence > NameConfidence::None;
    Some(if sure { believed(found) } else { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(position: SpeakerPosition, text: &str) -> Option<(String, Vec<String>, NameConfidence)> {
        let found = credits(text).into_iter().chain(before_comma(text));
        let credit = found.into_iter().find(|credit| credit.position == position)?;
        let names = credit.people.speakers.iter().map(|s| s.name.clone()).collect();
        Some((credit.title.unwrap_or_default(), names, credit.people.name_confidence))
    }

    #[test]
    fn positions_in_a_title() {
        for (position, text, title, names) in [
            (SpeakerPosition::Dash, "養船故事談 - 林小範 (Terry)", "養船故事談", vec!["林小範"]),
            (
                SpeakerPosition::Dash,
                "Alerts (Auto) - 陳範例 (Kim)",
                "Alerts (Auto)",
                vec!["陳範例"],
            ),
            (SpeakerPosition::Dash, "A - B - Ada Example", "A - B", vec!["Ada Example"]),
            (SpeakerPosition::Dash, "A – SZ Ex (林上例)", "A", vec!["SZ Ex"]),
            (SpeakerPosition::Dash, "Flags -Nora Quill", "Flags", vec!["Nora Quill"]),
            (
                SpeakerPosition::Dash,
                "Flags -- Ada Example - Harbor Labs",
                "Flags",
                vec!["Ada Example"],
            ),
            (SpeakerPosition::Dash, "A - B - Ada Example - @ada", "A - B", vec!["Ada Example"]),
            (SpeakerPosition::Bar, "Flags │ Nora Quill", "Flags", vec!["Nora Quill"]),
            (SpeakerPosition::By, "Opening by Nora Quill", "Opening", vec!["Nora Quill"]),
            (
                SpeakerPosition::BeforeBar,
                "Nia Quay | @nia | tide.example | Flags",
                "Flags",
                vec!["Nia Quay"],
            ),
            (SpeakerPosition::BeforeColon, "Nora Quill: Flags", "Flags", vec!["Nora Quill"]),
            (SpeakerPosition::BeforeColon, "王小明：旗子", "旗子", vec!["王小明"]),
            (SpeakerPosition::Colon, "旗子：王小明", "旗子", vec!["王小明"]),
            (
                SpeakerPosition::BeforeComma,
                "Nora Quill, Flags at sea",
                "Flags at sea",
                vec!["Nora Quill"],
            ),
            (
                SpeakerPosition::BeforeBar,
                "Nora Quill | @nora | Tide | Flags",
                "Flags",
                vec!["Nora Quill"],
            ),
            (SpeakerPosition::BeforeBar, "Nora Quill | \"Flags\"", "\"Flags\"", vec!["Nora Quill"]),
            (SpeakerPosition::Parenthesis, "旗子（王小明）", "旗子", vec!["王小明"]),
        ] {
            let (found_title, found, name_confidence) = at(position, text).unwrap();
            assert_eq!(
                (found_title.as_str(), found),
                (title, names.iter().map(|n| (*n).to_owned()).collect()),
                "{text}"
            );
            assert!(name_confidence >= NameConfidence::Medium, "{text}");
        }
    }

    #[test]
    fn addresses_are_never_copied() {
        let found = credits("Tides and ropes - Ada Example - ada@harbor.example");
        let credit = found.iter().find(|credit| credit.position == SpeakerPosition::Dash).unwrap();
        assert_eq!(credit.people.speakers.first().unwrap().organization, None);
        assert!(credit.people.personal_data);
    }

    #[test]
    fn hyphens_inside_words_are_no_separators() {
        for text in ["Event-driven systems", "10-20 ms", "no separator", "A-B"] {
            assert_eq!(at(SpeakerPosition::Dash, text), None, "{text}");
        }
        assert_eq!(at(SpeakerPosition::Dash, "Sail vs. oar -"), None);
    }
}
