//! Names of people. Rather no person than an invented one.

use super::likeness::{Likeness, likeness};
use super::person::{MAX_NAME, is_han_name, person};
use super::personal_data::without_personal_data;
use crate::api::Speaker;
use crate::document::text::{first_chars, is_cjk};
use crate::document::title::plain;
use crate::document::words::words;

/// Longest text that is taken for a list of people, in bytes.
const MAX_NAMES: usize = 2000;

/// People in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document) struct People {
    pub speakers: Vec<Speaker>,
    /// That of the least likely of them.
    pub likeness: Likeness,
    /// Whether an e-mail address or phone number was left out.
    pub personal_data: bool,
}

impl People {
    /// Reads a text as a list of people.
    pub fn parse(text: &str) -> Self {
        Self::parse_as(text, Expected::Any)
    }

    /// Reads a text as a list of as many people as the place where it stands lets expect.
    pub fn parse_as(text: &str, expected: Expected) -> Self {
        let (text, personal_data) = without_personal_data(&plain(text));
        let text = with_commas(text);
        let nobody = Self { speakers: Vec::new(), likeness: Likeness::None, personal_data };
        if text.len() > MAX_NAMES {
            return nobody;
        }
        let mut found: Vec<(Speaker, Likeness)> = Vec::new();
        let parts = apart(&text);
        let by_comma = parts.len() == 2 && text.contains([',', '，']);
        let several = one_comma_behind_and(&text, parts.len());
        // `Ada Example, Harbor, Bo Pier, Tide`: each name is followed by one word, its company.
        let alternates = parts.len().is_multiple_of(2)
            && parts.iter().enumerate().all(|(at, part)| {
                part.contains(' ') == (at % 2 == 0) || (at % 2 == 1 && words().is_company(part))
            });
        for (at, part) in parts.iter().enumerate() {
            let behind = by_comma || (several && at + 1 == parts.len());
            let person = person(part);
            match found.last_mut() {
                Some((last, _))
                    if belongs_to(last, part, person.as_ref(), alternates, parts.len() == 2)
                        || (behind && is_company_behind(last, part, person.as_ref(), expected)) =>
                {
                    let joined = last.organization.take().map(|known| format!("{known}, {part}"));
                    last.organization =
                        Some(first_chars(&joined.unwrap_or_else(|| part.clone()), MAX_NAME));
                }
                _ => found.extend(person),
            }
        }
        share_organization(text.as_str(), &mut found);
        let mut likeness = found.iter().map(|(_, l)| *l).min().unwrap_or(Likeness::None);
        if likeness == Likeness::Weak
            && found.len() > 1
            && !found.iter().any(|(_, l)| *l > Likeness::Weak)
        {
            likeness = Likeness::None;
        }
        Self {
            speakers: found.into_iter().map(|(speaker, _)| speaker).collect(),
            likeness,
            personal_data,
        }
    }
}

/// Whether the only comma of three parts or more stands before the last, so that what is behind it is
/// parted otherwise than the people are: `Ada Example & Bo Pier, Harbor Labs`.
fn one_comma_behind_and(text: &str, parts: usize) -> bool {
    let last = text.split_once([',', '，']).filter(|(_, last)| !last.contains(between));
    let alone = last.is_some_and(|(before, last)| {
        !before.contains(['、', ';', '；']) && apart(last).len() == 1
    });
    alone && parts >= 3
}

/// `봉하람 · 추이든`: Chinese and Korean names with a dot and spaces between them are those of several.
fn with_commas(text: String) -> String {
    let named = |name: &str| {
        let name = name.trim();
        is_han_name(name) && likeness(name, false) >= Likeness::Medium
    };
    let several = text.contains(" · ") && text.split(" · ").all(named);
    if several { text.replace(" · ", "、") } else { text }
}

/// How many people a place lets expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Expected {
    /// Nothing is known.
    Any,
    /// A label such as `Speakers:` stands in front.
    Several,
}

/// `Ada Example, Harbor Labs`: of two parts the second is rather a company than a person that no other
/// sign tells, because no speaker is better than an invented one.
fn is_company_behind(
    last: &Speaker,
    part: &str,
    person: Option<&(Speaker, Likeness)>,
    expected: Expected,
) -> bool {
    let plain = person.is_some_and(|(speaker, _)| {
        speaker.organization.is_none() && (speaker.alias.is_none() || part.contains(is_cjk))
    });
    let unsure = person.is_none_or(|(_, likeness)| *likeness <= Likeness::Medium);
    let han = part.chars().any(is_cjk);
    let likely = if han {
        part.contains(' ')
            || words().is_company(part)
            || words().ends_with_job(part)
            || (part.chars().count() >= 4 && !words().has_compound_surname(part))
    } else {
        last.name.contains(' ') && part.split(' ').count() <= 6
    };
    expected == Expected::Any
        && last.organization.is_none()
        && (plain || person.is_none())
        && (unsure || han)
        && likely
}

/// `Ada Example, Bo Pier / Harbor`: a company behind the last name is that of all.
fn share_organization(text: &str, found: &mut [(Speaker, Likeness)]) {
    let marked =
        [" / ", "／", "｜", " | ", "│"].iter().filter(|mark| text.contains(**mark)).count();
    let Some(((last, _), others)) = found.split_last_mut() else { return };
    let alone = others.iter().all(|(speaker, _)| speaker.organization.is_none());
    if marked == 1
        && alone
        && let Some(company) = &last.organization
    {
        for (speaker, likeness) in others.iter_mut() {
            speaker.organization = Some(company.clone());
            *likeness = (*likeness).max(Likeness::Medium).min(Likeness::Strong);
        }
    }
}

