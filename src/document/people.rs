//! Names of people. Rather no person than an invented one.

use super::text::{first_chars, is_cjk};
use super::title::plain;
use super::words::words;
use crate::api::Speaker;

/// Longest name, alias and organization that the schema takes, in characters.
const MAX_NAME: usize = 200;
/// Longest text that is taken for a list of people, in bytes.
const MAX_NAMES: usize = 2000;
/// What stands between two people wherever it stands.
const BETWEEN: &[char] = &['、', '，', ',', ';', '；', '＆', '&'];

/// How sure it is that a text names people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// It does not.
    None,
    /// It may, where the other talks of the document have names at this place.
    Weak,
    /// It has the shape of a name.
    Medium,
    /// It does.
    Strong,
}

/// People in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct People {
    pub speakers: Vec<Speaker>,
    /// That of the least likely of them.
    pub likeness: Likeness,
    /// Whether an e-mail address or phone number was left out.
    pub personal_data: bool,
}

impl People {
    /// Reads a text as a list of people.
    pub fn parse(text: &str) -> Self {
        let (text, personal_data) = without_personal_data(&plain(text));
        let nobody = Self { speakers: Vec::new(), likeness: Likeness::None, personal_data };
        if text.len() > MAX_NAMES {
            return nobody;
        }
        let mut found: Vec<(Speaker, Likeness)> = Vec::new();
        let parts = apart(&text);
        // `Ada Example, Harbor, Bo Pier, Tide`: each name is followed by one word, its company.
        let alternates = parts.len().is_multiple_of(2)
            && parts.iter().enumerate().all(|(at, part)| {
                part.contains(' ') == (at % 2 == 0) || (at % 2 == 1 && words().is_company(part))
            });
        for part in &parts {
            let person = person(part);
            match found.last_mut() {
                Some((last, _))
                    if belongs_to(last, part, person.as_ref(), alternates, parts.len() == 2) =>
                {
                    let joined = last.organization.take().map(|known| format!("{known}, {part}"));
                    last.organization =
                        Some(first_chars(&joined.unwrap_or_else(|| part.clone()), MAX_NAME));
                }
                _ => found.extend(person),
            }
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
        return likeness == Likeness::None && part.split(' ').count() <= 6;
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
        let word = token.trim_end_matches(|c: char| c == ' ' || c == '\n' || BETWEEN.contains(&c));
        let ends = token.ends_with(BETWEEN);
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
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Whether `word` stands between two names: a small word such as `y` may be part of one.
fn joins_names(word: &str, before: &str) -> bool {
    !words().is_particle(word) || before.trim().contains(' ')
}

/// One person: `張三 (Sam)`, `Ada Lovelace / Example Corp`, `李四 Lee`, `handle`.
fn person(text: &str) -> Option<(Speaker, Likeness)> {
    let (text, organization) = match split_organization(text) {
        Some((name, organization)) => (name, Some(organization)),
        None => (text, None),
    };
    let (name, note) = parenthesis(text);
    let (name, inner) = match note {
        Some(_) => parenthesis(name),
        None => (name, None),
    };
    let (name, handle) = split_handle(name);
    let (name, polite) = without_honorifics(name);
    let (name, second) = two_scripts(name);
    let mut speaker = Speaker {
        name: String::new(),
        alias: second.or(handle).map(str::to_owned),
        organization: organization
            .map(trim_organization)
            .filter(|o| !o.is_empty())
            .map(str::to_owned),
    };
    for note in [inner, note].into_iter().flatten().filter(|note| !note.is_empty()) {
        add_note(&mut speaker, name, note);
    }
    let name = name.trim_matches(|c: char| c.is_whitespace() || "*_/:：-–—\"'“”".contains(c));
    let likeness = match likeness(name, speaker.alias.is_some()) {
        Likeness::None => Likeness::None,
        _ if polite || handle.is_some() => Likeness::Strong,
        Likeness::Weak if speaker.organization.as_deref().is_some_and(employs) => Likeness::Strong,
        Likeness::Weak if speaker.organization.is_some() => Likeness::Medium,
        Likeness::Medium if speaker.organization.is_some() => Likeness::Strong,
        known => known,
    };
    let cut = |text: String| first_chars(&text, MAX_NAME);
    speaker.name = first_chars(name, MAX_NAME);
    speaker.alias = speaker.alias.map(cut);
    speaker.organization = speaker.organization.map(cut);
    (!name.is_empty()).then_some((speaker, likeness))
}

/// Whether a text is surely a company or a job.
fn employs(text: &str) -> bool {
    words().is_company(text)
        || text.split([' ', ',']).any(|word| words().is_job(word) || words().is_organization(word))
}

/// Adds what stands in parentheses behind a name: an alias or an organization.
fn add_note(speaker: &mut Speaker, name: &str, note: &str) {
    let is_alias = !words().is_company(note) && (!is_full_latin(name) || may_be_alias(name, note));
    let place = name.chars().any(is_cjk)
        && note.chars().all(|c| is_cjk(c) || c == 'ー')
        && note.chars().count() > 3;
    let is_alias = is_alias && !place;
    if is_alias && speaker.alias.is_none() {
        speaker.alias = Some(note.to_owned());
    } else if speaker.organization.is_none() {
        speaker.organization = Some(note.to_owned());
    }
}

fn is_full_latin(name: &str) -> bool {
    name.contains(' ') && !name.chars().any(is_cjk)
}

/// Whether a note behind a full name is another name rather than a company: a handle, a name in
/// another script or a short form.
fn may_be_alias(name: &str, note: &str) -> bool {
    let short = |text: &str| text.chars().take(2).flat_map(char::to_lowercase).collect::<String>();
    let nickname = || name.split(' ').any(|word| short(word) == short(note)) && !note.contains(' ');
    note.starts_with('@') || is_han_name(note) || nickname()
}

fn split_organization(text: &str) -> Option<(&str, &str)> {
    let marks = [" / ", "／", " │ ", "│", " | ", "｜", " @ ", "＠", " from ", " at ", "/"];
    let inside = |at: usize| {
        let head = text.get(..at).unwrap_or_default();
        head.matches(['(', '（']).count() > head.matches([')', '）']).count()
    };
    let (at, mark) = marks
        .iter()
        .find_map(|mark| Some((text.find(mark)?, *mark)).filter(|(at, _)| !inside(*at)))?;
    let (name, rest) = text.split_at_checked(at)?;
    let (name, organization) = (name.trim(), rest.strip_prefix(mark)?.trim());
    (!name.is_empty() && !organization.is_empty()).then_some((name, organization))
}

/// An organization without a remark in parentheses such as `(sponsor)`.
fn trim_organization(text: &str) -> &str {
    match parenthesis(text) {
        (head, Some(note)) if note.eq_ignore_ascii_case("sponsor") => head,
        _ => text.trim(),
    }
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

/// `Ada Example @ada` as name and handle.
fn split_handle(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(' ') {
        Some((name, handle)) if handle.starts_with('@') && handle.len() > 1 => {
            (name.trim_end_matches([' ', '-', '–', ',']), Some(handle))
        }
        _ => (text, None),
    }
}

/// A name without `Dr.` or `さん`; whether there was one.
fn without_honorifics(name: &str) -> (&str, bool) {
    let mut rest = name.trim();
    let mut found = false;
    for title in words().honorifics() {
        let front = rest.split_once(' ').filter(|(word, _)| word.eq_ignore_ascii_case(title));
        if let Some((_, name)) = front {
            (rest, found) = (name.trim(), true);
        } else if !title.is_ascii()
            && let Some(name) = rest.strip_suffix(title.as_str()).filter(|n| n.chars().count() >= 2)
        {
            (rest, found) = (name.trim(), true);
        }
    }
    (rest, found)
}

/// `王小明 Ming` as name and alias.
fn two_scripts(name: &str) -> (&str, Option<&str>) {
    let Some((first, second)) = name.split_once(' ') else {
        return (name, None);
    };
    let latin = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    let all_latin = second.split(' ').all(latin) && second.split(' ').count() <= 3;
    if is_han_name(first) && all_latin { (first, Some(second)) } else { (name, None) }
}

fn is_han_name(text: &str) -> bool {
    (2..=4).contains(&text.chars().count()) && text.chars().all(is_cjk)
}

fn likeness(name: &str, has_alias: bool) -> Likeness {
    let stops = |c: char| {
        c.is_ascii_digit() && !name.starts_with('@') || "?!:：？！“”「」《》#$%{}=<>".contains(c)
    };
    if name.chars().count() > 60 || words().holds_not_name(name) {
        return Likeness::None;
    }
    if name.chars().any(is_cjk) {
        return cjk_likeness(name, has_alias);
    }
    if name.contains(' ') {
        return if name.chars().any(stops) { Likeness::None } else { latin_likeness(name) };
    }
    let handle = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@');
    let is_handle = (2..=39).contains(&name.len())
        && name.chars().all(handle)
        && name.chars().any(|c| c.is_ascii_alphabetic())
        && !words().is_not_name(name);
    match (is_handle, has_alias || name.starts_with('@') || words().is_given_name(name)) {
        (true, true) => Likeness::Strong,
        (true, false) => Likeness::Weak,
        _ => Likeness::None,
    }
}

/// Names in Chinese, Japanese and Korean.
fn cjk_likeness(name: &str, has_alias: bool) -> Likeness {
    let parts: Vec<&str> =
        name.split([' ', '・', '·', '\u{3000}']).filter(|part| !part.is_empty()).collect();
    let fits = |part: &&str| part.chars().all(is_cjk) && part.chars().count() <= 8;
    if !parts.iter().all(fits) || parts.len() > 3 {
        return Likeness::None;
    }
    let first = name.chars().next();
    let length = name.chars().count();
    let hangul = first.is_some_and(|c| ('\u{ac00}'..='\u{d7af}').contains(&c));
    if parts.len() > 1 {
        return if length <= 12 { Likeness::Medium } else { Likeness::Weak };
    }
    let surname = first
        .is_some_and(|c| if hangul { words().is_korean_surname(c) } else { words().is_surname(c) });
    match (length, surname) {
        (2..=4, _) if has_alias => Likeness::Strong,
        (3, true) if !hangul => Likeness::Strong,
        (2..=3, true) => Likeness::Medium,
        (4, true) if !hangul => Likeness::Medium,
        (2..=5, _) => Likeness::Weak,
        _ => Likeness::None,
    }
}

/// Names of several words in letters that have a case.
fn latin_likeness(name: &str) -> Likeness {
    let words = words();
    let tokens: Vec<&str> = name.split(' ').collect();
    if words.is_company(name) {
        return Likeness::None;
    }
    if tokens.len() > 5
        || tokens.iter().any(|token| words.is_not_name(token) && !words.is_particle(token))
    {
        return Likeness::None;
    }
    let capitalized = |token: &&str| {
        (token.starts_with(char::is_uppercase)
            || token.starts_with("d'")
            || token.starts_with("d’"))
            && token.chars().all(is_name_char)
            || words.is_particle(token)
    };
    let starts = tokens.first().is_some_and(|token| token.starts_with(char::is_uppercase));
    let shouts =
        tokens.iter().all(|token| token.len() <= 4 && token.chars().all(char::is_uppercase));
    let ends = tokens.last().is_some_and(|token| !words.is_particle(token));
    if !starts || !ends || shouts || !tokens.iter().all(capitalized) {
        return Likeness::None;
    }
    let first = tokens.first().copied().unwrap_or_default();
    let given = first.split('-').next().unwrap_or(first);
    if words.is_given_name(first) || words.is_given_name(given) {
        Likeness::Strong
    } else {
        Likeness::Medium
    }
}

fn is_name_char(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.')
}

/// Removes e-mail addresses and phone numbers with the labels in front of them; whether there were
/// any.
fn without_personal_data(text: &str) -> (String, bool) {
    let mut found = false;
    let separators = |c: char| c.is_whitespace() || "()（）,，、;<>[]：".contains(c);
    let mut kept = String::new();
    for piece in text.split_inclusive(separators) {
        let word = piece.trim_end_matches(separators);
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let mail =
            word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
        let phone = digits >= 7 && !word.contains("://");
        if mail || phone {
            found = true;
            kept.push_str(piece.strip_prefix(word).unwrap_or_default());
        } else {
            kept.push_str(piece);
        }
    }
    let kept = kept.replace("()", "").replace("（）", "").replace("<>", "");
    let labelled = kept.trim().trim_end_matches([',', '，', '、']).rsplit_once([',', '，', '、']);
    let kept = match labelled {
        Some((names, label)) if label.trim().ends_with([':', '：']) => names.to_owned(),
        _ => kept,
    };
    (kept.trim().trim_end_matches(['：', ':']).trim().to_owned(), found)
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
