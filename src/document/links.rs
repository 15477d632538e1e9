//! Links in Markdown: `[text](url)`, `[text][label]`, `<url>` and bare URLs.
//!
//! Links are found within a line, in one pass; those in code, fences, comments and images are no
//! links.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::outline::Outline;
use super::scanner::LineKind;
use super::text::{first_chars, fold, is_cjk};
use super::words::words;
use crate::api::{Link, LinkKind};

/// Longest URL that the schema takes, in characters.
const MAX_URL: usize = 4096;

/// A link with its place in the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoundLink {
    /// Its text; empty for a bare URL.
    pub text: String,
    /// Where it leads, as written.
    pub url: String,
    /// Index of its line.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl FoundLink {
    /// The link as the schema has it; `None` where it does not lead to an http or https address.
    pub fn to_link(&self) -> Option<Link> {
        let parsed = Url::parse(&self.url).ok()?;
        let fits = self.url.chars().count() <= MAX_URL;
        if !matches!(parsed.scheme(), "http" | "https") || !fits {
            return None;
        }
        let title = Some(super::title::plain(&self.text)).filter(|title| !title.is_empty());
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

/// Definitions of references by label, each with the line that it is written in.
pub(super) type Definitions<'a> = BTreeMap<String, (&'a str, String)>;

/// The definitions of a document; the first of a label counts.
pub(super) fn definitions<'a>(outline: &Outline<'a>) -> Definitions<'a> {
    let mut found = Definitions::new();
    for line in &outline.lines {
        if line.kind == LineKind::Text
            && let Some((label, url)) = definition(line.text.trim())
        {
            found.entry(label).or_insert((line.text.trim(), url));
        }
    }
    found
}

/// `[label]: url` as folded label and URL.
pub(super) fn definition(line: &str) -> Option<(String, String)> {
    let (label, rest) = line.strip_prefix('[')?.split_once("]:")?;
    let url = rest.split_whitespace().next()?.trim_start_matches('<').trim_end_matches('>');
    let is_note = label.starts_with('^');
    (!is_note && !label.trim().is_empty() && !label.contains(['[', ']']))
        .then(|| (fold(label), url.to_owned()))
}

/// Lines with the definitions that `text` refers to and does not hold itself.
pub(super) fn missing_definitions(text: &str, definitions: &Definitions<'_>) -> Vec<String> {
    if definitions.is_empty() {
        return Vec::new();
    }
    let outline = Outline::new(text);
    let own = self::definitions(&outline);
    let mut labels = BTreeSet::new();
    for line in &outline.lines {
        if may_hold_links(line.kind) {
            labels.extend(Inline::new(line.text).labels());
        }
    }
    let wanted = labels.iter().filter(|label| !own.contains_key(*label));
    wanted.filter_map(|label| definitions.get(label)).map(|(line, _)| (*line).to_owned()).collect()
}

/// The links in the lines from `from` up to `to`.
pub(super) fn in_lines(
    outline: &Outline<'_>,
    from: usize,
    to: usize,
    definitions: &Definitions<'_>,
) -> Vec<FoundLink> {
    let mut found = Vec::new();
    for (index, line) in outline.lines.iter().enumerate().take(to).skip(from) {
        if may_hold_links(line.kind) {
            for link in Inline::new(line.text).links(definitions) {
                found.push(FoundLink { line: index, ..link });
            }
        }
    }
    found
}

/// The links in a piece of text without line ends, such as a heading.
pub(super) fn in_text(text: &str, definitions: &Definitions<'_>) -> Vec<FoundLink> {
    Inline::new(text).links(definitions)
}

/// `text` with links replaced by their texts.
pub(super) fn without_addresses(text: &str) -> String {
    let inline = Inline::new(text);
    let mut out = String::new();
    let mut at = 0;
    for bracket in inline.brackets() {
        if bracket.open < at || bracket.target.is_none() {
            continue;
        }
        let before = if bracket.image { bracket.open.saturating_sub(1) } else { bracket.open };
        out.extend(inline.chars.get(at..before).unwrap_or_default());
        if !bracket.image {
            out.extend(inline.chars.get(bracket.open + 1..bracket.close).unwrap_or_default());
        }
        at = bracket.end;
    }
    out.extend(inline.chars.get(at..).unwrap_or_default());
    out
}