/// Whether a part behind a comma is the company or the job of the person before it.
fn belongs_to(
    last: &Speaker,
    part: &str,
    person: Option<&(Speaker, Likeness)>,
    alternates: bool,
    pair: bool,
) -> bool {
    let words = words();
    let likeness = person.map_or(Likeness::None, |(_, likeness)| *likeness);
    let has_own = person.is_some_and(|(speaker, _)| speaker.organization.is_some());
    let has_job = part.split(' ').any(|word| words.is_job(word));
    if has_own {
        return likeness == Likeness::None && has_job && last.organization.is_none();
    }
    if last.organization.is_some() {
        let job = last.organization.iter().flat_map(|known| known.split(' '));
        let works = likeness == Likeness::Weak && job.into_iter().any(|word| words.is_job(word));
        return (likeness == Likeness::None || works) && part.split(' ').count() <= 6;
    }
    let full = last.name.contains(' ');
    let single = !part.contains(' ') && part.starts_with(char::is_uppercase);
    let han = |text: &str| text.chars().all(is_cjk);
    let place = pair && is_han_name(&last.name) && han(part) && part.chars().count() >= 3;
    words.is_company(part)
        || (place && likeness <= Likeness::Weak)
        || (likeness == Likeness::None && full && part.split(' ').any(|word| words.is_job(word)))
        || (alternates && full && single && likeness <= Likeness::Weak)
}

/// Takes names apart at separators that stand outside of parentheses.
fn apart(names: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for token in names.split_inclusive([' ', '、', '，', ',', ';', '；', '＆', '&', '\n']) {
        let word = token.trim_end_matches(|c: char| c == ' ' || c == '\n' || between(c));
        let ends = token.ends_with(between);
        let joins = depth == 0 && token.ends_with([' ', '\n']) && words().is_and(word);
        let between = joins && parts.last().is_some_and(|part| joins_names(word, part));
        for c in word.chars() {
            match c {
                '(' | '（' => depth += 1,
                ')' | '）' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if between {
            parts.push(String::new());
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(if ends && depth == 0 { word } else { token });
        }
        if ends && depth == 0 {
            parts.push(String::new());
        }
    }
    let parts =
        parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    let mut names: Vec<String> = Vec::new();
    for part in parts {
        // `Kettle & Sons` is one company.
        let tail = part.trim_end_matches(['.', ')', '）']);
        match names.last_mut().filter(|_| words().marks.is_company_tail(tail)) {
            Some(company) => company.push_str(&format!(" & {part}")),
            None => names.push(part),
        }
    }
    names
}

/// Whether a character stands between two people wherever it stands.
fn between(c: char) -> bool {
    words().marks.is_between_names(c)
}

/// Whether `word` stands between two names: a small word such as `y` may be part of one.
fn joins_names(word: &str, before: &str) -> bool {
    !words().is_particle(word) || before.trim().contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let show = |s: &Speaker| {
            let alias = s.alias.as_ref().map(|alias| format!("={alias}")).unwrap_or_default();
            let organization = s.organization.as_ref().map(|o| format!("@{o}")).unwrap_or_default();
            format!("{}{alias}{organization}", s.name)
        };
        People::parse(text).speakers.iter().map(show).collect()
    }

    #[test]
    fn people_with_their_companies() {
        for (text, expected) in [
            ("林小範 (Terry)", vec!["林小範=Terry"]),
            ("SZ Ex (林上例)", vec!["SZ Ex=林上例"]),
            ("王小明、李大華 & Ana de la Cruz", vec!["王小明", "李大華", "Ana de la Cruz"]),
            ("王小明 Ming", vec!["王小明=Ming"]),
            ("Jean-Luc O'Example / Example Corp", vec!["Jean-Luc O'Example@Example Corp"]),
            ("Ada Example (Harbor), Bo Pier (Tide)", vec!["Ada Example@Harbor", "Bo Pier@Tide"]),
            (
                "Ada Example / Keel Pay, Staff Engineer",
                vec!["Ada Example@Keel Pay, Staff Engineer"],
            ),
            ("Ada Example, Harborworks", vec!["Ada Example@Harborworks"]),
            ("Ada Example @ada", vec!["Ada Example=@ada"]),
            ("Bob Example (Bo)", vec!["Bob Example=Bo"]),
            ("王港生（潮汐科技）", vec!["王港生@潮汐科技"]),
            ("許小浪，聯絡方式：wave@harbor.example", vec!["許小浪"]),
            ("Rocío Ejemplo y Tadeo Ruiz", vec!["Rocío Ejemplo", "Tadeo Ruiz"]),
            ("山田 花さん", vec!["山田 花"]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn how_sure_names_are() {
        for (text, likeness) in [
            ("林小範", Likeness::Strong),
            ("Peter Example", Likeness::Strong),
            ("Nia Example", Likeness::Medium),
            ("山里 七海", Likeness::Medium),
            ("smalltree", Likeness::Weak),
            ("Frameworks and More", Likeness::None),
            ("Zero Trust", Likeness::None),
            ("以 Night Ferry 為例", Likeness::None),
            ("The Hard Way", Likeness::None),
            ("Part 2", Likeness::None),
            ("1.28", Likeness::None),
            ("從零開始的旅程", Likeness::None),
            ("CI CD", Likeness::None),
        ] {
            assert_eq!(People::parse(text).likeness, likeness, "{text}");
        }
    }
}
