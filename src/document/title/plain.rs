//! Text without marks and symbols.

use crate::api::Medal;
use crate::document::markdown::inline::without_addresses;
use crate::document::memo::Memo;

/// HTML elements that stand inside a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "br", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd",
    "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "wbr",
];

/// Text without the marks of Markdown: links become their texts, code and emphasis lose their marks.
pub(in crate::document) fn plain(text: &str) -> String {
    if !text.contains(['[', '<', '&', '*', '~', '=', '`', '_']) {
        return joined(text.split_whitespace());
    }
    thread_local! { static KEPT: Memo<String> = Memo::default(); }
    KEPT.with(|kept| kept.of(text, || without_marks(text)))
}

fn without_marks(text: &str) -> String {
    let mut text = without_tags(&without_addresses(text));
    for mark in ["**", "~~", "==", "`"] {
        if text.contains(mark) {
            text = text.replace(mark, "");
        }
    }
    let text = if text.contains("__") {
        let words: Vec<String> = text.split_whitespace().map(without_underscores).collect();
        words.join(" ")
    } else {
        joined(text.split_whitespace())
    };
    let text = without_stars(text);
    let emphasized = text.strip_prefix('_').and_then(|text| text.strip_suffix('_'));
    emphasized.filter(|inner| !inner.is_empty()).map_or(text.clone(), str::to_owned)
}

/// Words with single spaces between them.
fn joined<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut text = String::with_capacity(64);
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// Text without the HTML elements that stand inside a line, and with characters for its entities.
fn without_tags(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        match tag.split_once('>').filter(|_| INLINE.contains(&name.as_str())) {
            Some((_, after)) => {
                plain.push_str(if name == "br" { " " } else { "" });
                rest = after;
            }
            None => {
                plain.push('<');
                rest = tag;
            }
        }
    }
    plain.push_str(rest);
    htmlize::unescape(plain).into_owned()
}

/// A word without the `__` of emphasis, which belong to a handle such as `@__ada__`.
fn without_underscores(word: &str) -> String {
    let is_handle = word.trim_start_matches(['(', '[', '（']).starts_with('@');
    if is_handle { word.to_owned() } else { word.replace("__", "") }
}

/// `*a* b` as `a b`; stars with a space at each side are signs of their own.
fn without_stars(text: String) -> String {
    if !text.contains('*') {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let space = |at: Option<usize>| {
        at.and_then(|at| chars.get(at)).is_none_or(|c: &char| c.is_whitespace())
    };
    let marks = |at: usize| {
        chars.get(at) == Some(&'*') && !(space(at.checked_sub(1)) && space(at.checked_add(1)))
    };
    let count = (0..chars.len()).filter(|at| marks(*at)).count();
    if count == 0 || !count.is_multiple_of(2) {
        return text;
    }
    chars.iter().enumerate().filter(|(at, _)| !marks(*at)).map(|(_, c)| *c).collect()
}

/// Removes emoji and other symbols at both ends; a medal among them is kept in mind.
pub(super) fn without_symbols(text: &str, medal: &mut Option<Medal>) -> String {
    let mut found = |c: char| {
        let kind = match c {
            '🥇' => Some(Medal::Gold),
            '🥈' => Some(Medal::Silver),
            '🥉' => Some(Medal::Bronze),
            _ => None,
        };
        *medal = medal.or(kind);
        is_symbol(c)
    };
    let rest = text.trim_start_matches(|c: char| c.is_whitespace() || found(c));
    let rest = rest.trim_end_matches(|c: char| c.is_whitespace() || found(c));
    if rest.is_empty() { text.to_owned() } else { rest.to_owned() }
}

/// Emoji, dingbats and the invisible marks that belong to them.
pub(in crate::document) fn is_symbol(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}'
        | '\u{fe0f}' | '\u{200d}')
}
