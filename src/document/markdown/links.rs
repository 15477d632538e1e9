//! Links in Markdown: `[text](url)`, `[text][label]`, `<url>` and bare URLs.
//!
//! Links are found within a line, in one pass; those in code, fences, comments and images are no
//! links.

use std::borrow::Cow;
use std::collections::BTreeSet;

use url::Url;

use super::inline::Inline;
use super::link::{Definitions, FoundLink, definition};
use super::outline::{Line, Outline};
use super::scanner::LineKind;
use crate::api::{Link, LinkKind};
use crate::document::text::first_chars;
use crate::document::words::words;

/// Longest URL that the schema takes, in characters.
const MAX_URL: usize = 4096;

impl FoundLink {
    /// The link as the schema has it; `None` where it does not lead to an http or https address.
    pub fn to_link(&self) -> Option<Link> {
        let parsed = Url::parse(&self.url).ok()?;
        let fits = self.url.chars().count() <= MAX_URL;
        if !matches!(parsed.scheme(), "http" | "https") || !fits {
            return None;
        }
        let title =
            Some(crate::document::title::plain(&self.text)).filter(|title| !title.is_empty());
        let kind = words().link_kind(title.as_deref().unwrap_or_default(), &self.url);
        Some(Link {
            title: title.map(|t| first_chars(&t, 500)),
            url: self.url.clone(),
            kind: Some(kind),
        })
    }

    /// Whether the address expires or carries a credential.
    pub fn is_signed(&self) -> bool {
        Url::parse(&self.url).is_ok_and(|url| {
            !url.username().is_empty()
                || url.password().is_some()
                || url.query_pairs().any(|(key, _)| words().is_signed_query(&key))
        })
    }

    /// Whether this is the organiser's page of a talk.
    pub fn is_talk_page(&self) -> bool {
        let url = self.url.to_lowercase();
        matches!(words().link_kind("", &url), LinkKind::Session | LinkKind::Workshop)
    }
}

/// The definitions of a document; the first of a label counts.
pub(in crate::document) fn definitions<'a>(outline: &Outline<'a>) -> Definitions<'a> {
    let mut found = Definitions::new();
    let mut lines = outline.lines.iter().peekable();
    while let Some(line) = lines.next() {
        if !is_text(line) {
            continue;
        }
        let text = line.text.trim();
        // The address may stand below the label.
        let below = lines.peek().copied().filter(|next| is_text(next));
        let found_here = definition(text).map(|(label, url)| (label, (Cow::Borrowed(text), url)));
        let defined = found_here.or_else(|| {
            let whole = format!("{text} {}", below.filter(|_| text.ends_with("]:"))?.text.trim());
            definition(&whole).map(|(label, url)| (label, (Cow::Owned(whole), url)))
        });
        if let Some((label, definition)) = defined {
            found.entry(label).or_insert(definition);
        }
    }
    found
}

fn is_text(line: &Line<'_>) -> bool {
    matches!(line.kind, LineKind::Text | LineKind::InList)
}

/// Lines with the definitions that `text` refers to and does not hold itself.
pub(in crate::document) fn missing_definitions(
    text: &str,
    definitions: &Definitions<'_>,
) -> Vec<String> {
    if definitions.is_empty() {
        return Vec::new();
    }
    let outline = Outline::new(text);
    let own = self::definitions(&outline);
    let mut labels = BTreeSet::new();
    for line in &outline.lines {
        if may_hold_links(line.kind) && line.text.contains('[') {
            labels.extend(Inline::new(line.text).labels());
        }
    }
    let wanted = labels.iter().filter(|label| !own.contains_key(*label));
    wanted.filter_map(|label| definitions.get(label)).map(|(line, _)| line.to_string()).collect()
}

/// The links in the lines from `from` up to `to`.
pub(in crate::document) fn in_lines(
    outline: &Outline<'_>,
    from: usize,
    to: usize,
    definitions: &Definitions<'_>,
) -> Vec<FoundLink> {
    let mut found = Vec::new();
    for (index, line) in outline.lines.iter().enumerate().take(to).skip(from) {
        if may_hold_links(line.kind) && may_link(line.text) {
            for link in Inline::new(line.text).links(definitions) {
                found.push(FoundLink { line: index, ..link });
            }
        }
    }
    found
}

/// The links in a piece of text without line ends, such as a heading.
pub(in crate::document) fn in_text(text: &str, definitions: &Definitions<'_>) -> Vec<FoundLink> {
    if may_link(text) { Inline::new(text).links(definitions) } else { Vec::new() }
}

/// Whether a text has a mark that all links have.
fn may_link(text: &str) -> bool {
    text.contains('[') || text.contains("://")
}

pub(super) fn may_hold_links(kind: LineKind) -> bool {
    use LineKind::{Blank, FenceEnd, FenceStart, ListCode, Opaque};
    !matches!(kind, Opaque | ListCode | FenceStart | FenceEnd | Blank)
}

