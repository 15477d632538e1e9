//! Quotas that leave no room for pages.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceQuota;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kube::api::ListParams;
use kube::{Api, ResourceExt};

use super::finding::Finding;
use super::{Patient, unseen};

const CHECK: &str = "quotas";
/// What a quota may count of what we make.
const COUNTED: [&str; 2] = ["configmaps", "count/configmaps"];

pub async fn examine(patient: &Patient) -> Vec<Finding> {
    let client = patient.client.clone();
    let api: Api<ResourceQuota> = match &patient.namespace {
        Some(namespace) => Api::namespaced(client, namespace),
        None => Api::all(client),
    };
    match api.list(&ListParams::default()).await {
        Ok(quotas) => quotas.items.iter().filter_map(of_quota).collect(),
        Err(error) => vec![unseen(CHECK, "ResourceQuotas", &error)],
    }
}

/// A quota of which a tenth or less is left.
fn of_quota(quota: &ResourceQuota) -> Option<Finding> {
    let status = quota.status.as_ref()?;
    let (hard, used) = (status.hard.as_ref()?, status.used.as_ref()?);
    let (name, hard, used) = COUNTED
        .into_iter()
        .find_map(|name| Some((name, number(hard, name)?, number(used, name)?)))?;
    if used.saturating_mul(10) < hard.saturating_mul(9) {
        return None;
    }
    let message = format!(
        "{used} of {hard} {name} are in use: a note needs one, and is not published without"
    );
    let finding = if used >= hard {
        Finding::error(CHECK, message)
    } else {
        Finding::warning(CHECK, message)
    };
    let (namespace, quota) = (quota.namespace().unwrap_or_default(), quota.name_any());
    let advice = "raise the quota, or keep notes in another namespace";
    Some(finding.about(format!("ResourceQuota {namespace}/{quota}")).advise(advice))
}

fn number(amounts: &BTreeMap<String, Quantity>, name: &str) -> Option<u64> {
    amounts.get(name)?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::Severity;

    #[test]
    fn a_quota_is_told_before_it_is_full() {
        let told = |used: &str| {
            let quota = json!({ "metadata": { "name": "q", "namespace": "n" }, "status": {
                "hard": { "count/configmaps": "100", "pods": "1" },
                "used": { "count/configmaps": used, "pods": "1" } } });
            of_quota(&serde_json::from_value(quota).unwrap()).map(|finding| finding.severity)
        };
        assert_eq!(told("89"), None);
        assert_eq!(told("90"), Some(Severity::Warning));
        assert_eq!(told("100"), Some(Severity::Error));
    }
}
