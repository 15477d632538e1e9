//! One person: name, alias and organization.

use super::likeness::{Likeness, likeness};
use crate::api::Speaker;
use crate::document::text::{first_chars, is_cjk};
use crate::document::words::words;

/// Longest name, alias and organization that the schema takes, in characters.
pub(super) const MAX_NAME: usize = 200;

/// One person: `張三 (Sam)`, `Ada Lovelace / Example Corp`, `李四 Lee`, `handle`.
pub(super) fn person(text: &str) -> Option<(Speaker, Likeness)> {
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
    let academic = name.split_once(' ').filter(|(word, _)| words().is_academic_title(word));
    // `prof. Ada Example` in the middle of a line is how one speaks of her, `Prof.` part of the name.
    let spoken = academic.filter(|(word, _)| word.starts_with(char::is_lowercase));
    let name = spoken.map_or(name, |(_, rest)| rest.trim());
    let (polite, academic) = (polite || spoken.is_some(), academic.filter(|_| spoken.is_none()));
    let (full, name) = (name, academic.map_or(name, |(_, rest)| rest.trim()));
    let (name, second) = two_scripts(name);
    let mut speaker = Speaker {
        name: String::new(),
        alias: second.or(handle).map(str::to_owned),
        organization: organization
            .map(trim_organization)
            .filter(|o| !o.is_empty())
            .map(str::to_owned),
    };
    for note in [inner, note]
        .into_iter()
        .flatten()
        .filter(|note| !note.is_empty() && !words().is_remark(note))
    {
        add_note(&mut speaker, name, note);
    }
    let name = name.trim_matches(|c: char| c.is_whitespace() || "*_/:：-–—\"'“”".contains(c));
    let likeness = match likeness(name, speaker.alias.is_some()) {
        Likeness::None => Likeness::None,
        _ if polite || academic.is_some() || handle.is_some() => Likeness::Strong,
        Likeness::Weak if speaker.organization.as_deref().is_some_and(employs) => Likeness::Strong,
        Likeness::Weak if speaker.organization.is_some() => Likeness::Medium,
        Likeness::Medium if speaker.organization.is_some() => Likeness::Strong,
        known => known,
    };
    let cut = |text: String| first_chars(&text, MAX_NAME);
    speaker.name = first_chars(academic.map_or(name, |_| full), MAX_NAME);
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
    let is_alias = is_alias && !is_place(name, note);
    if is_alias && speaker.alias.is_none() {
        speaker.alias = Some(note.to_owned());
    } else if speaker.organization.is_none() {
        speaker.organization = Some(note.to_owned());
    }
}

/// Whether a note behind a name in Chinese, Japanese or Korean is where that person works: aliases are
/// short or in another script.
fn is_place(name: &str, note: &str) -> bool {
    let hangul = |c: char| ('\u{ac00}'..='\u{d7af}').contains(&c);
    let wide = note.chars().filter(|c| is_cjk(*c)).count();
    let one_script = wide > 0 && name.chars().any(is_cjk);
    let korean = name.chars().all(|c| hangul(c) || c == ' ') && note.chars().any(hangul);
    one_script && (korean || wide > 2 || note.contains(' '))
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
    let inside = |at: usize| {
        let head = text.get(..at).unwrap_or_default();
        head.matches(['(', '（']).count() > head.matches([')', '）']).count()
    };
    let (at, mark) = words().marks.before_companies.iter().find_map(|mark| {
        Some((text.find(mark.as_str())?, mark.as_str())).filter(|(at, _)| !inside(*at))
    })?;
    let (name, rest) = text.split_at_checked(at)?;
    let (name, organization) = (name.trim(), rest.strip_prefix(mark)?.trim());
    // `fortran from 1971` is nobody: in front of a small word stands a name of two words at least.
    let spoken = mark.trim().chars().all(char::is_alphabetic);
    if spoken && !(name.contains(' ') && name.starts_with(char::is_uppercase)) {
        return None;
    }
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

pub(super) fn is_han_name(text: &str) -> bool {
    (2..=4).contains(&text.chars().count()) && text.chars().all(is_cjk)
}
