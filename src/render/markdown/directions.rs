//! Blocks in two directions: where a note has words that are read from right to left, each block finds its
//! own direction, as a paragraph in Hebrew may stand below one in English. Code is always read from the left.

/// Elements that find their direction from their own text.
const BLOCKS: [&str; 15] = [
    "blockquote",
    "caption",
    "dd",
    "dt",
    "figcaption",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "p",
    "summary",
    "td",
    "th",
];

/// Whether `text` has letters that are read from right to left.
pub(super) fn are_mixed(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_from_right)
}

/// Hebrew, Arabic, Syriac, Thaana, NKo and the other scripts in the blocks that Unicode has set aside for
/// writing from right to left.
fn is_from_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
        && c.is_alphabetic()
}

/// Sanitized `html` with directions at the elements that have none.
pub(super) fn mark(html: &str) -> String {
    let mut marked = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        marked.push_str(before);
        marked.push('<');
        let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
        let (name, after) = after.split_at_checked(end).unwrap_or((after, ""));
        let (attributes, after) = after.split_at_checked(tag_end(after)).unwrap_or((after, ""));
        marked.push_str(name);
        let direction = match name {
            "code" | "pre" => Some("ltr"),
            name if BLOCKS.contains(&name) => Some("auto"),
            _ => None,
        };
        if let Some(direction) = direction.filter(|_| !has_direction(attributes)) {
            marked.push_str(" dir=\"");
            marked.push_str(direction);
            marked.push('"');
        }
        marked.push_str(attributes);
        rest = after;
    }
    marked.push_str(rest);
    marked
}

/// Where the `>` of a tag stands that the sanitizer wrote, with double quotes around each value.
fn tag_end(attributes: &str) -> usize {
    let mut in_quotes = false;
    let end = attributes.find(|c: char| {
        in_quotes ^= c == '"';
        c == '>' && !in_quotes
    });
    end.unwrap_or(attributes.len())
}

fn has_direction(attributes: &str) -> bool {
    // Every second part stands in quotes.
    attributes.split('"').step_by(2).any(|names| names.trim() == "dir=" || names.ends_with(" dir="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_from_the_right_are_told() {
        for text in ["a שלום", "مرحبا", "ܫܠܡܐ", "\u{1e900}"] {
            assert!(are_mixed(text), "{text}");
        }
        for text in ["", "plain", "講者", "Ünïcödé", "→ ←", "\u{200f}", "\u{660}"] {
            assert!(!are_mixed(text), "{text}");
        }
    }

    #[test]
    fn blocks_get_a_direction_unless_they_have_one() {
        for (html, marked) in [
            ("<p>a</p>", "<p dir=\"auto\">a</p>"),
            ("<td align=\"left\">a</td>", "<td dir=\"auto\" align=\"left\">a</td>"),
            ("<p title=\"<p> dir=\" dir=\"rtl\">a</p>", "<p title=\"<p> dir=\" dir=\"rtl\">a</p>"),
            ("<p title=\"a>b\">a</p>", "<p dir=\"auto\" title=\"a>b\">a</p>"),
            ("<pre><code>a</code></pre>", "<pre dir=\"ltr\"><code dir=\"ltr\">a</code></pre>"),
            ("<ul><li>a</li></ul>", "<ul><li dir=\"auto\">a</li></ul>"),
            ("a &lt;p> b", "a &lt;p> b"),
        ] {
            assert_eq!(mark(html), marked);
        }
    }
}
