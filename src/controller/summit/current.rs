//! Whether the summit's index is current already. Pure.

use k8s_openapi::api::core::v1::ConfigMap;

use super::validate::ValidSummit;
use crate::api::{Summit, names};
use crate::controller::shared::freshness::{Freshness, freshness};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::{conditions, count};

/// How `index`, as the watch has seen it, stands to the summit. What a status does not tell is not
/// current.
pub(super) fn index(summit: &Summit, valid: &ValidSummit, index: &ConfigMap) -> Freshness {
    let Some(content) = told(summit, valid) else { return Freshness::Stale };
    freshness(index, valid.address.clone(), valid.source.clone(), content)
}

/// The digest of the index that the status tells of, where it says all that it would say once the index
/// was found to be current.
fn told<'a>(summit: &'a Summit, valid: &ValidSummit) -> Option<&'a str> {
    let (status, generation) = (summit.status.as_ref()?, summit.metadata.generation);
    let is_settled = status.observed_generation == generation
        && status.last_handled_reconcile_at == summit.requested_at()
        && conditions::is_published(&status.conditions, generation)
        && status.config_map == Some(names::summit_config_map(&valid.name))
        && status.notes == Some(count(valid.cards.len()))
        && status.unpublished_notes == Some(count(valid.unpublished));
    status.content_digest.as_deref().filter(|_| is_settled)
}
