//! Text of notes as other formats can bear it.

/// `text` in one line, without characters that no format has a place for and those that turn the direction
/// of what stands beside them.
pub(in crate::render) fn clean(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` in Markdown, as itself.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for c in clean(text).chars() {
        if c.is_ascii_punctuation()
            && !matches!(c, '.' | ',' | ':' | ';' | '?' | '/' | '%' | '\'' | '"')
        {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    // What begins like `1.` would be an item of a list.
    let digits = escaped.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 && escaped.get(digits..).is_some_and(|rest| rest.starts_with('.')) {
        escaped.insert(digits, '\\');
    }
    escaped
}
