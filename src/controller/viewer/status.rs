//! Step 5: how the site stands. Pure.

use jiff::Timestamp;
use serde_json::Value;

use super::build::selector;
use super::{flags, validate};
use crate::api::{Viewer, ViewerStatus};
use crate::controller::shared::children::Child;
use crate::controller::shared::conditions::{State, compute};
use crate::controller::shared::error::Error;
use crate::controller::shared::first_diagnostics;
use crate::controller::shared::kind::Kind;

/// The status after a reconciliation, by what the Deployment reports; none where the viewer is going away.
pub(super) fn of(
    viewer: &Viewer,
    result: &Result<(), Error>,
    deployment: Option<&Child>,
    now: Timestamp,
) -> Option<ViewerStatus> {
    let generation = viewer.metadata.generation;
    let conditions = |state: &State| compute(viewer.previous_conditions(), state, generation, now);
    let number = |path| deployment.and_then(|child| number(&child.object, path));
    let counted = ViewerStatus {
        observed_generation: generation,
        replicas: Some(number("/status/replicas").unwrap_or(0)),
        ready_replicas: Some(number("/status/readyReplicas").unwrap_or(0)),
        last_handled_reconcile_at: viewer.requested_at(),
        ..viewer.status.clone().unwrap_or_default()
    };
    match result {
        Ok(()) => Some(ViewerStatus {
            conditions: conditions(&rollout(deployment)),
            url: Some(validate::url(viewer)),
            selector: Some(labels(viewer)),
            features: flags::in_words(&viewer.spec.features),
            diagnostics: Vec::new(),
            ..counted
        }),
        // What stood before stands still.
        Err(error) => Some(ViewerStatus {
            conditions: conditions(&State::of_error(error)?),
            diagnostics: first_diagnostics(error.diagnostics()),
            ..counted
        }),
    }
}

/// The selector of the Pods, as autoscalers read it.
fn labels(viewer: &Viewer) -> String {
    let pairs = selector(&viewer.address().1);
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
}

fn number(object: &Value, path: &str) -> Option<i32> {
    object.pointer(path).and_then(Value::as_i64).and_then(|number| number.try_into().ok())
}

/// How far the Deployment is, as kstatus has it.
fn rollout(deployment: Option<&Child>) -> State {
    let waiting = |message: String| State::Waiting { reason: "RollingOut", message };
    let Some(deployment) = deployment else {
        return waiting("The Deployment is being made".to_owned());
    };
    let object = &deployment.object;
    let seen = object.pointer("/status/observedGeneration").and_then(Value::as_i64);
    if seen < deployment.meta.generation {
        return waiting("The Deployment has been changed and is not seen yet".to_owned());
    }
    if let Some(message) = failure(object) {
        return State::Stalled { reason: "RolloutFailed", message };
    }
    let wanted = number(object, "/spec/replicas").unwrap_or(1);
    let [all, updated, available] = ["replicas", "updatedReplicas", "availableReplicas"]
        .map(|field| number(object, &format!("/status/{field}")).unwrap_or(0));
    if updated < wanted {
        return waiting(format!("{updated} of {wanted} Pods are up to date"));
    }
    if all > updated {
        return waiting(format!("{} Pods of the last version are about to end", all - updated));
    }
    if available < wanted {
        return waiting(format!("{available} of {wanted} Pods answer readers"));
    }
    State::Ready { reason: "Available", message: format!("{available} Pods answer readers") }
}

/// Why the Deployment gets no further, in its own words.
fn failure(deployment: &Value) -> Option<String> {
    let conditions = deployment.pointer("/status/conditions")?.as_array()?;
    let text = |condition: &Value, field| {
        condition.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let failed = conditions.iter().find(|condition| {
        let (type_, status) = (text(condition, "type"), text(condition, "status"));
        (type_ == "ReplicaFailure" && status == "True")
            || (type_ == "Progressing" && text(condition, "reason") == "ProgressDeadlineExceeded")
    })?;
    Some(format!("The Deployment cannot be rolled out: {}", text(failed, "message")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(status: Value) -> Child {
        let object = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": { "name": "site-viewer", "generation": 2 },
            "spec": { "replicas": 2 }, "status": status,
        });
        Child::of(serde_json::from_value(object).unwrap())
    }

    fn ready() -> Value {
        json!({ "observedGeneration": 2, "replicas": 2, "updatedReplicas": 2,
            "availableReplicas": 2, "readyReplicas": 2 })
    }

    /// Status of each condition after a success with `deployment`.
    fn conditions(deployment: Option<&Child>) -> Vec<(String, String)> {
        let status = of(&Viewer::default(), &Ok(()), deployment, Timestamp::UNIX_EPOCH).unwrap();
        status
            .conditions
            .into_iter()
            .map(|c| (c.type_, format!("{}/{}", c.status, c.reason)))
            .collect()
    }

    #[test]
    fn it_is_ready_when_all_pods_are_of_the_last_version_and_answer() {
        let pair = |type_: &str, text: &str| (type_.to_owned(), text.to_owned());
        assert_eq!(conditions(Some(&deployment(ready()))), [pair("Ready", "True/Available")]);
        let waiting = [pair("Ready", "False/RollingOut"), pair("Reconciling", "True/RollingOut")];
        assert_eq!(conditions(None), waiting);
        for change in [
            json!({ "observedGeneration": 1 }),
            json!({ "updatedReplicas": 1 }),
            json!({ "replicas": 3 }),
            json!({ "availableReplicas": 1 }),
        ] {
            let mut status = ready();
            status.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert_eq!(conditions(Some(&deployment(status))), waiting, "{change}");
        }
    }

    #[test]
    fn a_rollout_that_failed_is_stalled_in_the_words_of_the_deployment() {
        let mut status = ready();
        status["conditions"] = json!([{ "type": "ReplicaFailure", "status": "True",
            "reason": "FailedCreate", "message": "exceeded quota: pods" }]);
        let status =
            of(&Viewer::default(), &Ok(()), Some(&deployment(status)), Timestamp::UNIX_EPOCH);
        let stalled = status.unwrap().conditions.into_iter().find(|c| c.type_ == "Stalled");
        let stalled = stalled.unwrap();
        assert_eq!(stalled.reason, "RolloutFailed");
        assert!(stalled.message.ends_with("exceeded quota: pods"), "{}", stalled.message);
    }

    #[test]
    fn numbers_are_told_whatever_fails() {
        let error = Err(Error::Missing("gone".to_owned()));
        let status =
            of(&Viewer::default(), &error, Some(&deployment(ready())), Timestamp::UNIX_EPOCH);
        assert_eq!(status.unwrap().ready_replicas, Some(2));
    }
}
