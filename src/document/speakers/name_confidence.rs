//! How sure it is that a text is the name of a person.

use crate::document::text::is_cjk;
use crate::document::words::words;

/// How sure it is that a text names people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::document) enum NameConfidence {
    /// It does not.
    None,
    /// It may, where the other talks of the document have names at this place.
    Weak,
    /// It has the shape of a name.
    Medium,
    /// It does.
    Strong,
}

pub(super) fn name_confidence(name: &str, has_alias: bool) -> NameConfidence {
    let stops = |c: char| {
        c.is_ascii_digit() && !name.starts_with('@') || "?!:：？！「」《》#$%{}=<>".contains(c)
    };
    if name.chars().count() > 60 || words().holds_not_name(name) {
        return NameConfidence::None;
    }
    if name.chars().any(is_cjk) {
        return cjk_confidence(name, has_alias);
    }
    if name.contains(' ') {
        return if name.chars().any(stops) { NameConfidence::None } else { latin_confidence(name) };
    }
    let handle = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@');
    let is_handle = (2..=39).contains(&name.len())
        && name.chars().all(handle)
        && name.chars().any(|c| c.is_ascii_alphabetic())
        && !words().is_not_name(name);
    match (is_handle, has_alias || name.starts_with('@') || words().is_given_name(name)) {
        (true, true) => NameConfidence::Strong,
        (true, false) => NameConfidence::Weak,
        _ => NameConfidence::None,
    }
}

/// Names in Chinese, Japanese and Korean.
fn cjk_confidence(name: &str, has_alias: bool) -> NameConfidence {
    let parts: Vec<&str> =
        name.split([' ', '・', '·', '\u{3000}']).filter(|part| !part.is_empty()).collect();
    let wide = |c: char| is_cjk(c) || c == '-';
    let fits = |part: &&str| part.chars().all(wide) && part.chars().count() <= 8;
    if !parts.iter().all(fits) || parts.len() > 3 {
        return NameConfidence::None;
    }
    let first = name.chars().next();
    let length = name.chars().count();
    let hangul = first.is_some_and(|c| ('\u{ac00}'..='\u{d7af}').contains(&c));
    if parts.len() > 1 {
        // Korean names are seldom parted, and then behind a surname of one syllable.
        let korean = |part: &&str| {
            part.chars().count() == 1 && part.chars().all(|c| words().is_korean_surname(c))
        };
        let fits = length <= 12 && (!hangul || parts.first().is_some_and(korean));
        return if fits { NameConfidence::Medium } else { NameConfidence::Weak };
    }
    let surname = first
        .is_some_and(|c| if hangul { words().is_korean_surname(c) } else { words().is_surname(c) });
    let compound = words().has_compound_surname(name);
    match (length, surname) {
        (2..=4, _) if has_alias => NameConfidence::Strong,
        _ if (3..=4).contains(&length) && compound => NameConfidence::Strong,
        (3, true) if !hangul => NameConfidence::Strong,
        _ if hangul && words().is_korean_noun(name) => NameConfidence::None,
        // Words of two syllables are many more than such names.
        (2, true) if hangul => NameConfidence::Weak,
        _ if (2..=3).contains(&length) && surname => NameConfidence::Medium,
        _ if is_japanese(name) => NameConfidence::Medium,
        (2..=5, _) => NameConfidence::Weak,
        _ => NameConfidence::None,
    }
}

/// Whether a name is a surname in Chinese characters and a given name in kana: `山里なな`.
fn is_japanese(name: &str) -> bool {
    let kana = |c: char| ('\u{3041}'..='\u{30ff}').contains(&c);
    let surname = name.chars().take_while(|c| !kana(*c) || matches!(c, 'ノ' | 'ケ' | 'ヶ')).count();
    let given: Vec<char> = name.chars().skip(surname).collect();
    let one_kana = given.iter().all(|c| *c >= '\u{30a1}')
        || given.iter().all(|c| *c < '\u{30a1}' || *c == 'ー');
    (1..=4).contains(&surname)
        && (2..=4).contains(&given.len())
        && given.iter().all(|c| kana(*c))
        && one_kana
}

