//! What is remembered between reconciliations: of each object all in one place, so that it goes with
//! the object.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::controller::state::debounce::Debounce;
use crate::controller::state::reconciled::{Reconciled, Unreadable};
use crate::controller::state::texts::WaitingText;
use crate::import::Importer;

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
    reconciles: Reconciles,
    expectations: Expectations,
    /// What the documents of a repository told when they were read.
    importer: Option<Arc<Mutex<Importer>>>,
}

/// What the controller of an object remembers of its reconciliations.
#[derive(Default, PartialEq)]
struct Reconciles {
    /// Uid and digest of the status that was written last.
    status: Option<(String, u64)>,
    /// What most objects have nothing of, so that it takes no room there.
    passing: Option<Box<Passing>>,
}

/// What is remembered while something is under way or wrong, and of few kinds.
#[derive(Default, PartialEq)]
struct Passing {
    /// Since when it waits to be reconciled.
    requested: Option<Instant>,
    /// Since when the reconciliation under way was asked for, of a repository.
    asked: Option<Instant>,
    /// Failed attempts since the last success.
    attempts: Option<u32>,
    /// The last reconciliation of a repository.
    last: Option<Arc<Reconciled>>,
    /// The last revision of a repository that can never be read.
    unreadable: Option<Arc<Unreadable>>,
    /// How many objects of a repository were found changed by others.
    drifts: Option<u64>,
    /// Cost of the last reconciliation of a summit.
    debounce: Option<Debounce>,
    /// The text that its page is about to be made of.
    text: Option<Arc<WaitingText>>,
    /// When the page of another renderer is to be rendered again.
    turn: Option<Instant>,
}

/// What whoever made an object remembers of it.
#[derive(Default, PartialEq)]
struct Expectations {
    /// Fingerprint of the object as it was written.
    expected: Option<String>,
    /// When it was restored lately.
    restored: Option<VecDeque<Instant>>,
}

impl Facts {
    fn passing(&mut self) -> &mut Passing {
        self.reconciles.passing.get_or_insert_default()
    }

    /// Gives back the room for what is no longer remembered.
    fn tidy(&mut self) {
        self.reconciles.passing.take_if(|passing| **passing == Passing::default());
    }

    fn is_empty(&self) -> bool {
        self.reconciles == Reconciles::default()
            && self.expectations == Expectations::default()
            && self.importer.is_none()
    }
}

/// What is remembered of all objects. Lost at a restart, which costs work and nothing else. Clones share
/// it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<HashMap<Key, Facts>>>);

impl Memory {
    /// Failed attempts of each object.
    pub fn attempts(&self) -> Fact<u32> {
        self.fact(|facts| &mut facts.passing().attempts)
    }

    /// The last reconciliation of each repository.
    pub fn last_reconciles(&self) -> Fact<Arc<Reconciled>> {
        self.fact(|facts| &mut facts.passing().last)
    }

    /// The last revision of each repository that can never be read.
    pub fn unreadable(&self) -> Fact<Arc<Unreadable>> {
        self.fact(|facts| &mut facts.passing().unreadable)
    }

    /// What the documents of each repository told when they were read.
    pub fn importers(&self) -> Fact<Arc<Mutex<Importer>>> {
        self.fact(|facts| &mut facts.importer)
    }

    /// How many objects of each repository were found changed by others.
    pub fn drifts(&self) -> Fact<u64> {
        self.fact(|facts| &mut facts.passing().drifts)
    }

    /// Cost of the last reconciliation of each summit.
    pub fn debounces(&self) -> Fact<Debounce> {
        self.fact(|facts| &mut facts.passing().debounce)
    }

    /// Since when each object waits to be reconciled.
    pub fn requests(&self) -> Fact<Instant> {
        self.fact(|facts| &mut facts.passing().requested)
    }

