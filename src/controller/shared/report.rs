//! Writes a status where it changed, and an event where a person would want one.

use http::HeaderValue;
use http::header::ACCEPT;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::Client;
use kube::api::{PartialObjectMeta, Patch, PatchParams, Request, ValidationDirective};
use kube::runtime::events::{Event, EventType, Recorder, Reporter};
use serde_json::{Value, json};

use crate::api::condition;
use crate::api::names::API_VERSION;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error};
use crate::controller::shared::kind::Kind;
use crate::controller::state::memory::{key, quick_hash};

/// Media type of an answer that has an object's metadata only.
const METADATA_ONLY: HeaderValue =
    HeaderValue::from_static("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");

/// Longest note that an event may carry, in bytes.
const MAX_NOTE: usize = 1024;

/// Writes `status` to `object` unless it has it already.
///
/// The cache may be older than our own last write. A status is therefore left unwritten only where
/// both the cache and the last write have it: a skipped write that was needed would never be healed.
///
/// # Errors
/// Where the API server refuses. That the object is gone is no error.
pub async fn status<K: Kind>(object: &K, status: K::Status, ctx: &Context) -> Result<(), Error> {
    let (namespace, name) = object.address();
    let text = serde_json::to_string(&status)
        .map_err(|error| Error::Internal(format!("cannot write the status as JSON: {error}")))?;
    let digest = quick_hash(&text);
    let uid = object.meta().uid.clone().unwrap_or_default();
    let memory = key(K::NAME, &namespace, &name);
    let written = ctx.statuses.get(&memory).filter(|(of, _)| *of == uid);
    if object.status() == Some(&status) && written.is_none_or(|(_, written)| written == digest) {
        return Ok(());
    }
    let patch = json!({
        "apiVersion": API_VERSION,
        "kind": K::NAME,
        "metadata": { "name": name, "uid": uid },
        "status": status,
    });
    let doing = format!("write the status of {} {namespace}/{name}", K::NAME);
    let result = patch_status::<K>(&namespace, &name, &patch, &ctx.client).await;
    ctx.metrics.write(K::NAME, "status");
    match result.map_err(Error::api(doing)) {
        Ok(_) => {
            ctx.statuses.put(memory, (uid, digest));
            announce(object, K::conditions(&status), ctx).await;
            Ok(())
        }
        Err(error) if error.class() == Class::Gone => {
            ctx.statuses.forget(&memory);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Applies a status and asks for no more than metadata in the answer: the whole object would come back,
/// and nobody would read it.
async fn patch_status<K: Kind>(
    namespace: &str,
    name: &str,
    patch: &Value,
    client: &Client,
) -> Result<PartialObjectMeta<K>, kube::Error> {
    let requests = Request::new(K::url_path(&(), Some(namespace)));
    let params = apply_params(K::MANAGER, true);
    let mut request = requests
        .patch_subresource("status", name, &params, &Patch::Apply(patch))
        .map_err(kube::Error::BuildRequest)?;
    request.headers_mut().insert(ACCEPT, METADATA_ONLY);
    client.request(request).await
}

/// Parameters of a server-side apply. Our objects are typed, so the server is spared the search for
/// unknown fields.
pub fn apply_params(manager: &str, force: bool) -> PatchParams {
    PatchParams {
        force,
        field_manager: Some(manager.to_owned()),
        field_validation: Some(ValidationDirective::Ignore),
        ..PatchParams::default()
    }
}

/// An event when an object gets stuck, and one when it is all right again. A note that was published
/// as desired is no news: ten thousand of them would be ten thousand writes.
async fn announce<K: Kind>(object: &K, conditions: &[Condition], ctx: &Context) {
    let stalled = |conditions: &[Condition]| condition(conditions, "Stalled").cloned();
    match (stalled(object.previous_conditions()), stalled(conditions)) {
        (before, Some(now))
            if before.as_ref().is_none_or(|before| before.message != now.message) =>
        {
            event(object, EventType::Warning, &now.reason, &now.message, ctx).await;
        }
        (Some(_), None) => {
            if let Some(ready) = conditions.iter().find(|condition| condition.status == "True") {
                event(object, EventType::Normal, &ready.reason, &ready.message, ctx).await;
            }
        }
        _ => {}
    }
}

/// Writes an event about `object`, best effort.
///
/// A recorder of its own for each event, because a shared one repeats the first text of a reason for
/// six minutes.
pub async fn event<K: Kind>(object: &K, type_: EventType, reason: &str, note: &str, ctx: &Context) {
    let event = Event {
        type_,
        reason: reason.to_owned(),
        note: Some(shorten(note)),
        action: "Reconcile".to_owned(),
        secondary: None,
    };
    let recorder = Recorder::new(ctx.client.clone(), Reporter::from("talknotes"));
    ctx.metrics.write("Event", "create");
    if let Err(error) = recorder.publish(&event, &object.object_ref(&())).await {
        let (namespace, name) = object.address();
        let object = key(K::NAME, &namespace, &name);
        tracing::warn!(%object, %error, "an event could not be written");
    }
}

fn shorten(text: &str) -> String {
    let mut short = String::new();
    for character in text.chars() {
        if short.len() + character.len_utf8() > MAX_NOTE {
            break;
        }
        short.push(character);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_cut_between_characters() {
        assert_eq!(shorten(&"講".repeat(400)).len(), 1023);
        assert_eq!(shorten("short"), "short");
    }
}
