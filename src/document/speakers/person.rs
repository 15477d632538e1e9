//! One person: name, alias and organization.

use super::brackets::parenthesis;
use super::handles::{bare, is_handle};
use super::name_confidence::{NameConfidence, name_confidence};
use super::occupation;
use super::scripts::{is_full_latin, is_han_name, is_hangul, is_kana, two_scripts};
use crate::api::Speaker;
use crate::document::text::{first_chars, is_cjk};
use crate::document::title::is_time;
use crate::document::words::words;

/// Longest name, alias and organization that the schema takes, in characters.
pub(super) const MAX_NAME: usize = 200;

/// One person: `張三 (Sam)`, `Ada Lovelace / Example Corp`, `李四 Lee`, `handle`.
pub(super) fn person(whole: &str) -> Option<(Speaker, NameConfidence)> {
    let (text, organization) = split_organization(whole).unzip();
    let text = text.unwrap_or(whole);
    let is_place = |place: &&str| !occupation::is_room(place) && !is_time(place);
    let organization = organization.filter(is_place);
    // `浜田 (@hama)さん`
    let (text, polite) = match without_honorifics(text) {
        (bare, true) if bare.ends_with([')', '）']) => (bare, true),
        _ => (text, false),
    };
    let (name, note) = parenthesis(text);
    let (name, inner) = if note.is_some() { parenthesis(name) } else { (name, None) };
    let (name, handle) = handle_in_front(name).unwrap_or_else(|| split_handle(name));
    // `王小明[潮汐科技] @ming`
    let (name, inner) = match inner {
        None if handle.is_some() => parenthesis(name),
        known => (name, known),
    };
    let (name, honoured) = without_honorifics(name);
    let polite = polite || honoured;
    let (name, second) = two_scripts(name);
    let mut speaker = Speaker {
        name: String::new(),
        alias: second.or(handle).map(|alias| bare(alias).to_owned()),
        organization: organization.map(str::trim).filter(|o| !o.is_empty()).map(str::to_owned),
    };
    let says =
        |note: &&str| !note.is_empty() && !words().is_remark(note) && !occupation::is_room(note);
    [inner, note]
        .into_iter()
        .flatten()
        .filter(says)
        .for_each(|own| add_note(&mut speaker, name, own));
    let around = |c: char| c.is_whitespace() || "*_/:：-–—\"'“”[]".contains(c);
    let name = if is_handle(name) { name } else { name.trim_matches(around) };
    let handled = handle.is_some() || note.is_some_and(is_handle);
    let own = Written { name, note, polite, handled, has_handle: handle.is_some() };
    let name_confidence = own.confidence(&speaker);
    speaker.name = first_chars(bare(name), MAX_NAME);
    // `潮汐株式会社 @tide`: the handle is that of the person.
    if handled && speaker.organization.is_none() && words().is_company(name) {
        let alias = speaker.alias.take();
        speaker.organization = alias.map(|own| std::mem::replace(&mut speaker.name, own));
    }
    speaker.alias = speaker.alias.map(|alias| first_chars(&alias, MAX_NAME));
    speaker.organization = speaker.organization.map(|own| first_chars(&own, MAX_NAME));
    (!name.is_empty()).then_some((speaker, name_confidence))
}

/// How a name is written.
struct Written<'a> {
    name: &'a str,
    note: Option<&'a str>,
    /// With `さん` and the like.
    polite: bool,
    handled: bool,
    has_handle: bool,
}

impl Written<'_> {
    /// How sure it is that this names `speaker`.
    fn confidence(&self, speaker: &Speaker) -> NameConfidence {
        let Self { name, note, polite, handled, has_handle } = *self;
        match name_confidence(name, speaker.alias.is_some()) {
            _ if is_short_for(name, note) => NameConfidence::None,
            NameConfidence::None if (polite || handled) && is_kana(name) => NameConfidence::Strong,
            NameConfidence::None => NameConfidence::None,
            // `Mr Tide` may be anybody, also in a film.
            _ if polite && !name.contains([' ', '@']) && !name.chars().any(is_cjk) => {
                NameConfidence::Weak
            }
            _ if polite || has_handle => NameConfidence::Strong,
            NameConfidence::Weak if speaker.organization.as_deref().is_some_and(employs) => {
                NameConfidence::Strong
            }
            NameConfidence::Weak if speaker.organization.is_some() => NameConfidence::Medium,
            NameConfidence::Medium if speaker.organization.is_some() => NameConfidence::Strong,
            known => known,
        }
    }
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
        speaker.alias = Some(bare(note).to_owned());
    } else if speaker.organization.is_none() {
        speaker.organization = Some(note.to_owned());
    }
}

