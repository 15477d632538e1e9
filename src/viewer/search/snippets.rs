//! The places of a note in which the words of a query are, as they are shown.

use unicode_segmentation::UnicodeSegmentation;

use super::fold;
use crate::viewer::library::{Passage, PublishedNote, passages};

/// Graphemes of a snippet before the first hit, and at most.
const BEFORE: usize = 16;
const LONGEST: usize = 72;

/// Some text of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// As it is written.
    pub text: String,
    /// Whether it is what was looked for.
    pub is_hit: bool,
}

/// A place in a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The heading's `id`.
    pub anchor: Option<String>,
    /// The headings above, from the outermost on.
    pub path: Vec<String>,
    /// What is written there.
    pub snippet: Vec<Piece>,
}

impl Hit {
    /// The first words that were found, as they are written.
    pub fn found(&self) -> Option<&str> {
        self.snippet.iter().find(|piece| piece.is_hit).map(|piece| &*piece.text)
    }
}

/// `text` with the `terms` in it marked.
pub fn marked(text: &str, terms: &[String]) -> Vec<Piece> {
    pieces(text, &ranges(text, terms), 0, text.len())
}

/// The first places of a note that have one of the `terms`, `most` of them.
pub fn hits(note: &PublishedNote, terms: &[String], most: usize) -> Vec<Hit> {
    let mut path: Vec<(u8, String)> = Vec::new();
    let mut hits = Vec::new();
    for Passage { anchor, level, title, text } in passages(&note.html()) {
        if level > 0 {
            path.retain(|(above, _)| *above < level);
            path.push((level, title.trim().to_owned()));
        }
        if hits.len() >= most {
            break;
        }
        let snippet = snippet(&text, terms).or_else(|| {
            let is_named = !ranges(&title, terms).is_empty();
            is_named.then(|| marked(title.trim(), terms))
        });
        if let Some(snippet) = snippet {
            let path = path.iter().map(|(_, title)| title.clone()).collect();
            hits.push(Hit { anchor, path, snippet });
        }
    }
    hits
}

/// The line of `text` that has most of the terms, cut to what is shown.
fn snippet(text: &str, terms: &[String]) -> Option<Vec<Piece>> {
    let line = text
        .lines()
        .map(str::trim)
        .map(|line| (distinct(line, terms), line))
        .filter(|(count, _)| *count > 0)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })?
        .1;
    let found = ranges(line, terms);
    let (first, _) = *found.first()?;
    let starts: Vec<usize> = line.grapheme_indices(true).map(|(at, _)| at).collect();
    let first = starts.partition_point(|at| *at <= first).saturating_sub(1);
    let room = LONGEST.saturating_sub(starts.len().saturating_sub(first).min(LONGEST));
    let from = first.saturating_sub(BEFORE.max(room));
    let to = from.saturating_add(LONGEST);
    let from = starts.get(from).copied().unwrap_or_default();
    let to = starts.get(to).copied().unwrap_or(line.len());
    Some(pieces(line, &found, from, to))
}

fn distinct(line: &str, terms: &[String]) -> usize {
    let folded = fold::fold(line);
    terms.iter().filter(|term| folded.contains(&***term)).count()
}

/// Where the terms are in `text`, in its own bytes, in order and without overlap.
fn ranges(text: &str, terms: &[String]) -> Vec<(usize, usize)> {
    let (mut folded, mut origins) = (String::new(), Vec::new());
    fold::each(text, |c, at| {
        folded.push(c);
        origins.resize(folded.len(), at);
    });
    let end_of = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        at.saturating_add(rest.chars().next().map_or(0, char::len_utf8))
    };
    let mut found: Vec<(usize, usize)> = Vec::new();
    for term in terms {
        for (at, term) in folded.match_indices(&**term) {
            let last = at.saturating_add(term.len()).saturating_sub(1);
            let (Some(from), Some(last)) = (origins.get(at), origins.get(last)) else { continue };
            found.push((*from, end_of(*last)));
        }
    }
    found.sort_unstable();
    let mut apart: Vec<(usize, usize)> = Vec::new();
    for (from, to) in found {
        match apart.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => apart.push((from, to)),
        }
    }
    apart
}

/// `text` from `from` to `to`, with what is `found` in it.
fn pieces(text: &str, found: &[(usize, usize)], from: usize, to: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut add = |from: usize, to: usize, is_hit| {
        let text = text.get(from..to).unwrap_or_default();
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), is_hit });
        }
    };
    let mut at = from;
    for (start, end) in found.iter().copied().filter(|(start, end)| *start >= from && *end <= to) {
        add(at, start, false);
        add(start, end, true);
        at = end;
    }
    add(at, to, false);
    if from > 0
        && let Some(first) = pieces.first_mut()
    {
        first.text.insert(0, '…');
    }
    if to < text.len()
        && let Some(last) = pieces.last_mut()
    {
        last.text.push('…');
    }
    pieces
}
