//! `Viewer`: one web site of notes, and everything in the cluster that it takes.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Diagnostic, Feature, common};

/// In place of a namespace: all of them.
pub const ALL_NAMESPACES: &str = "*";

/// The site. All fields may be left out: then it shows the notes of its own namespace to everybody who
/// reaches its Service.
#[derive(CustomResource, KubeSchema, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[kube(
    group = "talknotes.dev",
    version = "v1alpha1",
    kind = "Viewer",
    plural = "viewers",
    singular = "viewer",
    shortname = "tnv",
    category = "talknotes-all",
    namespaced,
    status = "ViewerStatus",
    scale(
        spec_replicas_path = ".spec.replicas",
        status_replicas_path = ".status.replicas",
        label_selector_path = ".status.selector"
    ),
    derive = "PartialEq",
    derive = "Default",
    doc = "A Viewer is one web site of notes. It becomes a Deployment and a Service of the name <name>-viewer, with all that belongs to them.",
    printcolumn(name = "URL", type_ = "string", json_path = ".status.url"),
    printcolumn(name = "Replicas", type_ = "integer", json_path = ".status.readyReplicas"),
    printcolumn(
        name = "Ready",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].status"#
    ),
    printcolumn(
        name = "Status",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].reason"#
    ),
    printcolumn(
        name = "Message",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].message"#,
        priority = "1"
    ),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    label("app.kubernetes.io/part-of", "talknotes"),
    annotation("kustomize.toolkit.fluxcd.io/substitute", "disabled")
)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-validations" = common::rule(
    "!(has(self.ingress) && has(self.httpRoute))",
    "choose one way in: ingress or httpRoute"
)))]
pub struct ViewerSpec {
    /// Name of the site, shown on every page. TalkNotes where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub title: Option<String>,
    /// Where readers reach the site, such as https://notes.example.org. Its host is that of the Ingress or
    /// HTTPRoute.
    #[serde(default, rename = "baseURL", skip_serializing_if = "Option::is_none")]
    #[schemars(
        regex(pattern = r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?$"),
        extend("maxLength" = 300, "x-kubernetes-validations" = common::matches(
            r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?$",
            "write scheme and host, such as https://notes.example.org; a path has no room in it"
        ))
    )]
    pub base_url: Option<String>,
    /// Namespaces whose notes are shown; "*" is all of them. Its own namespace where it is absent. For
    /// others, serviceAccountName has to name an account that may list and watch ConfigMaps there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64), inner(length(min = 1, max = 63)))]
    pub namespaces: Vec<String>,
    /// Names of the Summits that are shown. All of these namespaces where it is absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100), inner(length(min = 1, max = 253)))]
    pub summits: Vec<String>,
    /// Languages of the site's own words: en, zh-Hant. The first is for readers who ask for none of them. All where it
    /// is absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), inner(length(min = 2, max = 35)))]
    pub languages: Vec<String>,
    /// Who reaches the Pods. Everybody in the cluster, and whoever the way in leads here, where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// Number of Pods. Where it is absent, two are started with, and whoever scales the Deployment later
    /// is left to it. Not used with autoscaling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1000))]
    pub replicas: Option<i32>,
    /// Lets a HorizontalPodAutoscaler choose the number of Pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscaling: Option<Autoscaling>,
    /// Leads readers to the site by an Ingress. Needs baseURL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingress: Option<IngressWay>,
    /// Leads readers to the site by an HTTPRoute of the Gateway API. Needs baseURL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_route: Option<HttpRouteWay>,
    /// What a Pod asks for and may use at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// Parts of the site that are on or off, for all or for some readers. What is not listed is on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub features: Vec<Feature>,
    /// Service account of the Pods. One that may read the ConfigMaps of this namespace is made where it is
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub service_account_name: Option<String>,
    /// Image of the Pods. That of the controller where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024))]
    pub image: Option<String>,
    /// Names of Secrets by which the image is pulled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    pub image_pull_secrets: Vec<NamedSecret>,
}

