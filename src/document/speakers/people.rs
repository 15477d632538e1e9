//! Names of people. Rather no person than an invented one.

use super::handles::{bare, is_handle};
use super::likeness::{Likeness, likeness};
use super::occupation;
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
        let text = with_commas(with_glued_marks(without_urls(&text)));
        let nobody = Self { speakers: Vec::new(), likeness: Likeness::None, personal_data };
        if text.len() > MAX_NAMES {
            return nobody;
        }
        let mut found: Vec<(Speaker, Likeness)> = Vec::new();
        let mut parts = apart(&text);
        parts.retain(|part| !occupation::is_room(&part.text));
        let by_comma = parts.len() == 2 && text.contains([',', '，']);
        let several = one_comma_behind_and(&text, parts.len());
        // `Ada Example, Harbor, Bo Pier, Tide`: each name is followed by one word, its company.
        let alternates = parts.len().is_multiple_of(2)
            && parts.iter().enumerate().all(|(at, Part { text: part, by_comma })| {
                let behind = at % 2 == 1;
                (*by_comma || !behind)
                    && (part.contains(' ') != behind || (behind && words().is_company(part)))
            });
        let closed = is_closed(&parts);
        let described = parts.iter().skip(1).any(|part| occupation::is_job(&part.text));
        let list = List { alternates, pair: parts.len() == 2, described };
        for (at, Part { text: part, by_comma: follows }) in parts.iter().enumerate() {
            let last = at + 1 == parts.len();
            let job_next = parts.get(at + 1).is_some_and(|next| occupation::is_job(&next.text));
            let behind = by_comma || ((several || closed) && last);
            // `Ada Example, @ada`
            if let Some((speaker, likeness)) = found.last_mut()
                && is_handle(part)
                && parts.get(at.wrapping_sub(1)).is_some_and(|name| !is_handle(&name.text))
                && speaker.alias.is_none()
            {
                speaker.alias = Some(bare(part).to_owned());
                *likeness = (*likeness).max(Likeness::Medium);
                continue;
            }
            let person = person(part);
            match found.last_mut() {
                Some((last, likeness))
                    if belongs_to(last, part, person.as_ref(), &list)
                        || (behind && is_company_behind(last, part, person.as_ref(), expected))
                        || (*follows && !job_next && is_behind_job(last, person.as_ref())) =>
                {
                    let mark = if *follows { ", " } else { " and " };
                    let joined =
                        last.organization.take().map(|known| format!("{known}{mark}{part}"));
                    last.organization =
                        Some(first_chars(&joined.unwrap_or_else(|| part.clone()), MAX_NAME));
                    if occupation::is_job(part) && *likeness >= Likeness::Weak {
                        *likeness = (*likeness).max(Likeness::Medium);
                        if last.name.contains(' ') {
                            *likeness = Likeness::Strong;
                        }
                    }
                }
                _ => found.extend(person),
            }
        }
        share_organization(text.as_str(), &parts, &mut found);
        for (speaker, _) in &mut found {
            let place = speaker.organization.take();
            speaker.organization = place.and_then(|place| occupation::organization(&place));
        }
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

    /// Gives people the handles that stand beside them, where there is one for each.
    pub fn add_aliases(&mut self, handles: &[String]) {
        if handles.len() != self.speakers.len() {
            return;
        }
        for (speaker, handle) in self.speakers.iter_mut().zip(handles) {
            let other = || Some(handle.clone()).filter(|handle| *handle != speaker.name);
            speaker.alias = speaker.alias.take().or_else(other);
        }
        if self.likeness > Likeness::None {
            self.likeness = Likeness::Strong;
        }
    }

    /// Gives the people who have no company that which stands behind their names, if it is one.
    pub fn set_organization(&mut self, text: &str) {
        let (text, personal_data) = without_personal_data(text.trim());
        self.personal_data |= personal_data;
        let text = text.as_str();
        let place = occupation::organization(text).filter(|place| !occupation::is_room(place));
        for speaker in &mut self.speakers {
            // `王小明 (浪花) | 潮汐科技`: what stood in parentheses is another name.
            if speaker.alias.is_none() && place.is_some() {
                speaker.alias = speaker.organization.take();
            }
            speaker.organization = speaker.organization.take().or_else(|| place.clone());
        }
        if occupation::is_job(text) && self.likeness == Likeness::Medium {
            self.likeness = Likeness::Strong;
        }
    }
}

/// Stands for an `&` inside a word.
const GLUED: char = '\u{1}';

/// `R&D` with a mark that parts no names.
fn with_glued_marks(text: String) -> String {
    let chars: Vec<char> = text.chars().collect();
    let upper =
        |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_uppercase);
    let glued = |at: usize| upper(at.checked_sub(1)) && upper(at.checked_add(1));
    let mark = |(at, c): (usize, &char)| if *c == '&' && glued(at) { GLUED } else { *c };
    chars.iter().enumerate().map(mark).collect()
}

