//! Handles: names that people go by on other sites, written `@ada`.

use crate::document::title::plain;
use crate::document::words::words;

/// A name or an alias without the mark of a handle.
pub(super) fn bare(text: &str) -> &str {
    let handle = text.strip_prefix('@').unwrap_or(text);
    if handle.is_empty() { text } else { handle }
}

/// Whether a word is a handle.
pub(super) fn is_handle(word: &str) -> bool {
    let name = word.strip_prefix('@').unwrap_or_default();
    let fits = |c: char| c.is_alphanumeric() || "_-.₋".contains(c);
    (2..=40).contains(&name.chars().count()) && name.chars().all(fits)
}

/// The handles of a line that says nothing else: `@ada`, `Twitter - @ada and @bo`.
pub(super) fn of_line(line: &str) -> Option<Vec<String>> {
    let text = plain(line.trim().trim_start_matches(['>', ' ']));
    let label = text.trim_start_matches(|c: char| c.is_alphabetic());
    let label = text.strip_suffix(label).filter(|word| words().is_handle_label(word));
    let rest = label.and_then(|label| text.strip_prefix(label)).unwrap_or(&text);
    let rest = rest.trim_start_matches([' ', ':', '：', '-', '–', '—']);
    let parts = |c: char| c.is_whitespace() || ",、&/()（）".contains(c);
    let found: Vec<&str> =
        rest.split(parts).filter(|word| !word.is_empty() && !words().is_and(word)).collect();
    let all = !found.is_empty() && found.len() <= 6 && found.iter().all(|word| is_handle(word));
    all.then(|| found.into_iter().map(|word| bare(word).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_handles() {
        for (line, expected) in [
            ("@ada", Some(vec!["ada"])),
            ("[@ada_x](https://social.example/ada_x)", Some(vec!["ada_x"])),
            ("Twitter - @ada and @bo", Some(vec!["ada", "bo"])),
            ("Mastodon: @ada", Some(vec!["ada"])),
            ("@ada & @__bo__", Some(vec!["ada", "__bo__"])),
            ("@ada said so", None),
            ("Twitter", None),
            ("@", None),
        ] {
            let expected: Option<Vec<String>> =
                expected.map(|all| all.into_iter().map(str::to_owned).collect());
            assert_eq!(of_line(line), expected, "{line}");
        }
    }
}
