//! How tools read the state of an object: the rules of kstatus, which Flux, Argo CD and `kubectl wait`
//! follow, and what must be true of the conditions at any moment.

use serde_json::Value;

/// What a tool says of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The cluster is as the spec says.
    Current,
    /// Not yet.
    InProgress,
    /// Not without a person.
    Failed,
    /// Being deleted.
    Terminating,
}

/// What a tool says of `object`.
pub fn status(object: &Value) -> Status {
    if object.pointer("/metadata/deletionTimestamp").is_some() {
        return Status::Terminating;
    }
    let observed = object.pointer("/status/observedGeneration");
    if observed.is_some() && observed != object.pointer("/metadata/generation") {
        return Status::InProgress;
    }
    for condition in conditions(object) {
        match (text(condition, "type"), text(condition, "status")) {
            ("Reconciling", "True") => return Status::InProgress,
            ("Stalled", "True") => return Status::Failed,
            _ => {}
        }
    }
    match condition(object, "Ready").map(|ready| text(ready, "status")) {
        Some("True") | None => Status::Current,
        Some(_) => Status::InProgress,
    }
}

/// The condition `kind` of an object.
pub fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    conditions(object).find(|condition| text(condition, "type") == kind)
}

/// Whether the condition `kind` is True for the spec as it is now.
pub fn is_true(object: &Value, kind: &str) -> bool {
    condition(object, kind).is_some_and(|found| {
        text(found, "status") == "True"
            && found.get("observedGeneration") == object.pointer("/metadata/generation")
    })
}

/// The reason of the condition `kind`; empty where there is none.
pub fn reason<'a>(object: &'a Value, kind: &str) -> &'a str {
    condition(object, kind).map_or("", |found| text(found, "reason"))
}

/// What is wrong with the conditions of an object, whatever state it is in. Nothing is wrong with one
/// that nobody has looked at yet.
pub fn faults(object: &Value) -> Vec<String> {
    let generation = number(object.pointer("/metadata/generation"));
    let observed = number(object.pointer("/status/observedGeneration"));
    if observed == Some(-1) && conditions(object).next().is_none() {
        return Vec::new();
    }
    let is = |kind: &str, status: &str| {
        condition(object, kind).is_some_and(|found| text(found, "status") == status)
    };
    let ready = is("Ready", "True");
    let ready_for =
        number(condition(object, "Ready").and_then(|found| found.get("observedGeneration")));
    let rules = [
        (condition(object, "Ready").is_none(), "there is no Ready condition"),
        (observed.is_none(), "status.observedGeneration is absent"),
        (observed > generation, "status.observedGeneration is ahead of the generation"),
        (ready_for != observed, "Ready and status are about different generations"),
        (ready && is("Stalled", "True"), "Ready=True and Stalled=True"),
        (
            is("Reconciling", "True") && is("Stalled", "True"),
            "Reconciling and Stalled are both True",
        ),
        (is("Ready", "Unknown") && !is("Reconciling", "True"), "Ready=Unknown and nothing goes on"),
    ];
    let mut faults: Vec<String> =
        rules.iter().filter(|(broken, _)| *broken).map(|(_, what)| (*what).to_owned()).collect();
    faults.extend(conditions(object).filter_map(|found| condition_fault(found, generation)));
    faults
}

fn condition_fault(condition: &Value, generation: Option<i64>) -> Option<String> {
    let kind = text(condition, "type");
    let observed = number(condition.get("observedGeneration"));
    let is_word = |reason: &str| {
        reason.starts_with(|first: char| first.is_ascii_uppercase())
            && reason.chars().all(|letter| letter.is_ascii_alphanumeric())
    };
    if observed.is_none() {
        Some(format!("{kind} has no observedGeneration"))
    } else if observed > generation {
        Some(format!("{kind} is ahead of the generation"))
    } else if !is_word(text(condition, "reason")) {
        Some(format!("the reason of {kind} is not one word: {condition}"))
    } else if text(condition, "message").is_empty() {
        Some(format!("{kind} has no message"))
    } else if ["Reconciling", "Stalled"].contains(&kind) && text(condition, "status") != "True" {
        Some(format!("{kind} is there though it is not True"))
    } else {
        None
    }
}

fn conditions(object: &Value) -> impl Iterator<Item = &Value> {
    object.pointer("/status/conditions").and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn number(value: Option<&Value>) -> Option<i64> {
    value.and_then(Value::as_i64)
}
