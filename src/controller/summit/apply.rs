//! Step 4: the cluster is brought to what is wanted.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::{Api, ResourceExt};

use super::Done;
use super::build::Wanted;
use super::validate;
use crate::api::Summit;
use crate::controller::apply;
use crate::controller::context::Context;
use crate::controller::error::Error;
use crate::controller::ownership::Owner;
use crate::controller::published;
use crate::render::{self, Publication};

pub(super) async fn wanted(wanted: Wanted, summit: &Summit, ctx: &Context) -> Result<Done, Error> {
    let Wanted { config_map, digest, dates, notes, unpublished, diagnostics } = wanted;
    apply::config_map(&config_map, &Owner::of(summit), ctx).await?;
    let config_map = config_map.name_any();
    Ok(Done { config_map, digest, dates, notes, unpublished, diagnostics })
}

/// Takes the notes that are not `public` off the last good index, where no new one can be made.
pub(super) async fn withdraw(
    summit: &Summit,
    public: &BTreeSet<String>,
    ctx: &Context,
) -> Result<(), Error> {
    let address = validate::address(summit)?;
    let api: Api<ConfigMap> = Api::namespaced(ctx.client.clone(), &address.namespace);
    let doing = format!("read the ConfigMap {}", address.name);
    let Some(found) = api.get_opt(&address.name).await.map_err(Error::api(doing))? else {
        return Ok(());
    };
    let owner = Owner::of(summit);
    if !owner.made(&found.metadata) {
        return Ok(());
    }
    let binary = found.binary_data.into_iter().flatten().map(|(key, bytes)| (key, bytes.0));
    let published = Publication::of(found.data.unwrap_or_default(), binary.collect());
    match render::withdrawn(&published, |name| public.contains(name))? {
        Some(rest) => apply::config_map(&published::config_map(address, rest), &owner, ctx).await,
        None => Ok(()),
    }
}
