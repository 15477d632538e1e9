//! Speakers behind a title. Rather no speaker than an invented one.

use super::text::{first_chars, is_cjk};
use super::words::words;
use crate::api::Speaker;

/// Longest name, alias and organization that the schema takes, in characters.
const MAX_NAME: usize = 200;
/// Longest text that is taken for a list of speakers, in bytes.
const MAX_NAMES: usize = 2000;
/// What stands between a title and its speakers.
const SEPARATORS: &[&str] = &[" - ", " – ", " — ", " － ", " -- "];
/// What stands between two speakers.
const BETWEEN: &[&str] =
    &["、", "，", ",", ";", " & ", "＆", " and ", " et ", " und ", " 與 ", " 和 "];

/// How sure it is that a text names speakers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// It does not.
    None,
    /// It may, where the other headings of the document end in names.
    Weak,
    /// It does.
    Strong,
}

/// A title with what stands behind its last separator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parted {
    pub title: String,
    pub speakers: Vec<Speaker>,
    pub likeness: Likeness,
    /// Whether an e-mail address or phone number was left out.
    pub personal_data: bool,
}

/// Parts a title from its speakers; `None` where nothing stands behind a separator.
pub(super) fn part(text: &str) -> Option<Parted> {
    let (at, separator) =
        SEPARATORS.iter().filter_map(|s| Some((text.rfind(s)?, *s))).max_by_key(|(at, _)| *at)?;
    let (title, rest) = text.split_at_checked(at)?;
    let names = rest.strip_prefix(separator)?.trim();
    let title = title.trim_end_matches('-').trim();
    if title.is_empty() || names.is_empty() || names.len() > MAX_NAMES {
        return None;
    }
    let (names, personal_data) = without_personal_data(names);
    let people: Vec<(Speaker, Likeness)> = people(&names);
    let likeness = people.iter().map(|(_, likeness)| *likeness).min().unwrap_or(Likeness::None);
    let speakers = people.into_iter().map(|(speaker, _)| speaker).collect();
    Some(Parted { title: title.to_owned(), speakers, likeness, personal_data })
}

/// The speakers in a text that is known to name speakers.
pub(super) fn listed(text: &str) -> Vec<Speaker> {
    let (names, _) = without_personal_data(text);
    people(&names).into_iter().map(|(speaker, _)| speaker).collect()
}

fn people(names: &str) -> Vec<(Speaker, Likeness)> {
    apart(names).iter().filter_map(|name| person(name)).collect()
}

/// Takes names apart at separators that stand outside of parentheses.
fn apart(names: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    let mut rest = names;
    while let Some(c) = rest.chars().next() {
        let between = BETWEEN.iter().find(|between| depth == 0 && rest.starts_with(**between));
        if let Some(after) = between.and_then(|between| rest.strip_prefix(*between)) {
            parts.push(String::new());
            rest = after;
            continue;
        }
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        rest = rest.strip_prefix(c).unwrap_or_default();
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// One speaker: `張三 (Sam)`, `Ada Lovelace / Example Corp`, `李四 Lee`, `handle`.
fn person(text: &str) -> Option<(Speaker, Likeness)> {
    let (text, organization) = match split_organization(text) {
        Some((name, organization)) => (name, Some(organization)),
        None => (text, None),
    };
    let (name, note) = parenthesis(text);
    let (name, second) = two_scripts(name);
    let (mut alias, mut organization) =
        (second.map(str::to_owned), organization.map(str::to_owned));
    if let Some(note) = note.filter(|note| !note.is_empty()) {
        if words().is_organization(note) {
            organization = organization.or_else(|| Some(note.to_owned()));
        } else {
            alias = alias.or_else(|| Some(note.to_owned()));
        }
    }
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '/'));
    let likeness = likeness(name, alias.is_some());
    let cut = |text: String| first_chars(&text, MAX_NAME);
    let speaker = Speaker {
        name: first_chars(name, MAX_NAME),
        alias: alias.map(cut),
        organization: organization.map(cut),
    };
    (!name.is_empty()).then_some((speaker, likeness))
}

fn split_organization(text: &str) -> Option<(&str, &str)> {
    let marks = [" / ", "／", " @ ", " | ", "｜"];
    let (name, organization) = marks.iter().find_map(|mark| text.split_once(mark))?;
    let (name, organization) = (name.trim(), organization.trim());
    (!name.is_empty() && !organization.is_empty()).then_some((name, organization))
}

/// A name and the text in parentheses at its end.
fn parenthesis(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    let inside = text.strip_suffix([')', '）']).and_then(|head| {
        let at = head.rfind(['(', '（'])?;
        let (name, rest) = head.split_at_checked(at)?;
        Some((name.trim(), rest.trim_start_matches(['(', '（']).trim()))
    });
    match inside {
        Some((name, note)) if !name.is_empty() => (name, Some(note)),
        _ => (text, None),
    }
}

