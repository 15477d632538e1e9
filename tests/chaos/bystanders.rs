//! Objects that are none of the operator's business, and one that is only in part.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use kube::api::{ApiResource, DeleteParams, DynamicObject, ObjectMeta, PostParams};
use kube::{Api, Client, ResourceExt as _};
use serde_json::{Value, json};
use talknotes::api::{Summit, TalkNote, names};

use crate::support::namespace::TestNamespace;
use crate::support::{Result, kstatus, publishing};

/// The note that a person wrote as a manifest: it has a page and a status, and is written to for nothing
/// else.
pub const BY_HAND: &str = "by-hand";

/// What was there before the storm.
pub struct Bystanders {
    client: Client,
    neighbour: String,
    versions: BTreeMap<String, String>,
    /// Names of the ConfigMaps in the namespace of the storm.
    pub config_maps: [&'static str; 2],
}

impl Bystanders {
    /// Puts them where the operator, which runs, can see them.
    pub async fn place(test: &TestNamespace) -> Result<Self> {
        let client = test.client.clone();
        let neighbour = format!("{}-neighbour", test.name());
        let namespace = ObjectMeta { name: Some(neighbour.clone()), ..ObjectMeta::default() };
        let namespace = Namespace { metadata: namespace, ..Namespace::default() };
        let namespaces: Api<Namespace> = Api::all(client.clone());
        namespaces.create(&PostParams::default(), &namespace).await?;
        let config_maps = ["talknote-theirs", "summit-copied"];
        let mut bystanders = Self { client, neighbour, versions: BTreeMap::new(), config_maps };
        for manifest in bystanders.manifests(test.name()) {
            let api = bystanders.api(&manifest)?;
            api.create(&PostParams::default(), &serde_json::from_value(manifest)?).await?;
        }
        publishing::note(test, BY_HAND, "to be published", |note| {
            kstatus::is_true(note, "Ready") && note["status"]["contentDigest"].is_string()
        })
        .await?;
        bystanders.versions = bystanders.now(test.name()).await?;
        Ok(bystanders)
    }

    /// What was written to since, other than by its owner.
    pub async fn differences(&self, namespace: &str) -> Result<Vec<String>> {
        let now = self.now(namespace).await?;
        let changed =
            self.versions.iter().filter(|(name, version)| now.get(*name) != Some(*version));
        Ok(changed.map(|(name, _)| format!("{name} is not ours and was written to")).collect())
    }

    /// Removes the other namespace.
    pub async fn remove(&self) -> Result {
        let namespaces: Api<Namespace> = Api::all(self.client.clone());
        namespaces.delete(&self.neighbour, &DeleteParams::default()).await?;
        Ok(())
    }

    fn manifests(&self, namespace: &str) -> Vec<Value> {
        let object = |version: &str, kind: &str, namespace: &str, name: &str, labels: Value| {
            let metadata = json!({ "namespace": namespace, "name": name, "labels": labels });
            json!({ "apiVersion": version, "kind": kind, "metadata": metadata })
        };
        let ours = json!({ names::MANAGED_BY: names::MANAGED_BY_VALUE,
                           names::REPOSITORY_LABEL: "harbor" });
        let [theirs, copied] = self.config_maps;
        let (version, elsewhere) = (names::API_VERSION, self.neighbour.as_str());
        let mut manifests = vec![
            object("v1", "ConfigMap", namespace, theirs, json!({})),
            // Labels that somebody copied make nothing ours.
            object("v1", "ConfigMap", namespace, copied, ours.clone()),
            object("v1", "ConfigMap", elsewhere, "talknote-elsewhere", ours.clone()),
            object(version, "TalkNote", elsewhere, "elsewhere", ours.clone()),
            object(version, "Summit", elsewhere, "elsewhere", ours),
            object(version, "TalkNote", namespace, BY_HAND, json!({})),
        ];
        for manifest in &mut manifests {
            match manifest["kind"].as_str() {
                Some("ConfigMap") => manifest["data"] = json!({ "theirs": "precious" }),
                Some("Summit") => manifest["spec"] = json!({ "title": "Elsewhere" }),
                _ => {
                    manifest["spec"] = json!({ "title": "By hand", "markdown": "Mine, markhand." })
                }
            }
        }
        manifests
    }

    fn api(&self, manifest: &Value) -> Result<Api<DynamicObject>> {
        let kind = match manifest["kind"].as_str() {
            Some("TalkNote") => ApiResource::erase::<TalkNote>(&()),
            Some("Summit") => ApiResource::erase::<Summit>(&()),
            _ => ApiResource::erase::<ConfigMap>(&()),
        };
        let namespace = manifest["metadata"]["namespace"].as_str().ok_or("no namespace")?;
        Ok(Api::namespaced_with(self.client.clone(), namespace, &kind))
    }

    async fn now(&self, namespace: &str) -> Result<BTreeMap<String, String>> {
        let mut versions = BTreeMap::new();
        for manifest in self.manifests(namespace) {
            let [kind, place, name] = ["/kind", "/metadata/namespace", "/metadata/name"]
                .map(|at| manifest.pointer(at).and_then(Value::as_str).unwrap_or_default());
            let found = self.api(&manifest)?.get_opt(name).await?;
            let version = found.and_then(|found| found.resource_version());
            versions.insert(format!("{kind} {place}/{name}"), version.unwrap_or_default());
        }
        Ok(versions)
    }
}
