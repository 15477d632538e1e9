//! Step 4: the cluster is brought to what is wanted.

use kube::ResourceExt;

use super::Done;
use super::build::Wanted;
use crate::api::names::MANAGER_SUMMIT;
use crate::controller::apply;
use crate::controller::context::Context;
use crate::controller::error::Error;

pub(super) async fn wanted(wanted: Wanted, ctx: &Context) -> Result<Done, Error> {
    let Wanted { config_map, digest, dates, notes, unpublished, diagnostics } = wanted;
    apply::config_map(&config_map, MANAGER_SUMMIT, ctx).await?;
    let config_map = config_map.name_any();
    Ok(Done { config_map, digest, dates, notes, unpublished, diagnostics })
}
