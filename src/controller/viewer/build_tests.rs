//! See [`super`].

use serde_json::{Value, json};

use super::*;
use crate::api::Viewer;
use crate::controller::viewer::validate;

/// The objects of a viewer `site` with `spec`.
fn built(spec: &Value) -> Vec<Wanted> {
    let mut viewer = Viewer::new("site", serde_json::from_value(spec.clone()).unwrap());
    viewer.metadata.namespace = Some("north".to_owned());
    viewer.metadata.uid = Some("1".to_owned());
    wanted(&validate::viewer(&viewer, Some("talknotes:1")).unwrap()).unwrap()
}

fn of(all: &[Wanted], kind: ChildKind) -> &Value {
    &all.iter().find(|wanted| wanted.kind == kind).unwrap().object
}

fn kinds(all: &[Wanted]) -> Vec<ChildKind> {
    all.iter().map(|wanted| wanted.kind).collect()
}

#[test]
fn an_empty_spec_is_a_whole_site() {
    let all = built(&json!({}));
    let expected = [
        ChildKind::ServiceAccount,
        ChildKind::Role,
        ChildKind::RoleBinding,
        ChildKind::ConfigMap,
        ChildKind::NetworkPolicy,
        ChildKind::Service,
        ChildKind::PodDisruptionBudget,
        ChildKind::Deployment,
    ];
    assert_eq!(kinds(&all), expected);
    for wanted in &all {
        assert_eq!(wanted.object["metadata"]["ownerReferences"][0]["uid"], "1");
        assert_eq!(wanted.object["metadata"]["ownerReferences"][0]["controller"], true);
        assert_eq!(wanted.object["metadata"]["annotations"][WISH_DIGEST], wanted.digest);
        assert_eq!(wanted.object["metadata"]["namespace"], "north");
    }
}

#[test]
fn the_number_of_pods_is_said_only_where_the_spec_says_it() {
    let replicas = |spec| of(&built(&spec), ChildKind::Deployment)["spec"]["replicas"].clone();
    assert_eq!(replicas(json!({})), Value::Null);
    assert_eq!(replicas(json!({ "replicas": 3 })), 3);
    assert_eq!(replicas(json!({ "replicas": 0 })), 0);
    let scaled = json!({ "replicas": 3, "autoscaling": { "maxReplicas": 9 } });
    assert_eq!(replicas(scaled), Value::Null);
}

#[test]
fn an_autoscaler_has_a_floor_that_is_below_its_ceiling() {
    let all = built(&json!({ "autoscaling": { "maxReplicas": 1 } }));
    let spec = &of(&all, ChildKind::HorizontalPodAutoscaler)["spec"];
    assert_eq!((&spec["minReplicas"], &spec["maxReplicas"]), (&json!(1), &json!(1)));
    assert!(!kinds(&all).contains(&ChildKind::PodDisruptionBudget), "one Pod has no budget");
}

#[test]
fn a_way_in_leads_the_host_of_the_base_url_here() {
    let url = "https://notes.example.org:8443";
    let all = built(&json!({ "baseURL": url, "ingress": { "tlsSecretName": "tls",
        "annotations": { "cert-manager.io/cluster-issuer": "letsencrypt" } } }));
    let ingress = of(&all, ChildKind::Ingress);
    assert_eq!(ingress["spec"]["rules"][0]["host"], "notes.example.org");
    assert_eq!(ingress["spec"]["tls"][0]["secretName"], "tls");
    assert_eq!(ingress["metadata"]["annotations"]["cert-manager.io/cluster-issuer"], "letsencrypt");
    let all = built(&json!({ "baseURL": url, "httpRoute": { "parentRefs": [{ "name": "g" }] } }));
    let route = of(&all, ChildKind::HttpRoute);
    assert_eq!(route["spec"]["hostnames"], json!(["notes.example.org"]));
    assert_eq!(route["spec"]["rules"][0]["backendRefs"][0]["name"], "site-viewer");
}

#[test]
fn access_from_nobody_is_from_nobody() {
    let rules = |spec| of(&built(&spec), ChildKind::NetworkPolicy)["spec"]["ingress"].clone();
    let metrics = json!({ "ports": [{ "port": "metrics", "protocol": "TCP" }] });
    assert_eq!(rules(json!({ "access": { "from": [] } })), json!([metrics]));
    let one = json!({ "access": { "from": [{ "ipBlock": { "cidr": "10.0.0.0/8" } }] } });
    assert_eq!(rules(one)[0]["from"], json!([{ "ipBlock": { "cidr": "10.0.0.0/8" } }]));
    assert_eq!(rules(json!({}))[0]["from"], Value::Null);
}

#[test]
fn resources_are_those_of_the_spec_over_ours_and_a_named_account_is_used() {
    let all = built(&json!({
        "resources": { "limits": { "memory": "1Gi" } }, "serviceAccountName": "reader",
        "namespaces": ["*"], "title": "Notes of the harbour", "summits": ["cloud-harbor"],
    }));
    assert!(!kinds(&all).contains(&ChildKind::ServiceAccount));
    let pod = &of(&all, ChildKind::Deployment)["spec"]["template"]["spec"];
    assert_eq!(pod["serviceAccountName"], "reader");
    let container = &pod["containers"][0];
    assert_eq!(container["resources"]["limits"]["memory"], "1Gi");
    assert_eq!(container["resources"]["limits"]["cpu"], "2");
    let expected = json!([
        "viewer",
        "--log-format=json",
        "--metrics-address=0.0.0.0:8081",
        "--title=Notes of the harbour",
        "--summit=cloud-harbor",
        "--features=north/site-viewer-features",
    ]);
    assert_eq!(container["args"], expected);
}

#[test]
fn the_same_wish_has_the_same_digest_and_another_has_another() {
    let (one, other) = (built(&json!({})), built(&json!({ "title": "Other" })));
    assert_eq!(one, built(&json!({})));
    let digest = |all: &[Wanted], kind| {
        all.iter().find(|wanted| wanted.kind == kind).unwrap().digest.clone()
    };
    assert_ne!(digest(&one, ChildKind::Deployment), digest(&other, ChildKind::Deployment));
    assert_eq!(digest(&one, ChildKind::Service), digest(&other, ChildKind::Service));
}