/// `王小明 Ming` as name and alias.
fn two_scripts(name: &str) -> (&str, Option<&str>) {
    let Some((first, second)) = name.split_once(' ') else {
        return (name, None);
    };
    let latin = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    let chinese = is_han_name(first);
    let all_latin = second.split(' ').all(latin) && second.split(' ').count() <= 3;
    if chinese && all_latin { (first, Some(second)) } else { (name, None) }
}

fn is_han_name(text: &str) -> bool {
    (2..=4).contains(&text.chars().count()) && text.chars().all(is_cjk)
}

fn likeness(name: &str, has_alias: bool) -> Likeness {
    if name.chars().count() > 60 || words().holds_not_name(name) {
        return Likeness::None;
    }
    if is_han_name(name) {
        let surname = name.chars().next().is_some_and(|c| words().is_surname(c));
        return if surname || has_alias { Likeness::Strong } else { Likeness::Weak };
    }
    let tokens: Vec<&str> = name.split(' ').collect();
    if tokens.iter().any(|token| words().is_not_name(token)) || tokens.len() > 5 {
        return Likeness::None;
    }
    let capitalized = |token: &&str| {
        token.starts_with(char::is_uppercase) && token.chars().all(is_name_char)
            || is_particle(token)
    };
    if tokens.len() > 1 {
        let strong = tokens.iter().all(capitalized);
        return if strong { Likeness::Strong } else { Likeness::None };
    }
    let handle = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@');
    let is_handle = (2..=39).contains(&name.len())
        && name.chars().all(handle)
        && name.chars().any(|c| c.is_ascii_alphabetic());
    match (is_handle, has_alias) {
        (true, true) => Likeness::Strong,
        (true, false) => Likeness::Weak,
        _ => Likeness::None,
    }
}

fn is_particle(token: &str) -> bool {
    words().is_particle(token)
}

fn is_name_char(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.')
}

/// Removes e-mail addresses and phone numbers; whether there were any.
fn without_personal_data(text: &str) -> (String, bool) {
    let mut found = false;
    let separators = |c: char| c.is_whitespace() || "()（）,，、;<>[]：".contains(c);
    let mut kept = String::new();
    for piece in text.split_inclusive(separators) {
        let word = piece.trim_end_matches(separators);
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let mail =
            word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
        if mail || digits >= 7 {
            found = true;
            kept.push_str(piece.strip_prefix(word).unwrap_or_default());
        } else {
            kept.push_str(piece);
        }
    }
    let kept = kept.replace("()", "").replace("（）", "");
    (kept.trim().to_owned(), found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> (String, Vec<String>, Likeness) {
        let parted = part(text).unwrap();
        let show = |s: &Speaker| match (&s.alias, &s.organization) {
            (Some(alias), _) => format!("{}={alias}", s.name),
            (None, Some(organization)) => format!("{}@{organization}", s.name),
            (None, None) => s.name.clone(),
        };
        (parted.title, parted.speakers.iter().map(show).collect(), parted.likeness)
    }

    fn strong(text: &str, title: &str, speakers: &[&str]) {
        let speakers = speakers.iter().map(|&s| s.to_owned()).collect();
        assert_eq!(names(text), (title.to_owned(), speakers, Likeness::Strong), "{text}");
    }

    #[test]
    fn names_behind_the_last_separator() {
        strong("養船故事談 - 林小範 (Terry)", "養船故事談", &["林小範=Terry"]);
        strong("Alerts (Auto) - 陳範例 (Kim)", "Alerts (Auto)", &["陳範例=Kim"]);
        strong("A - B - Ada Example", "A - B", &["Ada Example"]);
        strong("A – SZ Ex (林上例)", "A", &["SZ Ex=林上例"]);
        strong("A - 王小明、李大華 & Ana de la Cruz", "A", &["王小明", "李大華", "Ana de la Cruz"]);
        strong("A - 王小明 Ming", "A", &["王小明=Ming"]);
        strong("A - Jean-Luc O'Example / Example Corp", "A", &["Jean-Luc O'Example@Example Corp"]);
        strong("A - Ada Example (Example Inc.)", "A", &["Ada Example@Example Inc."]);
    }

    #[test]
    fn what_is_no_name() {
        for text in [
            "港口調度 - 以 Night Ferry 為例",
            "A - B with many words and verbs",
            "Helm - 實戰分享",
            "Setup - Part 2",
            "A - How to scale",
            "Kubernetes - The Hard Way",
            "A - 1.28",
            "A - 從零開始的旅程",
        ] {
            assert_eq!(part(text).unwrap().likeness, Likeness::None, "{text}");
        }
        assert_eq!(part("no separator"), None);
        assert_eq!(part("Sail vs. oar -"), None);
        assert_eq!(names("燈塔入門 - smalltree").2, Likeness::Weak);
    }

    #[test]
    fn personal_data_is_left_out() {
        let parted = part("A - 王小明 (ming@corp.example)").unwrap();
        assert!(parted.personal_data);
        assert_eq!(parted.speakers, [Speaker { name: "王小明".into(), ..Speaker::default() }]);
        let parted = part("A - 王小明，0912-345-678").unwrap();
        assert_eq!(parted.speakers.len(), 1);
    }
}
