//! Follows one kind: keeps a store of it and says what changed.
//!
//! Each kind is followed by a task of its own, with a back-off of its own, so that a watch that fails
//! stops no other (kube's `Controller` merges all watches under one back-off: kube-rs/kube#763).

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use futures::{Stream, StreamExt, future};
use kube::core::DeserializeGuard;
use kube::runtime::reflector::store::Writer;
use kube::runtime::reflector::{Lookup, ObjectRef};
use kube::runtime::watcher::{self, Event};
use kube::runtime::{WatchStreamExt, watcher as watch};
use kube::{Api, Resource, ResourceExt};
use serde::de::DeserializeOwned;

use crate::telemetry::watches::Pulse;

/// The events of a kind. Objects that do not decode are reported and left out; an earlier version of
/// such an object stays in the store until it is deleted.
pub fn guarded<K>(
    api: Api<DeserializeGuard<K>>,
    config: watch::Config,
) -> impl Stream<Item = watcher::Result<Event<K>>>
where
    K: Resource<DynamicType = ()> + DeserializeOwned + Clone + Debug + Default + Send + 'static,
{
    watcher::watcher(api, config)
        .default_backoff()
        .filter_map(|event| future::ready(event.map(decoded).transpose()))
}

fn decoded<K>(event: Event<DeserializeGuard<K>>) -> Option<Event<K>>
where
    K: Resource<DynamicType = ()> + Default,
{
    match event {
        Event::Apply(DeserializeGuard(Ok(object))) => Some(Event::Apply(object)),
        Event::InitApply(DeserializeGuard(Ok(object))) => Some(Event::InitApply(object)),
        Event::Delete(DeserializeGuard(Ok(object))) => Some(Event::Delete(object)),
        Event::Delete(DeserializeGuard(Err(invalid))) => {
            let mut object = K::default();
            *object.meta_mut() = invalid.metadata;
            Some(Event::Delete(object))
        }
        Event::Apply(DeserializeGuard(Err(invalid)))
        | Event::InitApply(DeserializeGuard(Err(invalid))) => {
            tracing::error!(
                kind = %K::kind(&()),
                namespace = invalid.metadata.namespace,
                name = invalid.metadata.name,
                error = invalid.error,
                "an object does not match its schema and is left alone: apply the current CRDs"
            );
            None
        }
        Event::Init => Some(Event::Init),
        Event::InitDone => Some(Event::InitDone),
    }
}

/// Drains `events` into `writer` and reports each change as (before, after); both are none never.
/// Objects go through `reduce` first, which drops what nobody reads. Never ends.
pub async fn follow<K>(
    name: &'static str,
    events: impl Stream<Item = watcher::Result<Event<K>>>,
    mut writer: Writer<K>,
    pulse: Pulse,
    reduce: fn(&mut K),
    mut on_change: impl FnMut(Option<&Arc<K>>, Option<&Arc<K>>),
) where
    K: Lookup<DynamicType = ()> + Resource<DynamicType = ()> + Clone + Debug + 'static,
{
    let store = writer.as_reader();
    let mut events = std::pin::pin!(events);
    while let Some(event) = events.next().await {
        pulse.note(&event);
        let mut event = match event {
            Ok(event) => event,
            Err(error) => {
                tracing::warn!(watch = name, %error, "watch failed, trying again");
                continue;
            }
        };
        if let Event::Apply(object) | Event::InitApply(object) | Event::Delete(object) = &mut event
        {
            object.managed_fields_mut().clear();
            object.annotations_mut().remove("kubectl.kubernetes.io/last-applied-configuration");
            reduce(object);
        }
        match &event {
            Event::Apply(object) | Event::Delete(object) => {
                let key = ObjectRef::from_obj(object);
                let before = store.get(&key);
                writer.apply_watcher_event(&event);
                on_change(before.as_ref(), store.get(&key).as_ref());
            }
            Event::Init | Event::InitApply(_) => writer.apply_watcher_event(&event),
            Event::InitDone => {
                let before = by_key(store.state());
                writer.apply_watcher_event(&event);
                report_list(&before, &by_key(store.state()), &mut on_change);
            }
        }
    }
}

fn by_key<K>(objects: Vec<Arc<K>>) -> HashMap<ObjectRef<K>, Arc<K>>
where
    K: Lookup<DynamicType = ()>,
    ObjectRef<K>: Eq + Hash,
{
    objects.into_iter().map(|object| (ObjectRef::from_obj(object.as_ref()), object)).collect()
}

fn report_list<K>(
    before: &HashMap<ObjectRef<K>, Arc<K>>,
    after: &HashMap<ObjectRef<K>, Arc<K>>,
    on_change: &mut impl FnMut(Option<&Arc<K>>, Option<&Arc<K>>),
) where
    K: Resource<DynamicType = ()> + Lookup<DynamicType = ()>,
    ObjectRef<K>: Eq + Hash,
{
    for (key, old) in before {
        if !after.contains_key(key) {
            on_change(Some(old), None);
        }
    }
    for (key, new) in after {
        let old = before.get(key);
        if old.is_none_or(|old| old.meta().resource_version != new.meta().resource_version) {
            on_change(old, Some(new));
        }
    }
}
