//! Where the front matter of a document ends and its text begins.

use super::json;
use crate::document::publication;
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
    /// An object between fences.
    FencedJson,
    /// A language that is not read, such as JavaScript: it may say anything, that the document is a draft, too.
    Other,
    /// `Key: value` lines without a fence, up to a blank line.
    Header,
}

impl Source<'_> {
    /// Number of the line with the fence.
    pub(super) fn fence(&self) -> usize {
        self.first_line.saturating_sub(usize::from(self.syntax.has_fence())).max(1)
    }
}

impl Syntax {
    fn has_fence(self) -> bool {
        !matches!(self, Self::Json | Self::Header)
    }
}

/// Takes a document apart. A first `---` that is a rule begins no front matter.
pub(in crate::document) fn split(text: &str) -> Split<'_> {
    let (above, rest) = text.split_at_checked(blank_lines(text)).unwrap_or(("", text));
    let above = above.matches('\n').count();
    let found = object(rest).or_else(|| header(rest)).or_else(|| fenced(rest, above > 0));
    let Some(mut split) = found else {
        return Split { front: None, body: text, lines_before: 0 };
    };
    split.lines_before += above;
    split.front.iter_mut().for_each(|front| front.first_line += above);
    split
}

/// The bytes of the blank lines and the comments of one line that `text` begins with.
fn blank_lines(text: &str) -> usize {
    let is_comment = |line: &str| {
        let inner = line.strip_prefix("<!--").and_then(|line| line.strip_suffix("-->"));
        inner.is_some_and(|inner| !inner.contains("-->"))
    };
    let skipped = |line: &&str| line.trim().is_empty() || is_comment(line.trim());
    text.split_inclusive('\n').take_while(skipped).map(str::len).sum()
}

/// Fields between two fences. What other programs would not take for a fence, such as `-----` or one with
/// blank lines `above` it, is one where it is closed and all between are fields, or where a field holds the
/// document back.
fn fenced(text: &str, above: bool) -> Option<Split<'_>> {
    let (first, rest) = text.split_once('\n')?;
    let (fence, syntax) = opening(first)?;
    let exact = !above && first.starts_with(fence) && fence.len() == 3;
    let lines = || rest.split_inclusive('\n');
    let closing = closing(syntax, fence, lines());
    let end: usize = lines().take(closing.unwrap_or(usize::MAX)).map(str::len).sum();
    let front = rest.get(..end)?;
    let withheld = || {
        let fields = front.lines().skip_while(|line| line.trim().is_empty());
        fields.take_while(|line| !line.trim().is_empty()).any(publication::holds_back)
    };
    let meant = match first.trim_end() {
        "+++" if exact => true,
        "---" if exact => begins_with_a_key(rest, syntax) || withheld(),
        _ if exact => closing.is_some() || withheld(),
        _ => {
            closing.is_some() && are_fields(front) && begins_with_a_key(rest, syntax) || withheld()
        }
    };
    let source = Source { syntax, text: front, first_line: 2, closed: closing.is_some() };
    let body = rest.get(end..)?;
    let after = body.split_once('\n').map_or("", |(_, body)| body);
    let lines_before = 1 + closing.map_or_else(|| lines().count(), |line| line + 1);
    meant.then_some(Split { front: Some(source), body: after, lines_before })
}

/// The fence in a first line, and the language that it stands for: `---`, `+++`, `-----`, `---toml`.
fn opening(line: &str) -> Option<(&str, Syntax)> {
    let line = line.trim_end();
    let bare = line.trim_start_matches(' ');
    let mark = bare.chars().next().filter(|mark| matches!(mark, '-' | '+'))?;
    let word = bare.trim_start_matches(mark);
    let fence = bare.strip_suffix(word).filter(|fence| fence.len() >= 3)?;
    let syntax = match (mark, word) {
        ('+', "") => Syntax::Toml,
        ('-', "toml") => Syntax::Toml,
        ('-', "json") => Syntax::FencedJson,
        ('-', "") => Syntax::Yaml,
        ('-', word) if word.starts_with(" #") => Syntax::Yaml,
        ('-', "yaml" | "yml") => Syntax::Yaml,
        ('-', word) if fence.len() == 3 && word.chars().all(|c| c.is_ascii_lowercase()) => {
            Syntax::Other
        }
        _ => return None,
    };
    (line.len() - bare.len() <= 3).then_some((fence, syntax))
}

/// The index of the line that closes front matter; where none is exactly like a fence, one that is indented
/// or longer.
fn closing<'a>(
    syntax: Syntax,
    fence: &str,
    lines: impl Iterator<Item = &'a str> + Clone,
) -> Option<usize> {
    let ends = |line: &str| line == fence || (syntax == Syntax::Yaml && line == "...");
    let alike = |line: &str| {
        line.len() >= 3 && fence.chars().next().is_some_and(|mark| line.chars().all(|c| c == mark))
    };
    lines
        .clone()
        .position(|line| ends(line.trim_end()))
        .or_else(|| lines.clone().position(|line| alike(line.trim())))
}

/// Whether every line is a field, a part of one, blank or a comment.
fn are_fields(text: &str) -> bool {
    text.lines().all(|line| {
        let inner = line.trim();
        let within = line.starts_with([' ', '\t']) || inner.starts_with(['-', '#', ']', '}', '[']);
        inner.is_empty() || within || inner.contains([':', '='])
    })
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
/// are known fields. It may begin with another one where a field holds the document back.
fn header(text: &str) -> Option<Split<'_>> {
    let key = |line: &str| line.split_once(':').map(|(key, _)| key.trim().to_ascii_lowercase());
    let known = |line: &str| key(line).is_some_and(|key| words().fields.is_in_header(&key));
    let mut end = 0;
    let mut lines = 0;
    let first = text.lines().next().and_then(key);
    let mut meant = first.as_deref() == Some("title");
    for line in text.split_inclusive('\n').take_while(|line| known(line)) {
        meant |= publication::holds_back(line);
        end += line.len();
        lines += 1;
    }
    let (front, body) = text.split_at_checked(end).filter(|_| meant)?;
    let alone = body.lines().next().is_none_or(|line| line.trim().is_empty());
    let source = Source { syntax: Syntax::Header, text: front, first_line: 1, closed: true };
    alone.then_some(Split { front: Some(source), body, lines_before: lines })
}

/// Whether the first line that is not blank and no comment reads `key: value`. An empty front matter
/// counts as one, too.
fn begins_with_a_key(rest: &str, syntax: Syntax) -> bool {
    let mark = if syntax == Syntax::Toml { '=' } else { ':' };
    let first = rest.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let key = line
            .trim_start()
            .split_once(mark)
            .map(|(key, value)| if mark == '=' { (key.trim_end(), value) } else { (key, value) })
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
