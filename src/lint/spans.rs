//! Where in its line a diagnostic stands.

use std::ops::Range;

use super::Mark;
use super::text::Text;
use crate::api::Diagnostic;
use crate::document::{Code as Reading, is_address, parts_addresses};
use crate::render::Code as Rendering;

/// Lines below a talk's heading in which an address of its speaker is looked for.
const LINES_BELOW: usize = 8;

/// What `diagnostic` is about, the place of the diagnostic first. Nothing where it is about the
/// document as a whole.
pub(super) fn marks(diagnostic: &Diagnostic, text: &Text<'_>) -> Vec<Mark> {
    let number = |number: Option<i32>| number.and_then(|number| usize::try_from(number).ok());
    let Some(line) = number(diagnostic.line) else { return Vec::new() };
    let Some(written) = written(text, line) else { return Vec::new() };
    let from = number(diagnostic.column).and_then(|column| text.offset(line, column));
    let code = diagnostic.code.as_str();
    let is = |reading: Reading| code == reading.code();
    if is(Reading::SetextTrap) {
        return setext(text, line, written);
    } else if is(Reading::PersonalData) {
        return vec![address(text, line).unwrap_or_else(|| Mark::new(written, ""))];
    } else if is(Reading::SignedLink) || code == Rendering::LinkSigned.code() {
        return vec![private(url(text, from.unwrap_or(written.start), written))];
    }
    let range = if is(Reading::HeadingWithoutSpace) {
        while_chars(text, written, |c| c == '#')
    } else if is(Reading::Field) {
        let from = from.filter(|from| written.contains(from)).unwrap_or(written.start);
        value(text, &diagnostic.message, from..written.end)
    } else if code == Rendering::LinkDropped.code() {
        url(text, from.unwrap_or(written.start), written)
    } else if is(Reading::ImageMissing) || is(Reading::ImageLinked) {
        path(text, from.unwrap_or(written.start), written)
    } else if code == Rendering::HtmlRemoved.code() {
        tag(text, from.unwrap_or(written.start), written)
    } else if code == Rendering::FootnoteUnused.code() {
        until(text, from.unwrap_or(written.start), written, ':')
    } else if is(Reading::Key) {
        key(text, from.unwrap_or(written.start)..written.end)
    } else if is(Reading::Rule) {
        word(text, from.unwrap_or(written.start)..written.end)
    } else if from.is_none_or(|from| from <= written.start)
        && text.slice(written.clone()).starts_with('#')
    {
        behind_marks(text, written)
    } else {
        from.filter(|from| written.contains(from)).map_or(written.clone(), |from| from..written.end)
    };
    vec![Mark::new(range, label(code))]
}

/// A few words beside the underline, where the message leaves open what is underlined.
fn label(code: &str) -> &'static str {
    let reading = [
        (Reading::OpenFence, "opened here"),
        (Reading::OpenHtml, "opened here"),
        (Reading::HeadingWithoutSpace, "a space is missing behind this"),
        (Reading::DuplicateTalk, "here it stands again"),
    ];
    let rendering = [(Rendering::ContainerUnclosed, "opened here")];
    let reading = reading.into_iter().map(|(known, label)| (known.code(), label));
    let rendering = rendering.into_iter().map(|(known, label)| (known.code(), label));
    reading.chain(rendering).find(|(known, _)| *known == code).map_or("", |(_, label)| label)
}

/// The bytes of a line without the white space around it.
fn written(text: &Text<'_>, line: usize) -> Option<Range<usize>> {
    let range = text.line_range(line)?;
    let content = text.slice(range.clone());
    let start = range.start + content.len() - content.trim_start().len();
    Some(start..start + content.trim().len())
}

/// The text of a heading.
fn behind_marks(text: &Text<'_>, heading: Range<usize>) -> Range<usize> {
    let content = text.slice(heading.clone());
    let words = content.trim_start_matches('#').trim_start();
    if words.is_empty() {
        heading
    } else {
        heading.start + content.len() - words.len()..heading.end
    }
}

/// Text, and the dashes under it that make a heading of it.
fn setext(text: &Text<'_>, line: usize, written: Range<usize>) -> Vec<Mark> {
    let mut marks = vec![Mark::new(written, "")];
    if let Some(dashes) = self::written(text, line + 1).filter(|range| !range.is_empty()) {
        marks.push(Mark::new(dashes, "this makes a heading of it"));
    }
    marks
}

