//! The site that an installation brings: a Viewer that is kept as a ConfigMap says.
//!
//! Helm and kubectl ask the API server for every kind before they make anything, and so cannot make an
//! object of a kind that the same installation brings. The ConfigMap owns the Viewer: they go together.

use std::time::Duration;

use futures::StreamExt;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::api::{Patch, PatchParams, ValidationDirective};
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::watch_object;
use kube::{Api, Client, ResourceExt};
use serde_json::{Value, json};

use crate::api::Viewer;
use crate::api::names::{
    API_VERSION, DEFAULT_VIEWER_KEY, MANAGER_INSTALLATION, WISH_DIGEST, hex_digest,
};
use crate::controller::leader::Leadership;
use crate::controller::shared::error::{Error, Fault};
use crate::controller::shared::kind::Kind;

/// Where the manifest is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultViewer {
    /// Namespace of the ConfigMap, and of the Viewer.
    pub namespace: String,
    /// Name of the ConfigMap.
    pub config_map: String,
}

/// Pause between looks at a Viewer that nobody has told anything about: somebody may have deleted it.
const LOOK_AGAIN: Duration = Duration::from_secs(300);

/// First pause after a failure; each is twice as long as the one before. Helm makes the ConfigMap before the
/// right to act on it.
const PAUSE: Duration = Duration::from_millis(500);

