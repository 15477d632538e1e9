//! What may be shown of what strangers wrote, and how failures look.

use std::error::Error;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

const RED: Style = AnsiColor::Red.on_default().bold();

/// Paths and messages quote what strangers wrote: nothing of it may steer a terminal, or look like
/// another line.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

/// Control characters, and those that turn the direction of writing.
pub(super) fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// JSON allows control characters above U+007E inside of strings, and some steer terminals. YAML does
/// not, so that there the library escapes them.
pub(super) fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_control() && c != '\n' {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    text
}

/// A number of things, in words.
pub(super) fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// A failure with its causes, each said once. Servers and files have their words in it.
pub(super) fn failure(failure: &(dyn Error + 'static)) -> String {
    let color = RED;
    let mut text = format!("{color}error:{color:#} {}", visible(&failure.to_string()));
    let mut cause = failure.source();
    while let Some(next) = cause {
        let words = visible(&next.to_string());
        if !text.contains(&words) {
            let _ = write!(text, "\n  because: {words}");
        }
        cause = next.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\n"), "a\u{fffd}[31mb\u{fffd}");
        assert_eq!(visible("\u{9b}2J\u{202e}c"), "\u{fffd}2J\u{fffd}c");
    }
}
