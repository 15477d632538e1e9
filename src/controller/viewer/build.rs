//! Step 3: the objects that a valid viewer wants. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::flags;
use super::pod;
use super::validate::ValidViewer;
use crate::api::names::{
    CONTENT_FEATURES, CONTENT_LABEL, FLAGS_KEY, MANAGED_BY, MANAGED_BY_VALUE, VIEWER_LABEL,
    WISH_DIGEST, hex_digest, viewer_features, viewer_objects,
};
use crate::api::{Autoscaling, Peer};
use crate::controller::shared::child_kind::ChildKind;
use crate::controller::shared::error::Error;

/// Fewest Pods where nobody says how many.
pub(super) const REPLICAS: i32 = 2;
/// How much of the processor time asked for Pods use on average, in percent.
const CPU_TARGET: i32 = 80;

/// An object that is to be in the cluster.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wanted {
    pub kind: ChildKind,
    pub name: String,
    pub object: Value,
    /// Digest of the object.
    pub digest: String,
}

/// All objects of a viewer, in the order in which they are applied.
///
/// # Errors
/// Where one cannot be written as JSON, which is a fault of ours.
pub(super) fn wanted(valid: &ValidViewer<'_>) -> Result<Vec<Wanted>, Error> {
    let spec = &valid.viewer.spec;
    let mut all = Vec::new();
    if spec.service_account_name.is_none() {
        all.extend(account(valid));
    }
    all.push(features(valid)?);
    all.push(network_policy(valid));
    all.push(service(valid));
    all.extend(budget(valid));
    all.push(deployment(valid));
    all.extend(spec.autoscaling.as_ref().map(|scaling| autoscaler(valid, scaling)));
    all.extend(ingress(valid));
    all.extend(http_route(valid));
    Ok(all)
}

/// Labels by which the Pods are selected. They can never be changed.
pub(super) fn selector(name: &str) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("app.kubernetes.io/name", "talknotes".to_owned()),
        ("app.kubernetes.io/component", "viewer".to_owned()),
        (VIEWER_LABEL, name.to_owned()),
    ])
}

/// The object `name` with what all have in common. `body` has the other fields.
fn object(valid: &ValidViewer<'_>, kind: ChildKind, name: String, body: Value) -> Wanted {
    annotated(valid, kind, name, body, &BTreeMap::new())
}

fn annotated(
    valid: &ValidViewer<'_>,
    kind: ChildKind,
    name: String,
    body: Value,
    annotations: &BTreeMap<String, String>,
) -> Wanted {
    let mut labels = selector(&valid.name);
    labels.insert("app.kubernetes.io/part-of", "talknotes".to_owned());
    labels.insert(MANAGED_BY, MANAGED_BY_VALUE.to_owned());
    let mut fields = match body {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let mut metadata = json!({
        "name": name, "namespace": valid.namespace, "labels": labels, "annotations": annotations,
        "ownerReferences": [valid.owner],
    });
    fields.insert("apiVersion".to_owned(), json!(kind.api_version()));
    fields.insert("kind".to_owned(), json!(kind.name()));
    fields.insert("metadata".to_owned(), metadata.clone());
    let digest = hex_digest(Value::Object(fields.clone()).to_string().as_bytes());
    // A field that is wished no longer leaves no other trace in the cluster.
    set(&mut metadata, "/annotations", WISH_DIGEST, json!(digest));
    fields.insert("metadata".to_owned(), metadata);
    Wanted { kind, name, object: Value::Object(fields), digest }
}

/// An account that may read the pages of this namespace, and nothing else.
fn account(valid: &ValidViewer<'_>) -> [Wanted; 3] {
    let name = viewer_objects(&valid.name);
    let rules = json!([{
        "apiGroups": [""], "resources": ["configmaps"], "verbs": ["list", "watch"],
    }]);
    let binding = json!({
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name },
        "subjects": [{ "kind": "ServiceAccount", "name": name, "namespace": valid.namespace }],
    });
    let token = json!({ "automountServiceAccountToken": false });
    [
        object(valid, ChildKind::ServiceAccount, name.clone(), token),
        object(valid, ChildKind::Role, name.clone(), json!({ "rules": rules })),
        object(valid, ChildKind::RoleBinding, name, binding),
    ]
}

/// Sets a field of the object at `pointer`.
fn set(object: &mut Value, pointer: &str, field: &str, value: Value) {
    if let Some(fields) = object.pointer_mut(pointer).and_then(Value::as_object_mut) {
        fields.insert(field.to_owned(), value);
    }
}

fn features(valid: &ValidViewer<'_>) -> Result<Wanted, Error> {
    let flags = serde_json::to_string_pretty(&flags::document(&valid.viewer.spec.features))
        .map_err(|error| Error::Internal(format!("cannot write the flags as JSON: {error}")))?;
    let body = json!({ "data": { FLAGS_KEY: flags } });
    let mut wanted = object(valid, ChildKind::ConfigMap, viewer_features(&valid.name), body);
    // The watch of ConfigMaps goes by it.
    set(&mut wanted.object, "/metadata/labels", CONTENT_LABEL, json!(CONTENT_FEATURES));
    Ok(wanted)
}

