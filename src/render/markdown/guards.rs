//! Guards for marks that mean nothing where they stand: inside of words, addresses, prices and operators.

use comrak::nodes::{Node, NodeValue};

use super::{Passes, unwrap_node};
use crate::render::prose::is_cjk;

/// Longest text that is raised or lowered.
const MAX_RAISED: usize = 8;

/// What stands directly before and after `node`.
fn neighbours<'a>(node: Node<'a>) -> (Option<char>, Option<char>) {
    let text = |node: Option<Node<'a>>| node.map(|node| node.collect_text()).unwrap_or_default();
    (text(node.previous_sibling()).chars().next_back(), text(node.next_sibling()).chars().next())
}

/// Puts `mark` back where the parser has made something of it.
fn unmark<'a>(passes: &Passes<'a, '_>, node: Node<'a>, mark: &'static str) {
    node.insert_before(passes.text(mark, node));
    node.insert_after(passes.text(mark, node));
    unwrap_node(node);
}

fn is_digit(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric())
}

/// `10~20 分鐘，30~40 分鐘` lowers nothing and `HEAD^1..HEAD^2` raises nothing: what is lowered or raised is
/// short, made of letters, digits and signs, and no part of a number.
pub(super) fn raised<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let text = node.collect_text();
    let is_lowered = node.data().value == NodeValue::Subscript;
    let (before, after) = neighbours(node);
    let is_range = (is_lowered && is_digit(before) && is_digit(text.chars().next()))
        || (is_digit(text.chars().next_back()) && is_digit(after));
    let is_short = !text.is_empty() && text.chars().count() <= MAX_RAISED;
    let is_sign = |c: char| c.is_alphanumeric() || "+-−±=*′.,()[]†‡®©™!?".contains(c);
    let fits = text.chars().all(|c| is_sign(c) || !c.is_ascii()) && !text.contains("..");
    if !is_short || !fits || text.contains(char::is_whitespace) || is_range {
        unmark(passes, node, if is_lowered { "~" } else { "^" });
    }
}

/// `C++11 與 C++14`, `a==b`, `(i)++; (j)++` and `10~~20` mark nothing: the mark belongs to what it touches.
pub(super) fn pair<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let (before, after) = neighbours(node);
    let text = node.collect_text();
    let (first, last) = (text.chars().next(), text.chars().next_back());
    let mark = match &node.data().value {
        NodeValue::Insert => "++",
        NodeValue::Highlight => "==",
        _ => "~~",
    };
    let quoted = |c: Option<char>| c.is_some_and(|c| "\"'".contains(c));
    let is_text = if mark == "~~" {
        (is_digit(before) && is_digit(first)) || (is_word(before) && is_digit(after))
    } else {
        is_word(before)
            || before.is_some_and(|c| ")]}".contains(c))
            || (quoted(before) && quoted(first))
            || (is_word(last) && is_word(after))
    };
    if is_text {
        unmark(passes, node, mark);
    }
}

/// `2001:db8:100::1` and `data:m:ro` have no emoji: neither side of a short code is a letter, a digit or a
/// colon. Beside Han characters, kana and Hangul, which no space parts, it is one.
pub(super) fn short_code<'a>(_: &mut Passes<'a, '_>, node: Node<'a>) {
    let is_code = |node: &Node<'a>| matches!(node.data().value, NodeValue::ShortCode(_));
    // Several in a row are all emoji or none.
    if node.previous_sibling().is_some_and(|before| is_code(&before)) {
        return;
    }
    let row: Vec<Node<'a>> = node.following_siblings().take_while(is_code).collect();
    let text = |node: Option<Node<'a>>| match &node?.data().value {
        NodeValue::Text(text) => Some(text.to_string()),
        _ => None,
    };
    let before = text(node.previous_sibling()).and_then(|text| text.chars().next_back());
    let after = text(row.last().and_then(|last| last.next_sibling()));
    let after = after.and_then(|text| text.chars().next());
    let touches =
        |c: Option<char>| c.is_some_and(|c| (c.is_alphanumeric() && !is_cjk(c)) || c == ':');
    if !touches(before) && !touches(after) {
        return;
    }
    for code in row {
        let written = match &code.data().value {
            NodeValue::ShortCode(emoji) => format!(":{}:", emoji.code),
            _ => continue,
        };
        code.data_mut().value = NodeValue::Text(written.into());
    }
}

/// `$HOME/bin` and `$PATH`, `US$5` and `5$-6$` make no formula: it has no letter or digit before it, and
/// none behind it.
pub(super) fn formula<'a>(passes: &mut Passes<'a, '_>, node: Node<'a>) {
    let (literal, mark) = match &node.data().value {
        NodeValue::Math(math) => (math.literal.clone(), if math.display_math { "$$" } else { "$" }),
        _ => return,
    };
    let (before, after) = neighbours(node);
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '$';
    if before.is_some_and(joins) || after.is_some_and(|c| joins(c) || "_{(".contains(c)) {
        node.insert_before(passes.text(format!("{mark}{literal}{mark}"), node));
        node.detach();
    }
}
