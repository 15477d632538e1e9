//! Answers about short texts that are kept: the title of a talk is read at each level that it may stand at, and a name
//! at each place where names may stand. What is kept depends on the text alone.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::mem;

use foldhash::fast::RandomState;

/// A map that is asked for many times a line. Its hashes are quick, and seeded against hostile keys.
pub(super) type FastMap<K, V> = HashMap<K, V, RandomState>;

/// A set like [`FastMap`].
pub(super) type FastSet<K> = HashSet<K, RandomState>;

/// Longest text about which answers are kept, in bytes.
const LONGEST: usize = 300;

/// Most answers of a generation. Two are kept, so that those that are asked for stay.
const MOST: usize = 2048;

/// Answers by the text that they are about.
pub(super) struct Memo<V> {
    generations: RefCell<[FastMap<Box<str>, V>; 2]>,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { generations: RefCell::default() }
    }
}

impl<V: Clone> Memo<V> {
    /// The answer about `text`, which `find` finds where it is not kept.
    pub fn of(&self, text: &str, find: impl FnOnce() -> V) -> V {
        if text.len() > LONGEST {
            return find();
        }
        if let Some(known) = self.known(text) {
            return known;
        }
        // It may ask for answers itself.
        let found = find();
        self.keep(text.into(), found.clone());
        found
    }

    fn known(&self, text: &str) -> Option<V> {
        let mut generations = self.generations.borrow_mut();
        let [young, old] = &mut *generations;
        if let Some(known) = young.get(text) {
            return Some(known.clone());
        }
        let (text, known) = old.remove_entry(text)?;
        drop(generations);
        self.keep(text, known.clone());
        Some(known)
    }

    fn keep(&self, text: Box<str>, answer: V) {
        let mut generations = self.generations.borrow_mut();
        let [young, old] = &mut *generations;
        if young.len() >= MOST {
            mem::swap(young, old);
            young.clear();
        }
        young.insert(text, answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_again_is_not_found_again() {
        let memo = Memo::default();
        assert_eq!(memo.of("a", || 1), 1);
        assert_eq!(memo.of("a", || 2), 1);
        let long = "a".repeat(LONGEST + 1);
        assert_eq!((memo.of(&long, || 1), memo.of(&long, || 2)), (1, 2));
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let memo = Memo::default();
        for number in 0..MOST * 4 {
            assert_eq!(memo.of("often", || usize::from(number == 0)), 1);
            memo.of(&number.to_string(), || number);
        }
        let kept: usize = memo.generations.borrow().iter().map(HashMap::len).sum();
        assert!(kept <= 2 * MOST);
        assert_eq!((memo.of("often", || 2), memo.of("0", || 7)), (1, 7));
    }

    #[test]
    fn answers_may_need_answers() {
        let memo = Memo::default();
        assert_eq!(memo.of("a", || memo.of("b", || 1) + memo.of("b", || 2)), 2);
    }
}
