//! The plain text of rendered notes, by heading.

use htmlize::unescape;

/// A heading with what is written below it, up to the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The heading's `id`; none for what stands above the first heading.
    pub anchor: Option<String>,
    /// Level of the heading, 2 to 6; 0 where there is none.
    pub level: u8,
    /// Text of the heading.
    pub title: String,
    /// What stands below, a block a line.
    pub text: String,
}

/// Elements that do not part words.
const INLINE: [&str; 25] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "label",
    "mark", "q", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "u",
];

/// A step through sanitized HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// Text, no longer escaped.
    Text(String),
    /// A heading begins.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its `id`.
        anchor: Option<String>,
    },
    /// It ends.
    HeadingEnd,
    /// An item of a list begins.
    Item,
    /// It ends.
    ItemEnd,
    /// Another block begins or ends: `code`, `table`, `quote`, or nothing for text.
    Block(&'static str),
}

/// Reads sanitized HTML, which is balanced, with `<` and `&` in text escaped. Remarks of a preview are
/// no part of the text.
pub fn elements(html: &str) -> Vec<Element> {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some((text, tag_on)) = rest.split_once('<') {
        reader.text(text);
        let (tag, after) = split_tag(tag_on);
        reader.tag(tag);
        rest = after;
    }
    reader.text(rest);
    reader.elements
}

/// The passages of a rendered note.
pub fn passages(html: &str) -> Vec<Passage> {
    let mut passages = vec![Passage::default()];
    let mut in_heading = false;
    for element in elements(html) {
        let Some(passage) = passages.last_mut() else { break };
        match element {
            Element::Heading { level, anchor } => {
                in_heading = true;
                passages.push(Passage { anchor, level, ..Passage::default() });
            }
            Element::HeadingEnd => in_heading = false,
            Element::Text(text) if in_heading => passage.title.push_str(&text),
            Element::Text(text) => passage.text.push_str(&text),
            _ if in_heading => passage.title.push(' '),
            _ => passage.text.push('\n'),
        }
    }
    passages.retain(|passage| passage.level > 0 || !passage.text.trim().is_empty());
    passages
}

#[derive(Default)]
struct Reader {
    elements: Vec<Element>,
    /// Depth in elements that are left out.
    skipped: usize,
    /// Depth in code, tables and quotes, whose parts are no blocks of their own.
    whole: usize,
}

impl Reader {
    fn text(&mut self, text: &str) {
        if self.skipped == 0 && !text.is_empty() {
            self.elements.push(Element::Text(unescape(text).into_owned()));
        }
    }

    fn tag(&mut self, tag: &str) {
        let is_end = tag.starts_with('/');
        let name = tag.trim_start_matches('/').split([' ', '>', '/']).next().unwrap_or_default();
        if name == "details" {
            let is_remark =
                attribute(tag, "class").is_some_and(|class| class.starts_with("remark "));
            if is_end && self.skipped > 0 {
                self.skipped = self.skipped.saturating_sub(1);
                return;
            } else if is_remark || self.skipped > 0 {
                self.skipped = self.skipped.saturating_add(1);
            }
        }
        if self.skipped == 0
            && let Some(element) = self.element(name, tag, is_end)
        {
            self.elements.push(element);
        }
    }

    fn element(&mut self, name: &str, tag: &str, is_end: bool) -> Option<Element> {
        let whole = match name {
            "pre" => "code",
            "table" => "table",
            "blockquote" => "quote",
            _ => "",
        };
        if !whole.is_empty() {
            let was = self.whole;
            self.whole = if is_end { was.saturating_sub(1) } else { was.saturating_add(1) };
            // What ends is followed by text of its own.
            return Some(match (is_end, was) {
                (true, 1) => Element::Block(""),
                (false, 0) => Element::Block(whole),
                _ => Element::Text("\n".to_owned()),
            });
        }
        if INLINE.contains(&name) {
            return None;
        }
        if self.whole > 0 || name == "br" {
            return Some(Element::Text("\n".to_owned()));
        }
        Some(match (level(name), name, is_end) {
            (Some(_), _, true) => Element::HeadingEnd,
            (Some(level), ..) => {
                let anchor = attribute(tag, "id").map(|id| unescape(id).into_owned());
                Element::Heading { level, anchor }
            }
            (None, "li", false) => Element::Item,
            (None, "li", true) => Element::ItemEnd,
            (None, "ul" | "ol" | "section" | "img" | "input" | "hr" | "wbr", _) => return None,
            _ => Element::Block(""),
        })
    }
}

fn level(name: &str) -> Option<u8> {
    let digit = name.strip_prefix('h')?;
    digit.parse().ok().filter(|level| (1..=6).contains(level))
}

/// What is between `<` and its `>`, and what follows. A `>` in quotes ends nothing.
pub fn split_tag(text: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => {
                let after = text.get(at.saturating_add(1)..).unwrap_or_default();
                return (text.get(..at).unwrap_or_default(), after);
            }
            _ => {}
        }
    }
    (text, "")
}

/// The value of an attribute, which stands in double quotes, still escaped.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// The sections of a rendered note, in their order: each is a whole element. Author's HTML has no
/// sections of these classes.
pub fn sections(html: &str) -> Vec<&str> {
    const STARTS: [&str; 2] = ["<section class=\"note-section\"", "<section class=\"note-lead\""];
    let mut at: Vec<usize> =
        STARTS.iter().flat_map(|start| html.match_indices(start)).map(|(at, _)| at).collect();
    at.sort_unstable();
    let ends = at.iter().skip(1).copied().chain([html.len()]);
    at.iter().zip(ends).filter_map(|(from, to)| html.get(*from..to)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stands_below_its_heading_without_marks() {
        let html = "<section class=\"note-lead\">\n<p>先看 <code>a &lt; b</code></p>\n</section>\n\
            <section class=\"note-section\" aria-labelledby=\"note-x\">\n\
            <h2 id=\"note-x\">共<em>筆</em></h2>\n<ul><li>one</li><li>two<br>three</li></ul>\
            <p title=\"a > b\">c</p><h3 id=\"note-&quot;y\">Q&amp;A</h3></section>";
        let found = passages(html);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join("|");
        let shown: Vec<_> = found
            .iter()
            .map(|p| (p.anchor.as_deref(), p.level, &*p.title, words(&p.text)))
            .collect();
        assert_eq!(
            shown,
            [
                (None, 0, "", "先看|a|<|b".to_owned()),
                (Some("note-x"), 2, "共筆", "one|two|three|c".to_owned()),
                (Some("note-\"y"), 3, "Q&A", String::new()),
            ]
        );
        assert_eq!(sections(html).len(), 2);
        assert!(sections(html)[1].contains("Q&amp;A"));
    }

    #[test]
    fn remarks_of_a_preview_are_no_text() {
        let html = "<details class=\"remark remark-info\"><summary>x</summary><details>y</details>\
            </details><p>kept</p><details><summary>s</summary>t</details>";
        assert_eq!(
            passages(html)[0].text.split_whitespace().collect::<Vec<_>>(),
            ["kept", "s", "t"]
        );
    }
}
