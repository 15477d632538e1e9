//! Step 4: the cluster is brought to what is wanted.

use std::collections::BTreeSet;

use kube::ResourceExt;

use super::Index;
use super::build::Wanted;
use super::validate;
use crate::api::{Summit, names};
use crate::controller::shared::apply;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership::Owner;
use crate::controller::shared::published;
use crate::render;

pub(super) async fn wanted(wanted: Wanted, summit: &Summit, ctx: &Context) -> Result<Index, Error> {
    let Wanted { config_map, digest, dates, notes, unpublished, diagnostics } = wanted;
    apply::config_map(&config_map, &Owner::of(summit), ctx).await?;
    let config_map = config_map.name_any();
    Ok(Index { config_map, digest, dates, notes, unpublished, diagnostics })
}

/// Keeps the last good index, where no new one can be made, but for the notes that are not `public`.
pub(super) async fn keep(
    summit: &Summit,
    public: &BTreeSet<String>,
    ctx: &Context,
) -> Result<(), Error> {
    let (address, owner) = (validate::address(summit)?, Owner::of(summit));
    let place = (&*address.namespace, &*address.name);
    let told = summit.status.as_ref().and_then(|status| status.content_digest.as_deref());
    let Some((last, source)) = apply::last_good(place, &owner, told, ctx).await? else {
        return Ok(());
    };
    // What is left was made from nothing that there is.
    let (rest, source) = match render::withdrawn(&last, |name| public.contains(name))? {
        Some(rest) => (rest, None),
        None => (last, Some(source)),
    };
    apply::config_map(&published::config_map(address, rest, source.as_ref()), &owner, ctx).await
}

/// Takes the summit's index away, if there is one.
pub(super) async fn no_index(summit: &Summit, ctx: &Context) -> Result<(), Error> {
    let (namespace, name) = summit.address();
    let may_exist = summit.status.as_ref().is_some_and(|status| status.config_map.is_some());
    let index = names::summit_config_map(&name);
    apply::take_down((&namespace, &index), &Owner::of(summit), may_exist, ctx).await
}
