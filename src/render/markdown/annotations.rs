//! What HackMD writes in brackets within a text: readings over characters, who said something, when,
//! and in which colour; and abbreviations with what they stand for.

use std::collections::BTreeMap;

use comrak::nodes::{Node, NodeValue};

use super::pieces::Piece;
use super::{Passes, start, tones};

/// Characters of a text with a reading over it, and of the reading.
const MAX_RUBY: usize = 40;
/// Characters of a name, a time or an abbreviation.
const MAX_LABEL: usize = 100;
/// Bytes of all that in brackets.
const MAX_BYTES: usize = 512;
/// Abbreviations that are looked for; each costs a look at every text.
const MAX_ABBREVIATIONS: usize = 100;

/// The first `{漢字|かんじ}` in `text`. Only CJK characters get readings: `{on|off}` is something else.
pub(super) fn find_ruby(text: &str) -> Option<(&str, Piece, &str)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find('{')?;
        let (before, rest) = text.split_at_checked(at)?;
        if let Some((inner, after)) = bracketed(rest, '}')
            && let Some(piece) = ruby(inner)
        {
            return Some((before, piece, after));
        }
        from = at + 1;
    }
}

/// What stands between the bracket that `text` begins with and `close`, and what follows.
fn bracketed(text: &str, close: char) -> Option<(&str, &str)> {
    let (inner, _) = start(text, MAX_BYTES).get(1..)?.split_once(close)?;
    Some((inner, text.get(1 + inner.len() + close.len_utf8()..)?))
}

fn ruby(inner: &str) -> Option<Piece> {
    let (base, reading) = inner.split_once('|')?;
    let is_fit = |text: &str| !text.trim().is_empty() && text.chars().count() <= MAX_RUBY;
    if !is_fit(base) || !is_fit(reading) || !base.chars().all(crate::render::prose::is_cjk) {
        return None;
    }
    let characters: Vec<String> = base.chars().map(String::from).collect();
    let readings: Vec<&str> = reading.split('|').collect();
    let mut pieces = vec![Piece::Html("<ruby>".to_owned())];
    // One reading for each character, or one for all of them.
    if characters.len() == readings.len() {
        for (character, reading) in characters.into_iter().zip(readings) {
            pieces.extend([Piece::Text(character), over(reading)]);
        }
    } else {
        pieces.extend([Piece::Text(base.to_owned()), over(&readings.concat())]);
    }
    pieces.push(Piece::Html("</ruby>".to_owned()));
    Some(Piece::Row(pieces))
}

fn over(reading: &str) -> Piece {
    let mut html = String::from("<rp>(</rp><rt>");
    // Writing to a string does not fail.
    let _ = comrak::html::escape(&mut html, reading);
    html.push_str("</rt><rp>)</rp>");
    Piece::Html(html)
}

/// The first `[name=…]`, `[time=…]` or `[color=…]` in `text`, at its beginning or after a space.
pub(super) fn find_remark(text: &str) -> Option<(&str, Piece, &str)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find('[')?;
        let (before, rest) = text.split_at_checked(at)?;
        let is_free = before.chars().next_back().is_none_or(|c| c.is_whitespace() || c == ']');
        if is_free
            && let Some((inner, after)) = bracketed(rest, ']')
            && let Some(piece) = remark(inner)
        {
            return Some((before, piece, after));
        }
        from = at + 1;
    }
}

fn remark(inner: &str) -> Option<Piece> {
    let (key, value) = inner.split_once('=')?;
    let value = value.trim();
    if value.is_empty() || value.chars().count() > MAX_LABEL {
        return None;
    }
    match key {
        "name" => Some(wrapped("<small class=\"remark-author\">", value, "</small>")),
        "time" => Some(wrapped("<small class=\"remark-time\">", value, "</small>")),
        "color" => {
            let tone = tones::nearest(value)?;
            Some(Piece::Html(format!("<span class=\"remark-tone tone-{tone}\"></span>")))
        }
        _ => None,
    }
}

fn wrapped(open: &str, text: &str, close: &str) -> Piece {
    Piece::Wrapped { open: open.to_owned(), text: text.to_owned(), close: close.to_owned() }
}

/// Abbreviations of a note with what they stand for.
pub(super) type Abbreviations = BTreeMap<String, String>;

