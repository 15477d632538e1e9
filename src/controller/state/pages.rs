//! The ConfigMaps that are watched, packed. There is one for each note, and nobody looks at most of them: as structs
//! with maps and lists they take three times as much memory.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;
use kube::runtime::watcher::Event;
use tokio::sync::watch;

use crate::controller::runtime::watch::Keeper;
use crate::controller::shared::published;

/// What the watch has shown of ConfigMaps, without their data. Clones share it.
#[derive(Clone)]
pub struct Pages(Arc<Seen>);

struct Seen {
    objects: RwLock<HashMap<Box<str>, Page>>,
    /// Whether the first list was seen.
    listed: watch::Sender<bool>,
}

/// One of them.
#[derive(Clone, PartialEq)]
struct Page {
    /// The object, in JSON.
    packed: Arc<[u8]>,
    is_image: bool,
}

/// Fills [`Pages`].
#[derive(Default)]
pub struct PagesWriter {
    pages: Pages,
    /// The list that is under way.
    listing: HashMap<Box<str>, Page>,
}

impl Default for Pages {
    fn default() -> Self {
        let listed = watch::Sender::new(false);
        Self(Arc::new(Seen { objects: RwLock::default(), listed }))
    }
}

impl Page {
    fn of(object: &ConfigMap) -> Self {
        // What was read can be written.
        let packed = serde_json::to_vec(object).unwrap_or_default().into();
        Self { packed, is_image: published::is_image(object) }
    }

    fn object(&self) -> Option<Arc<ConfigMap>> {
        serde_json::from_slice(&self.packed).ok().map(Arc::new)
    }
}

impl Pages {
    /// The ConfigMap as it was seen last.
    pub fn get(&self, object: &ObjectRef<ConfigMap>) -> Option<Arc<ConfigMap>> {
        let page = self.read().get(&*address(object)).cloned();
        page?.object()
    }

    /// Whether there is such a ConfigMap.
    pub fn contains(&self, object: &ObjectRef<ConfigMap>) -> bool {
        self.read().contains_key(&*address(object))
    }

    /// All images.
    pub fn images(&self) -> Vec<Arc<ConfigMap>> {
        let images: Vec<Page> =
            self.read().values().filter(|page| page.is_image).cloned().collect();
        images.iter().filter_map(Page::object).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Bytes of all of them.
    pub fn bytes(&self) -> usize {
        self.read().iter().map(|(name, page)| name.len() + page.packed.len()).sum()
    }

    /// Waits until all that are there were listed.
    pub async fn wait_until_ready(&self) {
        let _ = self.0.listed.subscribe().wait_for(|listed| *listed).await;
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<Box<str>, Page>> {
        self.0.objects.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<Box<str>, Page>> {
        self.0.objects.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PagesWriter {
    /// What it fills.
    pub fn pages(&self) -> Pages {
        self.pages.clone()
    }
}

impl Keeper<ConfigMap> for PagesWriter {
    fn keep(
        &mut self,
        event: Event<ConfigMap>,
        on_change: &mut impl FnMut(Option<&Arc<ConfigMap>>, Option<&Arc<ConfigMap>>),
    ) {
        match event {
            Event::Init => self.listing.clear(),
            Event::InitApply(object) => {
                self.listing.insert(address_of(&object), Page::of(&object));
            }
            Event::InitDone => {
                let listed = std::mem::take(&mut self.listing);
                let before = std::mem::replace(&mut *self.pages.write(), listed.clone());
                self.pages.0.listed.send_replace(true);
                for (_, gone) in before.iter().filter(|(name, _)| !listed.contains_key(*name)) {
                    on_change(gone.object().as_ref(), None);
                }
                for (name, page) in &listed {
                    let old = before.get(name);
                    if old != Some(page) {
                        on_change(old.and_then(Page::object).as_ref(), page.object().as_ref());
                    }
                }
            }
            Event::Apply(object) => {
                let before = self.pages.write().insert(address_of(&object), Page::of(&object));
                on_change(before.and_then(|page| page.object()).as_ref(), Some(&Arc::new(object)));
            }
            Event::Delete(object) => {
                let before = self.pages.write().remove(&address_of(&object));
                on_change(before.and_then(|page| page.object()).as_ref(), None);
            }
        }
    }
}

fn address(object: &ObjectRef<ConfigMap>) -> Box<str> {
    joined(object.namespace.as_deref().unwrap_or_default(), &object.name)
}

fn address_of(object: &ConfigMap) -> Box<str> {
    joined(object.metadata.namespace.as_deref().unwrap_or_default(), &object.name_any())
}

fn joined(namespace: &str, name: &str) -> Box<str> {
    format!("{namespace}/{name}").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::names;

    fn page(name: &str, version: &str) -> ConfigMap {
        let mut page = ConfigMap::default();
        page.metadata.namespace = Some("summits".to_owned());
        page.metadata.name = Some(name.to_owned());
        page.metadata.resource_version = Some(version.to_owned());
        let content = if name == "image" { names::CONTENT_IMAGE } else { names::CONTENT_NOTE };
        page.labels_mut().insert(names::CONTENT_LABEL.to_owned(), content.to_owned());
        page.metadata.owner_references = Some(vec![Default::default()]);
        page
    }

    /// Names and versions before and after each change that `events` bring.
    fn changes(keeper: &mut PagesWriter, events: Vec<Event<ConfigMap>>) -> Vec<[String; 2]> {
        let mut changes = Vec::new();
        let told = |page: Option<&Arc<ConfigMap>>| {
            page.map(|page| format!("{} {}", page.name_any(), page.resource_version().unwrap()))
                .unwrap_or_default()
        };
        for event in events {
            keeper.keep(event, &mut |before, after| changes.push([told(before), told(after)]));
        }
        changes.sort();
        changes
    }

    #[test]
    fn a_packed_object_is_what_it_was() {
        let mut keeper = PagesWriter::default();
        let (wanted, pages) = (page("a", "1"), keeper.pages());
        changes(&mut keeper, vec![Event::Apply(wanted.clone())]);
        let found = ObjectRef::from_obj(&wanted);
        assert_eq!(pages.get(&found).as_deref(), Some(&wanted));
        assert!(pages.contains(&found) && pages.images().is_empty());
        assert!(pages.get(&ObjectRef::new("a").within("elsewhere")).is_none());
    }

    #[test]
    fn a_list_tells_what_went_came_and_changed_since_the_one_before() {
        let mut keeper = PagesWriter::default();
        let list = |objects: Vec<ConfigMap>| {
            let objects = objects.into_iter().map(Event::InitApply);
            std::iter::once(Event::Init).chain(objects).chain([Event::InitDone]).collect()
        };
        let first = list(vec![page("a", "1"), page("b", "1"), page("image", "1")]);
        assert_eq!(
            changes(&mut keeper, first),
            [["", "a 1"], ["", "b 1"], ["", "image 1"]].map(|told| told.map(str::to_owned))
        );
        let second = list(vec![page("a", "1"), page("b", "2"), page("c", "1")]);
        assert_eq!(
            changes(&mut keeper, second),
            [["", "c 1"], ["b 1", "b 2"], ["image 1", ""]].map(|told| told.map(str::to_owned))
        );
        assert_eq!((keeper.pages().len(), keeper.pages().images().len()), (3, 0));
        let gone = changes(&mut keeper, vec![Event::Delete(page("c", "2"))]);
        assert_eq!(gone, [["c 1", ""].map(str::to_owned)]);
    }
}
