//! The objects of our kinds, by what their conditions say.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::ResourceExt;
use kube::api::{ApiResource, DynamicObject};
use serde_json::Value;

use super::finding::Finding;
use super::{Patient, unseen};
use crate::api::{NoteRepository, Summit, TalkNote, Viewer, condition};

const CHECK: &str = "objects";
/// Findings about one kind at most: a server that is away stops all its repositories in the same way.
const MOST: usize = 20;

pub async fn examine(patient: &Patient) -> Vec<Finding> {
    let kinds = [
        ApiResource::erase::<NoteRepository>(&()),
        ApiResource::erase::<Summit>(&()),
        ApiResource::erase::<TalkNote>(&()),
        ApiResource::erase::<Viewer>(&()),
    ];
    let mut findings = Vec::new();
    for kind in kinds {
        match patient.all(&kind).await {
            Ok(objects) => findings.extend(of_kind(&kind.kind, &objects)),
            // That a kind is missing has been told.
            Err(kube::Error::Api(status)) if status.code == 404 => {}
            Err(error) => findings.push(unseen(CHECK, &kind.plural, &error)),
        }
    }
    findings
}

fn of_kind(kind: &str, objects: &[DynamicObject]) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        objects.iter().filter_map(|object| of_object(kind, object)).collect();
    findings.sort_by_key(|finding| finding.severity);
    let more = findings.len().saturating_sub(MOST);
    findings.truncate(MOST);
    if more > 0 {
        let message = format!("{more} more objects of the kind {kind} are not as they should be");
        findings.push(Finding::warning(CHECK, message).advise("kubectl get talknotes-all -A"));
    }
    findings
}

fn of_object(kind: &str, object: &DynamicObject) -> Option<Finding> {
    let (namespace, name) = (object.namespace().unwrap_or_default(), object.name_any());
    let about = |finding: Finding| finding.about(format!("{kind} {namespace}/{name}"));
    if object.metadata.deletion_timestamp.is_some() && !object.finalizers().is_empty() {
        let held = object.finalizers().join(", ");
        let message = format!("it is deleted and cannot go, because of its finalizers: {held}");
        let advice = "let whoever set them finish, or remove them with kubectl edit";
        return Some(about(Finding::warning(CHECK, message).advise(advice)));
    }
    if object.data.pointer("/spec/suspend") == Some(&Value::Bool(true)) {
        return None;
    }
    let observed = object.data.pointer("/status/observedGeneration").and_then(Value::as_i64);
    if observed < object.metadata.generation {
        let message = "its last change has not been seen by a controller";
        let advice = "wait a moment; if it stays so, look at what is said of the controller";
        return Some(about(Finding::warning(CHECK, message).advise(advice)));
    }
    let conditions = object.data.pointer("/status/conditions").cloned().unwrap_or_default();
    let conditions: Vec<Condition> = serde_json::from_value(conditions).unwrap_or_default();
    of_conditions(&conditions).map(about)
}

fn of_conditions(conditions: &[Condition]) -> Option<Finding> {
    let named = |type_: &str| condition(conditions, type_);
    let is_true = |condition: &&Condition| condition.status == "True";
    if let Some(stalled) = named("Stalled").filter(is_true) {
        let finding = Finding::error(CHECK, said(stalled));
        return Some(finding.advise(advice(&stalled.reason)));
    }
    if let Some(reconciling) = named("Reconciling").filter(is_true) {
        let advice =
            "nothing: it is tried again by itself. If it stays so, do what the message says";
        return Some(Finding::warning(CHECK, said(reconciling)).advise(advice));
    }
    let ready = named("Ready").filter(|condition| condition.status != "True")?;
    Some(Finding::error(CHECK, said(ready)).advise(advice(&ready.reason)))
}

fn said(condition: &Condition) -> String {
    format!("{}: {}", condition.reason, condition.message)
}

/// What somebody has to do, by the reason. The message of the condition says of what.
fn advice(reason: &str) -> &'static str {
    match reason {
        "InvalidSpec" => "correct the field that is named",
        "TooLarge" => "split the note, or shorten it",
        "NameTaken" => "rename or delete one of the two objects that want the name",
        "DeletionBlocked" => {
            "let whoever set the finalizers finish, or remove them with kubectl edit"
        }
        "ResourceFight" => "stop the other writer, or take the object out of one of the two",
        "DeleteGuard" => {
            "look whether the revision is meant; then allow it by the annotation talknotes.dev/allow-prune"
        }
        "AuthenticationFailed" => "renew the Secret that spec.secretRef names",
        "RolloutFailed" => "kubectl describe its Deployment and Pods: quota, image or node",
        "InternalError" => "please report it with the line of the controller's log",
        _ => "do what the message says; docs/kinds.md has all reasons",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::Severity;

    fn of(spec: Value, status: Value) -> Option<Finding> {
        let object = json!({ "apiVersion": "talknotes.dev/v1alpha1", "kind": "Summit",
            "metadata": { "name": "harbour", "namespace": "notes", "generation": 2 },
            "spec": spec, "status": status });
        of_object("Summit", &serde_json::from_value(object).unwrap())
    }

    fn status(type_: &str, status: &str, reason: &str) -> Value {
        json!({ "observedGeneration": 2, "conditions": [{ "type": type_, "status": status,
            "reason": reason, "message": "in words", "lastTransitionTime": "2031-05-14T09:00:00Z" }] })
    }

    #[test]
    fn what_is_well_is_not_told_and_what_is_stalled_is_with_advice() {
        assert_eq!(of(json!({}), status("Ready", "True", "Published")), None);
        let told = of(json!({}), status("Stalled", "True", "NameTaken")).unwrap();
        assert_eq!(told.severity, Severity::Error);
        assert_eq!(told.object.as_deref(), Some("Summit notes/harbour"));
        assert_eq!(told.message, "NameTaken: in words");
        assert!(told.advice.unwrap().contains("rename or delete"));
    }

    #[test]
    fn what_is_under_way_is_a_warning_and_what_is_suspended_is_meant_so() {
        let retrying = of(json!({}), status("Reconciling", "True", "Unreachable")).unwrap();
        assert_eq!(retrying.severity, Severity::Warning);
        let unseen = of(json!({}), json!({ "observedGeneration": 1 })).unwrap();
        assert!(unseen.message.contains("not been seen"));
        assert_eq!(of(json!({ "suspend": true }), json!({})), None);
    }

    #[test]
    fn many_of_a_kind_are_cut_short() {
        let object = |number: usize| -> DynamicObject {
            serde_json::from_value(json!({ "metadata": { "name": format!("s{number}"),
                "generation": 1 } }))
            .unwrap()
        };
        let objects: Vec<DynamicObject> = (0..30).map(object).collect();
        let told = of_kind("Summit", &objects);
        assert_eq!(told.len(), 21);
        assert!(told[20].message.starts_with("10 more"));
    }
}
