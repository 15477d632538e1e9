//! What scripts tell of a name.

use crate::document::text::is_cjk;

pub(super) fn is_hangul(c: char) -> bool {
    ('\u{ac00}'..='\u{d7af}').contains(&c)
}

pub(super) fn is_full_latin(name: &str) -> bool {
    name.contains(' ') && !name.chars().any(is_cjk)
}

/// `王小明 Ming` as name and alias.
pub(super) fn two_scripts(name: &str) -> (&str, Option<&str>) {
    let Some((first, second)) = name.split_once(' ') else {
        return (name, None);
    };
    let latin = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    let all_latin = second.split(' ').all(latin) && second.split(' ').count() <= 3;
    if is_han_name(first) && all_latin { (first, Some(second)) } else { (name, None) }
}

/// Whether a text is a word of a few kana, which is a name only where another sign says so.
pub(super) fn is_kana(text: &str) -> bool {
    let kana = |c: char| ('\u{3041}'..='\u{30ff}').contains(&c);
    (2..=12).contains(&text.chars().count()) && text.chars().all(is_cjk) && text.chars().any(kana)
}

pub(super) fn is_han_name(text: &str) -> bool {
    (2..=4).contains(&text.chars().count()) && text.chars().all(is_cjk)
}
