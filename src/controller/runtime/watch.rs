//! Follows one kind: keeps a store of it and says what changed.
//!
//! Each kind is followed by a task of its own, with a back-off of its own, so that a watch that fails
//! stops no other (kube's `Controller` merges all watches under one back-off: kube-rs/kube#763).

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use futures::{Stream, StreamExt};
use kube::runtime::reflector::store::Writer;
use kube::runtime::reflector::{Lookup, ObjectRef};
use kube::runtime::watcher::{self, Event};
use kube::runtime::{WatchStreamExt, watcher as watch};
use kube::{Api, Resource, ResourceExt};

use crate::controller::runtime::salvage::Salvaged;
use crate::controller::shared::kind::Kind;
use crate::telemetry::watches::Pulse;

/// The events of a kind. Of an object that cannot be read what can be is kept: see [`crate::controller::runtime::salvage`].
pub fn salvaged<K: Kind>(
    api: Api<Salvaged<K>>,
    config: watch::Config,
) -> impl Stream<Item = watcher::Result<Event<K>>> {
    let inner = |event| match event {
        Event::Apply(Salvaged(object)) => Event::Apply(object),
        Event::InitApply(Salvaged(object)) => Event::InitApply(object),
        Event::Delete(Salvaged(object)) => Event::Delete(object),
        Event::Init => Event::Init,
        Event::InitDone => Event::InitDone,
    };
    watcher::watcher(api, config).default_backoff().map(move |event| event.map(inner))
}

/// Where what a watch shows is kept.
pub trait Keeper<K> {
    /// Keeps what `event` tells, and reports each change as (before, after).
    fn keep(
        &mut self,
        event: Event<K>,
        on_change: &mut impl FnMut(Option<&Arc<K>>, Option<&Arc<K>>),
    );
}

impl<K> Keeper<K> for Writer<K>
where
    K: Lookup<DynamicType = ()> + Resource<DynamicType = ()> + Clone + Debug + 'static,
{
    fn keep(
        &mut self,
        event: Event<K>,
        on_change: &mut impl FnMut(Option<&Arc<K>>, Option<&Arc<K>>),
    ) {
        let store = self.as_reader();
        match &event {
            Event::Apply(object) | Event::Delete(object) => {
                let key = ObjectRef::from_obj(object);
                let before = store.get(&key);
                self.apply_watcher_event(&event);
                on_change(before.as_ref(), store.get(&key).as_ref());
            }
            Event::Init | Event::InitApply(_) => self.apply_watcher_event(&event),
            Event::InitDone => {
                let before = by_key(store.state());
                self.apply_watcher_event(&event);
                report_list(&before, &by_key(store.state()), on_change);
            }
        }
    }
}

/// Drains `events` into `keeper` and reports each change as (before, after); both are none never.
/// Objects go through `reduce` first, which drops what nobody reads, such as most of the managed fields.
/// Never ends.
pub async fn follow<K>(
    name: &'static str,
    events: impl Stream<Item = watcher::Result<Event<K>>>,
    mut keeper: impl Keeper<K>,
    pulse: Pulse,
    mut reduce: impl FnMut(&mut K),
    mut on_change: impl FnMut(Option<&Arc<K>>, Option<&Arc<K>>),
) where
    K: Resource<DynamicType = ()> + Clone + Debug + 'static,
{
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
            object.annotations_mut().remove("kubectl.kubernetes.io/last-applied-configuration");
            reduce(object);
        }
        keeper.keep(event, &mut on_change);
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
