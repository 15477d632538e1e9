//! Schemas for kubeconform, made of what the API server of the tests says about its kinds, ours
//! included.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::support::Result;

/// The kinds of a definition, as the API server notes them.
const KINDS: &str = "x-kubernetes-group-version-kind";

/// Where kubeconform finds the schemas that [`write`] has written into a folder. Its kinds are in
/// lower case, and its group of `v1` is `v1`.
pub const LOCATION: &str = "{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json";

/// Writes a schema into `folder` for every kind of the API server.
pub async fn write(client: &kube::Client, folder: &Path) -> Result {
    let request = http::Request::get("/openapi/v2").body(Vec::new())?;
    let document: Value = serde_json::from_str(&client.request_text(request).await?)?;
    let mut definitions = document["definitions"].as_object().ok_or("no definitions")?.clone();
    definitions.values_mut().for_each(strict);
    for (name, definition) in &definitions {
        for kind in definition[KINDS].as_array().into_iter().flatten() {
            let schema = json!({
                "$ref": format!("#/definitions/{name}"),
                "definitions": reachable(&definitions, name),
            });
            fs::write(folder.join(file_name(kind)), serde_json::to_vec(&schema)?)?;
        }
    }
    Ok(())
}

fn file_name(kind: &Value) -> String {
    let field = |name| kind[name].as_str().unwrap_or_default();
    let (group, version) = (field("group"), field("version"));
    let group = if group.is_empty() { version } else { group };
    format!("{group}_{version}_{}.json", field("kind").to_lowercase())
}

/// Makes of a definition what JSON Schema means: fields that are not named are refused, and what may be
/// a number or a text may be both.
fn strict(value: &mut Value) {
    if let Value::Object(fields) = value {
        if fields.get("format").is_some_and(|format| format == "int-or-string") {
            fields.remove("format");
            fields.insert("type".to_owned(), json!(["integer", "string"]));
        }
        let open = fields.get("x-kubernetes-preserve-unknown-fields") == Some(&Value::Bool(true));
        if fields.get("properties").is_some_and(Value::is_object) && !open {
            fields.entry("additionalProperties").or_insert(Value::Bool(false));
        }
        fields.values_mut().for_each(strict);
    } else if let Value::Array(items) = value {
        items.iter_mut().for_each(strict);
    }
}

/// The definition `name` and every one that it refers to.
fn reachable(all: &Map<String, Value>, name: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![name.to_owned()];
    while let Some(name) = waiting.pop() {
        let Some(definition) = all.get(&name).filter(|_| !found.contains_key(&name)) else {
            continue;
        };
        references(definition, &mut waiting);
        found.insert(name, definition.clone());
    }
    found
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let reference = fields.get("$ref").and_then(Value::as_str);
            found.extend(
                reference.and_then(|text| text.strip_prefix("#/definitions/")).map(str::to_owned),
            );
            fields.values().for_each(|field| references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
