//! What a title may trail.

use crate::document::words::words;

/// A title without what a heading may trail.
pub(in crate::document) fn trim_end(text: &str) -> &str {
    let mut text = without_period(without_marks(unquoted(text)));
    while let Some((rest, _)) = bracketed(text).filter(|(_, inner)| is_remark(inner)) {
        text = rest;
    }
    text
}

/// The language that the brackets behind a title name.
pub(super) fn language(text: &str) -> Option<&'static str> {
    bracketed(text.trim()).and_then(|(_, inner)| words().language(inner))
}

/// A text as what stands in front of the brackets that end it, and what stands in them.
pub(super) fn bracketed(text: &str) -> Option<(&str, &str)> {
    let pairs = [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】')];
    pairs.iter().find_map(|(open, close)| {
        let (rest, inner) = text.strip_suffix(*close)?.rsplit_once(*open)?;
        let rest = rest.trim_end();
        (!rest.is_empty()).then_some((rest, inner.trim()))
    })
}

/// Whether brackets hold a language, how long a talk took or a link: `(EN)`, `(20 min)`, `(slides)`.
fn is_remark(inner: &str) -> bool {
    let number = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let long = number.len() < inner.len() && words().is_duration(number.trim());
    long || words().language(inner).is_some() || words().is_link_word(inner)
}

/// A title without the full stop behind its last word, unless that is short for something.
fn without_period(text: &str) -> &str {
    let Some(rest) = text.strip_suffix('.').filter(|rest| !rest.ends_with('.')) else {
        return text.strip_suffix('。').unwrap_or(text);
    };
    let last = rest.rsplit([' ', '.']).next().unwrap_or_default();
    let short = last.chars().count() <= 4 && last.starts_with(char::is_uppercase);
    let word = last.chars().count() >= 3 && !rest.trim_end_matches(last).ends_with('.');
    if short || !word || !rest.contains(' ') { text } else { rest }
}

fn without_marks(text: &str) -> &str {
    let without = text.trim_end_matches([':', '：', '#', ' ']);
    let cut = text.strip_prefix(without).unwrap_or_default();
    let belongs = cut.starts_with('#')
        && !cut.contains(' ')
        && without.chars().last().is_some_and(char::is_alphanumeric);
    if belongs || without.is_empty() {
        text.trim().trim_end_matches([':', '：']).trim()
    } else {
        without
    }
}

/// A title without the quotation marks around the whole of it.
fn unquoted(text: &str) -> &str {
    let pairs =
        [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('»', '«'), ('「', '」'), ('『', '』')];
    let inner = pairs.iter().find_map(|(open, close)| {
        let inner = text.trim().strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close])).then(|| inner.trim())
    });
    inner.filter(|inner| !inner.is_empty()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_title_trails() {
        for (text, expected) in [
            ("Ropes (slides)", "Ropes"),
            ("Ropes ([link])", "Ropes ([link])"),
            ("Ropes (20 min) (EN)", "Ropes"),
            ("繩索（連結）", "繩索"),
            ("Ropes and tides.", "Ropes and tides"),
            ("Ropes at Harbor Inc.", "Ropes at Harbor Inc."),
            ("\"Ropes\"", "Ropes"),
            ("Learning C#", "Learning C#"),
            ("Ropes (again)", "Ropes (again)"),
        ] {
            assert_eq!(trim_end(text), expected, "{text}");
        }
    }
}
