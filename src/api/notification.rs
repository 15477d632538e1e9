//! Whom to tell when notes are published, change or go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SecretReference;

/// Who is told of notes by CloudEvents over HTTP. Nothing waits for it; it is told until it has heard, and
/// what it has heard is remembered over restarts.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct NotificationSink {
    /// Name of the sink, which is one of its own in this list. Under it is remembered what the sink was told.
    #[schemars(regex(pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"), length(min = 1, max = 40))]
    pub name: String,
    /// Address that events are posted to: https://…, or http://… inside of a cluster. Redirects are not
    /// followed.
    #[schemars(regex(pattern = r"^https?://"), length(min = 1, max = 2048))]
    pub url: String,
    /// Secret in the same namespace with the `token` by which events are signed as Standard Webhooks are
    /// (headers webhook-id, webhook-timestamp, webhook-signature): the text itself, or whsec_ and base64.
    /// `ca.crt` where the certificate is signed by an authority of your own.
    pub secret_ref: SecretReference,
    /// Which events: Published, Changed, Withdrawn, Failed, Recovered. All where it is absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 5))]
    pub events: Vec<NotificationEvent>,
    /// Address of the viewer, such as https://notes.example.org: events name the page there.
    #[serde(default, rename = "viewerURL", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^https?://"), length(min = 1, max = 2048))]
    pub viewer_url: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the values are explained at NotificationSink::events")]
pub enum NotificationEvent {
    Published,
    Changed,
    Withdrawn,
    Failed,
    Recovered,
}
