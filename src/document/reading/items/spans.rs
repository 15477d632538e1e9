//! Stretches of a line that marks set apart: links, bold, italics and quotations.

/// What sets a stretch apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A link, written `[[text]]` here.
    Link,
    Bold,
    Italic,
    Quote,
}

/// A stretch of a line between marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span<'t> {
    pub mark: Mark,
    /// What stands in front of it.
    pub before: &'t str,
    pub inner: &'t str,
    /// What stands behind it.
    pub after: &'t str,
}

/// The marks around stretches, the longer ones first. Single quotes are apostrophes too often.
const PAIRS: &[(&str, &str, Mark)] = &[
    ("[[", "]]", Mark::Link),
    ("**", "**", Mark::Bold),
    ("__", "__", Mark::Bold),
    ("*", "*", Mark::Italic),
    ("_", "_", Mark::Italic),
    ("\"", "\"", Mark::Quote),
    ("“", "”", Mark::Quote),
    ("„", "“", Mark::Quote),
    ("„", "”", Mark::Quote),
    ("«", "»", Mark::Quote),
    ("»", "«", Mark::Quote),
    ("「", "」", Mark::Quote),
    ("『", "』", Mark::Quote),
    ("《", "》", Mark::Quote),
];

/// The first stretch of a line that begins within its first `within` bytes.
pub(super) fn first(text: &str, within: usize) -> Option<Span<'_>> {
    text.char_indices().take_while(|(at, _)| *at <= within).find_map(|(at, _)| at_place(text, at))
}

/// The stretch that a text begins with.
pub(super) fn leading(text: &str) -> Option<Span<'_>> {
    at_place(text, 0)
}

/// The stretch that begins at byte `at`.
fn at_place(text: &str, at: usize) -> Option<Span<'_>> {
    let (before, rest) = text.split_at_checked(at)?;
    let inside = before.ends_with(|c: char| c.is_alphanumeric() || c == '\\');
    PAIRS.iter().find_map(|(open, close, mark)| {
        let inner = rest.strip_prefix(open)?;
        let (inner, after) = up_to(inner, close)?;
        let fits = !inner.trim().is_empty()
            && !(open.is_ascii() && *mark != Mark::Link && inside)
            && !(matches!(mark, Mark::Bold | Mark::Italic) && inner.starts_with([' ', '*']))
            && !(*mark == Mark::Quote && is_nickname(before, inner, after));
        fits.then_some(Span { mark: *mark, before, inner, after })
    })
}

/// `Satoru "Kit" Example`: quotes around one word between two that a name consists of.
fn is_nickname(before: &str, inner: &str, after: &str) -> bool {
    let surname = after.strip_prefix(' ').is_some_and(|own| own.starts_with(char::is_uppercase));
    let given = before.trim_end().split(' ').next_back().unwrap_or_default();
    surname && given.starts_with(char::is_uppercase) && !inner.trim().contains(' ')
}

/// What stands up to a closing mark that no backslash escapes, and behind it.
fn up_to<'t>(text: &'t str, close: &str) -> Option<(&'t str, &'t str)> {
    let mut found = text.match_indices(close);
    let (at, _) = found.find(|(at, _)| !text.get(..*at).is_some_and(|own| own.ends_with('\\')))?;
    Some((text.get(..at)?, text.get(at + close.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_a_line() {
        for (text, before, inner, mark) in [
            ("see [[Ropes]] - x", "see ", "Ropes", Mark::Link),
            ("**Ropes** by x", "", "Ropes", Mark::Bold),
            ("Nia: « Ropes » !", "Nia: ", " Ropes ", Mark::Quote),
            ("Nia, \"How to \\\"tie\\\" it,\" x", "Nia, ", "How to \\\"tie\\\" it,", Mark::Quote),
            ("a_b _Nia Quay_", "a_b ", "Nia Quay", Mark::Italic),
        ] {
            let span = first(text, 100).unwrap();
            assert_eq!((span.before, span.inner, span.mark), (before, inner, mark), "{text}");
        }
        for text in ["2 * 3 * 4", "a_b_c", "\"open", "plain", "Nia \"Kit\" Quay"] {
            assert_eq!(first(text, 100), None, "{text}");
        }
    }
}