    /// Since when the reconciliation under way of each repository was asked for.
    pub fn asked(&self) -> Fact<Instant> {
        self.fact(|facts| &mut facts.passing().asked)
    }

    /// The text of each object that its page is about to be made of.
    pub fn texts(&self) -> Fact<Arc<WaitingText>> {
        self.fact(|facts| &mut facts.passing().text)
    }

    /// When the page of each object that another renderer made is to be rendered again.
    pub fn turns(&self) -> Fact<Instant> {
        self.fact(|facts| &mut facts.passing().turn)
    }

    /// The status that was written last of each object: its uid, and a digest.
    pub fn statuses(&self) -> Fact<(String, u64)> {
        self.fact(|facts| &mut facts.reconciles.status)
    }

    /// What each object that we made is to be like.
    pub fn expected(&self) -> Fact<String> {
        self.fact(|facts| &mut facts.expectations.expected)
    }

    /// When each object that we made was restored lately.
    pub fn restored(&self) -> Fact<VecDeque<Instant>> {
        self.fact(|facts| &mut facts.expectations.restored)
    }

    /// Forgets all of an object.
    pub fn forget(&self, key: &Key) {
        self.lock().remove(key);
    }

    /// Forgets the reconciliations of an object that is gone, and the rest, too, unless whoever made it expects
    /// it to be there and is `there` to bring it back.
    pub fn gone(&self, key: &Key, there: bool) {
        let mut objects = self.lock();
        if let Some(facts) = objects.get_mut(key) {
            facts.reconciles = Reconciles::default();
            facts.importer = None;
            if !there || facts.expectations.expected.is_none() {
                objects.remove(key);
            }
        }
    }

    /// Forgets all objects that `is_gone` tells.
    pub fn forget_all(&self, is_gone: impl Fn(&Key) -> bool) {
        self.lock().retain(|key, _| !is_gone(key));
    }

    /// How many objects something is remembered of.
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

impl<V> Clone for Fact<V> {
    fn clone(&self) -> Self {
        Self { memory: self.memory.clone(), slot: self.slot }
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
        let mut objects = self.memory.lock();
        let facts = objects.get_mut(key)?;
        let known = (self.slot)(facts).clone();
        facts.tidy();
        known
    }

    /// Remembers `value`.
    pub fn put(&self, key: Key, value: V) {
        *(self.slot)(self.memory.lock().entry(key).or_default()) = Some(value);
    }

    /// Remembers `value` where nothing is remembered yet.
    pub fn put_first(&self, key: Key, value: V) {
        (self.slot)(self.memory.lock().entry(key).or_default()).get_or_insert(value);
    }

    /// Forgets it and says what it was.
    pub fn take(&self, key: &Key) -> Option<V> {
        let known = self.get(key);
        if known.is_some() {
            self.forget(key);
        }
        known
    }

    /// Forgets it, and leaves what else is remembered of the object.
    pub fn forget(&self, key: &Key) {
        let mut objects = self.memory.lock();
        if let Some(facts) = objects.get_mut(key) {
            *(self.slot)(facts) = None;
            facts.tidy();
            if facts.is_empty() {
                objects.remove(key);
            }
        }
    }

    /// Of how many objects it is remembered.
    pub fn count(&self) -> usize {
        let mut objects = self.memory.lock();
        let is_known = |facts: &mut Facts| {
            let is_known = (self.slot)(facts).is_some();
            facts.tidy();
            is_known
        };
        objects.values_mut().map(is_known).filter(|is| *is).count()
    }

    /// What is remembered of each object, with the object's kind.
    pub fn all(&self) -> Vec<(&'static str, V)> {
        let mut objects = self.memory.lock();
        let known = |(key, facts): (&Key, &mut Facts)| {
            let known = (self.slot)(facts).clone();
            facts.tidy();
            Some((key.kind, known?))
        };
        objects.iter_mut().filter_map(known).collect()
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
#[path = "memory_tests.rs"]
mod tests;
