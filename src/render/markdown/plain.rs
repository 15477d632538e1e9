//! Notes without markup: the text of one, and one that is shown as it was written.

use comrak::nodes::{Node, NodeValue};

use super::{Fragment, invisible, limits, lines};
use crate::render::prose;

/// The Markdown as it was written, for what is too much to render. Escaped as a whole it has no HTML
/// left that would have to be sanitized.
pub(super) fn fragment(markdown: &str) -> Fragment {
    let mut html = String::from("<section class=\"note-lead\">\n<pre class=\"note-plain\">");
    // A parser of HTML drops a line end at the beginning.
    let mut references = 0;
    for line in lines(markdown).skip_while(|line| line.is_empty()) {
        push_escaped(line, &mut references, &mut html);
        html.push('\n');
    }
    html.push_str("</pre>\n</section>\n");
    Fragment {
        html: invisible::mark(html),
        excerpt: prose::excerpt(&invisible::without(markdown)),
        text: markdown.to_owned(),
        ..Fragment::default()
    }
}

/// Writes `text` as a browser would write it back, so that sanitizing it again changes nothing. An
/// element ends before it has so many character references that the viewer would need long to read it.
fn push_escaped(text: &str, references: &mut usize, html: &mut String) {
    for c in text.chars() {
        *references += usize::from(matches!(c, '&' | '\u{a0}'));
        if *references > limits::MAX_REFERENCES {
            html.push_str("</pre>\n<pre class=\"note-plain\">");
            *references = 1;
        }
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '\u{a0}' => html.push_str("&nbsp;"),
            '\0' => html.push('\u{fffd}'),
            other => html.push(other),
        }
    }
}

/// All text below `root`, and that part of it which no heading has.
pub(super) fn text<'a>(root: Node<'a>) -> (String, String) {
    let mut all = String::new();
    let mut start = String::new();
    for block in root.descendants() {
        let is_heading = match block.data().value {
            NodeValue::Paragraph | NodeValue::TableCell | NodeValue::DescriptionTerm => false,
            NodeValue::Heading(_) => true,
            _ => continue,
        };
        let from = all.len();
        for inline in block.descendants() {
            match &inline.data().value {
                NodeValue::Text(text) => all.push_str(text),
                NodeValue::Code(code) => all.push_str(&code.literal),
                NodeValue::Math(math) => all.push_str(&math.literal),
                NodeValue::ShortCode(emoji) => all.push_str(&emoji.emoji),
                NodeValue::SoftBreak | NodeValue::LineBreak => all.push('\n'),
                _ => {}
            }
        }
        all.push('\n');
        if !is_heading {
            start.push_str(all.get(from..).unwrap_or_default());
        }
    }
    (all, start)
}
