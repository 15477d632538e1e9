//! Pictures with a line below them that says what they show.

use comrak::nodes::{Node, NodeValue};

use super::Passes;

/// What blogs write around a caption.
const OPENING: &str = "<p align=\"center\">";
const CLOSING: &str = "</p>";
/// Elements that make a caption small or slanted, and nothing more.
const SMALL: &[&str] = &["sub", "sup", "small", "em", "i"];

/// `html` with a figure where an image stands before a paragraph in the middle that only has text.
pub(super) fn captioned(html: String) -> String {
    let Some((before, after)) = html.split_once(OPENING) else { return html };
    let Some((image_at, image)) = last_image(before) else { return html };
    let Some((caption, rest)) = caption(after) else { return html };
    let start = before.get(..image_at).unwrap_or_default();
    let end = if rest.trim().is_empty() { "" } else { rest };
    format!("{start}<figure>{image}<figcaption>{caption}</figcaption></figure>{end}")
}

/// The image that `html` ends with, and where it begins.
fn last_image(html: &str) -> Option<(usize, &str)> {
    let html = html.trim_end();
    let at = html.rfind("<img")?;
    let image = html.get(at..)?;
    (image.ends_with('>') && image.matches('>').count() == 1).then_some((at, image))
}

/// The text in front of the end of a paragraph, and what follows it.
fn caption(html: &str) -> Option<(&str, &str)> {
    let (inner, rest) = html.split_once(CLOSING)?;
    let mut text = inner.trim();
    while let Some(within) = SMALL.iter().find_map(|name| within(text, name)) {
        text = within.trim();
    }
    (!text.is_empty() && !text.contains(['<', '>'])).then_some((text, rest))
}

fn within<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let rest = text.strip_prefix('<')?.strip_prefix(name)?.strip_prefix('>')?;
    rest.strip_suffix('>')?.strip_suffix(name)?.strip_suffix("</")
}

/// Makes figures of paragraphs with an image alone where such a caption follows, and lets figures of
/// shortcodes out of their paragraphs: HTML has none in a paragraph.
pub(super) fn arrange<'a>(passes: &Passes<'a, '_>, root: Node<'a>) {
    for node in root.descendants().collect::<Vec<_>>() {
        if node.data().value != NodeValue::Paragraph {
            continue;
        }
        let Some(only) = node.first_child().filter(|first| first.next_sibling().is_none()) else {
            continue;
        };
        let is_figure =
            matches!(&only.data().value, NodeValue::Raw(html) if html.starts_with("<figure"));
        let is_image = matches!(only.data().value, NodeValue::Image(_));
        if is_figure {
            super::unwrap_node(node);
        } else if is_image && let Some(next) = node.next_sibling() {
            join(passes, node, next);
        }
    }
}

/// Puts the caption that `next` begins with under the image in `paragraph`.
fn join<'a>(passes: &Passes<'a, '_>, paragraph: Node<'a>, next: Node<'a>) {
    let (text, rest) = match &next.data().value {
        NodeValue::HtmlBlock(block) => {
            let after = block.literal.trim_start().strip_prefix(OPENING);
            let Some((text, rest)) = after.and_then(caption) else { return };
            (text.to_owned(), rest.trim().to_owned())
        }
        _ => return,
    };
    let end = format!("<figcaption>{text}</figcaption></figure>\n");
    paragraph.prepend(passes.node(NodeValue::Raw("<figure>".to_owned()), paragraph));
    paragraph.append(passes.node(NodeValue::Raw(end), paragraph));
    super::unwrap_node(paragraph);
    match &mut next.data_mut().value {
        NodeValue::HtmlBlock(block) if !rest.is_empty() => block.literal = rest,
        _ => next.detach(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_in_the_middle_below_an_image_is_its_caption() {
        let html =
            "<p>a</p>\n<img src=\"a\">\n<p align=\"center\"><sub><sup>\n會場\n</sup></sub></p>\n";
        assert_eq!(
            captioned(html.to_owned()),
            "<p>a</p>\n<figure><img src=\"a\"><figcaption>會場</figcaption></figure>"
        );
        for kept in [
            "<p align=\"center\">a</p>",
            "<img src=a><p align=\"center\"><a href=b>c</a></p>",
            "<img src=a>\ntext <p align=\"center\">a</p>",
        ] {
            assert_eq!(captioned(kept.to_owned()), kept);
        }
    }
}
