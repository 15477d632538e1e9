//! The objects that viewers are made of, as watches show them. Their kinds are known at run time only,
//! so that one piece of code serves all of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::DynamicObject;
use kube::runtime::watcher::Event;
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client};
use serde_json::Value;
use tokio::sync::{Notify, watch};

use crate::api::names::{MANAGER_VIEWER, VIEWER_LABEL};
use crate::controller::shared::child_kind::ChildKind;
use crate::telemetry::watches::WatchHealth;

/// What is seen of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    pub meta: ObjectMeta,
    /// The object without managed fields.
    pub object: Value,
    /// Who has written it, but for its status.
    pub managers: Vec<String>,
    /// Whether the number of replicas is what our own field manager says.
    pub owns_replicas: bool,
}

impl Child {
    /// That of an object from the API server.
    pub fn of(mut object: DynamicObject) -> Self {
        let entries = object.metadata.managed_fields.take().unwrap_or_default();
        let ours = |manager: Option<&str>| manager == Some(MANAGER_VIEWER);
        let owns_replicas = entries.iter().any(|entry| {
            let fields = entry.fields_v1.as_ref().map(|fields| &fields.0);
            ours(entry.manager.as_deref())
                && fields.is_some_and(|fields| fields.pointer("/f:spec/f:replicas").is_some())
        });
        // Who reports a status has written nothing that is wished.
        let writes = |part: Option<&str>| part.is_none_or(|part| part == "scale");
        let writers = entries.into_iter().filter(|entry| writes(entry.subresource.as_deref()));
        let managers = writers.filter_map(|entry| entry.manager).collect();
        let meta = object.metadata.clone();
        let object = serde_json::to_value(object).unwrap_or_default();
        Self { meta, object, managers, owns_replicas }
    }

    /// The viewer that it is made for, by its label.
    pub fn viewer(&self) -> Option<&str> {
        self.meta.labels.as_ref()?.get(VIEWER_LABEL).map(String::as_str)
    }

    /// Whether anything is different but what other controllers and the API server report.
    fn differs(&self, other: &Self) -> bool {
        self.meta.uid != other.meta.uid
            || self.meta.labels != other.meta.labels
            || self.meta.annotations != other.meta.annotations
            || self.meta.owner_references != other.meta.owner_references
            || self.meta.deletion_timestamp != other.meta.deletion_timestamp
            || reported(&self.object).ne(reported(&other.object))
    }
}

/// What an object says beside its metadata and its status.
fn reported(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let fields = object.as_object().into_iter().flatten();
    fields.filter(|(name, _)| !["metadata", "status"].contains(&name.as_str()))
}

/// Kind, namespace and name.
type Address = (ChildKind, String, String);

/// All that is seen. Clones share it.
#[derive(Clone)]
pub struct Children {
    seen: Arc<Mutex<HashMap<Address, Arc<Child>>>>,
    listed: Arc<watch::Sender<usize>>,
    routes: Arc<Notify>,
}

impl Default for Children {
    fn default() -> Self {
        let listed = Arc::new(watch::Sender::new(0));
        Self { seen: Arc::default(), listed, routes: Arc::default() }
    }
}

impl Children {
    /// The object as it was seen last.
    pub fn get(&self, kind: ChildKind, namespace: &str, name: &str) -> Option<Arc<Child>> {
        self.lock().get(&(kind, namespace.to_owned(), name.to_owned())).cloned()
    }

    /// All that carry the label of a viewer.
    pub fn of(&self, namespace: &str, viewer: &str) -> Vec<(ChildKind, Arc<Child>)> {
        let seen = self.lock();
        let its = seen
            .iter()
            .filter(|((_, here, _), child)| here == namespace && child.viewer() == Some(viewer));
        its.map(|((kind, _, _), child)| (*kind, child.clone())).collect()
    }

    /// Waits until all kinds have been listed.
    pub async fn wait_until_ready(&self) {
        let kinds = ChildKind::ALL.into_iter().filter(|kind| kind.is_awaited()).count();
        let _ = self.listed.subscribe().wait_for(|listed| *listed >= kinds).await;
    }

    /// Says that the API server knows HTTPRoutes, and that a viewer has one.
    pub fn has_routes(&self) {
        self.routes.notify_one();
    }

    /// Follows HTTPRoutes from the first one on that a viewer has: not every cluster knows the kind. Where
    /// it is taken away, nothing is followed until there is one again. Never ends.
    pub async fn follow_routes(
        self,
        client: Client,
        namespace: Option<&str>,
        health: WatchHealth,
        on_change: impl Fn(&str, &str),
    ) {
        loop {
            self.routes.notified().await;
            let (client, health) = (client.clone(), health.clone());
            self.follow(ChildKind::HttpRoute, client, namespace, health, &on_change).await;
            self.replace(ChildKind::HttpRoute, HashMap::new(), &on_change);
        }
    }

