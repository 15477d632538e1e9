//! What is remembered between reconciliations.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// A small map that outlives reconciliations. Lost at a restart, which costs work and nothing else.
pub struct Memory<V> {
    values: Mutex<HashMap<String, V>>,
}

impl<V> Default for Memory<V> {
    fn default() -> Self {
        Self { values: Mutex::default() }
    }
}

impl<V: Clone> Memory<V> {
    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<V> {
        self.lock().get(key).cloned()
    }

    /// Keeps `value` under `key`.
    pub fn put(&self, key: impl Into<String>, value: V) {
        self.lock().insert(key.into(), value);
    }

    /// Forgets `key`.
    pub fn forget(&self, key: &str) {
        self.lock().remove(key);
    }

    /// Changes the value under `key`, or a new one.
    pub fn update<R>(&self, key: &str, change: impl FnOnce(&mut V) -> R) -> R
    where
        V: Default,
    {
        change(self.lock().entry(key.to_owned()).or_default())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, V>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Key of an object in a [`Memory`].
pub fn key(kind: &str, namespace: &str, name: &str) -> String {
    format!("{kind}/{namespace}/{name}")
}

/// A digest that is the same only within one process.
pub fn quick_hash(value: &impl Hash) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
}