/// Keeps the Viewer as the ConfigMap says for as long as this process leads. Where there is no ConfigMap,
/// there is nothing to do. Never ends.
pub async fn keep(client: Client, of: DefaultViewer, leadership: Leadership) {
    leadership.acquired().await;
    let maps: Api<ConfigMap> = Api::namespaced(client.clone(), &of.namespace);
    let mut changes = watch_object(maps.clone(), &of.config_map).default_backoff().boxed();
    let mut failures = 0;
    loop {
        let pause = match look(&maps, &of, &client).await {
            Ok(()) => {
                failures = 0;
                LOOK_AGAIN
            }
            Err(error) => {
                let (namespace, name) = (&of.namespace, &of.config_map);
                tracing::error!(namespace, name, %error, "the default Viewer is not as its ConfigMap says");
                failures += 1;
                PAUSE.saturating_mul(1 << failures.min(6_u32))
            }
        };
        tokio::select! {
            change = changes.next() => if let Some(Err(error)) = change {
                tracing::warn!(%error, "the watch of the default Viewer failed, trying again");
            },
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn look(maps: &Api<ConfigMap>, of: &DefaultViewer, client: &Client) -> Result<(), Error> {
    let doing = || format!("read the ConfigMap {}/{}", of.namespace, of.config_map);
    let Some(map) = maps.get_opt(&of.config_map).await.map_err(Error::api(doing()))? else {
        return Ok(());
    };
    if map.metadata.deletion_timestamp.is_some() {
        return Ok(());
    }
    let wanted = wanted(&map)?;
    let viewers: Api<Viewer> = Api::namespaced(client.clone(), &of.namespace);
    let doing = || format!("apply the default Viewer {}/{}", of.namespace, wanted.name);
    let live = viewers.get_metadata_opt(&wanted.name).await.map_err(Error::api(doing()))?;
    if let Some(live) = live {
        match live.annotations().get(WISH_DIGEST) {
            None => {
                let owner = format!("ConfigMap {}", of.config_map);
                return Err(Error::Foreign { kind: Viewer::NAME, name: wanted.name, owner });
            }
            // What others have changed since is theirs.
            Some(digest) if *digest == wanted.digest => return Ok(()),
            Some(_) => {}
        }
    }
    let params = PatchParams {
        field_manager: Some(MANAGER_INSTALLATION.to_owned()),
        force: true,
        // People wrote it, and mistype.
        field_validation: Some(ValidationDirective::Strict),
        ..PatchParams::default()
    };
    let patch = Patch::Apply(&wanted.object);
    viewers.patch_metadata(&wanted.name, &params, &patch).await.map_err(Error::api(doing()))?;
    Ok(())
}

struct Wanted {
    name: String,
    object: Value,
    digest: String,
}

/// The Viewer of a ConfigMap. Pure.
fn wanted(map: &ConfigMap) -> Result<Wanted, Error> {
    let fault = |message: String| Error::Invalid(vec![Fault::new(DEFAULT_VIEWER_KEY, message)]);
    let text = map.data.as_ref().and_then(|data| data.get(DEFAULT_VIEWER_KEY));
    let text = text.ok_or_else(|| fault("is missing: it holds the manifest of a Viewer".into()))?;
    let manifest: Value = serde_saphyr::from_str(text)
        .map_err(|error| fault(format!("cannot be read as YAML: {error}")))?;
    let text_of = |field: &str| manifest.get(field).and_then(Value::as_str);
    if (text_of("apiVersion"), text_of("kind")) != (Some(API_VERSION), Some(Viewer::NAME)) {
        return Err(fault(format!("has to be a {} of {API_VERSION}", Viewer::NAME)));
    }
    let name = manifest.pointer("/metadata/name").and_then(Value::as_str);
    let name = name.ok_or_else(|| fault("has no metadata.name".into()))?;
    let owner = OwnerReference {
        api_version: "v1".to_owned(),
        kind: "ConfigMap".to_owned(),
        name: map.name_any(),
        uid: map.uid().unwrap_or_default(),
        ..OwnerReference::default()
    };
    let spec = manifest.get("spec").cloned().unwrap_or_else(|| json!({}));
    let labels = manifest.pointer("/metadata/labels").cloned().unwrap_or_else(|| json!({}));
    let body = json!({
        "apiVersion": API_VERSION, "kind": Viewer::NAME, "spec": spec,
        "metadata": { "name": name, "labels": labels, "ownerReferences": [owner] },
    });
    let digest = hex_digest(body.to_string().as_bytes());
    let mut object = body;
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("annotations".to_owned(), json!({ WISH_DIGEST: &digest }));
    }
    Ok(Wanted { name: name.to_owned(), object, digest })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(text: &str, uid: &str) -> ConfigMap {
        serde_json::from_value(json!({
            "metadata": { "name": "talknotes-default-viewer", "uid": uid },
            "data": { DEFAULT_VIEWER_KEY: text },
        }))
        .unwrap()
    }

    const MANIFEST: &str = "apiVersion: talknotes.dev/v1alpha1\nkind: Viewer\n\
                            metadata: {name: talknotes}\nspec: {title: Harbour}\n";

    #[test]
    fn the_viewer_belongs_to_the_config_map_that_says_it() {
        let wanted = wanted(&map(MANIFEST, "7")).unwrap();
        assert_eq!(wanted.name, "talknotes");
        assert_eq!(wanted.object["spec"], json!({ "title": "Harbour" }));
        assert_eq!(wanted.object["metadata"]["ownerReferences"][0]["uid"], "7");
        assert_eq!(wanted.object["metadata"]["annotations"][WISH_DIGEST], json!(wanted.digest));
    }

    #[test]
    fn another_text_and_another_config_map_are_other_wishes() {
        let digest = |text: &str, uid: &str| wanted(&map(text, uid)).unwrap().digest;
        assert_eq!(digest(MANIFEST, "7"), digest(&format!("# Ours\n{MANIFEST}"), "7"));
        assert_ne!(digest(MANIFEST, "7"), digest(&MANIFEST.replace("Harbour", "Port"), "7"));
        assert_ne!(digest(MANIFEST, "7"), digest(MANIFEST, "8"));
    }

    #[test]
    fn what_is_no_viewer_is_said_to_be_none() {
        for (text, words) in [
            ("a: [", "cannot be read as YAML"),
            ("kind: Pod", "has to be a Viewer"),
            (&MANIFEST.replace("{name: talknotes}", "{}"), "no metadata.name"),
        ] {
            let error = wanted(&map(text, "7")).err().unwrap().to_string();
            assert!(error.contains(words), "{error}");
        }
        assert!(wanted(&ConfigMap::default()).is_err());
    }
}