fn may_hold_links(kind: LineKind) -> bool {
    use LineKind::{Blank, FenceEnd, FenceStart, ListCode, Opaque};
    !matches!(kind, Opaque | ListCode | FenceStart | FenceEnd | Blank)
}

/// Square brackets with what follows them.
#[derive(Debug)]
struct Bracket {
    open: usize,
    close: usize,
    end: usize,
    image: bool,
    target: Option<Target>,
}

#[derive(Debug)]
enum Target {
    Address(String),
    Label(String),
}

/// A line of text as characters.
struct Inline {
    chars: Vec<char>,
    code: Vec<bool>,
}

impl Inline {
    fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let code = code_spans(&chars);
        Self { chars, code }
    }

    fn at(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied().filter(|_| !self.code.get(index).copied().unwrap_or(false))
    }

    fn links(&self, definitions: &Definitions<'_>) -> Vec<FoundLink> {
        let mut found: Vec<FoundLink> = Vec::new();
        let mut covered = vec![false; self.chars.len()];
        for bracket in self.brackets() {
            let range = bracket.open..bracket.end;
            if covered.get(bracket.open).copied().unwrap_or(true) {
                continue;
            }
            let url = match &bracket.target {
                Some(Target::Address(url)) => Some(url.clone()),
                Some(Target::Label(label)) => definitions.get(label).map(|(_, url)| url.clone()),
                None => None,
            };
            if let Some(url) = url {
                covered.get_mut(range).unwrap_or_default().fill(true);
                if !bracket.image {
                    let text = self.chars.get(bracket.open + 1..bracket.close).unwrap_or_default();
                    let text: String = text.iter().collect();
                    let text = without_images(&text);
                    found.push(FoundLink { text, url, line: 0, column: bracket.open + 1 });
                }
            }
        }
        self.bare(&covered, &mut found);
        found.sort_by_key(|link| link.column);
        found
    }

    fn labels(&self) -> Vec<String> {
        let target = |bracket: Bracket| match bracket.target {
            Some(Target::Label(label)) => Some(label),
            _ => None,
        };
        self.brackets().into_iter().filter_map(target).collect()
    }

    /// All pairs of brackets in the order in which they open; outer ones come before inner ones.
    fn brackets(&self) -> Vec<Bracket> {
        let mut open = Vec::new();
        let mut found = Vec::new();
        let mut closing = self.closing_parentheses();
        let mut index = 0;
        while index < self.chars.len() {
            match self.at(index) {
                Some('\\') => index += 1,
                Some('[') => open.push(index),
                Some(']') => {
                    if let Some(start) = open.pop() {
                        found.push(self.bracket(start, index, &mut closing));
                    }
                }
                _ => {}
            }
            index += 1;
        }
        found.sort_by_key(|bracket| bracket.open);
        found
    }

    fn bracket(&self, open: usize, close: usize, closing: &mut BTreeMap<usize, usize>) -> Bracket {
        let image = open.checked_sub(1).and_then(|before| self.at(before)) == Some('!');
        let own = || {
            fold(&self.chars.get(open + 1..close).unwrap_or_default().iter().collect::<String>())
        };
        let (target, end) = match self.at(close + 1) {
            Some('(') => match closing.remove(&(close + 1)) {
                Some(end) => (self.address(close + 2, end).map(Target::Address), end + 1),
                None => (None, close + 1),
            },
            Some('[') => {
                let rest = self.chars.get(close + 2..).unwrap_or_default();
                let label: String = rest.iter().take(200).take_while(|c| **c != ']').collect();
                let end = close + 3 + label.chars().count();
                let label = if label.is_empty() { own() } else { fold(&label) };
                (Some(Target::Label(label)), end)
            }
            _ if close.saturating_sub(open) <= 200 => (Some(Target::Label(own())), close + 1),
            _ => (None, close + 1),
        };
        Bracket { open, close, end: end.min(self.chars.len()), image, target }
    }

    /// For each `(` the `)` that closes it.
    fn closing_parentheses(&self) -> BTreeMap<usize, usize> {
        let mut open = Vec::new();
        let mut pairs = BTreeMap::new();
        for (index, c) in self.chars.iter().enumerate() {
            match c {
                '(' => open.push(index),
                ')' => {
                    if let Some(start) = open.pop() {
                        pairs.insert(start, index);
                    }
                }
                _ => {}
            }
        }
        pairs
    }

    /// The address between two parentheses: up to white space, behind which a title may stand.
    fn address(&self, from: usize, to: usize) -> Option<String> {
        let inside: String = self.chars.get(from..to)?.iter().collect();
        let address =
            inside.split_whitespace().next()?.trim_start_matches('<').trim_end_matches('>');
        Some(address.to_owned()).filter(|address| !address.is_empty())
    }

    fn bare(&self, covered: &[bool], found: &mut Vec<FoundLink>) {
        let mut index = 0;
        while index < self.chars.len() {
            let free = !covered.get(index).copied().unwrap_or(true);
            if free && self.at(index) == Some('h') && self.begins_url(index) {
                let length = self.url_length(index);
                let url = self.chars.get(index..index + length).unwrap_or_default();
                let url: String = url.iter().collect();
                found.push(FoundLink { text: String::new(), url, line: 0, column: index + 1 });
                index += length;
            }
            index += 1;
        }
    }

    fn begins_url(&self, index: usize) -> bool {
        let after_word = index.checked_sub(1).and_then(|before| self.chars.get(before));
        let starts = |scheme: &str| {
            self.chars
                .get(index..)
                .unwrap_or_default()
                .iter()
                .copied()
                .take(scheme.len())
                .eq(scheme.chars())
        };
        after_word.is_none_or(|c| !c.is_ascii_alphanumeric())
            && (starts("https://") || starts("http://"))
    }

    fn url_length(&self, from: usize) -> usize {
        let stops = |c: char| {
            c.is_whitespace() || "<>\"`[]|，。；：、？！（）「」『』《》".contains(c) || is_cjk(c)
        };
        let rest = self.chars.get(from..).unwrap_or_default();
        let mut length = rest.iter().take_while(|c| !stops(**c)).count();
        let mut balance: i64 = rest.iter().take(length).map(|c| parenthesis(*c)).sum();
        while let Some(last) = length.checked_sub(1).and_then(|last| rest.get(last)) {
            let loose = (*last == ')' && balance < 0) || ".,;:!?*'_~".contains(*last);
            if !loose {
                break;
            }
            balance -= parenthesis(*last);
            length -= 1;
        }
        length
    }
}

