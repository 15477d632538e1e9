//! Whether the controller has the rights that it needs: those of the role that this version ships.

use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SubjectAccessReview, SubjectAccessReviewSpec,
};
use k8s_openapi::api::rbac::v1::PolicyRule;
use kube::Api;
use kube::api::PostParams;
use serde_json::Value;

use super::finding::Finding;
use super::{Patient, unseen};
use crate::cli::Failure;

const CHECK: &str = "rights";
const SHIPPED: &str = include_str!("../../../deploy/base/controller-rbac.yaml");
/// Name of the controller's service account, and of its role.
const ACCOUNT: &str = "talknotes-controller";
/// Questions under way at once.
const AT_ONCE: usize = 8;

/// One verb on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Right {
    verb: String,
    group: String,
    resource: String,
    subresource: Option<String>,
}

/// Asks the API server for each right.
///
/// # Errors
/// Where the shipped role cannot be read, which is a fault of ours.
pub async fn examine(patient: &Patient) -> Result<Vec<Finding>, Failure> {
    let rights = shipped()?;
    let answers = stream::iter(&rights).map(|right| allowed(patient, right)).buffered(AT_ONCE);
    let answers: Vec<bool> = match answers.try_collect().await {
        Ok(answers) => answers,
        Err(error) => return Ok(vec![unseen(CHECK, "the controller's rights", &error)]),
    };
    let missing: Vec<String> = rights
        .iter()
        .zip(answers)
        .filter(|(_, allowed)| !allowed)
        .map(|(right, _)| right.in_words())
        .collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let (namespace, missing) = (&patient.system_namespace, missing.join(", "));
    let message = format!("the service account {namespace}/{ACCOUNT} may not {missing}");
    let advice = "apply the roles of this version: deploy/base/controller-rbac.yaml, or the chart";
    Ok(vec![Finding::error(CHECK, message).advise(advice)])
}

impl Right {
    fn in_words(&self) -> String {
        let slash = self.subresource.as_ref().map_or_else(String::new, |name| format!("/{name}"));
        let dot = if self.group.is_empty() { "" } else { "." };
        format!("{} {}{slash}{dot}{}", self.verb, self.resource, self.group)
    }
}

/// The rights of the ClusterRole.
fn shipped() -> Result<Vec<Right>, Failure> {
    let objects: Vec<Value> = serde_saphyr::from_multiple(SHIPPED)?;
    let role = objects
        .into_iter()
        .find(|object| object.get("kind").and_then(Value::as_str) == Some("ClusterRole"));
    let rules = role.and_then(|mut role| role.get_mut("rules").map(Value::take));
    let rules: Vec<PolicyRule> = serde_json::from_value(rules.unwrap_or_default())?;
    Ok(rules.iter().flat_map(one_by_one).collect())
}

fn one_by_one(rule: &PolicyRule) -> Vec<Right> {
    let mut rights = Vec::new();
    for group in rule.api_groups.iter().flatten() {
        for resource in rule.resources.iter().flatten() {
            let (resource, subresource) = match resource.split_once('/') {
                Some((resource, subresource)) => (resource, Some(subresource.to_owned())),
                None => (resource.as_str(), None),
            };
            rights.extend(rule.verbs.iter().map(|verb| Right {
                verb: verb.clone(),
                group: group.clone(),
                resource: resource.to_owned(),
                subresource: subresource.clone(),
            }));
        }
    }
    rights
}

async fn allowed(patient: &Patient, right: &Right) -> Result<bool, kube::Error> {
    let api: Api<SubjectAccessReview> = Api::all(patient.client.clone());
    let account = format!("system:serviceaccount:{}:{ACCOUNT}", patient.system_namespace);
    let groups = ["system:serviceaccounts", "system:authenticated"].map(str::to_owned);
    let review = SubjectAccessReview {
        spec: SubjectAccessReviewSpec {
            user: Some(account),
            groups: Some(groups.to_vec()),
            resource_attributes: Some(ResourceAttributes {
                verb: Some(right.verb.clone()),
                group: Some(right.group.clone()),
                resource: Some(right.resource.clone()),
                subresource: right.subresource.clone(),
                namespace: patient.namespace.clone(),
                ..ResourceAttributes::default()
            }),
            ..SubjectAccessReviewSpec::default()
        },
        ..SubjectAccessReview::default()
    };
    let answer = api.create(&PostParams::default(), &review).await?;
    Ok(answer.status.is_some_and(|status| status.allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_role_is_read_right_by_right() {
        let words: Vec<String> = shipped().unwrap().iter().map(Right::in_words).collect();
        for right in
            ["get secrets", "patch viewers/status.talknotes.dev", "create deployments.apps"]
        {
            assert!(words.iter().any(|known| known == right), "{right}: {words:?}");
        }
    }
}
