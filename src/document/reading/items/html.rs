//! Items of lists that are written in HTML: `<li>` at the beginning of a line.

use crate::document::markdown::outline::Item;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;

/// The items in HTML between two lines, each with the lines up to the next tag of a list.
pub(super) fn items(document: &Document<'_>, from: usize, to: usize) -> Vec<Item> {
    let outline = &document.outline;
    let fenced = |at: usize| outline.fences.iter().any(|own| (own.line..own.end).contains(&at));
    let lines = outline.lines.iter().enumerate().take(to).skip(from);
    let lines = lines.filter(|(_, line)| matches!(line.kind, LineKind::Opaque | LineKind::Text));
    let starts = lines.filter(|(_, line)| inner(line.text).is_some());
    let starts = starts.map(|(at, _)| at).filter(|at| !fenced(*at));
    starts.map(|line| Item { line, end: line + 1, content: 0 }).collect()
}

/// The text of a line that is an item in HTML, with the marks of Markdown for its elements.
pub(super) fn text(line: &str) -> Option<String> {
    let mut rest = inner(line)?;
    let mut text = String::with_capacity(rest.len());
    let mut address = None;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else {
            text.push('<');
            text.push_str(tag);
            rest = "";
            break;
        };
        rest = after;
        match name(tag).as_str() {
            "a" => {
                address = attribute(tag, "href");
                text.push_str(if address.is_some() { "[" } else { "" });
            }
            "/a" => {
                let closed = address.take().map(|url| format!("]({url})"));
                text.push_str(&closed.unwrap_or_default());
            }
            "strong" | "b" | "/strong" | "/b" => text.push_str("**"),
            "em" | "i" | "/em" | "/i" => text.push('*'),
            "br" => text.push(' '),
            _ => {}
        }
    }
    text.push_str(rest);
    Some(text.trim().to_owned())
}

/// What follows `<li>`.
fn inner(line: &str) -> Option<&str> {
    let tag = line.trim_start().strip_prefix("<li")?;
    let (attributes, text) = tag.split_once('>')?;
    (attributes.is_empty() || attributes.starts_with(' ')).then_some(text)
}

/// The name of a tag, with the `/` of one that closes.
fn name(tag: &str) -> String {
    let end = tag.trim_end_matches('/').trim();
    end.split_whitespace().next().unwrap_or_default().to_ascii_lowercase()
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, value) = tag.split_once(&format!("{name}="))?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_become_marks() {
        for (line, expected) in [
            ("\t<li><a href=\"x\" target=\"_b\"><b>Nia</b></a> -- y</li>", "[**Nia**](x) -- y"),
            ("<li class=\"a\"><em>Ropes</em>, Nia</li>", "*Ropes*, Nia"),
            ("<li>1 < 2", "1 < 2"),
        ] {
            assert_eq!(text(line).as_deref(), Some(expected));
        }
        assert_eq!(text("<link rel=\"x\">"), None);
    }
}