fn deployment(valid: &ValidViewer<'_>) -> Wanted {
    let spec = &valid.viewer.spec;
    let mut body = json!({ "spec": {
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 0 },
        },
        "selector": { "matchLabels": selector(&valid.name) },
        "template": {
            "metadata": { "labels": selector(&valid.name) },
            "spec": pod::spec(valid),
        },
    }});
    // Without it the number is for others to say: an autoscaler, or whoever scales the Deployment.
    if let (Some(replicas), None) = (spec.replicas, &spec.autoscaling) {
        set(&mut body, "/spec", "replicas", json!(replicas));
    }
    object(valid, ChildKind::Deployment, viewer_objects(&valid.name), body)
}

fn service(valid: &ValidViewer<'_>) -> Wanted {
    let body = json!({ "spec": {
        "type": "ClusterIP",
        "selector": selector(&valid.name),
        "ports": [{ "name": "http", "port": 80, "protocol": "TCP", "targetPort": "http" }],
    }});
    object(valid, ChildKind::Service, viewer_objects(&valid.name), body)
}

/// A budget for one Pod would keep its node from ever being drained without an interruption; it has none.
fn budget(valid: &ValidViewer<'_>) -> Option<Wanted> {
    let spec = &valid.viewer.spec;
    let fewest = match &spec.autoscaling {
        Some(scaling) => scaling.min_replicas.unwrap_or(REPLICAS).min(scaling.max_replicas),
        None => spec.replicas.unwrap_or(REPLICAS),
    };
    let body = json!({ "spec": {
        "maxUnavailable": 1,
        // A Pod that is not ready does nothing, and must not keep a node from being drained.
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
        "selector": { "matchLabels": selector(&valid.name) },
    }});
    let name = viewer_objects(&valid.name);
    (fewest > 1).then(|| object(valid, ChildKind::PodDisruptionBudget, name, body))
}

fn network_policy(valid: &ValidViewer<'_>) -> Wanted {
    let ports = json!([{ "port": "http", "protocol": "TCP" }]);
    let metrics = json!({ "ports": [{ "port": "metrics", "protocol": "TCP" }] });
    let ingress = match &valid.viewer.spec.access {
        None => json!([{ "ports": ports }, metrics]),
        // A rule from nobody would be one from everybody.
        Some(access) if access.from.is_empty() => json!([metrics]),
        Some(access) => {
            let from: Vec<Value> = access.from.iter().map(peer).collect();
            json!([{ "ports": ports, "from": from }, metrics])
        }
    };
    let body = json!({ "spec": {
        "podSelector": { "matchLabels": selector(&valid.name) },
        "policyTypes": ["Ingress", "Egress"],
        "ingress": ingress,
        "egress": [
            // Names.
            { "ports": [{ "port": 53, "protocol": "UDP" }, { "port": 53, "protocol": "TCP" }] },
            // The API server has an address and a port of its own in every cluster. Only link-local
            // addresses are nobody's: clouds give a machine's credentials away there.
            {
                "ports": [{ "port": 1, "endPort": 65535, "protocol": "TCP" }],
                "to": [
                    { "ipBlock": { "cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"] } },
                    { "ipBlock": { "cidr": "::/0", "except": ["fe80::/10", "fd00:ec2::254/128"] } },
                ],
            },
        ],
    }});
    object(valid, ChildKind::NetworkPolicy, viewer_objects(&valid.name), body)
}

fn peer(peer: &Peer) -> Value {
    serde_json::to_value(peer).unwrap_or_default()
}

fn autoscaler(valid: &ValidViewer<'_>, scaling: &Autoscaling) -> Wanted {
    let target = scaling.target_cpu_utilization_percentage.unwrap_or(CPU_TARGET);
    let name = viewer_objects(&valid.name);
    let body = json!({ "spec": {
        "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": name },
        "minReplicas": scaling.min_replicas.unwrap_or(REPLICAS).min(scaling.max_replicas),
        "maxReplicas": scaling.max_replicas,
        "metrics": [{ "type": "Resource", "resource": {
            "name": "cpu", "target": { "type": "Utilization", "averageUtilization": target },
        }}],
    }});
    object(valid, ChildKind::HorizontalPodAutoscaler, name, body)
}

fn ingress(valid: &ValidViewer<'_>) -> Option<Wanted> {
    let (way, host) = (valid.viewer.spec.ingress.as_ref()?, valid.host.as_ref()?);
    let name = viewer_objects(&valid.name);
    let mut spec = json!({ "rules": [{ "host": host, "http": { "paths": [{
        "path": "/", "pathType": "Prefix",
        "backend": { "service": { "name": name, "port": { "name": "http" } } },
    }] } }] });
    if let Some(class) = &way.class_name {
        set(&mut spec, "", "ingressClassName", json!(class));
    }
    if let Some(secret) = &way.tls_secret_name {
        set(&mut spec, "", "tls", json!([{ "hosts": [host], "secretName": secret }]));
    }
    let body = json!({ "spec": spec });
    Some(annotated(valid, ChildKind::Ingress, name, body, &way.annotations))
}

fn http_route(valid: &ValidViewer<'_>) -> Option<Wanted> {
    let (way, host) = (valid.viewer.spec.http_route.as_ref()?, valid.host.as_ref()?);
    let name = viewer_objects(&valid.name);
    let body = json!({ "spec": {
        "parentRefs": way.parent_refs,
        "hostnames": [host],
        "rules": [{ "backendRefs": [{ "name": name, "port": 80 }] }],
    }});
    Some(object(valid, ChildKind::HttpRoute, name, body))
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
