//! The Latin words of all notes, to find what was meant by one that none of them has.

use std::collections::HashMap;

use super::searchable::{Searchable, is_latin};

/// Letters of a word that is kept, and words at most: notes may hold long lists of random ones.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=32;
const WORDS: usize = 200_000;
/// Letters from which on a slip is repaired.
const REPAIRED: usize = 5;

/// Each word with its number of notes.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: HashMap<Box<str>, u32>,
}

impl Vocabulary {
    /// Takes the words of `old` away and adds those of `new`.
    pub fn replace(&mut self, old: Option<&Searchable>, new: Option<&Searchable>) {
        for word in old.into_iter().flat_map(distinct) {
            if let Some(count) = self.words.get_mut(word) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.words.remove(word);
                }
            }
        }
        for word in new.into_iter().flat_map(distinct) {
            if let Some(count) = self.words.get_mut(word) {
                *count = count.saturating_add(1);
            } else if self.words.len() < WORDS {
                self.words.insert(word.into(), 1);
            }
        }
    }

    /// The word that is one slip away from `term`: the one that most notes have.
    pub fn repair(&self, term: &str) -> Option<&str> {
        let length = term.chars().count();
        if length < REPAIRED || !term.chars().all(is_latin) {
            return None;
        }
        let letters = letters(term);
        self.words
            .iter()
            .filter(|(word, _)| {
                // A slip changes at most two of the letters that there are.
                (self::letters(word) ^ letters).count_ones() <= 2
                    && word.len().abs_diff(term.len()) <= 2
                    && strsim::osa_distance(word, term) == 1
            })
            .max_by_key(|(word, count)| (**count, std::cmp::Reverse(&***word)))
            .map(|(word, _)| &**word)
    }
}

fn distinct(note: &Searchable) -> Vec<&str> {
    let mut words: Vec<&str> = note.words().filter(|word| LETTERS.contains(&word.len())).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The letters of a word as bits.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |letters, byte| letters | 1 << (byte & 31))
}