/// A Secret by its name.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct NamedSecret {
    /// Name of the Secret in the same namespace.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

/// Who reaches a site. It works where the network of the cluster enforces NetworkPolicies.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// Peers as a NetworkPolicy has them, such as the Pods of the ingress controller. Nobody where it is
    /// empty.
    #[serde(default)]
    #[schemars(length(max = 32))]
    pub from: Vec<Peer>,
}

/// Pods or addresses. The fields are those of a peer of a NetworkPolicy.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Peer {
    /// Namespaces by their labels; all of them where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace_selector: Option<Labels>,
    /// Pods by their labels; all of them where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_selector: Option<Labels>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_block: Option<IpBlock>,
}

/// Objects by their labels.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Labels {
    /// Labels that they have.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 16))]
    pub match_labels: BTreeMap<String, String>,
}

/// A range of addresses.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct IpBlock {
    /// The range, such as 10.0.0.0/8.
    #[schemars(length(min = 3, max = 64))]
    pub cidr: String,
    /// Ranges in it that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), inner(length(min = 3, max = 64)))]
    pub except: Vec<String>,
}

/// How many Pods there may be, and when there are more of them.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-validations" = common::rule(
    "!has(self.minReplicas) || self.minReplicas <= self.maxReplicas",
    "minReplicas is more than maxReplicas"
)))]
pub struct Autoscaling {
    /// Fewest Pods. Two where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub min_replicas: Option<i32>,
    /// Most Pods.
    #[schemars(range(min = 1, max = 1000))]
    pub max_replicas: i32,
    /// Part of the processor time asked for, in percent, that Pods use on average. 80 where it is absent.
    #[serde(
        default,
        rename = "targetCPUUtilizationPercentage",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(range(min = 1, max = 1000))]
    pub target_cpu_utilization_percentage: Option<i32>,
}

/// The way in by an Ingress.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct IngressWay {
    /// Name of the IngressClass. The cluster's default where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub class_name: Option<String>,
    /// Annotations of the Ingress, such as those that cert-manager goes by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 32))]
    pub annotations: BTreeMap<String, String>,
    /// Secret with the certificate. The Ingress has no TLS where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub tls_secret_name: Option<String>,
}

/// The way in by an HTTPRoute.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct HttpRouteWay {
    /// Gateways that lead here.
    #[schemars(length(min = 1, max = 16))]
    pub parent_refs: Vec<ParentGateway>,
}

/// A Gateway.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct ParentGateway {
    /// Its name.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// Its namespace. That of the Viewer where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 63))]
    pub namespace: Option<String>,
    /// The listener of it that is meant. All where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub section_name: Option<String>,
}

/// What a Pod asks for and may use. What is absent has a default of ours.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Resources {
    /// What it asks for, by resource: cpu, memory, ephemeral-storage.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 16))]
    pub requests: BTreeMap<String, Quantity>,
    /// What it may use, by resource.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 16))]
    pub limits: BTreeMap<String, Quantity>,
}

/// How the site stands.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct ViewerStatus {
    /// Generation of the spec that this status describes; -1 before the operator has seen the
    /// viewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready always; Reconciling and Stalled only while they are True.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
    /// Where readers reach the site: baseURL, or the address of the Service in the cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub url: Option<String>,
    /// Number of Pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// Number of Pods that answer readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_replicas: Option<i32>,
    /// Labels of the Pods, for autoscalers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub selector: Option<String>,
    /// Features as they were published last, such as mind-map=off, in the order of their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), inner(length(max = 256)))]
    pub features: Vec<String>,
    /// Faults in the spec, 20 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub diagnostics: Vec<Diagnostic>,
    /// Value of the annotation talknotes.dev/requested-at (or reconcile.fluxcd.io/requestedAt) that
    /// was handled last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub last_handled_reconcile_at: Option<String>,
}
