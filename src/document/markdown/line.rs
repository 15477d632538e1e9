//! What a line begins with, without regard to the lines before it.

/// Columns of white space in front of a line (a tab goes to the next multiple of four), and what
/// follows, without white space at its end.
pub(in crate::document) fn indentation(line: &str) -> (usize, &str) {
    let mut columns = 0_usize;
    for c in line.chars() {
        match c {
            ' ' => columns += 1,
            '\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    (columns, line.trim_start_matches([' ', '\t']).trim_end())
}

pub(super) fn heading_level(rest: &str) -> Option<u8> {
    let marks = rest.chars().take_while(|&c| c == '#').count();
    let after = rest.chars().nth(marks);
    let level = u8::try_from(marks).ok().filter(|level| (1..=6).contains(level))?;
    after.is_none_or(|c| c == ' ' || c == '\t').then_some(level)
}

/// `##Heading`, which is no heading for `CommonMark`; a single `#word` is a hashtag unless more words
/// and no other hashtag follow.
pub(super) fn lacks_space(rest: &str) -> bool {
    let marks = rest.chars().take_while(|&c| c == '#').count();
    let begins = rest.chars().nth(marks).is_some_and(|c| c.is_alphanumeric() || !c.is_ascii());
    let first =
        rest.chars().nth(1).is_some_and(|c| c.is_uppercase() || crate::document::text::is_cjk(c));
    let sentence = || first && rest.contains(' ') && rest.matches('#').count() == 1;
    begins && ((2..=6).contains(&marks) || (marks == 1 && sentence()))
}

/// The level of the heading that an underline makes of the `lines` above it. Three dashes are meant
/// as a rule by those who take notes; a longer line of them under one line is drawn on purpose.
pub(super) fn underline_level(mark: char, rest: &str, lines: usize, setext: bool) -> Option<u8> {
    match mark {
        '=' => Some(1),
        _ if lines == 1 && (setext || rest.len() >= 5) => Some(2),
        _ => None,
    }
}

pub(super) fn underline(rest: &str) -> Option<char> {
    let mark = rest.chars().next().filter(|&c| c == '=' || c == '-')?;
    rest.chars().all(|c| c == mark).then_some(mark)
}

pub(super) fn is_rule(rest: &str) -> bool {
    let Some(mark) = rest.chars().next().filter(|c| "-*_".contains(*c)) else {
        return false;
    };
    let mut marks = 0;
    rest.chars().all(|c| {
        marks += usize::from(c == mark);
        c == mark || c == ' ' || c == '\t'
    }) && marks >= 3
}

/// The width of a list marker and what follows it. In a paragraph, only `1.` and items with text
/// begin a list.
pub(super) fn marker(rest: &str, in_paragraph: bool) -> Option<(usize, &str)> {
    let (width, after) = if let Some(after) = rest.strip_prefix(['*', '+', '-']) {
        (1, after)
    } else {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = rest.strip_suffix(after)?;
        if number.is_empty() || number.len() > 9 || (in_paragraph && number != "1") {
            return None;
        }
        (number.len() + 1, after.strip_prefix(['.', ')'])?)
    };
    let ends = if in_paragraph { false } else { after.is_empty() };
    (ends || after.starts_with([' ', '\t'])).then_some((width, after))
}

/// Whether a line begins a footnote: `[^1]: text`.
fn is_footnote(rest: &str) -> bool {
    let label = rest.strip_prefix("[^").and_then(|rest| rest.split_once("]:"));
    label.is_some_and(|(label, _)| !label.is_empty() && !label.contains([']', ' ', '\t']))
}

/// Whether a line ends the text of a list item rather than going on with it.
pub(super) fn begins_a_block(rest: &str) -> bool {
    heading_level(rest).is_some()
        || is_rule(rest)
        || marker(rest, true).is_some()
        || rest.starts_with("```")
        || rest.starts_with("~~~")
        || rest.starts_with('>')
        || rest.starts_with(":::")
        || is_footnote(rest)
        || super::html::start(rest, true).is_some()
}

/// Whether `---` under a line of text would make it a heading. Tables, quotes, containers and
/// definitions are no paragraphs.
pub(super) fn can_be_paragraph(rest: &str) -> bool {
    !rest.starts_with(['|', '>'])
        && !rest.starts_with(":::")
        && super::link::definition(rest).is_none()
}

/// The level and the text of a heading in HTML that has a line of its own.
pub(super) fn html_heading(line: &str) -> Option<(u8, &str)> {
    let rest = line.trim().strip_prefix("<h")?;
    let (level, rest) = rest.split_at_checked(1)?;
    let (attributes, rest) = rest.split_once('>')?;
    let text = rest.strip_suffix(&format!("</h{level}>"))?;
    let level = level.parse().ok().filter(|level| (1..=6).contains(level))?;
    let begins = attributes.is_empty() || attributes.starts_with(' ');
    (begins && !text.contains("</h")).then_some((level, text))
}
