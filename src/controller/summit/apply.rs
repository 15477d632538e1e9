//! Step 4: the cluster is brought to what is wanted.

use kube::ResourceExt;

use super::Done;
use super::build::Wanted;
use crate::api::names::MANAGER_SUMMIT;
use crate::api::{Summit, names};
use crate::controller::apply;
use crate::controller::context::Context;
use crate::controller::error::Error;
use crate::controller::kind::Kind;

pub(super) async fn wanted(wanted: Wanted, ctx: &Context) -> Result<Done, Error> {
    let Wanted { config_map, digest, dates, notes, unpublished, diagnostics } = wanted;
    apply::config_map(&config_map, MANAGER_SUMMIT, ctx).await?;
    let config_map = config_map.name_any();
    Ok(Done { config_map, digest, dates, notes, unpublished, diagnostics })
}

/// Takes the summit's index away, if there is one.
pub(super) async fn no_index(summit: &Summit, ctx: &Context) -> Result<(), Error> {
    let (namespace, name) = summit.address();
    let uid = summit.uid().unwrap_or_default();
    apply::delete_config_map(&namespace, &names::summit_config_map(&name), &uid, ctx).await
}