/// Adds `link` unless its address is there already; a title is taken over where there was none.
pub(in crate::document) fn add(links: &mut Vec<Link>, link: Link) {
    match links.iter_mut().find(|known| known.url == link.url) {
        Some(known) if known.title.is_none() && link.title.is_some() => *known = link,
        Some(_) => {}
        None => links.push(link),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn links(text: &str) -> Vec<(String, String, usize)> {
        let outline = Outline::new(text);
        let definitions = definitions(&outline);
        in_lines(&outline, 0, outline.lines.len(), &definitions)
            .into_iter()
            .map(|link| (link.text, link.url, link.column))
            .collect()
    }

    fn one(text: &str, label: &str, url: &str) {
        let found = links(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!((found[0].0.as_str(), found[0].1.as_str()), (label, url), "{text}");
    }

    #[test]
    fn links_in_many_forms() {
        one("* [a](https://x.example)", "a", "https://x.example");
        one("[a [b] c](https://x.example/(y) \"t\")", "a [b] c", "https://x.example/(y)");
        one("see <https://x.example>.", "", "https://x.example");
        one("見https://x.example/a，很好", "", "https://x.example/a");
        one("(https://x.example/a_(b)).", "", "https://x.example/a_(b)");
        one("[![alt](https://i.example/a.png) t](https://x.example)", " t", "https://x.example");
        one("[https://x.example](https://x.example)", "https://x.example", "https://x.example");
    }

    #[test]
    fn what_is_no_link() {
        for text in [
            "`[a](https://x.example)`",
            "![a](https://x.example/a.png)",
            "```\nhttps://x.example\n```",
            "<!-- https://x.example -->",
            "[a]()",
            "\\[a](b",
            "[x]",
        ] {
            assert_eq!(links(text), [], "{text}");
        }
    }

    #[test]
    fn references_are_resolved_and_definitions_found() {
        assert_eq!(
            links("[a][Ref] and [ref]\n\n[ref]: https://x.example \"t\"\n")[..2],
            [
                ("a".into(), "https://x.example".into(), 1),
                ("ref".into(), "https://x.example".into(), 14)
            ]
        );
        let outline = Outline::new("[ref]: https://x.example\n");
        let all = definitions(&outline);
        assert_eq!(missing_definitions("see [this][ref]", &all), ["[ref]: https://x.example"]);
        assert!(missing_definitions("`[ref]`", &all).is_empty());
        assert!(missing_definitions("[ref]\n\n[ref]: https://y.example", &all).is_empty());
    }

    #[test]
    fn signed_links_are_recognised() {
        let signed = |url: &str| {
            FoundLink { text: String::new(), url: url.into(), line: 0, column: 1 }.is_signed()
        };
        assert!(signed("https://x.example/a?id=1&signature=abc"));
        assert!(signed("https://x.example/a?X-Amz-Signature=abc"));
        assert!(signed("https://user:secret@x.example/a"));
        assert!(!signed("https://x.example/a?id=1#signature=2"));
    }

    #[test]
    fn hostile_lines_are_read() {
        let _ = links(&"[a](".repeat(50_000));
        let _ = links(&"[".repeat(200_000));
        let _ = links(&"[a](x".repeat(50_000).replace('\n', ""));
        let _ = links(&"`".repeat(100_000));
        let ladder: String = (1..600).map(|n| "`".repeat(n) + " ").collect();
        let _ = links(&ladder);
    }

    /// Pieces of lines. What reading takes for a link and the parser does not is not among them: an address with white
    /// space, one that letters of another script end, and a title without quotes.
    const PIECES: &[&str] = &[
        "text ",
        "**bold** ",
        "*em* ",
        "`code` ",
        "`",
        "[",
        "]",
        "(",
        ")",
        "!",
        "\\[",
        "\\]",
        "\\`",
        " ",
        "[a](https://a.example/1)",
        "[b](<https://b.example/2>)",
        "[c](https://c.example/3 \"t\")",
        "[d](https://d.example/(4))",
        "![i](https://i.example/5.png)",
        "[r]",
        "[s][r]",
        "[t][]",
        "[x] ",
        "[^1]",
        "<https://e.example/6>",
        "https://f.example/7 ",
        "https://g.example/8. ",
        "[**h**](https://h.example/9)",
        "[![i](https://i.example/5.png)](https://j.example/10)",
        "`[k](https://k.example/11)`",
        "王小明",
        "，",
    ];

    fn parsed(text: &str) -> Vec<String> {
        use comrak::nodes::NodeValue;
        let mut options = comrak::Options::default();
        options.extension.autolink = true;
        options.extension.footnotes = true;
        let arena = comrak::Arena::new();
        // The parser resolves references up to the bytes of its text in all.
        let text = format!("{text}\n\n[r]: https://r.example/0\n{}", "\n".repeat(500));
        let root = comrak::parse_document(&arena, &text, &options);
        let links = root.descendants().filter_map(|node| match &node.data().value {
            NodeValue::Link(link) => Some(link.url.clone()).filter(|url| !url.is_empty()),
            _ => None,
        });
        links.collect()
    }

    #[test]
    fn reading_and_the_parser_see_the_same_links() {
        let mut random = fastrand::Rng::with_seed(53);
        let definitions = BTreeMap::from([(
            "r".to_owned(),
            (Cow::Borrowed(""), "https://r.example/0".to_owned()),
        )]);
        let (mut found, mut otherwise) = (0, Vec::new());
        for _ in 0..8_000 {
            let pieces: Vec<&str> = (0..random.usize(1..6))
                .map(|_| *PIECES.get(random.usize(..PIECES.len())).unwrap())
                .collect();
            // Behind a bracket that nothing closes, a bare address is none for the parser.
            if pieces.contains(&"[") && pieces.iter().any(|piece| piece.starts_with("https")) {
                continue;
            }
            let text = format!("a {}", pieces.concat());
            let own: Vec<String> =
                in_text(&text, &definitions).into_iter().map(|link| link.url).collect();
            let parsed = parsed(&text);
            found += parsed.len();
            if own != parsed {
                otherwise.push(format!("{text:?}\n  reading {own:?}\n  parser  {parsed:?}"));
            }
        }
        otherwise.sort_by_key(String::len);
        let shortest = otherwise.iter().take(15).cloned().collect::<Vec<_>>().join("\n");
        assert!(otherwise.is_empty(), "{} lines, such as\n{shortest}", otherwise.len());
        assert!(found > 6_000, "{found} links are few");
    }
}
