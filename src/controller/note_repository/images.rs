//! Images of the repository that notes show: one ConfigMap for each.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::ResourceExt;

use super::imported::Origin;
use crate::api::{PrunePolicy, names};
use crate::controller::shared::published;
use crate::git::Entry;
use crate::import::PublishedImage;

/// What is to be done about images.
pub(super) struct Images {
    /// Those that are not there as they are to be.
    pub apply: Vec<WantedImage>,
    /// Names and fingerprints of those that are.
    pub keep: Vec<(String, String)>,
    /// Those that no note shows any more.
    pub delete: Vec<Arc<ConfigMap>>,
}

/// An image that is to be written. It is read when it is.
pub(super) struct WantedImage {
    /// Name of its ConfigMap.
    pub name: String,
    /// Fingerprint of that.
    pub fingerprint: String,
    digest: String,
    owner: Option<OwnerReference>,
    /// The file.
    pub file: Entry,
}

impl WantedImage {
    /// Its ConfigMap, where the file holds `content`.
    pub(super) fn config_map(
        self,
        namespace: &str,
        repository: &str,
        content: Vec<u8>,
    ) -> ConfigMap {
        published::image(namespace, repository, self.owner, &self.digest, content)
    }
}

impl Images {
    /// `wanted` are those that notes show.
    pub(super) fn new(
        wanted: Vec<PublishedImage>,
        existing: &[Arc<ConfigMap>],
        origin: &Origin,
    ) -> Self {
        let delete_unused = origin.prune == PrunePolicy::Delete;
        let owner = delete_unused.then(|| origin.owner.clone());
        let Origin { namespace, name, .. } = origin;
        let here: HashMap<String, &Arc<ConfigMap>> = existing
            .iter()
            .filter(|found| found.metadata.namespace.as_ref() == Some(namespace))
            .map(|found| (found.name_any(), found))
            .collect();
        let (mut apply, mut keep, mut shown) = (Vec::new(), Vec::new(), BTreeSet::new());
        for PublishedImage { picture, file } in wanted {
            let (owner, digest) = (owner.clone(), picture.digest);
            let config_map = names::image_config_map(name, &digest);
            let published = &picture.published;
            let fingerprint =
                published::fingerprint_of_image(namespace, name, owner.clone(), &digest, published);
            let found =
                here.get(&config_map).and_then(|found| published::observed_fingerprint(found));
            shown.insert(config_map.clone());
            if found == Some(&fingerprint) {
                keep.push((config_map, fingerprint));
            } else {
                apply.push(WantedImage { name: config_map, fingerprint, digest, owner, file });
            }
        }
        let delete = here
            .iter()
            .filter(|_| delete_unused)
            .filter(|(name, found)| !shown.contains(*name) && origin.claimant.gave(&found.metadata))
            .map(|(_, found)| Arc::clone(found))
            .collect();
        Self { apply, keep, delete }
    }
}
