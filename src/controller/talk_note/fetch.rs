//! Step 1: what the note refers to.

use std::time::Duration;

use kube::runtime::reflector::ObjectRef;

use crate::api::{Summit, TalkNote};
use crate::controller::shared::config_map::config_map_text;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;

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
