//! Bare URLs in text become links, by rules that fit text without spaces; and Hugo's links to pages.
//!
//! Only with a scheme or `www.`: `README.md` is no address. A URL may begin right after a Han
//! character. It ends at white space, at CJK or full-width punctuation and at brackets that are not
//! its own; Han characters may stand in its path, not in its host.

use super::pieces::Piece;
use super::shortcodes;
use crate::render::prose::is_cjk;

const STARTS: [&str; 3] = ["https://", "http://", "www."];

/// The first bare URL in `text`.
pub(super) fn find_link(text: &str) -> Option<(&str, Piece, &str)> {
    let mut from = 0;
    while let Some((before, start)) = next_start(text, from) {
        let rest = text.get(before.len()..)?;
        if let Some((link, after)) = split_link(before, rest, start) {
            let url = if start == "www." { format!("http://{link}") } else { link.to_owned() };
            return Some((before, Piece::Link { url, label: link.to_owned() }, after));
        }
        from = before.len() + start.len();
    }
    None
}

/// The first `[label]({{< ref "page.md" >}})` or `[label]({% post_url page %})` in `text`: a link to Hugo or
/// Jekyll, and plain text to the standard.
pub(super) fn find_link_to_page(text: &str) -> Option<(&str, Piece, &str)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find("]({")?;
        // From the bracket backwards: each character is looked at once, whatever stands between.
        let (before, label) = text.get(from..at)?.rsplit_once('[').unwrap_or_default();
        if let Some((code, after)) = shortcodes::leading(text.get(at + 2..)?)
            && matches!(code.name, "ref" | "relref" | "post_url" | "link")
            && let Some(page) = code.at(0).or_else(|| code.named(&["path"]))
            && let Some(after) = after.strip_prefix(')')
            && !label.is_empty()
        {
            let before = text.get(..from + before.len())?;
            return Some((
                before,
                Piece::Link { url: page.to_owned(), label: label.to_owned() },
                after,
            ));
        }
        from = at + 2;
    }
}

/// Whether `text` ends in a URL that what follows may go on with.
pub(super) fn is_open(text: &str) -> bool {
    STARTS
        .iter()
        .filter_map(|start| text.rfind(start).map(|at| at + start.len()))
        .max()
        .is_some_and(|at| {
            let url = text.get(at..).unwrap_or_default();
            url.starts_with(|c: char| c.is_alphanumeric() && is_host(c))
                && url.contains('/')
                && url.chars().all(is_path)
        })
}

/// What stands before the first start of a URL at or after byte `from`, and which start it is.
fn next_start(text: &str, from: usize) -> Option<(&str, &'static str)> {
    let tail = text.get(from..)?;
    let (at, _) = tail.match_indices(['h', 'w']).find(|(at, _)| {
        tail.get(*at..).is_some_and(|rest| STARTS.iter().any(|start| rest.starts_with(start)))
    })?;
    let (before, rest) = text.split_at_checked(from + at)?;
    STARTS.into_iter().find(|start| rest.starts_with(start)).map(|start| (before, start))
}

/// The URL at the beginning of `text` and what follows it.
fn split_link<'t>(before: &str, text: &'t str, start: &str) -> Option<(&'t str, &'t str)> {
    let is_www = start == "www.";
    let joins = |c: char| c.is_ascii_alphanumeric() || (is_www && "/.-_@".contains(c));
    if before.chars().next_back().is_some_and(joins) {
        return None;
    }
    let (_, tail) = text.split_at_checked(start.len())?;
    if !tail.starts_with(|c: char| c.is_alphanumeric() && is_host(c)) {
        return None;
    }
    let host_len = tail.find(|c| !is_host(c)).unwrap_or(tail.len());
    let (host, path) = tail.split_at_checked(host_len)?;
    if is_www && !host.contains('.') {
        return None;
    }
    let path_len = if path.starts_with(['/', '?', '#']) {
        path.find(|c| !is_path(c)).unwrap_or(path.len())
    } else {
        0
    };
    let end = trimmed_len(text.get(..start.len() + host_len + path_len)?);
    text.split_at_checked(end)
}

fn is_host(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "-.:_".contains(c)
        || (c.is_alphanumeric() && !c.is_ascii() && !is_cjk(c))
}

fn is_path(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !"<>\"`\\|".contains(c) && !is_cjk_punctuation(c)
}

fn is_cjk_punctuation(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' | '“' | '”' | '‘' | '’' | '…' | '—')
}

/// Length of `url` without punctuation that ends a sentence and brackets that it does not open.
fn trimmed_len(url: &str) -> usize {
    let count = |bracket: char| url.matches(bracket).count();
    let mut surplus = [
        (')', count(')').saturating_sub(count('('))),
        (']', count(']').saturating_sub(count('['))),
    ];
    let mut kept = url;
    loop {
        let Some(last) = kept.chars().next_back() else { return 0 };
        if let Some(before) = kept.strip_suffix(';').and_then(before_reference) {
            kept = before;
            continue;
        }
        let is_surplus = surplus.iter_mut().any(|(bracket, left)| {
            let drop = *bracket == last && *left > 0;
            *left -= usize::from(drop);
            drop
        });
        if !is_surplus && !"?!.,:;*_~'".contains(last) {
            return kept.len();
        }
        kept = kept.strip_suffix(last).unwrap_or_default();
    }
}

/// What stands before `&name` at the end of `url`: with the `;` behind it, it looks like a reference to
/// a character.
fn before_reference(url: &str) -> Option<&str> {
    let (before, name) = url.rsplit_once('&')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut urls = Vec::new();
        let mut rest = text;
        while let Some((_, piece, after)) = find_link(rest) {
            if let Piece::Link { label, .. } = piece {
                urls.push(label);
            }
            rest = after;
        }
        urls
    }

    #[test]
    fn urls_end_at_cjk_punctuation() {
        assert_eq!(found("見https://a.example/b，很好。"), ["https://a.example/b"]);
        assert_eq!(found("（https://a.example/b）。"), ["https://a.example/b"]);
        assert_eq!(found("「http://a.example」"), ["http://a.example"]);
        assert_eq!(
            found("https://a.example，https://b.example"),
            ["https://a.example", "https://b.example"]
        );
    }

    #[test]
    fn han_ends_a_host_and_stays_in_a_path() {
        assert_eq!(found("https://a.example很好"), ["https://a.example"]);
        assert_eq!(found("https://a.example/投影片 很好"), ["https://a.example/投影片"]);
    }

    #[test]
    fn brackets_and_stops_are_not_part_of_it() {
        assert_eq!(found("(see https://a.example/b_(c).)"), ["https://a.example/b_(c)"]);
        assert_eq!(found("https://a.example/b?c=d&e=f#g."), ["https://a.example/b?c=d&e=f#g"]);
    }

    #[test]
    fn only_schemes_and_www_begin_a_url() {
        assert_eq!(found("www.a.example/b"), ["www.a.example/b"]);
        for none in [
            "README.md",
            "k8s.example",
            "xhttps://a",
            "https://",
            "http://，",
            "www.",
            "www.a",
            "wwww.a.b",
            "javascript://a",
        ] {
            assert_eq!(found(none), Vec::<String>::new(), "{none}");
        }
    }
}
