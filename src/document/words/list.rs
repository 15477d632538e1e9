//! Lists of words, and what a text holds of them: asked for many times a line, so that no question walks over a list.

use crate::document::memo::{FastMap, FastSet};
use aho_corasick::AhoCorasick;
use serde::Deserialize;
use std::sync::OnceLock;

/// A list of words in their order, each once.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub(in crate::document) struct WordList {
    /// In their order.
    words: Vec<String>,
    known: FastSet<String>,
    /// The lengths of words in bytes, each once, the shortest first.
    lengths: Vec<usize>,
    /// Characters of the longest word.
    longest: usize,
    anywhere: OnceLock<Option<AhoCorasick>>,
    wide: OnceLock<Option<AhoCorasick>>,
    apart: OnceLock<Option<AhoCorasick>>,
    single: OnceLock<Option<AhoCorasick>>,
}

impl From<Vec<String>> for WordList {
    fn from(mut words: Vec<String>) -> Self {
        words.sort();
        words.dedup();
        let mut lengths: Vec<usize> = words.iter().map(String::len).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let known = words.iter().cloned().collect();
        let longest = words.iter().map(|word| word.chars().count()).max().unwrap_or_default();
        Self { words, known, lengths, longest, ..Self::default() }
    }
}

impl WordList {
    /// The words in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, String> {
        self.words.iter()
    }

    /// Characters of the longest word.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Whether a text is a word of the list.
    pub fn contains(&self, word: &str) -> bool {
        self.known.contains(word)
    }

    /// What stands in `text` behind each word that it begins with, behind the shortest first.
    pub fn behind<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.lengths.iter().filter_map(move |length| {
            let (word, rest) = text.split_at_checked(*length)?;
            self.contains(word).then_some(rest)
        })
    }

    /// What stands in `text` in front of each word that it ends with, in front of the longest first.
    pub fn before<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.lengths.iter().rev().filter_map(move |length| {
            let (rest, word) = text.split_at_checked(text.len().checked_sub(*length)?)?;
            self.contains(word).then_some(rest)
        })
    }

    /// Whether `text` holds one of the words, wherever it stands.
    pub fn is_in(&self, text: &str) -> bool {
        let all = || self.words.iter().map(String::as_str);
        holds(self.anywhere.get_or_init(|| searcher(all())), text)
    }

    /// Whether `text` holds one of the words that are not written in ASCII, wherever it stands.
    pub fn is_wide_in(&self, text: &str) -> bool {
        let wide = || self.words.iter().map(String::as_str).filter(|word| !word.is_ascii());
        !text.is_ascii() && holds(self.wide.get_or_init(|| searcher(wide())), text)
    }

    /// The same of those of one part.
    pub fn is_single_in(&self, text: &str) -> bool {
        let wide = self.words.iter().filter(|word| !word.is_ascii() && !word.contains(' '));
        !text.is_ascii()
            && holds(self.single.get_or_init(|| searcher(wide.map(String::as_str))), text)
    }

    /// Whether `text` holds one of the words with a space in front of it and behind it.
    pub fn is_apart_in(&self, text: &str) -> bool {
        let spaced = || self.words.iter().map(|word| format!(" {word} "));
        holds(self.apart.get_or_init(|| searcher(spaced())), text)
    }
}

/// Marks in the order in which they were given.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub(in crate::document) struct MarkList {
    marks: Vec<String>,
    anywhere: OnceLock<Option<AhoCorasick>>,
}

impl From<Vec<String>> for MarkList {
    fn from(marks: Vec<String>) -> Self {
        Self { marks, ..Self::default() }
    }
}

impl MarkList {
    /// The marks in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, String> {
        self.marks.iter()
    }

    /// Whether `text` holds one of them.
    pub fn is_in(&self, text: &str) -> bool {
        holds(self.anywhere.get_or_init(|| searcher(self.marks.iter().map(String::as_str))), text)
    }
}

/// What finds any of `words` in one pass; `None` where there are none.
fn searcher<W: AsRef<[u8]>>(words: impl Iterator<Item = W>) -> Option<AhoCorasick> {
    let words: Vec<W> = words.collect();
    // Only more words than a program holds would be too many.
    (!words.is_empty()).then(|| AhoCorasick::new(words).ok()).flatten()
}

fn holds(searcher: &Option<AhoCorasick>, text: &str) -> bool {
    searcher.as_ref().is_some_and(|searcher| searcher.is_match(text))
}

/// The places of words in a list of lists, from 0; of a word in several the first.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<Vec<String>>")]
pub(super) struct Positions {
    pub places: FastMap<String, i8>,
}

impl From<Vec<Vec<String>>> for Positions {
    fn from(lists: Vec<Vec<String>>) -> Self {
        let mut places = FastMap::default();
        for (index, words) in lists.into_iter().enumerate() {
            let Ok(index) = i8::try_from(index) else { break };
            for word in words {
                places.entry(word).or_insert(index);
            }
        }
        Self { places }
    }
}

impl Positions {
    pub fn of(&self, word: &str) -> Option<i8> {
        self.places.get(word).copied()
    }
}

/// The characters of a text.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "String")]
pub(in crate::document) struct Characters(FastSet<char>);

impl From<String> for Characters {
    fn from(text: String) -> Self {
        Self(text.chars().collect())
    }
}

impl Characters {
    /// Whether `c` is one of them.
    pub fn contains(&self, c: char) -> bool {
        self.0.contains(&c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> WordList {
        WordList::from(words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn words_at_the_ends_of_a_text() {
        let words = list(&["tide", "tides", "潮", "潮汐"]);
        assert_eq!(words.behind("tides!").collect::<Vec<_>>(), ["s!", "!"]);
        assert_eq!(words.behind("潮汐圖").collect::<Vec<_>>(), ["汐圖", "圖"]);
        assert_eq!(words.before("大潮汐").collect::<Vec<_>>(), ["大"]);
        assert_eq!(words.before("潮").collect::<Vec<_>>(), [""]);
        assert_eq!(words.behind("汐").count() + words.before("").count(), 0);
    }

    #[test]
    fn words_anywhere() {
        let words = list(&["tide", "low tide", "潮"]);
        assert!(words.is_in("lowtides") && words.is_in("大潮"));
        assert!(!words.is_wide_in("a tide") && words.is_wide_in("大潮"));
        assert!(words.is_apart_in(" a tide ") && !words.is_apart_in(" tides 潮汐 "));
        assert!(!list(&[]).is_in("tide") && !list(&["a"]).is_wide_in("潮"));
    }
}