    /// Follows one kind in `namespace`, or in all, and says whose viewer is concerned by each change, as
    /// namespace and name. Ends only where the kind is one that not every cluster knows, and this one
    /// knows it no more.
    pub async fn follow(
        &self,
        kind: ChildKind,
        client: Client,
        namespace: Option<&str>,
        health: WatchHealth,
        on_change: impl Fn(&str, &str),
    ) {
        let plural = kind.resource().plural;
        let pulse = health.expect(&format!("{plural} of viewers"), namespace);
        let client = pulse.client(&client);
        let resource = kind.resource();
        let api: Api<DynamicObject> = match namespace {
            Some(namespace) => Api::namespaced_with(client, namespace, &resource),
            None => Api::all_with(client, &resource),
        };
        let config = health.config().labels(VIEWER_LABEL);
        let mut events = watcher(api, config).default_backoff().boxed();
        let (mut listing, mut first) = (HashMap::new(), true);
        while let Some(event) = events.next().await {
            pulse.note(&event);
            match event {
                Err(error) if !kind.is_everywhere() && is_unknown(&error) => {
                    tracing::info!(watch = plural, "the cluster does not know the kind any more");
                    return health.forget(&pulse);
                }
                Err(error) => tracing::warn!(watch = plural, %error, "watch failed, trying again"),
                Ok(Event::Init) => listing.clear(),
                Ok(Event::InitApply(object)) => {
                    listing.extend(addressed(kind, object));
                }
                Ok(Event::InitDone) => {
                    self.replace(kind, std::mem::take(&mut listing), &on_change);
                    if std::mem::take(&mut first) {
                        self.listed.send_modify(|listed| *listed += 1);
                    }
                }
                Ok(Event::Apply(object)) => {
                    if let Some((address, child)) = addressed(kind, object) {
                        let before = self.lock().insert(address.clone(), child.clone());
                        tell(&address, before.as_deref(), Some(&child), &on_change);
                    }
                }
                Ok(Event::Delete(object)) => {
                    if let Some((address, _)) = addressed(kind, object) {
                        let before = self.lock().remove(&address);
                        tell(&address, before.as_deref(), None, &on_change);
                    }
                }
            }
        }
    }

    fn replace(
        &self,
        kind: ChildKind,
        listed: HashMap<Address, Arc<Child>>,
        on_change: &impl Fn(&str, &str),
    ) {
        let before: HashMap<Address, Arc<Child>> = {
            let mut seen = self.lock();
            let (of_kind, others) =
                std::mem::take(&mut *seen).into_iter().partition(|((of, _, _), _)| *of == kind);
            *seen = others;
            seen.extend(listed.clone());
            of_kind
        };
        for (address, old) in &before {
            if !listed.contains_key(address) {
                tell(address, Some(old), None, on_change);
            }
        }
        for (address, new) in &listed {
            tell(address, before.get(address).map(Arc::as_ref), Some(new), on_change);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Address, Arc<Child>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the API server does not know the kind. By its code: what it says is no Status.
fn is_unknown(error: &watcher::Error) -> bool {
    use watcher::Error::{InitialListFailed, WatchFailed, WatchStartFailed};
    match error {
        InitialListFailed(kube::Error::Api(status))
        | WatchStartFailed(kube::Error::Api(status))
        | WatchFailed(kube::Error::Api(status)) => status.code == 404,
        watcher::Error::WatchError(status) => status.code == 404,
        _ => false,
    }
}

fn addressed(kind: ChildKind, object: DynamicObject) -> Option<(Address, Arc<Child>)> {
    let child = Child::of(object);
    let address = (kind, child.meta.namespace.clone()?, child.meta.name.clone()?);
    Some((address, Arc::new(child)))
}

/// Says whose viewer a change concerns. What a Deployment reports is news, too.
fn tell(
    (kind, namespace, _): &Address,
    before: Option<&Child>,
    after: Option<&Child>,
    on_change: &impl Fn(&str, &str),
) {
    if let Some((before, after)) = before.zip(after) {
        let reports = *kind == ChildKind::Deployment
            && before.object.get("status") != after.object.get("status");
        if !reports && !before.differs(after) {
            return;
        }
    }
    for viewer in before.into_iter().chain(after).filter_map(Child::viewer) {
        on_change(namespace, viewer);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use serde_json::json;

    use super::*;

    fn child(object: &Value) -> Child {
        Child::of(serde_json::from_value(object.clone()).unwrap())
    }

    fn deployment(replicas: u32, ready: u32) -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": { "name": "a-viewer", "namespace": "north", "labels": { VIEWER_LABEL: "a" },
                "managedFields": [{ "manager": MANAGER_VIEWER, "operation": "Apply",
                    "fieldsV1": { "f:spec": { "f:replicas": {} } } }] },
            "spec": { "replicas": replicas }, "status": { "readyReplicas": ready },
        })
    }

    #[test]
    fn it_is_seen_who_says_how_many_pods_there_are() {
        let ours = child(&deployment(2, 2));
        assert!(ours.owns_replicas);
        assert_eq!(ours.managers, [MANAGER_VIEWER]);
        let mut theirs = deployment(2, 2);
        theirs["metadata"]["managedFields"][0]["manager"] = json!("kubectl");
        assert!(!child(&theirs).owns_replicas);
    }

    #[test]
    fn a_status_is_news_of_a_deployment_only() {
        let told = |kind, before: &Value, after: &Value| {
            let told = RefCell::new(Vec::new());
            let address = (kind, "north".to_owned(), "a-viewer".to_owned());
            let note = |namespace: &str, viewer: &str| {
                told.borrow_mut().push(format!("{namespace}/{viewer}"));
            };
            tell(&address, Some(&child(before)), Some(&child(after)), &note);
            !told.into_inner().is_empty()
        };
        let (one, two) = (deployment(2, 1), deployment(2, 2));
        assert!(told(ChildKind::Deployment, &one, &two));
        assert!(!told(ChildKind::HorizontalPodAutoscaler, &one, &two));
        assert!(!told(ChildKind::Deployment, &one, &one));
        assert!(told(ChildKind::HorizontalPodAutoscaler, &one, &deployment(3, 1)));
    }
}
