//! How alike titles and names are.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;

use crate::api::Speaker;

/// Characters of a title that stands inside of another.
const PART: usize = 8;

/// A title, ready to be compared: small letters and digits, and the pairs of those beside each other, sorted.
pub struct Title {
    text: String,
    pairs: Vec<(char, char)>,
}

impl Title {
    pub fn new(title: &str) -> Self {
        let text = plain(title);
        let mut pairs: Vec<(char, char)> = text.chars().zip(text.chars().skip(1)).collect();
        pairs.sort_unstable();
        Self { text, pairs }
    }

    /// From 0 to 1: what share of the pairs both have (Sørensen and Dice). Programmes add a kind or a second
    /// language to a title, so that one that holds the other is much like it.
    pub fn like(&self, other: &Self) -> f64 {
        if self.text.is_empty() || other.text.is_empty() {
            return 0.0;
        }
        if self.text == other.text {
            return 1.0;
        }
        let total = self.pairs.len().saturating_add(other.pairs.len());
        let shared = shared(&self.pairs, &other.pairs);
        let like = if total > 0 { 2.0 * number(shared) / number(total) } else { 0.0 };
        let (short, long) = if self.pairs.len() <= other.pairs.len() {
            (&self.text, &other.text)
        } else {
            (&other.text, &self.text)
        };
        let is_part = short.chars().count() >= PART && long.contains(&**short);
        if is_part { like.max(0.9) } else { like }
    }
}

/// How many pairs two sorted lists have in common.
fn shared(a: &[(char, char)], b: &[(char, char)]) -> usize {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut shared = 0_usize;
    while let (Some(one), Some(other)) = (a.peek(), b.peek()) {
        match one.cmp(other) {
            Ordering::Less => drop(a.next()),
            Ordering::Greater => drop(b.next()),
            Ordering::Equal => {
                shared = shared.saturating_add(1);
                a.next();
                b.next();
            }
        }
    }
    shared
}

/// Titles are short.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Whether two lists of speakers are of the same talk; none where one of them says nothing.
pub fn same_people(a: &[Speaker], b: &[Speaker]) -> Option<bool> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let names = |speaker: &Speaker| -> Vec<String> {
        let all = std::iter::once(&speaker.name).chain(speaker.alias.as_ref());
        all.map(|name| plain(name)).filter(|name| !name.is_empty()).collect()
    };
    let known: Vec<String> = b.iter().flat_map(names).collect();
    Some(a.iter().flat_map(names).any(|name| known.contains(&name)))
}

/// Small letters and digits alone, in one width.
fn plain(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
