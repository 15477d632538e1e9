//! Shortcodes of Hugo that are written about rather than used: `{{</* figure */>}}` shows `{{< figure >}}`,
//! in code as well.

use std::borrow::Cow;

use comrak::nodes::{Node, NodeValue};

use super::shortcodes::MAX_LENGTH;
use super::start;

/// What begins and ends such a shortcode.
const MARKS: [(&str, &str); 2] = [("{{</*", "*/>}}"), ("{{%/*", "*/%}}")];

/// Stands for `/*` and `*/` while the text is read, so that no emphasis begins there and nothing takes it for
/// a shortcode. Unicode keeps these two code points for such uses and out of texts; as many as are
/// replaced, they leave columns as they are.
const HIDDEN: &str = "\u{fdd0}\u{fdd1}";

/// `line` with the comment marks hidden.
pub(super) fn hide(line: &str) -> Cow<'_, str> {
    let mut hidden = String::new();
    let mut rest = line;
    while let Some((before, code, after)) = split(rest) {
        hidden.push_str(before);
        hidden.push_str(&code);
        rest = after;
    }
    if hidden.is_empty() { Cow::Borrowed(line) } else { Cow::Owned(hidden + rest) }
}

/// What stands before the first such shortcode in `text`, the shortcode without its comment marks, and
/// what follows.
fn split(text: &str) -> Option<(&str, String, &str)> {
    text.match_indices("{{").find_map(|(at, _)| {
        let (before, rest) = text.split_at_checked(at)?;
        let (open, close) = MARKS.iter().find(|(open, _)| rest.starts_with(open))?;
        let rest = rest.strip_prefix(open)?;
        let (inner, _) = start(rest, MAX_LENGTH).split_once(close)?;
        let (open, end) = (open.strip_suffix("/*")?, close.strip_prefix("*/")?);
        let code = [open, HIDDEN, inner, HIDDEN, end].concat();
        Some((before, code, rest.get(inner.len() + close.len()..)?))
    })
}

/// Takes the comment marks away that [`hide`] has hidden.
pub(super) fn show<'a>(root: Node<'a>) {
    let shown = |text: &str| text.replace(HIDDEN, "");
    for node in root.descendants() {
        match &mut node.data_mut().value {
            NodeValue::Text(text) => *text = shown(text).into(),
            NodeValue::Code(code) => code.literal = shown(&code.literal),
            NodeValue::CodeBlock(block) => {
                (block.info, block.literal) = (shown(&block.info), shown(&block.literal));
            }
            NodeValue::Math(math) => math.literal = shown(&math.literal),
            NodeValue::HtmlBlock(block) => block.literal = shown(&block.literal),
            NodeValue::HtmlInline(html) | NodeValue::Raw(html) => *html = shown(html),
            NodeValue::Link(link) | NodeValue::Image(link) => {
                (link.url, link.title) = (shown(&link.url), shown(&link.title));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_hidden_in_pairs_and_columns_stay() {
        let line = "見 {{</* a */>}} {{%/*b*/%}} 完";
        let hidden = hide(line);
        assert!(!hidden.contains('*'), "{hidden}");
        assert_eq!(hidden.chars().count(), line.chars().count());
        assert_eq!(hidden.replace(HIDDEN, ""), "見 {{< a >}} {{%b%}} 完");
        for kept in ["{{</* a", "{{< a */>}}", "{{</* a */%}}", "/* a */", ""] {
            assert!(matches!(hide(kept), Cow::Borrowed(text) if text == kept), "{kept}");
        }
    }
}
