//! Notes from the published ConfigMaps of a cluster.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::runtime::watcher::{self, Event, watcher};
use kube::runtime::{WatchStreamExt, reflector::Lookup};
use kube::{Api, Client};

use super::decode::{Item, decode};
use super::selection::Selection;
use crate::api::names;
use crate::telemetry::watches::WatchHealth;
use crate::viewer::health::SourceHealth;
use crate::viewer::library::{Library, PublishedImage};

/// Fills `library` with the part of what is published that `selection` names, and keeps it so. It never ends: what fails is logged and asked for again, and the library keeps the last
/// good notes. It is complete, as `health` has it, once every namespace was listed; `watches` knows
/// whether it still hears of changes.
pub async fn follow(
    client: Client,
    selection: &Selection,
    library: Library,
    health: SourceHealth,
    watches: WatchHealth,
) -> Infallible {
    let scopes: Vec<Option<&str>> = match selection.namespaces.as_slice() {
        [] => vec![None],
        names => names.iter().map(|name| Some(name.as_str())).collect(),
    };
    let unlisted = Arc::new(AtomicUsize::new(scopes.len()));
    let followers = scopes.into_iter().map(|namespace| {
        let (library, health) = (library.clone(), health.clone());
        let pulse = watches.expect("configmaps", namespace);
        let client = pulse.client(&client);
        let mut follower = Follower::new(namespace, library, health, unlisted.clone());
        follower.selection = selection.clone();
        let api: Api<ConfigMap> = match namespace {
            Some(namespace) => Api::namespaced(client, namespace),
            None => Api::all(client),
        };
        let config = watches.config().labels(&selector());
        async move {
            let mut events = watcher(api, config).default_backoff().boxed();
            while let Some(event) = events.next().await {
                pulse.note(&event);
                follower.handle(event);
            }
        }
    });
    futures::future::join_all(followers).await;
    // A watch has no end.
    std::future::pending().await
}

/// By the label that nobody else has a use for: a policy that writes `managed-by` on everything hides no
/// page. What a page says has to fit its digest and its name in any case.
fn selector() -> String {
    let kinds = [names::CONTENT_NOTE, names::CONTENT_SUMMIT, names::CONTENT_IMAGE].join(",");
    format!("{content} in ({kinds})", content = names::CONTENT_LABEL)
}

/// Namespace and name of a ConfigMap.
type Address = (String, String);

/// What was read from which ConfigMap.
struct Follower {
    namespace: Option<String>,
    selection: Selection,
    library: Library,
    health: SourceHealth,
    items: HashMap<Address, Item>,
    listed: HashMap<Address, Item>,
    /// Number of namespaces that were not listed yet, shared by all followers.
    unlisted: Arc<AtomicUsize>,
    complete: bool,
}

impl Follower {
    fn new(
        namespace: Option<&str>,
        library: Library,
        health: SourceHealth,
        unlisted: Arc<AtomicUsize>,
    ) -> Self {
        Self {
            namespace: namespace.map(str::to_owned),
            selection: Selection::default(),
            library,
            health,
            items: HashMap::new(),
            listed: HashMap::new(),
            unlisted,
            complete: false,
        }
    }

