//! Step 1: the notes that name the summit.

use std::sync::Arc;

use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;

use crate::api::{Summit, TalkNote, names};
use crate::controller::shared::context::Context;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::published;
use crate::controller::shared::visibility::{PublicationWindow, Visibility};

/// The notes that name a summit.
#[derive(Default)]
pub(super) struct Notes {
    /// Those that may be public and whose page is in the cluster.
    pub published: Vec<Arc<TalkNote>>,
    /// Number of the others.
    pub unpublished: usize,
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
