//! The addresses in a page, each made another.

use htmlize::unescape;

use super::library::split_tag;

/// Attributes that hold an address.
const ADDRESSES: [&str; 4] = ["href", "src", "action", "data-index"];

/// `html` with each address for which `map` has another replaced. Pages are written by templates and by the
/// sanitizer: `<` stands escaped in text, and values in double quotes, escaped in them.
pub fn relink(html: &str, mut map: impl FnMut(&str) -> Option<String>) -> String {
    reattribute(html, &ADDRESSES, |_, value| map(value))
}

/// As [`relink`], for other attributes: `map` is given the name, one of `names`, and the value.
pub fn reattribute(
    html: &str,
    names: &[&str],
    mut map: impl FnMut(&str, &str) -> Option<String>,
) -> String {
    let mut page = String::with_capacity(html.len().saturating_add(html.len() / 8));
    let mut rest = html;
    while let Some((text, tag_on)) = rest.split_once('<') {
        page.push_str(text);
        page.push('<');
        let (tag, after) = split_tag(tag_on);
        // What is cut off by the end of the page has no `>`.
        let end = tag_on.len().saturating_sub(after.len());
        let tail = tag_on.get(tag.len()..end).unwrap_or_default();
        replaced(tag, names, &mut map, &mut page);
        page.push_str(tail);
        rest = after;
    }
    page.push_str(rest);
    page
}

/// Parts between quotes are in turn the names of attributes and their values.
fn replaced(
    tag: &str,
    names: &[&str],
    map: &mut impl FnMut(&str, &str) -> Option<String>,
    page: &mut String,
) {
    let mut before = "";
    for (place, part) in tag.split('"').enumerate() {
        if place > 0 {
            page.push('"');
        }
        let is_value = place % 2 == 1;
        let name = before.strip_suffix('=').and_then(|name| name.split_whitespace().last());
        let name = name.filter(|name| is_value && names.contains(name));
        let other = name.and_then(|name| map(name, &unescape(part)));
        match other {
            Some(address) => page.push_str(&escaped(&address)),
            None => page.push_str(part),
        }
        before = part;
    }
}

/// An address as the value of an attribute.
pub fn escaped(address: &str) -> String {
    address.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(html: &str) -> String {
        relink(html, |link| link.strip_prefix('/').map(|rest| format!("/base/{rest}")))
    }

    #[test]
    fn addresses_are_replaced_and_nothing_else() {
        for (html, expected) in [
            ("<a href=\"/x?a=1&#38;b=2\">/x</a>", "<a href=\"/base/x?a=1&amp;b=2\">/x</a>"),
            ("<img src=\"/y\" alt=\"a > b\">", "<img src=\"/base/y\" alt=\"a > b\">"),
            ("<form class=\"find\" action=\"/s\">", "<form class=\"find\" action=\"/base/s\">"),
            ("<a href=\"https://x/\">", "<a href=\"https://x/\">"),
            ("<p>href=\"/x\"</p>", "<p>href=\"/x\"</p>"),
            // A value that looks like an attribute.
            ("<a title=\"x href=\" class=\"/x\">", "<a title=\"x href=\" class=\"/x\">"),
            ("<a data-href=\"/x\">", "<a data-href=\"/x\">"),
            ("<a href=\"/x", "<a href=\"/base/x"),
            ("a < b", "a < b"),
        ] {
            assert_eq!(below(html), expected);
        }
        let evil = relink("<a href=\"/\">", |_| Some("\"><script>".to_owned()));
        assert_eq!(evil, "<a href=\"&quot;>&lt;script>\">");
    }
}
