//! Where the front matter of a document ends and its text begins.

use super::json;
use crate::document::words::words;

/// A document's text, apart from its front matter.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::document) struct Split<'a> {
    /// The front matter where the document has one.
    pub front: Option<Source<'a>>,
    /// What follows it.
    pub body: &'a str,
    /// Number of lines before the body.
    pub lines_before: usize,
}

/// Front matter as text.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::document) struct Source<'a> {
    pub(super) syntax: Syntax,
    pub(super) text: &'a str,
    /// Number of the file's line that the text begins in.
    pub(super) first_line: usize,
    pub(super) closed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Yaml,
    Toml,
    /// An object, as Hugo has it.
    Json,
    /// `Key: value` lines without a fence, up to a blank line.
    Header,
}

/// Takes a document apart. A first `---` that is a rule begins no front matter.
pub(in crate::document) fn split(text: &str) -> Split<'_> {
    let whole = Split { front: None, body: text, lines_before: 0 };
    if let Some(split) = object(text) {
        return split;
    }
    let Some((first, rest)) = text.split_once('\n') else {
        return whole;
    };
    if let Some(split) = header(text) {
        return split;
    }
    let syntax = match first.trim_end() {
        "---" if begins_with_a_key(rest) => Syntax::Yaml,
        "+++" => Syntax::Toml,
        _ => return whole,
    };
    let mut end = 0;
    let mut lines_before = 1;
    for line in rest.split_inclusive('\n') {
        lines_before += 1;
        if closes(syntax, line.trim_end()) {
            let front = rest.get(..end).unwrap_or_default();
            let body = rest.get(end + line.len()..).unwrap_or_default();
            let source = Source { syntax, text: front, first_line: 2, closed: true };
            return Split { front: Some(source), body, lines_before };
        }
        end += line.len();
    }
    let source = Source { syntax, text: rest, first_line: 2, closed: false };
    Split { front: Some(source), body: "", lines_before }
}

/// A JSON object that ends with its line. One that is never closed is front matter, too, so that nothing
/// of it is published by mistake.
fn object(text: &str) -> Option<Split<'_>> {
    json::begins(text).then_some(())?;
    let end = json::end(text);
    let (front, rest) = text.split_at_checked(end.unwrap_or(text.len()))?;
    let (after, body) = rest.split_once('\n').unwrap_or((rest, ""));
    let source = Source { syntax: Syntax::Json, text: front, first_line: 1, closed: end.is_some() };
    let lines_before = front.matches('\n').count() + 1;
    after.trim().is_empty().then_some(Split { front: Some(source), body, lines_before })
}

/// A header such as Pelican's: it begins with `Title:`, and all its lines up to the first blank one
/// are known fields.
fn header(text: &str) -> Option<Split<'_>> {
    let key = |line: &str| line.split_once(':').map(|(key, _)| key.trim().to_ascii_lowercase());
    let known = |line: &str| key(line).is_some_and(|key| words().fields.is_in_header(&key));
    let first = text.lines().next()?;
    key(first).filter(|key| key == "title")?;
    let mut end = 0;
    let mut lines = 0;
    for line in text.split_inclusive('\n').take_while(|line| known(line)) {
        end += line.len();
        lines += 1;
    }
    let (front, body) = text.split_at_checked(end)?;
    let alone = body.lines().next().is_none_or(|line| line.trim().is_empty());
    let source = Source { syntax: Syntax::Header, text: front, first_line: 1, closed: true };
    alone.then_some(Split { front: Some(source), body, lines_before: lines })
}

fn closes(syntax: Syntax, line: &str) -> bool {
    match syntax {
        Syntax::Yaml => line == "---" || line == "...",
        Syntax::Toml => line == "+++",
        Syntax::Header | Syntax::Json => false,
    }
}

/// Whether the first line that is not blank and no comment reads `key: value`. An empty front matter
/// counts as one, too.
fn begins_with_a_key(rest: &str) -> bool {
    let first = rest.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let key = line
            .split_once(':')
            .filter(|(_, value)| value.is_empty() || value.starts_with([' ', '\t']));
        let is_key = |key: &str| {
            !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '"' | '\'' | '.'))
        };
        key.is_some_and(|(key, _)| is_key(key)) || line.trim_end() == "---"
    })
}
