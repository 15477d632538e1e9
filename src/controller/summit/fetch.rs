//! Step 1: the notes that name the summit.

use std::sync::Arc;
use std::time::Duration;

use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;

use crate::api::{Summit, TalkNote, names};
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::published;
use crate::controller::shared::visibility::{PublicationWindow, Visibility};
use crate::controller::talk_note::config_map_text;

/// The notes that name a summit.
#[derive(Default)]
pub(super) struct Notes {
    /// Those that may be public and whose page is in the cluster.
    pub published: Vec<Arc<TalkNote>>,
    /// Number of the others.
    pub unpublished: usize,
}

/// How soon a ConfigMap of somebody else's is read again.
pub(super) const AGENDA_INTERVAL: Duration = Duration::from_secs(60);

/// The official agenda as it was found: its text, or why there is none.
pub(super) type Agenda = Option<Result<String, String>>;

/// The official agenda. That it is missing is told, and holds back no note; that the API server does not answer
/// is another thing.
pub(super) async fn agenda(summit: &Summit, ctx: &Context) -> Result<Agenda, Error> {
    let Some(agenda) = &summit.spec.agenda else { return Ok(None) };
    if let Some(text) = &agenda.text {
        return Ok(Some(Ok(text.clone())));
    }
    let Some(source) = &agenda.content_from else { return Ok(None) };
    let (namespace, _) = summit.address();
    match config_map_text(&namespace, "spec.agenda.contentFrom", &source.config_map_key_ref, ctx)
        .await
    {
        Ok(text) => Ok(Some(Ok(text))),
        Err(Error::Missing(reason)) => Ok(Some(Err(reason))),
        Err(error) => Err(error),
    }
}

pub(super) fn notes(summit: &Summit, ctx: &Context) -> Notes {
    let (namespace, name) = summit.address();
    let (mut notes, now) = (Notes::default(), (ctx.now)());
    for note in ctx.stores.notes_of(&namespace, &name) {
        // A page that cannot be taken down is on no agenda all the same.
        let may_be_public =
            matches!(PublicationWindow::from(&note.spec).at(now), Visibility::Public { .. });
        if may_be_public && is_published(&note, &namespace, ctx) {
            notes.published.push(note);
        } else {
            notes.unpublished += 1;
        }
    }
    notes
}

fn is_published(note: &TalkNote, namespace: &str, ctx: &Context) -> bool {
    let page = ObjectRef::new(&names::note_config_map(&note.name_any())).within(namespace);
    ctx.stores
        .config_maps
        .get(&page)
        .is_some_and(|page| published::owner(&page).map(|owner| &owner.uid) == note.uid().as_ref())
}
