//! One Application, and what Argo CD says of it.

use std::collections::BTreeMap;
use std::time::Duration;

use kube::api::{ApiResource, DeleteParams, DynamicObject, GroupVersionKind, Patch, PatchParams};
use kube::{Api, Client};
use serde_json::{Value, json};

use crate::install::ArgoCd;
use crate::support::Result;
use crate::support::namespace::TestNamespace;
use crate::support::wait::{self, Look};

/// Long enough for a comparison that waits for Argo CD's own interval on a busy machine.
const DEADLINE: Duration = Duration::from_secs(180);

/// An Application of Argo CD.
pub struct Application<'a> {
    argo_cd: &'a ArgoCd,
    /// Its name.
    pub name: String,
    /// The objects of its kind.
    pub api: Api<DynamicObject>,
}

/// The kind of an Application.
pub fn kind(name: &str) -> ApiResource {
    ApiResource::from_gvk(&GroupVersionKind::gvk("argoproj.io", "v1alpha1", name))
}

/// An Application that follows `source` into `namespace`, with pruning and self-healing.
pub fn spec(source: &Value, namespace: &str) -> Value {
    json!({
        "project": "default",
        "source": source,
        "destination": { "server": "https://kubernetes.default.svc", "namespace": namespace },
        "syncPolicy": {
            "automated": { "prune": true, "selfHeal": true, "allowEmpty": false },
            "syncOptions": ["ServerSideApply=true"],
        },
    })
}

impl<'a> Application<'a> {
    /// Makes the Application of a test: it is called as the test's namespace and syncs into it.
    ///
    /// # Errors
    /// Where the API server refuses it.
    pub async fn create(argo_cd: &'a ArgoCd, test: &TestNamespace, source: Value) -> Result<Self> {
        let manifest = json!({
            "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
            "metadata": { "name": test.name() },
            "spec": spec(&source, test.name()),
        });
        let text = manifest.to_string();
        argo_cd.kubectl().succeed(&["apply", "--server-side", "-f", "-"], &text).await?;
        Ok(Self::existing(argo_cd, &test.client, test.name()))
    }

    /// One that somebody else makes.
    pub fn existing(argo_cd: &'a ArgoCd, client: &Client, name: &str) -> Self {
        let kind = kind("Application");
        let api = Api::namespaced_with(client.clone(), &argo_cd.namespace, &kind);
        Self { argo_cd, name: name.to_owned(), api }
    }

    /// Makes Argo CD compare now, as its webhook (`normal`) or a person (`hard`) does, and waits until
    /// it has.
    ///
    /// # Errors
    /// Where it does not in time.
    pub async fn refresh(&self, how: &str) -> Result {
        const KEY: &str = "argocd.argoproj.io/refresh";
        let patch = json!({ "metadata": { "annotations": { KEY: how } } });
        self.api.patch(&self.name, &PatchParams::default(), &Patch::Merge(patch)).await?;
        self.until("Argo CD to have compared", |found| {
            found.pointer("/metadata/annotations").and_then(|all| all.get(KEY)).is_none()
        })
        .await?;
        Ok(())
    }

    /// Waits until the commit is synced and everything is healthy.
    ///
    /// # Errors
    /// Where that does not happen in time.
    pub async fn synced(&self, commit: &str) -> Result<Value> {
        self.refresh("normal").await?;
        self.until(&format!("{commit} to be synced and healthy"), |found| {
            at(found, "/status/sync/revision") == commit
                && at(found, "/status/sync/status") == "Synced"
                && at(found, "/status/health/status") == "Healthy"
                && at(found, "/status/operationState/phase") == "Succeeded"
        })
        .await
    }

    /// Waits until it is synced and healthy, at whatever commit.
    ///
    /// # Errors
    /// Where that does not happen in time.
    pub async fn is_well(&self) -> Result<Value> {
        self.until("it to be synced and healthy", |found| {
            at(found, "/status/sync/status") == "Synced"
                && at(found, "/status/health/status") == "Healthy"
                && at(found, "/status/operationState/phase") == "Succeeded"
        })
        .await
    }

    /// Waits until its health is `health`.
    ///
    /// # Errors
    /// Where that does not happen in time.
    pub async fn is(&self, health: &str) -> Result<Value> {
        self.until(&format!("its health to be {health}"), |found| {
            at(found, "/status/health/status") == health
        })
        .await
    }

    /// Waits until `holds` is true of it.
    ///
    /// # Errors
    /// Where that does not happen in time, with its state and the ends of Argo CD's logs.
    pub async fn until(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Result<Value> {
        let outcome = wait::until(what, DEADLINE, async || {
            let Some(found) = self.api.get_opt(&self.name).await? else {
                return Ok(Look::NotYet("there is no such Application".to_owned()));
            };
            let found = serde_json::to_value(found)?;
            Ok(match holds(&found) {
                true => Look::Met(found),
                false => Look::NotYet(found.get("status").unwrap_or(&Value::Null).to_string()),
            })
        })
        .await;
        outcome.map_err(|error| format!("{error}\n{}", self.argo_cd.report()).into())
    }

    /// Waits until the resource `kind name` in the tree is as `holds` says.
    ///
    /// # Errors
    /// Where that does not happen in time, with the tree as it is then.
    pub async fn shows(
        &self,
        kind: &str,
        name: &str,
        what: &str,
        holds: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        wait::until(&format!("{kind} {name} in the tree: {what}"), DEADLINE, async || {
            let tree = self.argo_cd.tree(&self.name).await?;
            let found =
                tree.iter().find(|node| at(node, "/kind") == kind && at(node, "/name") == name);
            Ok(match found {
                Some(node) if holds(node) => Look::Met(node.clone()),
                _ => Look::NotYet(format!("{tree:?}")),
            })
        })
        .await
    }

    /// What it manages: the sync status of each object, by kind and name.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn resources(&self) -> Result<BTreeMap<String, String>> {
        let found = serde_json::to_value(self.api.get(&self.name).await?)?;
        let resources = found.pointer("/status/resources").and_then(Value::as_array);
        let entry = |resource: &Value| {
            let name = format!("{} {}", at(resource, "/kind"), at(resource, "/name"));
            (name, at(resource, "/status").to_owned())
        };
        Ok(resources.into_iter().flatten().map(entry).collect())
    }

    /// Deletes it and leaves its objects.
    ///
    /// # Errors
    /// Where the API server refuses that.
    pub async fn delete(self) -> Result {
        self.api.delete(&self.name, &DeleteParams::default()).await?;
        Ok(())
    }
}

/// The text at `pointer`; empty where there is none.
pub fn at<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
