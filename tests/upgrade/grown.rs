//! Between two versions of a kind, fields come and none goes, and what was taken is taken.

use serde_json::{Map, Value, json};
use talknotes::api::crds;

use crate::earlier;

/// What is narrower in `new` than in `old`, with its place.
fn narrower(at: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    let empty = Map::new();
    let fields = |of: &Value, key: &str| of[key].as_object().unwrap_or(&empty).clone();
    for key in ["type", "format", "pattern", "x-kubernetes-list-type"] {
        if new[key] != old[key] && !new[key].is_null() {
            found.push(format!("{at}: {key} was {} and is {}", old[key], new[key]));
        }
    }
    for (key, is_less) in [
        ("maxLength", true),
        ("maxItems", true),
        ("maximum", true),
        ("maxProperties", true),
        ("minLength", false),
        ("minItems", false),
        ("minimum", false),
    ] {
        let (before, after) = (old[key].as_f64(), new[key].as_f64());
        let fault = match (before, after) {
            (_, None) => false,
            (None, Some(bound)) => is_less || bound > 0.0,
            (Some(before), Some(after)) => {
                if is_less {
                    after < before
                } else {
                    after > before
                }
            }
        };
        if fault {
            found.push(format!("{at}: {key} was {} and is {}", old[key], new[key]));
        }
    }
    let list = |of: &Value, key: &str| of[key].as_array().cloned().unwrap_or_default();
    for value in list(new, "required") {
        if !list(old, "required").contains(&value) {
            found.push(format!("{at}: {value} has to be given"));
        }
    }
    if !list(new, "enum").is_empty() {
        let gone = list(old, "enum").into_iter().filter(|value| !list(new, "enum").contains(value));
        found.extend(gone.map(|value| format!("{at}: {value} is not taken any more")));
    }
    let properties = fields(new, "properties");
    for (name, field) in fields(old, "properties") {
        match properties.get(&name) {
            Some(new) => narrower(&format!("{at}.{name}"), &field, new, found),
            None => found.push(format!("{at}.{name} is gone")),
        }
    }
    for key in ["items", "additionalProperties"] {
        if old[key].is_object() && new[key].is_object() {
            narrower(&format!("{at}[]"), &old[key], &new[key], found);
        }
    }
}

fn schema(definition: &Value) -> Value {
    definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"].clone()
}

#[test]
fn every_field_of_an_earlier_version_is_there_and_takes_what_it_took() {
    let current = crds::all().unwrap();
    let mut found = Vec::new();
    for old in earlier().unwrap() {
        let name = old["metadata"]["name"].as_str().unwrap().to_owned();
        let new =
            current.iter().find(|crd| crd.manifest["metadata"]["name"] == old["metadata"]["name"]);
        let new = &new.unwrap_or_else(|| panic!("{name} is gone")).manifest;
        assert_eq!(new["spec"]["versions"][0]["name"], old["spec"]["versions"][0]["name"]);
        narrower(&name, &schema(&old), &schema(new), &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_is_narrower_is_found() {
    let old = json!({ "type": "object", "properties": {
        "a": { "type": "string", "maxLength": 10, "enum": ["x", "y"] },
        "b": { "type": "array", "items": { "type": "string" } },
    } });
    let check = |new: Value| {
        let mut found = Vec::new();
        narrower("k", &old, &new, &mut found);
        found
    };
    assert!(check(old.clone()).is_empty());
    for (pointer, value) in [
        ("/properties/a/maxLength", json!(9)),
        ("/properties/a/enum", json!(["x"])),
        ("/properties/a/type", json!("integer")),
        ("/properties/b/items/type", json!("integer")),
        ("/properties/b", Value::Null),
    ] {
        let mut new = old.clone();
        *new.pointer_mut(pointer).unwrap() = value;
        if new["properties"]["b"].is_null() {
            new["properties"].as_object_mut().unwrap().remove("b");
        }
        assert_eq!(check(new).len(), 1, "{pointer}");
    }
    let mut needed = old.clone();
    needed["required"] = json!(["a"]);
    assert_eq!(check(needed), ["k: \"a\" has to be given"]);
}