/// A text without addresses of the web.
fn without_urls(text: &str) -> String {
    let is_url = |word: &&str| !word.contains("://") && !word.starts_with("www.");
    if !text.contains("://") && !text.contains("www.") {
        return text.to_owned();
    }
    text.split(' ').filter(is_url).collect::<Vec<_>>().join(" ")
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

/// Japanese `と` behind what ends a name: `浜田 海氏と磯野 波氏`.
const ENDED: &[(&str, &str)] =
    &[("氏と", "氏、"), ("さんと", "さん、"), (")と", ")、"), ("）と", "）、")];

/// `봉하람 · 추이든`: Chinese and Korean names with a dot and spaces between them are those of several.
fn with_commas(mut text: String) -> String {
    for (joined, parted) in ENDED {
        text = text.replace(joined, parted);
    }
    let sure = |name: &str| likeness(name.trim(), false) == Likeness::Strong;
    if text.contains(" / ") && text.split(" / ").all(sure) {
        text = text.replace(" / ", "、");
    }
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

/// Whether a part follows the job of a person, of whom nothing else is known, and may be a company.
fn is_behind_job(last: &Speaker, person: Option<&(Speaker, Likeness)>) -> bool {
    let job = last.organization.as_deref().is_some_and(|known| {
        occupation::is_job(known) && occupation::organization(known).is_none()
    });
    job && person.is_none_or(|(speaker, likeness)| {
        *likeness <= Likeness::Medium && speaker.organization.is_none() && speaker.alias.is_none()
    })
}

/// `Ada Example, Bo Pier / Harbor`: a company behind the last name is that of all.
fn share_organization(text: &str, parts: &[Part], found: &mut [(Speaker, Likeness)]) {
    let marked =
        [" / ", "／", "｜", " | ", "│"].iter().filter(|mark| text.contains(**mark)).count();
    // `Ada Example, Bo Pier and Cy Quay, Harbor`: the `and` ends the list of names.
    let closed = is_closed(parts) && parts.len() == found.len() + 1;
    let Some(((last, _), others)) = found.split_last_mut() else { return };
    let alone = others.iter().all(|(speaker, _)| speaker.organization.is_none());
    if (marked == 1 || closed)
        && alone
        && let Some(company) = &last.organization
    {
        for (speaker, likeness) in others.iter_mut() {
            speaker.organization = Some(company.clone());
            *likeness = (*likeness).max(Likeness::Medium).min(Likeness::Strong);
        }
    }
}

/// Whether `and` stands in front of the last part but one and a comma in front of the last.
fn is_closed(parts: &[Part]) -> bool {
    matches!(parts, [_, .., name, place] if !name.by_comma && place.by_comma)
}

/// What the parts of a list of names have in common.
struct List {
    /// Names and companies take turns.
    alternates: bool,
    /// There are two parts.
    pair: bool,
    /// Jobs stand among them.
    described: bool,
}

/// Whether a part behind a comma is the company or the job of the person before it.
fn belongs_to(
    last: &Speaker,
    part: &str,
    person: Option<&(Speaker, Likeness)>,
    list: &List,
) -> bool {
    let words = words();
    let List { alternates, pair, described } = *list;
    let likeness = person.map_or(Likeness::None, |(_, likeness)| *likeness);
    let has_own = person.is_some_and(|(speaker, _)| speaker.organization.is_some());
    let has_job = occupation::is_job(part);
    if has_own {
        let known = last.organization.as_deref().and_then(occupation::organization);
        return likeness == Likeness::None && has_job && known.is_none();
    }
    if last.organization.is_some() {
        let job = last.organization.iter().flat_map(|known| known.split(' '));
        let works = likeness == Likeness::Weak
            && job.into_iter().any(|word| words.is_job(word) || words.is_job_part(word));
        return (likeness == Likeness::None || works) && part.split(' ').count() <= 6;
    }
    let full = last.name.contains(' ');
    let single = !part.contains(' ') && part.starts_with(char::is_uppercase);
    let han = |text: &str| text.chars().all(is_cjk);
    let place = pair && is_han_name(&last.name) && han(part) && part.chars().count() >= 3;
    words.is_company(part)
        || (place && likeness <= Likeness::Weak)
        || (likeness == Likeness::None && full && described)
        || (likeness <= Likeness::Weak && full && has_job)
        || (pair && has_job && part.contains(' ') && last.name.starts_with(char::is_uppercase))
        || (alternates && full && single && likeness <= Likeness::Weak)
}

/// A part of a list of names.
struct Part {
    text: String,
    /// Whether a comma stands in front of it rather than `and`.
    by_comma: bool,
}

/// Takes names apart at separators that stand outside of parentheses.
fn apart(names: &str) -> Vec<Part> {
    let begin = |by_comma| Part { text: String::new(), by_comma };
    let mut parts = vec![begin(false)];
    let mut depth = 0_usize;
    for token in names.split_inclusive([' ', '、', '，', ',', ';', '；', '＆', '&', '\n']) {
        let word = token.trim_end_matches(|c: char| c == ' ' || c == '\n' || between(c));
        let ends = token.ends_with(between);
        let joins = depth == 0 && token.ends_with([' ', '\n']) && words().is_and(word);
        let between = joins && parts.last().is_some_and(|part| joins_names(word, &part.text));
        for c in word.chars() {
            match c {
                '(' | '（' => depth += 1,
                ')' | '）' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if between {
            parts.push(begin(false));
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.text.push_str(if ends && depth == 0 { word } else { token });
        }
        if ends && depth == 0 {
            parts.push(begin(!token.ends_with(['&', '＆'])));
        }
    }
    whole_names(parts)
}

/// The parts without empty ones, and companies such as `Kettle & Sons` or `Kettle, Inc.` in one.
fn whole_names(parts: Vec<Part>) -> Vec<Part> {
    let mut names: Vec<Part> = Vec::new();
    for Part { text, by_comma } in parts {
        let text = text.trim();
        let tail = text.split(['(', '（']).next().unwrap_or(text).trim_end();
        let tail = tail.trim_end_matches(['.', ')', '）']);
        let mark = if by_comma && words().is_legal_form(tail) {
            ", "
        } else if words().marks.is_company_tail(tail) {
            " & "
        } else {
            ""
        };
        match names.last_mut().filter(|_| !mark.is_empty()) {
            Some(company) => company.text.push_str(&format!("{mark}{text}")),
            None if text.is_empty() => {}
            None => names.push(Part { text: text.replace(GLUED, "&"), by_comma }),
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
            ("Ada Example / Keel Pay, Staff Engineer", vec!["Ada Example@Keel Pay"]),
            ("Nia Example, Web Designer, Web Developer, and writer", vec!["Nia Example"]),
            ("Nia Example; Technologist at Olive Harbor", vec!["Nia Example@Olive Harbor"]),
            ("Nia Example, Verity Foods, Inc.", vec!["Nia Example@Verity Foods, Inc."]),
            ("Nia Example & Bo Pier, Tide", vec!["Nia Example@Tide", "Bo Pier@Tide"]),
            ("Peter Example & Quill", vec!["Peter Example", "Quill"]),
            ("Ada Example, Room B", vec!["Ada Example"]),
            ("Ada Hall", vec!["Ada Hall"]),
            ("Nia Quay, @nia", vec!["Nia Quay=nia"]),
            ("Nia Quay, Editor-in-Chief, Tide Magazine", vec!["Nia Quay@Tide Magazine"]),
            (
                "Nia Quay, Senior Advisor, Office of Tides and Rain",
                vec!["Nia Quay@Office of Tides and Rain"],
            ),
            ("簡立浪 / Tide Taiwan 董事總經理", vec!["簡立浪@Tide Taiwan"]),
            (
                "Nia Quay, Bo Pier, and Cy Mole, Tide",
                vec!["Nia Quay@Tide", "Bo Pier@Tide", "Cy Mole@Tide"],
            ),
            ("Nia Quay, Verity Labs, Inc (Advanced Level)", vec!["Nia Quay@Verity Labs, Inc"]),
            (
                "Nia Quay, Staff Member, TIDE & Bo Pier, Software Engineer, Federal Harbor",
                vec!["Nia Quay@TIDE", "Bo Pier@Federal Harbor"],
            ),
            ("潮汐小店 王小明", vec!["王小明@潮汐小店"]),
            ("ハーバー 浜田さん", vec!["浜田@ハーバー"]),
            ("しおかぜ(@shio)さん", vec!["しおかぜ=shio"]),
            ("小笠原 康夫", vec!["小笠原 康夫"]),
            ("田中 康一郎", vec!["田中 康一郎"]),
            ("Will Example", vec!["Will Example"]),
            ("Ada Example, Tide R&D", vec!["Ada Example@Tide R&D"]),
            ("Nicole Example / Peter Pier", vec!["Nicole Example", "Peter Pier"]),
            ("李海龍 (Ruddy 老師)", vec!["李海龍=Ruddy 老師"]),
            ("Ada Example. @ada", vec!["Ada Example=ada"]),
            ("浜田 海氏(@hama)と磯野 波氏", vec!["浜田 海=hama", "磯野 波"]),
            ("한바다 너울은행 CTO", vec!["한바다@너울은행"]),
            ("許海風 (Mike Sail)／DevOps, OpenTide", vec!["許海風=Mike Sail@OpenTide"]),
            ("Yuki \"Kit\" Example", vec!["Yuki \"Kit\" Example"]),
            ("Ada Example, Harborworks", vec!["Ada Example@Harborworks"]),
            ("Ada Example @ada", vec!["Ada Example=ada"]),
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