    fn handle(&mut self, event: Result<Event<ConfigMap>, watcher::Error>) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                tracing::warn!(%error, "watching the published ConfigMaps failed; trying again");
                return self.health.error();
            }
        };
        self.health.event();
        match event {
            Event::Init => self.listed.clear(),
            Event::InitApply(config_map) => self.list(&config_map),
            Event::InitDone => self.replace_all(),
            Event::Apply(config_map) => self.apply(&config_map),
            Event::Delete(config_map) => self.delete(&config_map),
        }
    }

    fn list(&mut self, config_map: &ConfigMap) {
        if !self.selection.shows(config_map) {
            return;
        }
        let address = address(config_map);
        let last_good = self.items.get(&address).cloned();
        if let Some(item) = read(config_map).or(last_good) {
            self.listed.insert(address, item);
        }
    }

    fn replace_all(&mut self) {
        self.items = std::mem::take(&mut self.listed);
        let (mut summits, mut notes, mut images) = (Vec::new(), Vec::new(), Vec::new());
        for item in self.items.values() {
            match item {
                Item::Summit(summit) => summits.push(Arc::clone(summit)),
                Item::Note(note) => notes.push(Arc::clone(note)),
                Item::Image(image) => images.push(Arc::clone(image)),
            }
        }
        tracing::info!(summits = summits.len(), notes = notes.len(), "listed what is published");
        let namespace = self.namespace.as_deref();
        // First, so that a note never shows an image that is not there.
        self.library.replace_images(namespace, images);
        self.library.replace_all(namespace, summits, notes);
        if !std::mem::replace(&mut self.complete, true)
            && self.unlisted.fetch_sub(1, Ordering::Relaxed) == 1
        {
            self.health.complete();
        }
    }

    fn apply(&mut self, config_map: &ConfigMap) {
        if !self.selection.shows(config_map) {
            // It may have been shown before.
            return self.delete(config_map);
        }
        let Some(item) = read(config_map) else { return };
        match &item {
            Item::Summit(summit) => self.library.upsert_summit(Arc::clone(summit)),
            Item::Note(note) => self.library.upsert_note(Arc::clone(note)),
            Item::Image(image) => self.library.upsert_image(Arc::clone(image)),
        }
        self.items.insert(address(config_map), item);
    }

    fn delete(&mut self, config_map: &ConfigMap) {
        match self.items.remove(&address(config_map)) {
            Some(Item::Summit(summit)) => self.library.remove_summit(&summit.key()),
            Some(Item::Note(note)) => self.library.remove_note(&note.key()),
            Some(Item::Image(image)) => self.remove_image(&image),
            None => {}
        }
    }

    /// Several ConfigMaps may hold the same image: it stays until the last one goes.
    fn remove_image(&self, image: &PublishedImage) {
        let same = |item: &Item| matches!(item, Item::Image(other) if other.key() == image.key());
        if !self.items.values().any(same) {
            self.library.remove_image(&image.key());
        }
    }
}

fn address(config_map: &ConfigMap) -> Address {
    let part = |text: Option<std::borrow::Cow<'_, str>>| text.unwrap_or_default().into_owned();
    (part(Lookup::namespace(config_map)), part(Lookup::name(config_map)))
}

