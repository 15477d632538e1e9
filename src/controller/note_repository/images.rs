//! Images of the repository that notes show: one ConfigMap for each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;

use super::imported::Origin;
use crate::api::PrunePolicy;
use crate::controller::shared::published;

/// What is to be done about images.
pub(super) struct Images {
    /// All that there are to be.
    pub apply: Vec<ConfigMap>,
    /// Those that no note shows any more.
    pub delete: Vec<Arc<ConfigMap>>,
}

impl Images {
    /// `wanted` are those that notes show, by their digests.
    pub(super) fn new(
        wanted: BTreeMap<String, Vec<u8>>,
        existing: &[Arc<ConfigMap>],
        origin: &Origin,
    ) -> Self {
        let delete_unused = origin.prune == PrunePolicy::Delete;
        let owner = delete_unused.then(|| origin.owner.clone());
        let Origin { namespace, name, .. } = origin;
        let apply: Vec<ConfigMap> = wanted
            .into_iter()
            .map(|(digest, content)| {
                published::image(namespace, name, owner.clone(), &digest, content)
            })
            .collect();
        let kept: BTreeSet<String> = apply.iter().map(ResourceExt::name_any).collect();
        let delete = existing
            .iter()
            .filter(|_| delete_unused)
            .filter(|found| found.metadata.namespace.as_ref() == Some(namespace))
            .filter(|found| published::is_image(found) && origin.claimant.gave(&found.metadata))
            .filter(|found| !kept.contains(&found.name_any()))
            .cloned()
            .collect();
        Self { apply, delete }
    }
}
