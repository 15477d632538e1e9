//! What an object's status says, in words.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::core::ObjectMeta;

use crate::api::condition;

fn is_true(conditions: &[Condition], kind: &str) -> bool {
    condition(conditions, kind).is_some_and(|condition| condition.status == "True")
}

/// A word or two: Published, Draft, Stalled (TooLarge) …
pub(super) fn in_words(
    meta: &ObjectMeta,
    observed: Option<i64>,
    conditions: &[Condition],
) -> String {
    let reason =
        |kind| condition(conditions, kind).map_or("", |condition| condition.reason.as_str());
    if meta.deletion_timestamp.is_some() {
        "Being deleted".to_owned()
    } else if observed.is_none_or(|observed| observed < 0) {
        "Not seen yet".to_owned()
    } else if is_true(conditions, "Stalled") {
        format!("Stalled ({})", reason("Stalled"))
    } else if observed < meta.generation {
        "Changed, not seen yet".to_owned()
    } else if is_true(conditions, "Ready") {
        match reason("Ready") {
            "Draft" | "Scheduled" | "Suspended" => reason("Ready").to_owned(),
            _ => "Ready".to_owned(),
        }
    } else if is_true(conditions, "Reconciling") {
        format!("Reconciling ({})", reason("Reconciling"))
    } else {
        format!("Not ready ({})", reason("Ready"))
    }
}