/// Takes the lines of `*[K8S]: Kubernetes` out of the paragraphs of the note.
pub(super) fn take_abbreviations<'a>(passes: &Passes<'a, '_>, root: Node<'a>) -> Abbreviations {
    let mut all = Abbreviations::new();
    if !passes.lines.iter().any(|line| line.trim_start().starts_with("*[")) {
        return all;
    }
    for node in root.descendants().collect::<Vec<_>>() {
        if node.data().value != NodeValue::Paragraph {
            continue;
        }
        let position = node.data().sourcepos;
        let lines = position.start.line..=position.end.line;
        let found: BTreeMap<usize, _> =
            lines.filter_map(|line| Some((line, abbreviation(passes.line(line))?))).collect();
        if found.is_empty() || all.len() + found.len() > MAX_ABBREVIATIONS {
            continue;
        }
        take_lines(node, |line| found.contains_key(&line));
        for (short, long) in found.into_values() {
            all.entry(short).or_insert(long);
        }
        if node.first_child().is_none() {
            node.detach();
        }
    }
    all
}

/// Takes out of `paragraph` what stands in the lines that `is_taken` names, with the breaks before it.
fn take_lines<'a>(paragraph: Node<'a>, is_taken: impl Fn(usize) -> bool) {
    let is_break =
        |node: Node<'a>| matches!(node.data().value, NodeValue::SoftBreak | NodeValue::LineBreak);
    for child in paragraph.children().collect::<Vec<_>>() {
        // A break stands in the line that it ends.
        if !is_break(child) && is_taken(child.data().sourcepos.start.line) {
            child.detach();
        }
    }
    let mut after_break = true;
    for child in paragraph.children().collect::<Vec<_>>() {
        if is_break(child) && after_break {
            child.detach();
        } else {
            after_break = is_break(child);
        }
    }
    if let Some(last) = paragraph.last_child().filter(|last| is_break(last)) {
        last.detach();
    }
}

fn abbreviation(line: &str) -> Option<(String, String)> {
    let (short, long) = line.trim().strip_prefix("*[")?.split_once("]:")?;
    let (short, long) = (short.trim(), long.trim());
    let is_fit = |text: &str| !text.is_empty() && text.chars().count() <= MAX_LABEL;
    (is_fit(short) && is_fit(long)).then(|| (short.to_owned(), long.to_owned()))
}

/// The first of `abbreviations` in `text` that stands there as a word; of two at one place the longer.
pub(super) fn find_abbreviation<'t>(
    abbreviations: &Abbreviations,
    text: &'t str,
) -> Option<(&'t str, Piece, &'t str)> {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let place = |short: &str| {
        text.match_indices(short).find_map(|(at, _)| {
            let (before, rest) = text.split_at_checked(at)?;
            let after = rest.strip_prefix(short)?;
            let is_word = !joins(before.chars().next_back()) && !joins(after.chars().next());
            is_word.then_some((before, after))
        })
    };
    let found = abbreviations
        .iter()
        .filter_map(|(short, long)| place(short).map(|around| (around, short, long)))
        .min_by_key(|((before, after), ..)| (before.len(), after.len()));
    let ((before, after), short, long) = found?;
    let mut open = String::from("<abbr title=\"");
    let _ = comrak::html::escape(&mut open, long);
    open.push_str("\">");
    Some((before, wrapped(&open, short, "</abbr>"), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_stand_over_cjk_characters_only() {
        let written = |inner: &str| match ruby(inner) {
            Some(Piece::Row(pieces)) => pieces
                .into_iter()
                .map(|piece| match piece {
                    Piece::Html(text) | Piece::Text(text) => text,
                    other => panic!("{other:?}"),
                })
                .collect::<String>()
                .replace("<rp>(</rp>", "")
                .replace("<rp>)</rp>", ""),
            other => panic!("{other:?}"),
        };
        assert_eq!(written("漢字|かん|<じ"), "<ruby>漢<rt>かん</rt>字<rt>&lt;じ</rt></ruby>");
        assert_eq!(written("漢字|かん<じ"), "<ruby>漢字<rt>かん&lt;じ</rt></ruby>");
        assert_eq!(written("今日|き|ょ|う"), "<ruby>今日<rt>きょう</rt></ruby>");
        assert_eq!(written("大人|おとな|"), "<ruby>大<rt>おとな</rt>人<rt></rt></ruby>");
        for text in ["on|off", "|x", "漢|", "漢", "a|漢"] {
            assert_eq!(ruby(text), None, "{text}");
        }
    }

    #[test]
    fn remarks_are_names_times_and_known_colours() {
        assert!(matches!(remark("name=<b>"), Some(Piece::Wrapped { text, .. }) if text == "<b>"));
        assert!(
            matches!(remark("color=Red"), Some(Piece::Html(html)) if html.contains("tone-red"))
        );
        for text in ["color=red;background:url(x)", "name=", "onclick=x", "color=#ff"] {
            assert_eq!(remark(text), None, "{text}");
        }
        assert_eq!(find_remark("input[name=q]"), None);
    }
}
