//! What is remembered of an object goes with it, however its end is heard of: by a watch, by a list in
//! which it is missing, or by a reconciliation that was under way.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;

use crate::api::{NoteRepository, Summit, TalkNote, Viewer, names};
use crate::controller::shared::context::{Context, Stores};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::published;
use crate::controller::state::memory::{Key, key};
use crate::controller::viewer;

/// Name of the kind in keys.
pub const CONFIG_MAP: &str = "ConfigMap";

/// Forgets `before` where it went, or where another object took its name.
pub fn if_gone<K: Kind>(before: Option<&K>, after: Option<&K>, ctx: &Context) {
    match (before, after) {
        (Some(gone), None) => object(gone, ctx),
        (Some(old), Some(new)) if old.meta().uid != new.meta().uid => {
            let (namespace, name) = old.address();
            ctx.memory.gone(&key(K::NAME, &namespace, &name), true);
        }
        _ => {}
    }
}

/// Forgets an object that is gone, and those of its children that went before it.
pub fn object<K: Kind>(gone: &K, ctx: &Context) {
    let (namespace, name) = gone.address();
    let repository = gone.labels().get(names::REPOSITORY_LABEL);
    let there = repository.is_some_and(|label| ctx.stores.has_repository(&namespace, label));
    ctx.memory.gone(&key(K::NAME, &namespace, &name), there);
    let child = match K::NAME {
        TalkNote::NAME => names::note_config_map(&name),
        Summit::NAME => names::summit_config_map(&name),
        Viewer::NAME => {
            return ctx.memory.forget_all(|key| viewer::is_child(key, &namespace, &name));
        }
        // What it gave has any name.
        _ => {
            let is_gone = |key: &Key| key.namespace == namespace && !ctx.stores.has(key);
            return ctx.memory.forget_all(is_gone);
        }
    };
    let child = key(CONFIG_MAP, &namespace, &child);
    if !ctx.stores.has(&child) {
        ctx.memory.forget(&child);
    }
}

/// Forgets a ConfigMap that is gone, unless it will be brought back.
pub fn config_map(gone: &ConfigMap, ctx: &Context) {
    let namespace = gone.namespace().unwrap_or_default();
    let there = match gone.labels().get(names::REPOSITORY_LABEL) {
        Some(label) => ctx.stores.has_repository(&namespace, label),
        None => published::owner(gone).is_some_and(|owner| {
            let kind = if owner.kind == Summit::NAME { Summit::NAME } else { TalkNote::NAME };
            ctx.stores.has(&key(kind, &namespace, &owner.name))
        }),
    };
    ctx.memory.gone(&key(CONFIG_MAP, &namespace, &gone.name_any()), there);
}

impl Stores {
    /// Whether the watches show the object.
    fn has(&self, key: &Key) -> bool {
        let Key { kind, namespace, name } = key;
        match *kind {
            TalkNote::NAME => {
                self.talk_notes.get(&ObjectRef::new(name).within(namespace)).is_some()
            }
            Summit::NAME => self.summits.get(&ObjectRef::new(name).within(namespace)).is_some(),
            NoteRepository::NAME => {
                self.repositories.get(&ObjectRef::new(name).within(namespace)).is_some()
            }
            CONFIG_MAP => self.config_maps.contains(&ObjectRef::new(name).within(namespace)),
            // What viewers are made of goes with them.
            _ => true,
        }
    }

    /// Whether there is a repository whose objects carry `label`.
    fn has_repository(&self, namespace: &str, label: &str) -> bool {
        self.repositories.state().iter().any(|repository| {
            let (here, name) = repository.address();
            here == namespace && names::label_value(&name) == label
        })
    }
}

#[cfg(test)]
#[path = "forget_tests.rs"]
mod tests;
