//! HTML that authors typed. What only looks like HTML stays text; the sanitizer judges the rest.

mod elements;
mod tag;

use std::fmt::Write as _;

use elements::{REMOVED, REOPENED, SWALLOWING};
use tag::{Tag, attribute};

use crate::render::sanitize::length;

/// Opening tags in one note. Elements in elements cost the sanitizer their depth each.
const MAX_TAGS: usize = 5000;
/// Ends that are looked for in one note, each in the whole of its block.
const MAX_LOOKS: usize = 100;
/// Bytes in which the ends of tags are looked for in one note.
const MAX_SCANNED: usize = 8 * 1024 * 1024;
/// Elements that a browser opens again in every block where they are left open, times blocks.
const MAX_REOPENED: usize = 2_000_000;

/// Attributes of every image, before those that the author wrote.
pub(super) const IMAGE_ATTRIBUTES: &str =
    r#" loading="lazy" decoding="async" referrerpolicy="no-referrer""#;

/// What was seen of raw HTML so far.
#[derive(Debug, Default)]
pub(super) struct RawHtml {
    tags: usize,
    /// Elements whose end was looked for.
    looks: usize,
    scanned: usize,
    reopened: usize,
}

impl RawHtml {
    /// Whether there is any.
    pub(super) fn is_there(&self) -> bool {
        self.tags > 0
    }

    /// Whether the sanitizer would have too much work with it in a tree of `nodes`.
    pub(super) fn is_too_much(&self, nodes: usize) -> bool {
        self.tags > MAX_TAGS || self.reopened.saturating_mul(nodes + self.tags) > MAX_REOPENED
    }

    /// `literal` with angle brackets escaped where they make no HTML, and whether the sanitizer will
    /// remove a part of it. `after_word` says that a letter or digit stands directly before it, and
    /// `is_behind` whether HTML of that beginning comes after it in its block.
    pub(super) fn neutralize(
        &mut self,
        literal: &str,
        after_word: bool,
        is_behind: impl Fn(&str) -> bool,
    ) -> (String, bool) {
        let mut html = String::with_capacity(literal.len());
        let mut removed = false;
        let mut rest = literal;
        let mut after_word = after_word;
        while let Some((before, after)) = rest.split_once('<') {
            html.push_str(before);
            after_word = before.chars().next_back().map_or(after_word, |c| c.is_alphanumeric());
            rest = after;
            if let Some(comment) = after.strip_prefix("!--") {
                rest = skip_comment(comment, &mut html);
                continue;
            }
            let Some(tag) = Tag::read(after) else {
                // Declarations and the like are left to the sanitizer, the rest is text anyway.
                html.push('<');
                continue;
            };
            let is_html = tag.is_html(after_word);
            if is_html && let Some((link, after)) = tag.link() {
                html.push_str(&link);
                rest = after;
                continue;
            }
            if !is_html || !self.is_ended(&tag) || self.swallows(&tag, &is_behind) {
                html.push_str("&lt;");
                continue;
            }
            removed |= self.count(&tag);
            rest = push_start(&tag, after, &mut html);
        }
        html.push_str(rest);
        (html, removed)
    }

    /// Whether a `>` ends the tag. Else the first element of what follows would become attributes of it.
    fn is_ended(&mut self, tag: &Tag<'_>) -> bool {
        if self.scanned > MAX_SCANNED {
            return false;
        }
        let end = tag.end();
        self.scanned += end.unwrap_or(tag.after_name.len());
        end.is_some()
    }

    /// Whether all that follows would vanish in the element of `tag`, because nothing closes it.
    fn swallows(&mut self, tag: &Tag<'_>, is_behind: &impl Fn(&str) -> bool) -> bool {
        if !tag.opens || !SWALLOWING.contains(&tag.name.as_str()) {
            return false;
        }
        self.looks += 1;
        let end = format!("</{}", tag.name);
        let is_closed = || tag.after_name.to_ascii_lowercase().contains(&end) || is_behind(&end);
        // Nothing ends plain text, not even its end tag.
        tag.name == "plaintext" || self.looks > MAX_LOOKS || !is_closed()
    }

    /// Counts `tag`; true where the sanitizer removes it.
    fn count(&mut self, tag: &Tag<'_>) -> bool {
        if !tag.opens {
            return false;
        }
        self.tags += 1;
        self.reopened += usize::from(REOPENED.contains(&tag.name.as_str()));
        REMOVED.contains(&tag.name.as_str())
    }
}

/// The tags in `html`, which is neutral: the name of each in lower case, and whether it opens.
pub(super) fn tags(html: &str) -> impl Iterator<Item = (String, bool)> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_once('<')?;
            rest = after;
            if let Some(tag) = Tag::read(after) {
                rest = tag.end().and_then(|end| tag.after_name.get(end..)).unwrap_or(after);
                return Some((tag.name, tag.opens));
            }
        }
    })
}

