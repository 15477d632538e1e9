//! Answers that are kept as long as somebody asks for them.

use std::collections::HashMap;
use std::hash::Hash;

/// Answers by what they are about. Those that nobody asks for in a revision are forgotten after it.
pub(super) struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K, V> Default for Generations<K, V> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Generations<K, V> {
    /// Begins with another revision.
    pub fn turn(&mut self) {
        self.old = std::mem::take(&mut self.young);
    }

    /// What is known of `key`.
    pub fn get(&mut self, key: &K) -> Option<V> {
        if let Some(known) = self.old.remove(key) {
            self.young.insert(key.clone(), known);
        }
        self.young.get(key).cloned()
    }

    /// From now on this is known.
    pub fn put(&mut self, key: K, value: V) {
        self.young.insert(key, value);
    }

    /// What is known of `key`, or else is found.
    pub fn of(&mut self, key: K, find: impl FnOnce() -> V) -> V {
        if let Some(known) = self.get(&key) {
            return known;
        }
        let found = find();
        self.put(key, found.clone());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_revision_does_not_ask_for_is_forgotten_after_the_next() {
        let mut answers = Generations::default();
        assert_eq!(answers.of(1, || 1), 1);
        answers.turn();
        assert_eq!(answers.of(1, || 2), 1, "known from the revision before");
        answers.turn();
        answers.turn();
        assert_eq!(answers.of(1, || 3), 3);
    }
}
