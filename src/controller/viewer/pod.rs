//! The Pods of a viewer. Pure.

use serde_json::{Map, Value, json};

use super::build::selector;
use super::validate::{self, ValidViewer};
use crate::api::Resources;
use crate::api::names::{viewer_features, viewer_objects};

/// The spec of a Pod: what the restricted standard asks for, and no right that it does not need.
pub(super) fn spec(valid: &ValidViewer<'_>) -> Value {
    let spec = &valid.viewer.spec;
    let own = viewer_objects(&valid.name);
    let secrets: Vec<Value> =
        spec.image_pull_secrets.iter().map(|secret| json!({ "name": secret.name })).collect();
    json!({
        "serviceAccountName": spec.service_account_name.as_ref().unwrap_or(&own),
        "automountServiceAccountToken": true,
        // Service links are variables such as TALKNOTES_VIEWER_PORT, and TALKNOTES_… are our flags.
        "enableServiceLinks": false,
        "terminationGracePeriodSeconds": 30,
        "imagePullSecrets": secrets,
        "securityContext": {
            "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532,
            "seccompProfile": { "type": "RuntimeDefault" },
        },
        "topologySpreadConstraints": [
            spread(valid, "kubernetes.io/hostname"),
            spread(valid, "topology.kubernetes.io/zone"),
        ],
        "containers": [container(valid)],
    })
}

/// Evenly where that is possible.
fn spread(valid: &ValidViewer<'_>, topology: &str) -> Value {
    json!({
        "maxSkew": 1, "topologyKey": topology, "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": { "matchLabels": selector(&valid.name) },
    })
}

fn container(valid: &ValidViewer<'_>) -> Value {
    let probe = |path: &str| json!({ "path": path, "port": "http", "scheme": "HTTP" });
    json!({
        "name": "viewer",
        "image": valid.image,
        "imagePullPolicy": "IfNotPresent",
        "args": arguments(valid),
        "ports": [
            { "name": "http", "containerPort": 8080, "protocol": "TCP" },
            { "name": "metrics", "containerPort": 8081, "protocol": "TCP" },
        ],
        "livenessProbe": {
            "httpGet": probe("/healthz"), "periodSeconds": 10, "timeoutSeconds": 5,
            "failureThreshold": 6,
        },
        "readinessProbe": { "httpGet": probe("/readyz"), "periodSeconds": 5, "timeoutSeconds": 5 },
        // Requests still arrive until every node has heard that the Pod is ending.
        "lifecycle": { "preStop": { "sleep": { "seconds": 5 } } },
        "resources": resources(valid.viewer.spec.resources.as_ref()),
        "securityContext": {
            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
            "capabilities": { "drop": ["ALL"] },
        },
    })
}

fn arguments(valid: &ValidViewer<'_>) -> Vec<String> {
    let spec = &valid.viewer.spec;
    let mut arguments = ["viewer", "--log-format=json", "--metrics-address=0.0.0.0:8081"]
        .map(str::to_owned)
        .to_vec();
    // Kubernetes would put variables in the place of `$(NAME)`.
    arguments
        .extend(spec.title.iter().map(|title| format!("--title={}", title.replace('$', "$$"))));
    if spec.base_url.is_some() {
        arguments.push(format!("--base-url={}", validate::url(valid.viewer)));
    }
    arguments.extend(valid.namespaces.iter().map(|name| format!("--namespace={name}")));
    arguments.extend(spec.summits.iter().map(|summit| format!("--summit={summit}")));
    arguments.extend(spec.languages.iter().map(|language| format!("--language={language}")));
    let features = viewer_features(&valid.name);
    arguments.push(format!("--features={}/{features}", valid.namespace));
    arguments
}

/// What is wished, and ours where nothing is.
fn resources(wished: Option<&Resources>) -> Value {
    let defaults = json!({
        "requests": { "cpu": "50m", "memory": "64Mi", "ephemeral-storage": "16Mi" },
        "limits": { "cpu": "2", "memory": "256Mi", "ephemeral-storage": "64Mi" },
    });
    let mut resources = match defaults {
        Value::Object(lists) => lists,
        _ => Map::new(),
    };
    let Some(wished) = wished else { return Value::Object(resources) };
    for (list, amounts) in [("requests", &wished.requests), ("limits", &wished.limits)] {
        if let Some(Value::Object(list)) = resources.get_mut(list) {
            list.extend(amounts.iter().map(|(name, amount)| (name.clone(), json!(amount.0))));
        }
    }
    Value::Object(resources)
}
