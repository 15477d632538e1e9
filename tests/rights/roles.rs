//! The shipped roles, right by right.

use std::fmt;

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding};
use kube::api::PostParams;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::Result;
use crate::support::access::Access;
use crate::support::namespace::TestNamespace;
use crate::support::rbac;

/// Name of the account, the role and its binding in the test's namespace.
const ACCOUNT: &str = "operator";

/// One verb on one kind of object.
#[derive(Clone, Debug, PartialEq)]
pub struct Right {
    verb: String,
    group: String,
    resource: String,
    names: Option<Vec<String>>,
}

impl Right {
    /// How the API server refuses it.
    pub fn refusal(&self) -> String {
        format!(
            "cannot {} resource \\\"{}\\\" in API group \\\"{}\\\"",
            self.verb, self.resource, self.group
        )
    }

    fn rule(&self) -> PolicyRule {
        PolicyRule {
            verbs: vec![self.verb.clone()],
            api_groups: Some(vec![self.group.clone()]),
            resources: Some(vec![self.resource.clone()]),
            resource_names: self.names.clone(),
            ..PolicyRule::default()
        }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.verb, self.resource)
    }
}

/// What the roles of `deploy/` allow to `account`.
pub async fn shipped(account: &str) -> Result<Vec<Right>> {
    let objects = rbac::shipped().await?;
    let bound: Vec<&Value> = objects
        .iter()
        .filter(|object| {
            let mut subjects = object["subjects"].as_array().into_iter().flatten();
            subjects.any(|subject| subject["name"] == account)
        })
        .map(|binding| &binding["roleRef"])
        .collect();
    let mut rights = Vec::new();
    for object in &objects {
        let name = &object["metadata"]["name"];
        if bound.iter().any(|role| role["kind"] == object["kind"] && role["name"] == *name) {
            let rules: Vec<PolicyRule> = serde_json::from_value(object["rules"].clone())?;
            rights.extend(rules.iter().flat_map(one_by_one));
        }
    }
    Ok(rights)
}

fn one_by_one(rule: &PolicyRule) -> Vec<Right> {
    let mut rights = Vec::new();
    for group in rule.api_groups.iter().flatten() {
        for resource in rule.resources.iter().flatten() {
            for verb in &rule.verbs {
                rights.push(Right {
                    verb: verb.clone(),
                    group: group.clone(),
                    resource: resource.clone(),
                    names: rule.resource_names.clone(),
                });
            }
        }
    }
    rights
}

/// A service account in the test's namespace that has `rights` there and nowhere else.
pub async fn grant(test: &TestNamespace, rights: &[Right]) -> Result<Access> {
    let rules: Vec<PolicyRule> = rights.iter().map(Right::rule).collect();
    create::<ServiceAccount>(test, json!({ "metadata": { "name": ACCOUNT } })).await?;
    create::<Role>(test, json!({ "metadata": { "name": ACCOUNT }, "rules": rules })).await?;
    let binding = json!({
        "metadata": { "name": ACCOUNT },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": ACCOUNT },
        "subjects": [{ "kind": "ServiceAccount", "name": ACCOUNT, "namespace": test.name }],
    });
    create::<RoleBinding>(test, binding).await?;
    let admin = test.control_plane.admin();
    let token = rbac::token_in(admin, &test.name, ACCOUNT).await?;
    admin.with_token(&token, &test.folder().join("kubeconfig"))
}

async fn create<K>(test: &TestNamespace, object: Value) -> Result
where
    K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope>
        + Clone
        + std::fmt::Debug
        + serde::Serialize
        + DeserializeOwned,
    K::DynamicType: Default,
{
    test.api::<K>().create(&PostParams::default(), &serde_json::from_value(object)?).await?;
    Ok(())
}
