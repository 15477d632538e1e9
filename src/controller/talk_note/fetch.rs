//! Step 1: what the note refers to.

use std::time::Duration;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use kube::runtime::reflector::ObjectRef;

use crate::api::names::hex;
use crate::api::{ConfigMapKeyReference, Summit, TalkNote};
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::text::{digest_of_text, text_of};
use crate::document::text_digest;
use crate::render;

/// How soon a ConfigMap of somebody else's is read again.
const CONTENT_INTERVAL: Duration = Duration::from_secs(60);

/// What the note refers to, as it is in the cluster.
pub(super) struct Inputs {
    /// Whether the summit that the note names exists.
    pub summit_exists: bool,
    /// The Markdown that lies elsewhere.
    pub content: Option<String>,
}

impl Inputs {
    /// Digest of all that the page of `note` is rendered from.
    pub fn source(&self, note: &TalkNote) -> String {
        let text = match &self.content {
            Some(content) => hex(&text_digest(content)),
            None => digest_of_text(note),
        };
        render::source_of_note(&note.address().1, &note.spec, &text)
    }

    /// When something that nobody tells of may have changed.
    pub fn look_again(&self) -> Option<Duration> {
        self.content.as_ref().map(|_| CONTENT_INTERVAL)
    }
}

pub(super) async fn inputs(note: &TalkNote, ctx: &Context) -> Result<Inputs, Error> {
    let (namespace, _) = note.address();
    let summit_exists = note.spec.summit_ref.as_ref().is_none_or(|summit| {
        let summit = ObjectRef::<Summit>::new(&summit.name).within(&namespace);
        ctx.stores.summits.get(&summit).is_some()
    });
    let content = match (&note.spec.markdown, &note.spec.content_from) {
        (None, Some(source)) => Some(
            config_map_text(&namespace, "spec.contentFrom", &source.config_map_key_ref, ctx)
                .await?,
        ),
        _ => None,
    };
    Ok(Inputs { summit_exists, content })
}

/// The Markdown of the note.
pub(super) async fn markdown(
    note: &TalkNote,
    inputs: &mut Inputs,
    ctx: &Context,
) -> Result<String, Error> {
    match inputs.content.take() {
        Some(content) => Ok(content),
        None => Ok(text_of(note, ctx).await?.unwrap_or_default()),
    }
}

/// The text under a key of a ConfigMap, which `field` names.
pub async fn config_map_text(
    namespace: &str,
    field: &str,
    reference: &ConfigMapKeyReference,
    ctx: &Context,
) -> Result<String, Error> {
    let ConfigMapKeyReference { name, key } = reference;
    let api: Api<ConfigMap> = Api::namespaced(ctx.client.clone(), namespace);
    let found = api.get(name).await.map_err(Error::api(format!("read the ConfigMap {name}")));
    match found {
        Ok(mut config_map) => {
            config_map.data.as_mut().and_then(|data| data.remove(key)).ok_or_else(|| {
                Error::Missing(format!(
                    "{field}: the ConfigMap {name} has no text under the key {key}"
                ))
            })
        }
        Err(error) if error.class() == Class::Gone => {
            Err(Error::Missing(format!("{field}: there is no ConfigMap {name}")))
        }
        Err(error) => Err(error),
    }
}