fn parenthesis(c: char) -> i64 {
    match c {
        '(' => 1,
        ')' => -1,
        _ => 0,
    }
}

fn without_images(text: &str) -> String {
    if text.contains("![") { without_addresses(text) } else { text.to_owned() }
}

/// Which characters stand in code spans.
fn code_spans(chars: &[char]) -> Vec<bool> {
    let mut code = vec![false; chars.len()];
    let runs = backtick_runs(chars);
    let mut next_of_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (start, length) in runs.iter().rev() {
        next_of_length.entry(*length).or_default().push(*start);
    }
    let mut until = 0;
    for (start, length) in runs {
        if start < until {
            continue;
        }
        let starts = next_of_length.entry(length).or_default();
        while starts.last().is_some_and(|candidate| *candidate <= start) {
            starts.pop();
        }
        if let Some(close) = starts.last() {
            until = close + length;
            code.get_mut(start..until).unwrap_or_default().fill(true);
        }
    }
    code
}

/// Beginnings and lengths of the runs of backticks.
fn backtick_runs(chars: &[char]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (index, _) in chars.iter().enumerate().filter(|(_, c)| **c == '`') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == index => *length += 1,
            _ => runs.push((index, 1)),
        }
    }
    runs
}

/// Adds `link` unless its address is there already; a title is taken over where there was none.
pub(super) fn add(links: &mut Vec<Link>, link: Link) {
    match links.iter_mut().find(|known| known.url == link.url) {
        Some(known) if known.title.is_none() && link.title.is_some() => *known = link,
        Some(_) => {}
        None => links.push(link),
    }
}

#[cfg(test)]
mod tests {
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
}