/// Names of several words in letters that have a case.
fn latin_confidence(name: &str) -> NameConfidence {
    let words = words();
    let tokens: Vec<&str> = name.split(' ').collect();
    if words.is_company(name) {
        return NameConfidence::None;
    }
    let first = tokens.first().copied().unwrap_or_default();
    let given = |token: &str| token == first && words.is_given_name(token);
    let foreign =
        |token: &&str| words.is_not_name(token) && !words.is_particle(token) && !given(token);
    let odd = tokens.iter().filter(|token| foreign(token)).count();
    // `Peter Small`: a surname may be a common word.
    let common = |token: &&str| foreign(token) && !words.is_job(token) && !words.is_job_part(token);
    let surname = odd == 1 && (2..=3).contains(&tokens.len()) && tokens.last().is_some_and(common);
    if tokens.len() > 5 || (odd > 0 && !surname) {
        return NameConfidence::None;
    }
    let capitalized = |token: &&str| {
        (token.starts_with(char::is_uppercase)
            || token.starts_with("d'")
            || token.starts_with("d’"))
            && token.chars().all(is_name_char)
            && !is_camel(token)
            || words.is_particle(token)
            || is_nickname(token)
    };
    if is_small(&tokens) {
        return NameConfidence::Weak;
    }
    let starts = tokens.first().is_some_and(|token| token.starts_with(char::is_uppercase));
    let shouts =
        tokens.iter().all(|token| token.len() <= 4 && token.chars().all(char::is_uppercase));
    let ends = tokens.last().is_some_and(|token| !words.is_particle(token));
    if !starts || !ends || shouts || !tokens.iter().all(capitalized) {
        return NameConfidence::None;
    }
    let part = first.split('-').next().unwrap_or(first);
    let known = words.is_given_name(first) || words.is_given_name(part);
    if !known && tokens.last().is_some_and(|token| words.is_job(token)) {
        return NameConfidence::None;
    }
    // `Will` begins names and questions.
    if known && words.is_not_name(first) {
        return if surname { NameConfidence::Weak } else { NameConfidence::Medium };
    }
    if surname {
        if known { NameConfidence::Medium } else { NameConfidence::Weak }
    } else if known {
        NameConfidence::Strong
    } else {
        NameConfidence::Medium
    }
}

/// Whether words are a common given name and one more, without capitals: `nora quill`.
fn is_small(tokens: &[&str]) -> bool {
    let [first, last] = tokens else { return false };
    let small = |token: &str| token.chars().all(|c| c.is_lowercase() || "-'’".contains(c));
    let known = words().is_given_name(first) && !words().is_not_name(first);
    known && small(first) && small(last) && last.chars().count() >= 3
}

/// `"Kit"` inside a name.
fn is_nickname(token: &str) -> bool {
    let quoted = [('"', '"'), ('“', '”')]
        .iter()
        .find_map(|(open, close)| token.strip_prefix(*open)?.strip_suffix(*close));
    quoted
        .is_some_and(|name| name.chars().all(is_name_char) && name.starts_with(char::is_uppercase))
}

fn is_name_char(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.')
}

/// Whether a capital stands inside a word as in names of products: `DevTools`, but not `McDonald`,
/// `MacDonald` or `Jean-Luc`.
fn is_camel(token: &str) -> bool {
    token.split(['-', '\'', '’']).any(|part| {
        let lower =
            part.char_indices().find(|(_, c)| c.is_lowercase()).map_or(part.len(), |(at, _)| at);
        let inner = part.char_indices().find(|(at, c)| *at > lower && c.is_uppercase());
        inner.is_some_and(|(at, _)| {
            let head = part.get(..at).unwrap_or_default();
            at > 2 && !words().is_surname_prefix(&head.to_lowercase())
        })
    })
}
