//! The kinds of objects that viewers are made of.

use kube::api::{ApiResource, DynamicObject, GroupVersionKind};
use kube::{Api, Client};

/// A kind of object that viewers are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChildKind {
    ServiceAccount,
    Role,
    RoleBinding,
    ConfigMap,
    Deployment,
    Service,
    PodDisruptionBudget,
    NetworkPolicy,
    HorizontalPodAutoscaler,
    Ingress,
    HttpRoute,
}

impl ChildKind {
    /// All of them, in the order in which they are applied.
    pub const ALL: [Self; 11] = [
        Self::ServiceAccount,
        Self::Role,
        Self::RoleBinding,
        Self::ConfigMap,
        Self::NetworkPolicy,
        Self::Service,
        Self::PodDisruptionBudget,
        Self::Deployment,
        Self::HorizontalPodAutoscaler,
        Self::Ingress,
        Self::HttpRoute,
    ];

    /// Group, version, kind and plural.
    fn names(self) -> [&'static str; 4] {
        match self {
            Self::ServiceAccount => ["", "v1", "ServiceAccount", "serviceaccounts"],
            Self::Role => ["rbac.authorization.k8s.io", "v1", "Role", "roles"],
            Self::RoleBinding => ["rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"],
            Self::ConfigMap => ["", "v1", "ConfigMap", "configmaps"],
            Self::Deployment => ["apps", "v1", "Deployment", "deployments"],
            Self::Service => ["", "v1", "Service", "services"],
            Self::PodDisruptionBudget => {
                ["policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"]
            }
            Self::NetworkPolicy => ["networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"],
            Self::HorizontalPodAutoscaler => {
                ["autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"]
            }
            Self::Ingress => ["networking.k8s.io", "v1", "Ingress", "ingresses"],
            Self::HttpRoute => ["gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes"],
        }
    }

    /// Its name, such as `Deployment`.
    pub fn name(self) -> &'static str {
        let [_, _, kind, _] = self.names();
        kind
    }

    /// Its API version, such as `apps/v1`.
    pub fn api_version(self) -> String {
        self.resource().api_version
    }

    /// What clients need to know of it.
    pub fn resource(self) -> ApiResource {
        let [group, version, kind, plural] = self.names();
        ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, version, kind), plural)
    }

    /// The objects of this kind in `namespace`.
    pub fn api(self, client: &Client, namespace: &str) -> Api<DynamicObject> {
        Api::namespaced_with(client.clone(), namespace, &self.resource())
    }

    /// Whether every cluster knows it.
    pub fn is_everywhere(self) -> bool {
        self != Self::HttpRoute
    }

    /// Whether nothing is reconciled before a watch of its own has listed it. ConfigMaps are followed with
    /// those that are published, HTTPRoutes from the first one on.
    pub fn is_awaited(self) -> bool {
        self.is_everywhere() && self != Self::ConfigMap
    }
}
