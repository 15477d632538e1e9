//! What Flux fetched, as the status of its source says.

use kube::Api;
use kube::api::{ApiResource, DynamicObject, GroupVersionKind};
use serde_json::Value;

use super::validate::ValidRepository;
use crate::api::SourceReference;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error};
use crate::git::{Access, Artifact, Remote};

const GROUP: &str = "source.toolkit.fluxcd.io";
const VERSION: &str = "v1";

/// The artifact that `source` has now. While the source cannot be fetched, that is the last good one.
pub(super) async fn remote(
    source: &SourceReference,
    valid: &ValidRepository,
    ctx: &Context,
) -> Result<Remote, Error> {
    let kind = source.kind.name();
    let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(GROUP, VERSION, kind));
    let api: Api<DynamicObject> =
        Api::namespaced_with(ctx.client.clone(), &valid.namespace, &resource);
    let name = &source.name;
    let object = match api.get(name).await.map_err(Error::api(format!("read the {kind} {name}"))) {
        Ok(object) => object,
        Err(error) if error.class() == Class::Gone => {
            return Err(Error::Missing(format!(
                "spec.sourceRef: there is no {kind} {name} of {GROUP}/{VERSION} in this namespace"
            )));
        }
        Err(error) => return Err(error),
    };
    let artifact = artifact(&object.data, kind, name)?;
    let access = Access { timeout: valid.timeout, ..Access::default() };
    Ok(Remote::of_artifact(artifact, access))
}

fn artifact(object: &Value, kind: &str, name: &str) -> Result<Artifact, Error> {
    let text = |field: &str| object.pointer(&format!("/status/artifact/{field}"))?.as_str();
    let Some(url) = text("url") else {
        let ready = object.pointer("/status/conditions").and_then(Value::as_array);
        let ready = ready.into_iter().flatten().find(|said| said["type"] == "Ready");
        let message = ready.and_then(|said| said["message"].as_str()).unwrap_or("it says nothing");
        return Err(Error::Missing(format!(
            "spec.sourceRef: the {kind} {name} has no artifact yet: {}",
            message
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .take(300)
                .collect::<String>()
        )));
    };
    let (digest, revision) =
        (text("digest").unwrap_or_default(), text("revision").unwrap_or_default());
    Ok(Artifact::new(url, digest, revision)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_source_without_an_artifact_says_why() {
        let object = json!({ "status": { "conditions": [
            { "type": "Reconciling", "message": "no" },
            { "type": "Ready", "status": "False", "message": "authentication\nrequired" },
        ] } });
        let error = artifact(&object, "GitRepository", "notes").unwrap_err();
        assert_eq!(error.reason(), "ReferenceNotFound");
        assert!(
            error.to_string().ends_with("has no artifact yet: authentication required"),
            "{error}"
        );
        assert!(artifact(&json!({}), "Bucket", "notes").is_err());
    }

    #[test]
    fn an_artifact_without_a_digest_is_not_taken() {
        let object =
            json!({ "status": { "artifact": { "url": "http://a/b", "revision": "main" } } });
        let error = artifact(&object, "GitRepository", "notes").unwrap_err();
        assert_eq!(error.reason(), "ArtifactInvalid");
    }
}
