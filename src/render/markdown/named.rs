//! What assistive technology reads needs a name: boxes that can be ticked are labelled by the text behind
//! them, images say that they have no description, and cells of a head that are empty are no headings.

/// Elements that may stand in a label.
const PHRASING: [&str; 28] = [
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u",
    "var",
];
/// Cells of heads in cells of heads that are looked through.
const DEEPEST: usize = 4;
/// Characters of a name that is taken from a block of its own.
const LONGEST: usize = 120;

/// Sanitized `html` in which everything has a name that needs one.
pub(super) fn name(html: String) -> String {
    if !["<th", "<img", "<input"].iter().any(|start| html.contains(start)) {
        return html;
    }
    let mut named = String::with_capacity(html.len() + html.len() / 16);
    let mut cells = Vec::new();
    let mut label_end = None;
    let mut labels = 0_usize;
    for piece in pieces(&html) {
        if label_end.is_some_and(|end| end <= piece.at) {
            label_end = None;
            named.push_str("</label>");
        }
        let rest = html.get(piece.at + piece.text.len()..).unwrap_or_default();
        match (piece.name, piece.is_end) {
            ("label", is_end) => {
                labels = if is_end { labels.saturating_sub(1) } else { labels + 1 };
                named.push_str(piece.text);
            }
            ("th", false) => {
                let is_blank = is_blank_cell(rest);
                cells.push(is_blank);
                named.push_str(&if is_blank { as_cell(piece.text) } else { piece.text.to_owned() });
            }
            ("th", true) => {
                let is_blank = cells.pop().unwrap_or_default();
                named.push_str(if is_blank { "</td>" } else { piece.text });
            }
            ("img", false) if attribute(piece.text, "alt").is_none() => {
                named.push_str(&with(piece.text, "alt", ""));
            }
            ("input", false) if label_end.is_none() && labels == 0 => {
                let phrase = phrase(rest);
                if is_blank(phrase) {
                    named.push_str(&with(piece.text, "aria-label", &words(rest)));
                } else {
                    named.push_str("<label>");
                    named.push_str(piece.text);
                    label_end = Some(piece.at + piece.text.len() + phrase.len());
                }
            }
            _ => named.push_str(piece.text),
        }
    }
    if label_end.is_some() {
        named.push_str("</label>");
    }
    named
}

/// A tag, or what stands before one.
struct Piece<'a> {
    at: usize,
    text: &'a str,
    /// Of the element; empty for text.
    name: &'a str,
    is_end: bool,
}

/// The pieces of sanitized HTML, which has double quotes around each value.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = html.get(at..).filter(|rest| !rest.is_empty())?;
        let (text, name, is_end) = match rest.strip_prefix('<') {
            Some(tag) => {
                let end = tag_end(tag).map_or(rest.len(), |end| end + 2);
                let is_end = tag.starts_with('/');
                let name = tag.trim_start_matches('/');
                let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next();
                (rest.get(..end).unwrap_or(rest), name.unwrap_or_default(), is_end)
            }
            None => (rest.split('<').next().unwrap_or(rest), "", false),
        };
        let piece = Piece { at, text, name, is_end };
        at += text.len();
        Some(piece)
    })
}

fn tag_end(tag: &str) -> Option<usize> {
    let mut in_quotes = false;
    tag.bytes().position(|byte| {
        in_quotes ^= byte == b'"';
        byte == b'>' && !in_quotes
    })
}

/// Whether the cell that `rest` follows the start of has nothing to see or hear. Tables in tables in tables
/// are not looked through.
fn is_blank_cell(rest: &str) -> bool {
    let mut depth = 0_usize;
    for piece in pieces(rest) {
        match (piece.name, piece.is_end) {
            ("th", true) if depth == 0 => return true,
            ("th", true) => depth -= 1,
            ("th", false) => depth += 1,
            _ if !is_silent(&piece) => return false,
            _ => {}
        }
        if depth > DEEPEST {
            return false;
        }
    }
    true
}

/// As much of `rest` as may stand in a label, and is balanced.
fn phrase(rest: &str) -> &str {
    let (mut depth, mut whole) = (0_usize, 0);
    for piece in pieces(rest) {
        let is_void = matches!(piece.name, "br" | "img");
        match (piece.name, piece.is_end) {
            ("", _) => {}
            (name, _) if !PHRASING.contains(&name) => break,
            (_, true) if depth == 0 => break,
            (_, true) => depth -= 1,
            _ if is_void => {}
            _ => depth += 1,
        }
        if depth == 0 {
            whole = piece.at + piece.text.len();
        }
    }
    rest.get(..whole).unwrap_or_default()
}

/// Whether nobody sees or hears anything of `html`.
fn is_blank(html: &str) -> bool {
    pieces(html).all(|piece| is_silent(&piece))
}

fn is_silent(piece: &Piece<'_>) -> bool {
    match piece.name {
        "" => piece.text.replace("&nbsp;", "").trim().is_empty(),
        "img" => attribute(piece.text, "alt").is_none_or(|alt| alt.trim().is_empty()),
        "input" => false,
        _ => true,
    }
}

