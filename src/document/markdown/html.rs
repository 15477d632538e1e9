//! Where a block of HTML begins and what ends it (`CommonMark` 4.6).

/// Names of elements that begin a block of HTML even in a paragraph (`CommonMark` 4.6, kind 6).
const BLOCK_ELEMENTS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

/// Elements whose block only the end of one of them ends.
const RAW_ELEMENTS: &[&str] = &["pre", "script", "style", "textarea"];

/// What ends a block of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HtmlEnd {
    /// A blank line.
    Blank,
    /// The end tag of one of [`RAW_ELEMENTS`], whichever began the block.
    Raw,
    /// A text, such as that which ends a comment.
    Text(&'static str),
}

impl HtmlEnd {
    /// Whether `line` holds it. A blank line holds nothing.
    pub fn is_in(self, line: &str) -> bool {
        match self {
            Self::Blank => false,
            Self::Text(end) => line.contains(end),
            Self::Raw => line.match_indices("</").any(|(at, _)| {
                let rest = line.get(at + 2..).unwrap_or_default();
                let (name, rest) = split_name(rest);
                rest.starts_with('>') && is_one_of(name, RAW_ELEMENTS)
            }),
        }
    }
}

/// What ends the block of HTML that `rest` begins; `None` where it begins none. In a paragraph, a tag
/// of no block element is a part of it.
pub(super) fn start(rest: &str, in_text: bool) -> Option<HtmlEnd> {
    let after = rest.strip_prefix('<')?;
    if let Some(after) = after.strip_prefix('!') {
        let is_declaration = after.starts_with(|c: char| c.is_ascii_alphabetic());
        return if after.starts_with("--") {
            Some(HtmlEnd::Text("-->"))
        } else if after.starts_with("[CDATA[") {
            Some(HtmlEnd::Text("]]>"))
        } else {
            is_declaration.then_some(HtmlEnd::Text(">"))
        };
    }
    if after.starts_with('?') {
        return Some(HtmlEnd::Text("?>"));
    }
    let (closes, tag) = match after.strip_prefix('/') {
        Some(tag) => (true, tag),
        None => (false, after),
    };
    let (name, attributes) = split_name(tag);
    let ends = attributes.is_empty() || attributes.starts_with([' ', '\t', '>']);
    if ends && !closes && is_one_of(name, RAW_ELEMENTS) {
        return Some(HtmlEnd::Raw);
    }
    let is_block = is_one_of(name, BLOCK_ELEMENTS) && (ends || attributes.starts_with("/>"));
    let is_alone = || !in_text && is_whole_tag(name, attributes, closes);
    (is_block || is_alone()).then_some(HtmlEnd::Blank)
}

/// The name of an element at the beginning of `text`, and what follows it.
fn split_name(text: &str) -> (&str, &str) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let end = if begins { text.find(|c| !is_name(c)).unwrap_or(text.len()) } else { 0 };
    text.split_at_checked(end).unwrap_or_default()
}

fn is_one_of(name: &str, elements: &[&str]) -> bool {
    elements.iter().any(|element| name.eq_ignore_ascii_case(element))
}

/// Whether nothing stands behind the tag of `name` in its line, and the tag is a whole one.
fn is_whole_tag(name: &str, attributes: &str, closes: bool) -> bool {
    if name.is_empty() {
        return false;
    }
    if closes {
        return attributes.trim_start() == ">";
    }
    let mut rest = attributes;
    while let Some(after) = attribute(rest) {
        rest = after;
    }
    matches!(rest.trim_start(), ">" | "/>")
}

/// What follows the attribute at the beginning of `text`, where there is one behind white space.
fn attribute(text: &str) -> Option<&str> {
    let rest = text.trim_start();
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_.:-".contains(c);
    let begins = rest.starts_with(|c: char| c.is_ascii_alphabetic() || "_:".contains(c));
    if rest.len() == text.len() || !begins {
        return None;
    }
    let rest = rest.trim_start_matches(is_part);
    let Some(value) = rest.trim_start().strip_prefix('=') else { return Some(rest) };
    let value = value.trim_start();
    match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => value.strip_prefix(quote)?.split_once(quote).map(|(_, after)| after),
        None => {
            let bare = |c: char| !c.is_whitespace() && !"\"'=<>`".contains(c);
            let after = value.trim_start_matches(bare);
            (after.len() < value.len()).then_some(after)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_each_kind_have_their_ends() {
        for (line, end) in [
            ("<script src=x>", HtmlEnd::Raw),
            ("<PRE", HtmlEnd::Raw),
            ("<!-- a", HtmlEnd::Text("-->")),
            ("<?php", HtmlEnd::Text("?>")),
            ("<!DOCTYPE html", HtmlEnd::Text(">")),
            ("<![CDATA[ a", HtmlEnd::Text("]]>")),
            ("</div", HtmlEnd::Blank),
            ("<hr/>", HtmlEnd::Blank),
            ("<summary>a</summary> b", HtmlEnd::Blank),
            ("<kbd title='>' x=y disabled>", HtmlEnd::Blank),
            ("</kbd >", HtmlEnd::Blank),
            ("</script>", HtmlEnd::Blank),
        ] {
            assert_eq!(start(line, false), Some(end), "{line}");
        }
        for none in [
            "<kbd>a</kbd>",
            "<https://x.example>",
            "<b a> b>",
            "<b a=>",
            "<b \"a\">",
            "</kbd a>",
            "<!1",
            "<divan",
            "< div>",
            "<>",
            "div",
        ] {
            assert_eq!(start(none, false), None, "{none}");
        }
        assert_eq!(start("<kbd>", true), None);
        assert!(HtmlEnd::Raw.is_in("a</STYLE>b") && !HtmlEnd::Raw.is_in("</b>"));
    }
}
