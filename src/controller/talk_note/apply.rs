//! Step 4: the cluster is brought to what is wanted.

use kube::ResourceExt;

use super::Done;
use super::build::Page;
use super::validate;
use crate::api::{TalkNote, names};
use crate::controller::shared::apply;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership::Owner;
use crate::controller::shared::published;

pub(super) async fn page(page: Page, note: &TalkNote, ctx: &Context) -> Result<Done, Error> {
    let Page { config_map, digest, diagnostics } = page;
    apply::config_map(&config_map, &Owner::of(note), ctx).await?;
    Ok(Done::Published { config_map: config_map.name_any(), digest, diagnostics })
}

/// Keeps the last good page, where no new one can be made: others may have taken its labels.
pub(super) async fn keep(note: &TalkNote, ctx: &Context) -> Result<(), Error> {
    let status = note.status.as_ref();
    let told = status.and_then(|status| status.content_digest.as_deref());
    if told.is_none() {
        return Ok(());
    }
    let (address, owner) = (validate::address(note)?, Owner::of(note));
    let place = (&*address.namespace, &*address.name);
    let Some((last, source)) = apply::last_good(place, &owner, told, ctx).await? else {
        return Ok(());
    };
    let page = published::config_map(address, last, Some(&source));
    apply::config_map(&page, &owner, ctx).await
}

/// Takes the note's page away, if there is one.
pub(super) async fn no_page(note: &TalkNote, ctx: &Context) -> Result<(), Error> {
    let (namespace, name) = note.address();
    // A page that lost its labels is not seen by the watch: the status says whether there was one.
    let may_exist = note.status.as_ref().is_some_and(|status| status.config_map.is_some());
    let page = names::note_config_map(&name);
    apply::take_down((&namespace, &page), &Owner::of(note), may_exist, ctx).await
}