fn private(range: Range<usize>) -> Mark {
    Mark { private: true, ..Mark::new(range, "") }
}

/// The first address or phone number in or below a talk's heading.
fn address(text: &Text<'_>, line: usize) -> Option<Mark> {
    let near = text.lines_from(line).take(LINES_BELOW + 1).map(|(number, _)| number);
    near.filter_map(|number| text.line_range(number)).find_map(|range| {
        let mut start = range.start;
        text.slice(range).split_inclusive(parts_addresses).find_map(|piece| {
            let word = piece.trim_end_matches(parts_addresses);
            let at = start;
            start += piece.len();
            is_address(word).then(|| private(at..at + word.len()))
        })
    })
}

/// The URL that begins at or after `from`; in a link that is what stands in its brackets.
fn url(text: &Text<'_>, from: usize, line: Range<usize>) -> Range<usize> {
    let rest = text.slice(from..line.end);
    let behind = rest.starts_with('[').then(|| rest.find("](").map(|at| at + 2)).flatten();
    let scheme = || rest.find("://").map(|at| at - rest.get(..at).map_or(0, scheme_length));
    let start = behind.or_else(scheme).map_or(from, |at| from + at);
    let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"' | '`' | '，' | '。');
    let length = text.slice(start..line.end).find(ends).unwrap_or(line.end.saturating_sub(start));
    if length == 0 { from..line.end } else { start..start + length }
}

/// The path of an image that begins at `from`.
fn path(text: &Text<'_>, from: usize, line: Range<usize>) -> Range<usize> {
    let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"' | '\'');
    let length = text.slice(from..line.end).find(ends).filter(|length| *length > 0);
    from..length.map_or(line.end, |length| from + length)
}

/// Bytes of the scheme at the end of `before`.
fn scheme_length(before: &str) -> usize {
    before.len() - before.trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len()
}

/// The tag that begins at or after `from`.
fn tag(text: &Text<'_>, from: usize, line: Range<usize>) -> Range<usize> {
    let start = text.slice(from..line.end).find('<').map_or(from, |at| from + at);
    let length = text.slice(start..line.end).find('>').map(|at| at + 1);
    start..length.map_or(line.end, |length| start + length)
}

/// From `from` up to and with `end`.
fn until(text: &Text<'_>, from: usize, line: Range<usize>, end: char) -> Range<usize> {
    let length = text.slice(from..line.end).find(end).map(|at| at + end.len_utf8());
    from..length.map_or(line.end, |length| from + length)
}

fn while_chars(text: &Text<'_>, line: Range<usize>, wanted: fn(char) -> bool) -> Range<usize> {
    let rest = text.slice(line.clone());
    line.start..line.start + rest.len() - rest.trim_start_matches(wanted).len()
}

/// The key of a field that `range` begins with.
fn key(text: &Text<'_>, range: Range<usize>) -> Range<usize> {
    while_chars(text, range, |c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// The word that `range` begins with, or all of it where it begins with none.
fn word(text: &Text<'_>, range: Range<usize>) -> Range<usize> {
    let word = while_chars(text, range.clone(), |c| c.is_alphanumeric() || c == '-');
    if word.is_empty() { range } else { word }
}

/// The value of the field that `message` names in back-ticks, where the line is that of the field.
fn value(text: &Text<'_>, message: &str, line: Range<usize>) -> Range<usize> {
    let content = text.slice(line.clone());
    let field = message.split('`').nth(1).unwrap_or_default();
    let split = content.find([':', '=']).and_then(|at| content.split_at_checked(at + 1));
    let named = |key: &str| {
        let key = key.trim_end_matches([':', '=']).trim().trim_matches(['"', '\'']);
        key.eq_ignore_ascii_case(field)
    };
    match split.filter(|(key, value)| named(key) && !value.trim().is_empty()) {
        Some((key, value)) => {
            let start = line.start + key.len() + value.len() - value.trim_start().len();
            let is_json = key.starts_with('"');
            start..start + if is_json { json_value(value.trim()) } else { value.trim().len() }
        }
        None => line,
    }
}

/// Bytes of the value that a text begins with, without the comma or brace behind it.
fn json_value(text: &str) -> usize {
    let quoted = text.strip_prefix('"').and_then(|inside| inside.find('"')).map(|at| at + 2);
    let open = text.starts_with(['[', '{']);
    let bare = || text.find([',', '}', ']']).filter(|_| !open);
    quoted.or_else(bare).unwrap_or(text.trim_end_matches(',').len())
}