/// The words of the item that `rest` is in, as the value of an attribute; a mark where it has none.
fn words(rest: &str) -> String {
    let mut words = String::new();
    for piece in pieces(rest) {
        match (piece.name, piece.is_end) {
            ("", _) => words.push_str(piece.text),
            ("li" | "ul" | "ol" | "input", _) => break,
            _ => words.push(' '),
        }
        if words.len() > 4 * LONGEST {
            break;
        }
    }
    let words = htmlize::unescape(&words).split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { "☐".to_owned() } else { words.chars().take(LONGEST).collect() }
}

/// A heading as a cell. Nothing is below it.
fn as_cell(tag: &str) -> String {
    let tag = tag.replacen("<th", "<td", 1);
    match attribute(&tag, "scope") {
        Some(scope) => tag.replacen(&format!(" scope=\"{scope}\""), "", 1),
        None => tag,
    }
}

/// The value of an attribute, still escaped.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    // Every second part stands in quotes.
    let mut parts = tag.split('"');
    while let (Some(names), value) = (parts.next(), parts.next()) {
        if names
            .strip_suffix('=')
            .and_then(|names| names.strip_suffix(name))
            .is_some_and(|before| before.ends_with(' '))
        {
            return value;
        }
        if names.split_ascii_whitespace().any(|one| one.trim_end_matches('>') == name) {
            return Some("");
        }
    }
    None
}

/// `tag` with one more attribute.
fn with(tag: &str, name: &str, value: &str) -> String {
    let value = value
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    // In front of those that the sanitizer adds to the end, so that it changes nothing when it comes again.
    let own = tag.trim_start_matches('<');
    let (element, rest) =
        own.split_at(own.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(own.len()));
    format!("<{element} {name}=\"{value}\"{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_labelled_by_the_text_behind_them() {
        const BOX: &str = "<input type=\"checkbox\" disabled=\"\">";
        let named = |html: &str| name(html.replace("BOX", BOX)).replace(BOX, "BOX");
        for (html, expected) in [
            ("<li>BOX a</li>", "<li><label>BOX a</label></li>"),
            (
                "<li>BOX a <a href=\"#x\">b</a><ul><li>c</li></ul></li>",
                "<li><label>BOX a <a href=\"#x\">b</a></label><ul><li>c</li></ul></li>",
            ),
            ("<p>BOX a<br>b</p>", "<p><label>BOX a<br>b</label></p>"),
            ("<b>BOX a</b> c", "<b><label>BOX a</label></b> c"),
            ("BOX a BOX b", "<label>BOX a </label><label>BOX b</label>"),
            ("BOX a <b>b<p>c</p></b>", "<label>BOX a </label><b>b<p>c</p></b>"),
            ("<label>BOX a</label>", "<label>BOX a</label>"),
            ("BOX a", "<label>BOX a</label>"),
        ] {
            assert_eq!(named(html), expected);
            assert_eq!(named(expected), expected, "named twice");
        }
        let loose = name(format!("<li>{BOX} <p>a &amp; \"b\"</p><p>c</p></li><li>d</li>"));
        assert!(loose.contains("<input aria-label=\"a &amp; &quot;b&quot; c\" type="), "{loose}");
        assert!(name(BOX.to_owned()).contains("aria-label=\"☐\""));
    }

    #[test]
    fn images_say_that_they_have_no_description() {
        for (html, expected) in [
            ("<img src=\"a\">", "<img alt=\"\" src=\"a\">"),
            ("<img>", "<img alt=\"\">"),
            ("<img alt=\"a\" src=\"b\">", "<img alt=\"a\" src=\"b\">"),
            ("<img alt=\"\" src=\"b\">", "<img alt=\"\" src=\"b\">"),
            ("<img title=\"x alt=\" src=\"b\">", "<img alt=\"\" title=\"x alt=\" src=\"b\">"),
            ("a &lt;img>", "a &lt;img>"),
        ] {
            assert_eq!(name(html.to_owned()), expected);
        }
    }

    #[test]
    fn an_empty_cell_is_no_heading() {
        for (html, expected) in [
            ("<tr><th></th><th>a</th></tr>", "<tr><td></td><th>a</th></tr>"),
            ("<th align=\"left\"> &nbsp;<br></th>", "<td align=\"left\"> &nbsp;<br></td>"),
            ("<th scope=\"col\"></th>", "<td></td>"),
            ("<th><img src=\"a\" alt=\"\"></th>", "<td><img src=\"a\" alt=\"\"></td>"),
            ("<th><img src=\"a\" alt=\"b\"></th>", "<th><img src=\"a\" alt=\"b\"></th>"),
            (
                "<thead><tr><th><b>a</b></th></tr></thead>",
                "<thead><tr><th><b>a</b></th></tr></thead>",
            ),
            (
                "<th><table><tr><th></th></tr></table></th>",
                "<td><table><tr><td></td></tr></table></td>",
            ),
            (
                "<th>a<table><tr><th></th></tr></table></th>",
                "<th>a<table><tr><td></td></tr></table></th>",
            ),
        ] {
            assert_eq!(name(html.to_owned()), expected);
        }
    }
}
