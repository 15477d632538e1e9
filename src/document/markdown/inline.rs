//! The brackets, code spans and addresses within a line of text.
//!
//! One pass a question, linear in the length of the line, however it is nested.

use std::collections::BTreeMap;

use super::code_spans::{code_spans, is_escaped};
use super::link::{Definitions, FoundLink};
use crate::document::text::{fold, is_cjk};

/// Longest label of a reference that is looked up, in characters.
const MAX_LABEL: usize = 200;

/// `text` with links replaced by their texts, and without images.
pub(in crate::document) fn without_addresses(text: &str) -> String {
    if !text.contains('[') {
        return text.to_owned();
    }
    let inline = Inline::new(text);
    let mut out = String::new();
    let mut at = 0;
    for bracket in inline.brackets() {
        let bare = bracket.end == bracket.close + 1;
        if bracket.open < at || bracket.target.is_none() || bare {
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
pub(in crate::document) struct Inline {
    chars: Vec<char>,
    code: Vec<bool>,
}

impl Inline {
    pub fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let code = code_spans(&chars);
        Self { chars, code }
    }

    fn at(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied().filter(|_| !self.code.get(index).copied().unwrap_or(false))
    }

    /// The links of the line; `line` is left at 0.
    pub fn links(&self, definitions: &Definitions<'_>) -> Vec<FoundLink> {
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

    /// The labels of references that the line may hold.
    pub fn labels(&self) -> Vec<String> {
        let target = |bracket: Bracket| match bracket.target {
            Some(Target::Label(label)) => Some(label),
            _ => None,
        };
        self.brackets().into_iter().filter_map(target).collect()
    }

    /// The folded labels of footnotes that the line refers to.
    pub fn footnotes(&self) -> Vec<String> {
        let label = |bracket: Bracket| {
            let inner = self.chars.get(bracket.open + 1..bracket.close).unwrap_or_default();
            let label: String = inner.strip_prefix(&['^'])?.iter().collect();
            let fits = !label.is_empty() && label.len() <= MAX_LABEL && !bracket.image;
            fits.then(|| fold(&label))
        };
        self.brackets().into_iter().filter_map(label).collect()
    }

    /// The text of the line with a space for each character of code.
    pub fn prose(&self) -> String {
        let all = self.chars.iter().zip(&self.code);
        all.map(|(c, is_code)| if *is_code { ' ' } else { *c }).collect()
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
            let text = self.chars.get(open + 1..close).unwrap_or_default();
            (text.len() <= MAX_LABEL).then(|| fold(&text.iter().collect::<String>()))
        };
        let (target, end) = match self.at(close + 1) {
            Some('(') => match closing.remove(&(close + 1)) {
                Some(end) => (self.address(close + 2, end).map(Target::Address), end + 1),
                None => (own().map(Target::Label), close + 1),
            },
            Some('[') => {
                let rest = self.chars.get(close + 2..).unwrap_or_default();
                match rest.iter().take(MAX_LABEL).position(|c| matches!(c, '[' | ']')) {
                    Some(length) if rest.get(length) == Some(&']') => {
                        let label: String = rest.iter().take(length).collect();
                        let label = if label.is_empty() { own() } else { Some(fold(&label)) };
                        (label.map(Target::Label), close + 3 + length)
                    }
                    _ => (own().map(Target::Label), close + 1),
                }
            }
            _ => (own().map(Target::Label), close + 1),
        };
        Bracket { open, close, end: end.min(self.chars.len()), image, target }
    }

    /// For each `(` the `)` that closes it.
    fn closing_parentheses(&self) -> BTreeMap<usize, usize> {
        let mut open = Vec::new();
        let mut pairs = BTreeMap::new();
        for (index, c) in self.chars.iter().enumerate() {
            match c {
                '(' | ')' if is_escaped(&self.chars, index) => {}
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
