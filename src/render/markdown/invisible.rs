//! Characters that nobody sees and that change what is seen: those that turn the order of a text
//! round, and those that hide in a word. They are shown by their names.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::api::Diagnostic;
use crate::render::codes::Code;

/// Class of the mark that is shown in place of such a character.
pub(in crate::render) const MARK_CLASS: &str = "hidden-character";

/// Whether `c` overrides or isolates the direction of what follows (Unicode Bidirectional Algorithm,
/// UAX 9): text then stands on the page in an order in which it is not read.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether `c` has no width and no meaning in the middle of a Latin word. Elsewhere such characters
/// are of use: where a line may break in Thai, or in the name of a flag.
fn hides(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}'
            ..='\u{2064}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Whether `c`, with these characters around it, is to be shown.
fn is_hidden(before: Option<char>, c: char, after: Option<char>) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    turns(c)
        || (hides(c) && latin(before) && (latin(after) || after.is_some_and(hides)))
        || (matches!(c, '\u{e0000}'..='\u{e007f}')
            && !matches!(before, Some('\u{1f3f4}' | '\u{e0000}'..='\u{e007f}')))
}

/// Whether there may be such a character in `text`; looks at bytes only.
fn may_have_any(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| {
        matches!(
            pair,
            [0xe2, 0x80 | 0x81] | [0xc2, 0xad] | [0xcd, 0x8f] | [0xe1, 0x84 | 0x85 | 0xa0]
        ) || matches!(pair, [0xe3, 0x85] | [0xef, 0xbb | 0xbe | 0xbf] | [0xf3, 0xa0])
    })
}

/// Tells the author of each line that has such characters.
pub(super) fn report(markdown: &str, diagnostics: &mut Vec<Diagnostic>) {
    if !may_have_any(markdown) {
        return;
    }
    for (index, line) in super::lines(markdown).enumerate() {
        let found = places(line).next();
        if let Some((column, c)) = found {
            let mut diagnostic = Code::HiddenCharacter.at(index + 1, column + 1);
            diagnostic.message = format!("{} ({})", diagnostic.message, name(c));
            diagnostics.push(diagnostic);
        }
    }
}

/// Tells that the field `path` has such characters; where it is shown they are left out.
pub(in crate::render) fn report_field(path: &str, text: &str, diagnostics: &mut Vec<Diagnostic>) {
    if let Some((_, c)) = places(text).next() {
        let diagnostic = Code::HiddenCharacter.of_field(path);
        let message = format!("{} ({})", diagnostic.message, name(c));
        diagnostics.push(Diagnostic { message, ..diagnostic });
    }
}

/// The characters of `text` that are to be shown, each with its place.
fn places(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut before = None;
    let mut rest = text.chars();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let c = rest.next()?;
            let hidden = is_hidden(before, c, rest.clone().next());
            before = Some(c);
            at += 1;
            if hidden {
                return Some((at - 1, c));
            }
        }
    })
}

fn name(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// `html` with a mark in place of each such character in its text. In attributes nothing can be
/// marked, so there they are left out.
pub(in crate::render) fn mark(html: String) -> String {
    if !may_have_any(&html) {
        return html;
    }
    let mut marked = String::with_capacity(html.len());
    let mut in_tag = false;
    let mut quote = false;
    let mut before = None;
    let mut rest = html.chars();
    while let Some(c) = rest.next() {
        match c {
            '<' if !in_tag => in_tag = true,
            '"' if in_tag => quote = !quote,
            '>' if in_tag && !quote => in_tag = false,
            _ => {}
        }
        let is_hidden = is_hidden(before, c, rest.clone().next());
        before = Some(c);
        if !is_hidden {
            marked.push(c);
        } else if !in_tag {
            // Writing to a string does not fail.
            let _ = write!(marked, "<span class=\"{MARK_CLASS}\">{}</span>", name(c));
        }
    }
    marked
}

/// `text` without such characters, for where there is no HTML to mark them in.
pub(in crate::render) fn without(text: &str) -> Cow<'_, str> {
    if !may_have_any(text) {
        return Cow::Borrowed(text);
    }
    let hidden: Vec<usize> = places(text).map(|(at, _)| at).collect();
    let is_kept = |(at, c)| hidden.binary_search(&at).is_err().then_some(c);
    Cow::Owned(text.chars().enumerate().filter_map(is_kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_or_hides_is_marked_and_what_is_of_use_is_not() {
        assert_eq!(
            mark("<p title=\"a\u{202e}\">a\u{202e}b</p>".into()),
            "<p title=\"a\">a<span class=\"hidden-character\">U+202E</span>b</p>"
        );
        assert!(mark("pay\u{200b}pal".into()).contains("U+200B"));
        for kept in [
            "ก\u{200b}ข",
            "\u{feff}a",
            "👩\u{200d}💻",
            "🏴\u{e0067}\u{e0062}\u{e007f}",
            "中\u{200b}文",
            "a\u{200f} b",
        ] {
            assert_eq!(mark(kept.into()), kept, "{kept:?}");
            assert_eq!(without(kept), kept, "{kept:?}");
        }
        assert_eq!(without("a\u{202e}b\u{2066}c"), "abc");
    }
}
