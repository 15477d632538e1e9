//! Looks at every version of every object of ours in a namespace, so that a state which lasts for a
//! moment only is judged, too.

use std::sync::{Arc, Mutex};

use futures::{StreamExt as _, pin_mut};
use kube::api::{ApiResource, DynamicObject};
use kube::runtime::WatchStreamExt as _;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client, ResourceExt as _};
use talknotes::api::{NoteRepository, Summit, TalkNote, Viewer};
use tokio::task::JoinSet;

use super::kstatus;

/// Watches and judges until it is dropped.
pub struct Observer {
    faults: Arc<Mutex<Vec<String>>>,
    _watches: JoinSet<()>,
}

impl Observer {
    /// Watches the objects of `namespace`.
    pub fn start(client: &Client, namespace: &str) -> Self {
        let faults = Arc::default();
        let mut watches = JoinSet::new();
        let kinds = [
            ApiResource::erase::<NoteRepository>(&()),
            ApiResource::erase::<Summit>(&()),
            ApiResource::erase::<TalkNote>(&()),
            ApiResource::erase::<Viewer>(&()),
        ];
        for kind in kinds {
            let api = Api::namespaced_with(client.clone(), namespace, &kind);
            watches.spawn(observe(api, kind.kind, Arc::clone(&faults)));
        }
        Self { faults, _watches: watches }
    }

    /// What was wrong so far, without repetitions.
    pub fn faults(&self) -> Vec<String> {
        self.faults.lock().expect("not poisoned").clone()
    }
}

async fn observe(api: Api<DynamicObject>, kind: String, faults: Arc<Mutex<Vec<String>>>) {
    // Without a pause it would keep a processor busy while the API server is away.
    let events = watcher(api, watcher::Config::default()).default_backoff();
    pin_mut!(events);
    while let Some(event) = events.next().await {
        let (Ok(Event::Apply(object)) | Ok(Event::InitApply(object))) = event else { continue };
        let name = object.name_any();
        let found = match serde_json::to_value(object) {
            Ok(object) => kstatus::faults(&object),
            Err(error) => vec![error.to_string()],
        };
        let mut faults = faults.lock().expect("not poisoned");
        for fault in found {
            let line = format!("{kind} {name}: {fault}");
            if !faults.contains(&line) {
                faults.push(line);
            }
        }
    }
}
