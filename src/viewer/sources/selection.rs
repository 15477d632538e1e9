//! Which of the published notes a site shows.

use k8s_openapi::api::core::v1::ConfigMap;

use crate::api::names;

/// What is to be shown.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Namespaces; all where there are none.
    pub namespaces: Vec<String>,
    /// Names of summits; all where there are none.
    pub summits: Vec<String>,
}

impl Selection {
    /// Whether a ConfigMap is to be shown. Images belong to no summit: notes that are shown name theirs.
    pub fn shows(&self, config_map: &ConfigMap) -> bool {
        let labels = config_map.metadata.labels.as_ref();
        let label = |name: &str| labels.and_then(|labels| labels.get(name)).map(String::as_str);
        self.summits.is_empty()
            || label(names::CONTENT_LABEL) == Some(names::CONTENT_IMAGE)
            || label(names::SUMMIT_LABEL).is_some_and(|shown| {
                self.summits.iter().any(|summit| names::label_value(summit) == shown)
            })
    }
}
