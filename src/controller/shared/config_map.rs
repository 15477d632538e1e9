//! Text that others keep in a ConfigMap.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;

use super::context::Context;
use super::error::{Class, Error};
use crate::api::ConfigMapKeyReference;

/// The text under a key of a ConfigMap, which `field` names.
pub async fn config_map_text(
    namespace: &str,
    field: &str,
    reference: &ConfigMapKeyReference,
    ctx: &Context,
) -> Result<String, Error> {
    let ConfigMapKeyReference { name, key } = reference;
    let api: Api<ConfigMap> = Api::namespaced(ctx.client.clone(), namespace);
    let found = api.get(name).await.map_err(Error::api(format!("read the ConfigMap {name}")));
    match found {
        Ok(mut config_map) => {
            config_map.data.as_mut().and_then(|data| data.remove(key)).ok_or_else(|| {
                Error::Missing(format!(
                    "{field}: the ConfigMap {name} has no text under the key {key}"
                ))
            })
        }
        Err(error) if error.class() == Class::Gone => {
            Err(Error::Missing(format!("{field}: there is no ConfigMap {name}")))
        }
        Err(error) => Err(error),
    }
}
