//! What stands in brackets behind a name.

/// What stands around an alias or an organization behind a name.
const BRACKETS: &[(char, char)] =
    &[('(', ')'), ('（', '）'), ('[', ']'), ('［', '］'), ('【', '】')];

/// A name and the text in parentheses at its end.
pub(super) fn parenthesis(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    let inside = BRACKETS.iter().find_map(|(open, close)| {
        let (name, note) = text.strip_suffix(*close)?.rsplit_once(*open)?;
        Some((name.trim(), note.trim()))
    });
    match inside {
        Some((name, note)) if !name.is_empty() => (name, Some(note)),
        _ => (text, None),
    }
}
