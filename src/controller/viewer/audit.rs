//! Who has changed which feature: an event for each change.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use kube::runtime::events::EventType;
use kube::{Api, ResourceExt};

use super::flags;
use crate::api::Viewer;
use crate::controller::shared::context::Context;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::report;

/// Reason of the event.
const REASON: &str = "FeaturesChanged";

/// Tells of the features that have changed since the last status, best effort.
pub(super) async fn features(viewer: &Viewer, ctx: &Context) {
    // A new viewer has changed nothing.
    let Some(before) = viewer.status.as_ref().filter(|status| status.url.is_some()) else { return };
    let changes = flags::changes(&before.features, &flags::in_words(&viewer.spec.features));
    if changes.is_empty() {
        return;
    }
    let who = writer(viewer, ctx).await.unwrap_or_else(|| "somebody".to_owned());
    let note = format!("{who} changed {}", changes.join(", "));
    report::event(viewer, EventType::Normal, REASON, &note, ctx).await;
}

/// Who wrote the features last. Watched objects are kept without their managed fields.
async fn writer(viewer: &Viewer, ctx: &Context) -> Option<String> {
    let (namespace, name) = viewer.address();
    let api: Api<Viewer> = Api::namespaced(ctx.client.clone(), &namespace);
    let live = api.get_metadata(&name).await.inspect_err(
        |error| tracing::warn!(namespace, name, %error, "cannot name who changed the features"),
    );
    last_writer(live.ok()?.managed_fields())
}

/// The writer of the features, or where nobody holds them any more, the last one of the spec.
fn last_writer(entries: &[ManagedFieldsEntry]) -> Option<String> {
    let holds = |entry: &&ManagedFieldsEntry, path: &str| {
        let fields = entry.fields_v1.as_ref().map(|fields| &fields.0);
        fields.is_some_and(|fields| fields.pointer(path).is_some())
    };
    let last = |path: &str| {
        entries
            .iter()
            .filter(|entry| entry.subresource.is_none() && holds(entry, path))
            .max_by_key(|entry| entry.time.as_ref().map(|time| time.0))
    };
    let entry = last("/f:spec/f:features").or_else(|| last("/f:spec"))?;
    entry.manager.clone()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_writer_of_the_features_is_named() {
        let entry = |manager: &str, time: &str, fields: serde_json::Value| {
            serde_json::from_value(json!({ "manager": manager, "operation": "Update",
                "time": time, "fieldsType": "FieldsV1", "fieldsV1": fields }))
            .unwrap()
        };
        let features = json!({ "f:spec": { "f:features": {} } });
        let title = json!({ "f:spec": { "f:title": {} } });
        let entries = [
            entry("argocd", "2031-05-01T10:00:00Z", features.clone()),
            entry("kubectl-edit", "2031-05-01T11:00:00Z", features),
            entry("helm", "2031-05-01T12:00:00Z", title),
        ];
        assert_eq!(last_writer(&entries).as_deref(), Some("kubectl-edit"));
        assert_eq!(last_writer(&entries[2..]).as_deref(), Some("helm"));
        assert_eq!(last_writer(&[]), None);
    }
}
