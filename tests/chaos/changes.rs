//! How many changes there were to the objects of a namespace: moments that a kill can be aimed at.

use std::fmt::Debug;
use std::time::Duration;

use futures::{StreamExt as _, pin_mut};
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::core::PartialObjectMeta;
use kube::runtime::{WatchStreamExt as _, watcher};
use kube::{Api, Resource};
use talknotes::api::TalkNote;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::support::namespace::TestNamespace;

/// Counts until it is dropped.
pub struct Changes {
    count: watch::Sender<u64>,
    watches: JoinSet<()>,
}

impl Changes {
    /// Counts changes of notes and of ConfigMaps.
    pub fn count(test: &TestNamespace) -> Self {
        let mut changes = Self { count: watch::Sender::default(), watches: JoinSet::new() };
        changes.of::<TalkNote>(test);
        changes.of::<ConfigMap>(test);
        changes
    }

    fn of<K>(&mut self, test: &TestNamespace)
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + Debug
            + Send
            + Sync
            + 'static,
    {
        let api: Api<PartialObjectMeta<K>> = Api::namespaced(test.client.clone(), test.name());
        let count = self.count.clone();
        self.watches.spawn(async move {
            let events = watcher(api, watcher::Config::default()).default_backoff();
            pin_mut!(events);
            while events.next().await.is_some() {
                count.send_modify(|count| *count += 1);
            }
        });
    }

    /// Waits for `more` changes, for as long as `patience`: there may be nothing to change.
    pub async fn wait_for(&self, more: u64, patience: Duration) {
        let mut count = self.count.subscribe();
        let goal = *count.borrow_and_update() + more;
        let _ = tokio::time::timeout(patience, count.wait_for(|count| *count >= goal)).await;
    }
}
