//! Whether a controller is there, and one of its replicas leads.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::coordination::v1::Lease;
use kube::api::ListParams;
use kube::{Api, ResourceExt};

use super::finding::Finding;
use super::{Patient, unseen};

const CHECK: &str = "controller";
const SELECTOR: &str = "app.kubernetes.io/name=talknotes,app.kubernetes.io/component=controller";

pub async fn examine(patient: &Patient) -> Vec<Finding> {
    let namespace = &patient.system_namespace;
    let deployments: Api<Deployment> = Api::namespaced(patient.client.clone(), namespace);
    let found = match deployments.list(&ListParams::default().labels(SELECTOR)).await {
        Ok(found) => found.items,
        Err(error) => return vec![unseen(CHECK, "Deployments", &error)],
    };
    if found.is_empty() {
        let message = format!("there is no controller in the namespace {namespace}");
        let advice =
            "install one (docs/operations.md), or name its namespace with --system-namespace";
        return vec![Finding::warning(CHECK, message).advise(advice)];
    }
    let mut findings: Vec<Finding> = found.iter().filter_map(unready).collect();
    let leases: Api<Lease> = Api::namespaced(patient.client.clone(), namespace);
    for deployment in &found {
        match leases.get_opt(&deployment.name_any()).await {
            Ok(Some(lease)) => findings.extend(abandoned(&lease, Timestamp::now())),
            // A controller without leader election has none.
            Ok(None) => {}
            Err(error) => findings.push(unseen(CHECK, "Leases", &error)),
        }
    }
    findings
}

fn unready(deployment: &Deployment) -> Option<Finding> {
    let status = deployment.status.as_ref();
    let ready = status.and_then(|status| status.ready_replicas).unwrap_or(0);
    let wanted = deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
    let (namespace, name) = (deployment.namespace().unwrap_or_default(), deployment.name_any());
    let look =
        format!("kubectl -n {namespace} describe deployment {name}, and the logs of its Pods");
    let finding = match (ready, wanted) {
        (_, 0) => Finding::error(CHECK, "no Pod is wanted: nothing is published")
            .advise(format!("kubectl -n {namespace} scale deployment {name} --replicas=2")),
        (0, _) => Finding::error(CHECK, "no Pod is ready: nothing new is published").advise(look),
        (ready, wanted) if ready < wanted => {
            Finding::warning(CHECK, format!("{ready} of {wanted} Pods are ready")).advise(look)
        }
        _ => return None,
    };
    Some(finding.about(format!("Deployment {namespace}/{name}")))
}

/// A Lease that nobody renews.
fn abandoned(lease: &Lease, now: Timestamp) -> Option<Finding> {
    let spec = lease.spec.as_ref()?;
    let lasts = SignedDuration::from_secs(spec.lease_duration_seconds.unwrap_or(15).into());
    let renewed = spec.renew_time.as_ref()?.0;
    let silent = now.duration_since(renewed);
    let holder = spec.holder_identity.clone().unwrap_or_default();
    if silent <= lasts && !holder.is_empty() {
        return None;
    }
    let name = format!("{}/{}", lease.namespace().unwrap_or_default(), lease.name_any());
    let message = format!("no replica leads: the Lease was renewed {} s ago", silent.as_secs());
    let advice = "docs/runbooks/TalkNotesNoLeader.md tells where to look";
    Some(Finding::error(CHECK, message).about(format!("Lease {name}")).advise(advice))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lease_that_is_renewed_is_all_right_and_one_that_is_not_is_told() {
        let lease = |holder: &str| -> Lease {
            serde_json::from_value(json!({ "metadata": { "name": "c", "namespace": "n" }, "spec": {
                "holderIdentity": holder, "leaseDurationSeconds": 15,
                "renewTime": "2031-05-14T09:00:00.000000Z" } }))
            .unwrap()
        };
        let at = |second: i64| {
            let renewed: Timestamp = "2031-05-14T09:00:00Z".parse().unwrap();
            renewed + SignedDuration::from_secs(second)
        };
        assert_eq!(abandoned(&lease("a"), at(10)), None);
        let told = abandoned(&lease("a"), at(40)).unwrap();
        assert!(told.message.contains("40 s ago"), "{}", told.message);
        assert!(abandoned(&lease(""), at(1)).is_some());
    }

    #[test]
    fn a_controller_that_is_scaled_away_is_told() {
        let deployment = |wanted: i32, ready: i32| -> Deployment {
            serde_json::from_value(json!({ "metadata": { "name": "c", "namespace": "n" },
                "spec": { "replicas": wanted, "selector": {}, "template": {} },
                "status": { "readyReplicas": ready } }))
            .unwrap()
        };
        assert_eq!(unready(&deployment(2, 2)), None);
        assert!(unready(&deployment(0, 0)).unwrap().advice.unwrap().contains("--replicas=2"));
        assert!(unready(&deployment(2, 0)).unwrap().message.contains("nothing new"));
        assert!(unready(&deployment(2, 1)).unwrap().message.contains("1 of 2"));
    }
}