fn read(config_map: &ConfigMap) -> Option<Item> {
    decode(config_map)
        .inspect_err(|error| {
            let (namespace, name) = address(config_map);
            tracing::warn!(namespace, name, %error, "a published ConfigMap is ignored");
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Publication;
    use crate::viewer::address::Key;

    fn note(name: &str, title: &str) -> ConfigMap {
        let json = format!(
            r#"{{"name":"{name}","title":"{title}","kind":null,"language":"en","readingMinutes":1}}"#
        );
        let entries = [("note.json".to_owned(), json), ("note.html".to_owned(), String::new())];
        let publication = Publication::new(entries).unwrap();
        serde_json::from_value(serde_json::json!({
            "metadata": {"namespace": "community", "name": format!("talknote-{name}"),
                "labels": {names::CONTENT_LABEL: names::CONTENT_NOTE},
                "annotations": {names::CONTENT_DIGEST: publication.digest}},
            "data": publication.data,
        }))
        .unwrap()
    }

    fn broken(name: &str) -> ConfigMap {
        let mut config_map = note(name, "");
        config_map.data.as_mut().unwrap().insert("note.json".to_owned(), "{".to_owned());
        config_map
    }

    fn titles(library: &Library) -> Vec<String> {
        library.read(|shelf| shelf.notes().map(|n| n.document().card.title.clone()).collect())
    }

    fn follower() -> Follower {
        scoped(None, &Library::default(), &Arc::new(AtomicUsize::new(1)))
    }

    fn scoped(namespace: Option<&str>, library: &Library, unlisted: &Arc<AtomicUsize>) -> Follower {
        Follower::new(namespace, library.clone(), SourceHealth::default(), unlisted.clone())
    }

    #[test]
    fn a_list_of_one_namespace_leaves_the_others_and_the_last_list_makes_it_complete() {
        let (library, unlisted) = (Library::default(), Arc::new(AtomicUsize::new(2)));
        let mut here = scoped(Some("community"), &library, &unlisted);
        let mut there = scoped(Some("elsewhere"), &library, &unlisted);
        there.health = here.health.clone();
        here.handle(Ok(Event::Init));
        here.handle(Ok(Event::InitApply(note("a", "a"))));
        here.handle(Ok(Event::InitDone));
        assert!(!here.health.is_ready());
        there.handle(Ok(Event::Init));
        there.handle(Ok(Event::InitDone));
        assert_eq!(titles(&library), ["a"]);
        assert!(here.health.is_ready());
    }

    #[test]
    fn a_relist_takes_away_what_vanished_and_makes_it_ready() {
        let mut follower = follower();
        for name in ["a", "b"] {
            follower.handle(Ok(Event::Apply(note(name, name))));
        }
        follower.handle(Ok(Event::Init));
        follower.handle(Ok(Event::InitApply(note("b", "B"))));
        assert_eq!(titles(&follower.library), ["a", "b"], "a half list takes nothing away");
        assert!(!follower.health.is_ready());
        follower.handle(Ok(Event::InitDone));
        assert_eq!(titles(&follower.library), ["B"]);
        assert!(follower.health.is_ready());
    }

    #[test]
    fn a_broken_object_leaves_the_last_good_note() {
        let mut follower = follower();
        follower.handle(Ok(Event::Apply(note("a", "good"))));
        follower.handle(Ok(Event::Apply(broken("a"))));
        follower.handle(Ok(Event::Init));
        follower.handle(Ok(Event::InitApply(broken("a"))));
        follower.handle(Ok(Event::InitApply(broken("b"))));
        follower.handle(Ok(Event::InitDone));
        assert_eq!(titles(&follower.library), ["good"]);
    }

    #[test]
    fn a_deleted_object_takes_its_note_along_even_if_it_is_broken_by_then() {
        let mut follower = follower();
        follower.handle(Ok(Event::Apply(note("a", "a"))));
        follower.handle(Ok(Event::Delete(broken("a"))));
        let gone = follower.library.read(|s| s.note(&Key::new("community", "a")).is_none());
        assert!(gone);
    }

    #[test]
    fn a_note_of_a_summit_that_is_not_shown_is_not_and_one_that_moves_there_goes() {
        let of = |summit: &str| {
            let mut config_map = note("a", "a");
            let labels = config_map.metadata.labels.as_mut().unwrap();
            labels.insert(names::SUMMIT_LABEL.to_owned(), summit.to_owned());
            config_map
        };
        let mut follower = follower();
        follower.selection.summits = vec!["harbour".to_owned()];
        follower.handle(Ok(Event::Apply(note("b", "b"))));
        follower.handle(Ok(Event::Apply(of("harbour"))));
        assert_eq!(titles(&follower.library), ["a"]);
        follower.handle(Ok(Event::Apply(of("airport"))));
        assert!(titles(&follower.library).is_empty());
        follower.handle(Ok(Event::Init));
        follower.handle(Ok(Event::InitApply(of("airport"))));
        follower.handle(Ok(Event::InitDone));
        assert!(titles(&follower.library).is_empty());
    }

    #[test]
    fn an_error_changes_nothing() {
        let mut follower = follower();
        follower.handle(Ok(Event::Apply(note("a", "a"))));
        follower.handle(Err(watcher::Error::NoResourceVersion));
        assert_eq!(titles(&follower.library), ["a"]);
        assert!(!follower.health.report().contains("last error: never"));
    }
}