/// Whether a note behind a name in Chinese, Japanese or Korean is where that person works: aliases are
/// short or in another script.
fn is_place(name: &str, note: &str) -> bool {
    let wide = note.chars().filter(|c| is_cjk(*c)).count();
    if words().honorifics().iter().any(|title| !title.is_ascii() && note.ends_with(title.as_str()))
    {
        return false;
    }
    let one_script = wide > 0 && name.chars().any(is_cjk);
    let korean = name.chars().all(|c| is_hangul(c) || c == ' ') && note.chars().any(is_hangul);
    one_script && (korean || wide > 2 || note.contains(' '))
}

/// Whether a note behind a full name is another name rather than a company: a handle, a name in
/// another script or a short form.
fn may_be_alias(name: &str, note: &str) -> bool {
    let short = |text: &str| text.chars().take(2).flat_map(char::to_lowercase).collect::<String>();
    let nickname = || name.split(' ').any(|word| short(word) == short(note)) && !note.contains(' ');
    note.starts_with('@') || is_han_name(note) || nickname()
}

fn split_organization(text: &str) -> Option<(&str, &str)> {
    marked_organization(text)
        .or_else(|| spaced_organization(text))
        .or_else(|| organization_in_front(text))
}

/// `한바다 너울은행 CTO` as name and what stands behind it: company and job in a script without spaces.
fn spaced_organization(text: &str) -> Option<(&str, &str)> {
    let (name, place) = text.split_once(' ')?;
    let short = name.chars().count() == 2 && name.chars().all(is_hangul);
    let least = if short { NameConfidence::Weak } else { NameConfidence::Medium };
    let named = is_han_name(name) && name_confidence(name, false) >= least;
    let last = place.rsplit(' ').next()?;
    let job = occupation::is_job(last) || words().ends_with_job(last);
    (named && job && !place.contains(['(', '（'])).then_some((name, place))
}

/// Whether a note says what a name is short for: `JIT (Just In Time)`.
fn is_short_for(name: &str, note: Option<&str>) -> bool {
    let initials = |note: &str| {
        note.split([' ', '-']).filter_map(|word| word.chars().next()).collect::<String>()
    };
    name.len() >= 2 && note.is_some_and(|note| initials(note).eq_ignore_ascii_case(name))
}

/// `潮汐科技 王小明` as name and company, where the company is surely none of the parts of a name.
fn organization_in_front(text: &str) -> Option<(&str, &str)> {
    let (place, name) = text.rsplit_once(' ')?;
    let (bare, polite) = without_honorifics(name);
    let named =
        is_han_name(bare) && (polite || name_confidence(bare, false) >= NameConfidence::Medium);
    let latin = |c: char| c.is_ascii_alphabetic();
    let kana = |c: char| ('\u{30a1}'..='\u{30ff}').contains(&c);
    let sure = words().is_company(place)
        || occupation::is_job(place)
        || place.chars().any(latin) && !is_full_latin(place) && !place.contains(['(', '（', '@'])
        || place.chars().filter(|c| is_cjk(*c) && !kana(*c)).count() >= 4
        || (polite && place.chars().filter(|c| kana(*c)).count() >= 3);
    (named && sure).then_some((name, place))
}

fn marked_organization(text: &str) -> Option<(&str, &str)> {
    let inside = |at: usize| {
        let head = text.get(..at).unwrap_or_default();
        head.matches(['(', '（']).count() > head.matches([')', '）']).count()
    };
    if !words().marks.before_companies.is_in(text) {
        return None;
    }
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
    // `async/await`: glued to a single word a slash parts no company from a name.
    let glued = mark == "/" && !name.contains(' ') && !name.chars().any(is_cjk);
    let joined = glued && organization.starts_with(char::is_lowercase);
    (!name.is_empty() && !organization.is_empty() && !joined).then_some((name, organization))
}

/// `@ada Ada Example` as name and handle.
fn handle_in_front(text: &str) -> Option<(&str, Option<&str>)> {
    let (handle, name) = text.split_once(' ')?;
    let named =
        name_confidence(name.trim(), false) >= NameConfidence::Medium && !name.contains('@');
    (is_handle(handle) && handle.starts_with('@') && named).then_some((name.trim(), Some(handle)))
}

/// `Ada Example @ada` as name and handle.
fn split_handle(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(' ') {
        Some((name, handle)) if handle.starts_with('@') && handle.len() > 1 => {
            let name = name.trim_end_matches([' ', '-', '–', ',']);
            // `Ada Example. @ada`, but `Ada E. @ada`.
            let ended = name.strip_suffix('.').filter(|name| {
                name.rsplit(' ').next().is_some_and(|word| word.chars().count() > 2)
            });
            (ended.unwrap_or(name), Some(handle))
        }
        _ => (text, None),
    }
}

/// A name without `Dr.` or `さん`; whether there was one.
fn without_honorifics(name: &str) -> (&str, bool) {
    let mut rest = name.trim();
    let mut found = false;
    if !words().is_honoured(rest) {
        return (rest, found);
    }
    for title in words().honorifics().iter() {
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
