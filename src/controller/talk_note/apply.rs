//! Step 4: the cluster is brought to what is wanted.

use kube::ResourceExt;

use super::Done;
use super::build::Page;
use crate::api::{TalkNote, names};
use crate::controller::apply;
use crate::controller::context::Context;
use crate::controller::error::Error;
use crate::controller::kind::Kind;
use crate::controller::ownership::Owner;

pub(super) async fn page(page: Page, note: &TalkNote, ctx: &Context) -> Result<Done, Error> {
    let Page { config_map, digest, diagnostics } = page;
    apply::config_map(&config_map, &Owner::of(note), ctx).await?;
    Ok(Done::Published { config_map: config_map.name_any(), digest, diagnostics })
}

/// Takes the note's page away, if there is one.
pub(super) async fn no_page(note: &TalkNote, ctx: &Context) -> Result<(), Error> {
    let (namespace, name) = note.address();
    // A page that lost its labels is not seen by the watch: the status says whether there was one.
    let may_exist = note.status.as_ref().is_some_and(|status| status.config_map.is_some());
    let page = names::note_config_map(&name);
    apply::take_down((&namespace, &page), &Owner::of(note), may_exist, ctx).await
}