/// Copies a comment. One without an end would hide all that follows, so it is shown.
fn skip_comment<'t>(comment: &'t str, html: &mut String) -> &'t str {
    match comment.split_once("-->") {
        Some((_, rest)) => rest,
        None => {
            html.push_str("&lt;!--");
            comment
        }
    }
}

/// Writes the start of `tag`, which `text` begins with, and gives what follows it.
fn push_start<'t>(tag: &Tag<'t>, text: &'t str, html: &mut String) -> &'t str {
    html.push('<');
    match &*tag.name {
        "img" if tag.opens => push_image(text, tag.after_name, html),
        // The page has its title: that of the talk.
        "h1" => html.push_str(if tag.opens { "h2" } else { "/h2" }),
        _ => return text,
    }
    tag.after_name
}

/// Writes the start of an image: its name, what every image has, and its width where a style has it.
fn push_image(tag: &str, after_name: &str, html: &mut String) {
    let name = tag.strip_suffix(after_name).unwrap_or_default();
    html.push_str(name);
    html.push_str(IMAGE_ATTRIBUTES);
    if let Some(width) = style_width(after_name) {
        let _ = write!(html, " width=\"{width}\"");
    }
}

/// `80%` of `… style="width:80%" …`.
fn style_width(attributes: &str) -> Option<String> {
    attribute(attributes, "style")?
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .find(|(property, _)| property.trim().eq_ignore_ascii_case("width"))
        .and_then(|(_, value)| length(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neutral(literal: &str) -> String {
        RawHtml::default().neutralize(literal, false, |_| false).0
    }

    #[test]
    fn what_is_no_html_is_escaped() {
        assert_eq!(neutral("<T>"), "&lt;T>");
        assert_eq!(neutral("</your-name>"), "&lt;/your-name>");
        assert_eq!(neutral("<div>Vec<T></div>"), "<div>Vec&lt;T></div>");
        assert_eq!(neutral("List<Embed> and <embed>"), "List&lt;Embed> and <embed>");
        assert_eq!(neutral("<b>a</b>"), "<b>a</b>");
        assert_eq!(neutral("<T:div>"), "&lt;T:div>");
    }

    #[test]
    fn a_title_in_a_note_becomes_a_section() {
        assert_eq!(neutral("<h1 align=center>A</h1>"), "<h2 align=center>A</h2>");
        assert_eq!(neutral("<H1>A</H1>"), "<h2>A</h2>");
    }

    #[test]
    fn comments_vanish_and_open_ones_are_shown() {
        assert_eq!(neutral("a<!-- <T> -->b"), "ab");
        assert_eq!(neutral("a<!-- b"), "a&lt;!-- b");
    }

    #[test]
    fn images_keep_the_width_of_their_style() {
        let html = neutral(r#"<img style="border:0; width: 80%;" src="a">"#);
        assert!(html.contains(r#" width="80%""#), "{html}");
        assert!(!neutral(r#"<img style="width:expression(1)">"#).contains("width=\""));
    }

    #[test]
    fn a_tag_that_nothing_ends_is_text() {
        assert_eq!(neutral("<a href=\"x\" ta"), "&lt;a href=\"x\" ta");
        assert_eq!(neutral("<b>a</b> <img src='x>"), "<b>a</b> &lt;img src='x>");
        assert_eq!(neutral("<a title='a>b'>c</a"), "<a title='a>b'>c&lt;/a");
        let many = "<a ".repeat(20_000);
        assert_eq!(neutral(&many), many.replace('<', "&lt;"));
    }

    #[test]
    fn what_would_swallow_the_rest_is_text() {
        assert_eq!(neutral("a <script> b"), "a &lt;script> b");
        assert_eq!(neutral("<Style>a</STYLE>"), "<Style>a</STYLE>");
        assert_eq!(neutral("<plaintext>a</plaintext>"), "&lt;plaintext>a</plaintext>");
        let inline = RawHtml::default().neutralize("<script>", false, |end| end == "</script").0;
        assert_eq!(inline, "<script>");
    }

    #[test]
    fn frames_and_players_become_links() {
        let html =
            neutral("<iframe title='a>b' src=\"//player.vimeo.com/video/12\" allow></iframe>b");
        assert!(
            html.starts_with("<span class=\"embed\"><a href=\"https://vimeo.com/12\">"),
            "{html}"
        );
        assert!(html.ends_with("</span></iframe>b"), "{html}");
        let (html, removed) =
            RawHtml::default().neutralize("<iframe src=javascript:x></iframe>", false, |_| false);
        assert!(removed && html.starts_with("<iframe "), "{html}");
        assert!(neutral("<iframe src=x <").starts_with("&lt;iframe"), "nothing closes it");
        assert!(neutral("<iframe src=https://a.example/b> c").ends_with("</span> c"));
        assert!(
            neutral("<video><source src=https://a.example/b.mp4></video>")
                .contains("a.example/b.mp4<")
        );
    }

    #[test]
    fn what_is_removed_is_told() {
        assert!(RawHtml::default().neutralize("<script>a</script>", false, |_| false).1);
        assert!(!RawHtml::default().neutralize("<b>a</b>", false, |_| false).1);
    }
}
