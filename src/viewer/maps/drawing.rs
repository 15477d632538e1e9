//! A tree, drawn: branches leave to the right, a line of text each.

use askama::Template;
use unicode_width::UnicodeWidthStr;

use crate::render::exports::Line;

/// Height of a line, width of a letter, room between a text and its branches, in pixels.
const ROW: usize = 26;
const LETTER: usize = 8;
const GAP: usize = 36;
const MARGIN: usize = 24;
/// Letters of a text that are drawn; all of it is in its title.
const LONGEST: usize = 60;
/// Lines that are drawn: a picture with more of them shows nothing.
const MOST: usize = 2000;

#[derive(Template)]
#[template(path = "map.svg", escape = "html")]
struct Drawing<'a> {
    title: &'a str,
    width: usize,
    height: usize,
    nodes: Vec<Node>,
}

/// A text in its place, with the branch that leads to it.
struct Node {
    x: usize,
    y: usize,
    depth: usize,
    text: String,
    whole: String,
    url: Option<String>,
    branch: Option<String>,
}

/// `lines` below `title`, as a picture.
pub fn svg(title: &str, lines: &[Line]) -> String {
    let root = Line { text: title.to_owned(), url: None, lines: lines.to_vec() };
    let mut canvas = Canvas::default();
    canvas.put(&root, MARGIN, 0);
    let height = canvas.rows.max(1).saturating_mul(ROW).saturating_add(MARGIN.saturating_mul(2));
    let width = canvas.width.saturating_add(MARGIN);
    // Only writing can fail, and writing to a string does not.
    Drawing { title, width, height, nodes: canvas.nodes }.render().unwrap_or_default()
}

#[derive(Default)]
struct Canvas {
    nodes: Vec<Node>,
    rows: usize,
    width: usize,
}

impl Canvas {
    /// Draws a line with those below it, and gives its height: in the middle of its first and last branch.
    fn put(&mut self, line: &Line, x: usize, depth: usize) -> usize {
        let text = cut(&line.text);
        let end = x.saturating_add(text.width().saturating_mul(LETTER)).saturating_add(12);
        self.width = self.width.max(end);
        let place = self.nodes.len();
        self.nodes.push(Node {
            x,
            y: 0,
            depth: depth.min(3),
            whole: line.text.clone(),
            text,
            url: line.url.clone(),
            branch: None,
        });
        let mut below = Vec::new();
        for child in &line.lines {
            if self.nodes.len() >= MOST {
                break;
            }
            let at = self.nodes.len();
            below.push((at, self.put(child, end.saturating_add(GAP), depth.saturating_add(1))));
        }
        let y = match (below.first(), below.last()) {
            (Some((_, first)), Some((_, last))) => first.midpoint(*last),
            _ => {
                self.rows = self.rows.saturating_add(1);
                self.rows.saturating_mul(ROW).saturating_add(MARGIN).saturating_sub(ROW / 2)
            }
        };
        let (out, into) = (end.saturating_sub(4), end.saturating_add(GAP).saturating_sub(6));
        let middle = out.midpoint(into);
        for (at, to) in below {
            if let Some(node) = self.nodes.get_mut(at) {
                node.branch = Some(format!("M{out} {y}C{middle} {y} {middle} {to} {into} {to}"));
            }
        }
        if let Some(node) = self.nodes.get_mut(place) {
            node.y = y;
        }
        y
    }
}

/// What there is room for; Han takes twice the room of Latin.
fn cut(text: &str) -> String {
    let mut width = 0_usize;
    let mut kept = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        width = width.saturating_add(unicode_width::UnicodeWidthChar::width(c).unwrap_or_default());
        if width > LONGEST {
            kept.push('…');
            break;
        }
        kept.push(c);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, lines: Vec<Line>) -> Line {
        Line { text: text.to_owned(), url: None, lines }
    }

    #[test]
    fn branches_lead_to_texts_that_stand_apart_and_nothing_breaks_out() {
        let leaf = |text: &str| line(text, Vec::new());
        let drawn =
            svg("<b>&\"", &[line("甲", vec![leaf("</text><script>"), leaf("b")]), leaf("c")]);
        assert!(!drawn.contains("<script") && !drawn.contains("<b>"), "{drawn}");
        assert_eq!(drawn.matches("<path").count(), 4);
        let heights: std::collections::BTreeSet<&str> =
            drawn.split(" y=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(heights.len(), 4, "the title is as high as its branches' middle: {drawn}");
        assert!(cut(&"漢".repeat(100)).ends_with('…'));
        assert_eq!(cut(&"漢".repeat(100)).chars().count(), 31);
    }

    #[test]
    fn a_tree_of_any_size_is_drawn_in_part() {
        let many = (0..5000).map(|n| line(&n.to_string(), Vec::new())).collect::<Vec<_>>();
        assert_eq!(svg("t", &many).matches("<text").count(), MOST);
    }
}
