//! Flags from a ConfigMap of the cluster.

use std::convert::Infallible;

use futures::StreamExt;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client};

use crate::api::names::FLAGS_KEY;
use crate::viewer::features::Flags;

/// Keeps `flags` as the ConfigMap `name` in `namespace` has them. It never ends: the last flags that could
/// be read hold, and where the ConfigMap is gone, everything is on.
pub async fn follow(client: Client, namespace: &str, name: &str, flags: Flags) -> Infallible {
    let api: Api<ConfigMap> = Api::namespaced(client, namespace);
    let config = watcher::Config::default().fields(&format!("metadata.name={name}"));
    let mut events = watcher(api, config).default_backoff().boxed();
    let mut listed = false;
    while let Some(event) = events.next().await {
        match event {
            Ok(Event::Init) => listed = false,
            Ok(Event::InitApply(config_map)) => {
                listed = true;
                take(&config_map, &flags);
            }
            Ok(Event::Apply(config_map)) => take(&config_map, &flags),
            Ok(Event::InitDone) if listed => {}
            Ok(Event::InitDone | Event::Delete(_)) => {
                tracing::warn!(namespace, name, "no flags are there: every feature is on");
                flags.clear();
            }
            Err(error) => tracing::warn!(%error, "watching the flags failed; trying again"),
        }
    }
    // A watch has no end.
    std::future::pending().await
}

fn take(config_map: &ConfigMap, flags: &Flags) {
    let document = config_map.data.as_ref().and_then(|data| data.get(FLAGS_KEY));
    let outcome = document.ok_or_else(|| format!("it has no key {FLAGS_KEY}"));
    match outcome.and_then(|document| flags.set(document)) {
        Ok(()) => tracing::info!("took the flags as they are now"),
        Err(error) => tracing::warn!(%error, "the flags cannot be read; the last ones hold"),
    }
}
