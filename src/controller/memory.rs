//! What is remembered between reconciliations: of each object all in one place, so that it goes with
//! the object.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::pace::Pace;
use super::visit::{Unreadable, Visit};
use crate::document::Readings;

/// What an object is known by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Such as `TalkNote`.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, namespace, name } = self;
        write!(f, "{kind}/{namespace}/{name}")
    }
}

/// Key of an object in a [`Memory`].
pub fn key(kind: &'static str, namespace: &str, name: &str) -> Key {
    Key { kind, namespace: namespace.to_owned(), name: name.to_owned() }
}

/// All that is remembered of one object.
#[derive(Default)]
struct Facts {
    visits: Visits,
    wishes: Wishes,
    /// What the documents of a repository told when they were read.
    readings: Option<Arc<Mutex<Readings>>>,
}

/// What the controller of an object remembers of its visits.
#[derive(Default, PartialEq)]
struct Visits {
    /// Failed attempts since the last success.
    attempts: Option<u32>,
    /// The last visit of a repository.
    last: Option<Arc<Visit>>,
    /// The last revision of a repository that can never be read.
    unreadable: Option<Arc<Unreadable>>,
    /// How many objects of a repository were found changed by others.
    drifts: Option<u64>,
    /// Cost of the last visit of a summit.
    pace: Option<Pace>,
    /// Uid and digest of the status that was written last.
    status: Option<(String, u64)>,
}

/// What whoever made an object remembers of it.
#[derive(Default, PartialEq)]
struct Wishes {
    /// Fingerprint of the object as it was written.
    expected: Option<String>,
    /// When it was restored lately.
    restored: Option<VecDeque<Instant>>,
}

impl Facts {
    fn is_empty(&self) -> bool {
        self.visits == Visits::default()
            && self.wishes == Wishes::default()
            && self.readings.is_none()
    }
}

/// What is remembered of all objects. Lost at a restart, which costs work and nothing else. Clones share
/// it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<HashMap<Key, Facts>>>);

impl Memory {
    /// Failed attempts of each object.
    pub fn attempts(&self) -> Fact<u32> {
        self.fact(|facts| &mut facts.visits.attempts)
    }

    /// The last visit of each repository.
    pub fn last_visits(&self) -> Fact<Arc<Visit>> {
        self.fact(|facts| &mut facts.visits.last)
    }

    /// The last revision of each repository that can never be read.
    pub fn unreadable(&self) -> Fact<Arc<Unreadable>> {
        self.fact(|facts| &mut facts.visits.unreadable)
    }

    /// What the documents of each repository told when they were read.
    pub fn readings(&self) -> Fact<Arc<Mutex<Readings>>> {
        self.fact(|facts| &mut facts.readings)
    }

    /// How many objects of each repository were found changed by others.
    pub fn drifts(&self) -> Fact<u64> {
        self.fact(|facts| &mut facts.visits.drifts)
    }

    /// Cost of the last visit of each summit.
    pub fn paces(&self) -> Fact<Pace> {
        self.fact(|facts| &mut facts.visits.pace)
    }

    /// The status that was written last of each object: its uid, and a digest.
    pub fn statuses(&self) -> Fact<(String, u64)> {
        self.fact(|facts| &mut facts.visits.status)
    }

    /// What each object that we made is to be like.
    pub fn expected(&self) -> Fact<String> {
        self.fact(|facts| &mut facts.wishes.expected)
    }

    /// When each object that we made was restored lately.
    pub fn restored(&self) -> Fact<VecDeque<Instant>> {
        self.fact(|facts| &mut facts.wishes.restored)
    }

    /// Forgets all of an object.
    pub fn forget(&self, key: &Key) {
        self.lock().remove(key);
    }

    /// Forgets the visits of an object that is gone, and the rest, too, unless whoever made it expects
    /// it to be there and is `there` to bring it back.
    pub fn gone(&self, key: &Key, there: bool) {
        let mut objects = self.lock();
        if let Some(facts) = objects.get_mut(key) {
            facts.visits = Visits::default();
            facts.readings = None;
            if !there || facts.wishes.expected.is_none() {
                objects.remove(key);
            }
        }
    }

    /// Forgets all objects that `is_gone` tells.
    pub fn forget_all(&self, is_gone: impl Fn(&Key) -> bool) {
        self.lock().retain(|key, _| !is_gone(key));
    }

    /// How many objects something is remembered of.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    fn fact<V>(&self, slot: fn(&mut Facts) -> &mut Option<V>) -> Fact<V> {
        Fact { memory: self.clone(), slot }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Facts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One thing that is remembered of each object.
pub struct Fact<V> {
    memory: Memory,
    slot: fn(&mut Facts) -> &mut Option<V>,
}

impl<V: Clone> Fact<V> {
    /// What is remembered of the object.
    pub fn get(&self, key: &Key) -> Option<V> {
        self.memory.lock().get_mut(key).and_then(|facts| (self.slot)(facts).clone())
    }

    /// Remembers `value`.
    pub fn put(&self, key: Key, value: V) {
        *(self.slot)(self.memory.lock().entry(key).or_default()) = Some(value);
    }

    /// Forgets it, and leaves what else is remembered of the object.
    pub fn forget(&self, key: &Key) {
        let mut objects = self.memory.lock();
        if let Some(facts) = objects.get_mut(key) {
            *(self.slot)(facts) = None;
            if facts.is_empty() {
                objects.remove(key);
            }
        }
    }

    /// Changes what is remembered, or a new value.
    pub fn update<R>(&self, key: &Key, change: impl FnOnce(&mut V) -> R) -> R
    where
        V: Default,
    {
        let mut objects = self.memory.lock();
        let facts = objects.entry(key.clone()).or_default();
        change((self.slot)(facts).get_or_insert_default())
    }
}

/// A digest that is the same only within one process.
pub fn quick_hash(value: &impl Hash) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_an_object_that_is_forgotten() {
        let memory = Memory::default();
        let object = key("TalkNote", "north", "a");
        memory.attempts().put(object.clone(), 1);
        memory.drifts().put(object.clone(), 1);
        memory.statuses().put(object.clone(), ("1".to_owned(), 1));
        memory.expected().put(object.clone(), "x".to_owned());
        memory.restored().update(&object, |times| times.push_back(Instant::now()));
        memory.expected().put(key("TalkNote", "south", "a"), "x".to_owned());
        assert_eq!(memory.len(), 2);
        memory.forget(&object);
        assert_eq!(memory.len(), 1);
        assert_eq!(memory.attempts().get(&object), None);
        memory.expected().forget(&key("TalkNote", "south", "a"));
        assert_eq!(memory.len(), 0, "of which nothing is remembered, that takes no room");
    }

    #[test]
    fn an_object_that_will_be_brought_back_is_expected_as_before() {
        let memory = Memory::default();
        let object = key("TalkNote", "north", "a");
        memory.attempts().put(object.clone(), 1);
        memory.expected().put(object.clone(), "x".to_owned());
        memory.gone(&object, true);
        assert_eq!(memory.attempts().get(&object), None);
        assert_eq!(memory.expected().get(&object).as_deref(), Some("x"));
        memory.gone(&object, false);
        assert_eq!(memory.len(), 0);
        memory.restored().put(object.clone(), VecDeque::new());
        memory.gone(&object, true);
        assert_eq!(memory.len(), 0, "one that is not expected will not be brought back");
    }
}
