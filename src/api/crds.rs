//! The custom resource definitions as YAML.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::CustomResourceExt;
use serde_json::{Value, json};

use super::{NoteRepository, Summit, TalkNote, Viewer};

/// A definition and the file name it is kept under in `crds/`.
pub struct Definition {
    /// Such as `talknotes.yaml`.
    pub file_name: String,
    /// What an API server is given.
    pub manifest: Value,
}

impl Definition {
    /// Name of the definition in the cluster, such as `talknotes.talknotes.dev`.
    pub fn name(&self) -> String {
        let name = self.manifest.pointer("/metadata/name").and_then(Value::as_str);
        name.unwrap_or_default().to_owned()
    }

    /// The manifest as a YAML document that begins with `---`, so that several can be joined.
    ///
    /// # Errors
    /// Where it cannot be written as YAML, which is a fault of the type.
    pub fn yaml(&self) -> Result<String, serde_saphyr::ser::Error> {
        Ok(format!("---\n{}", serde_saphyr::to_string(&self.manifest)?))
    }
}

/// All definitions, in the order in which they are installed.
///
/// # Errors
/// Where a type cannot be written as JSON, which is a fault of the type.
pub fn all() -> Result<Vec<Definition>, serde_json::Error> {
    let kinds = [NoteRepository::crd(), Summit::crd(), TalkNote::crd(), Viewer::crd()];
    kinds.iter().map(definition).collect()
}

fn definition(crd: &CustomResourceDefinition) -> Result<Definition, serde_json::Error> {
    let mut manifest = serde_json::to_value(crd)?;
    tidy(&mut manifest);
    default_status(&mut manifest);
    Ok(Definition { file_name: format!("{}.yaml", crd.spec.names.plural), manifest })
}

/// Brings a generated schema into the form in which the API server stores it.
///
/// schemars writes `minimum: 0.0`, which the server stores as `0`; `nullable: true`, with which
/// `kubectl explain` loses the type of the field; and a `null` among the values of an optional
/// `enum`, which kubectl refuses.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("nullable");
            if let Some(values) = fields.get_mut("enum").and_then(Value::as_array_mut) {
                values.retain(|value| !value.is_null());
            }
            fields.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Number(number) => {
            #[allow(clippy::cast_possible_truncation, reason = "bounds of schemas are small")]
            if let Some(float) = number.as_f64().filter(|f| number.is_f64() && f.fract() == 0.0) {
                *value = json!(float as i64);
            }
        }
        _ => {}
    }
}

/// `observedGeneration: -1` until the operator has seen an object, so that kstatus does not call an
/// object current that nobody has looked at (Flux does the same).
fn default_status(manifest: &mut Value) {
    let Some(versions) = manifest.pointer_mut("/spec/versions").and_then(Value::as_array_mut)
    else {
        return;
    };
    for version in versions {
        if let Some(status) = version.pointer_mut("/schema/openAPIV3Schema/properties/status")
            && let Some(fields) = status.as_object_mut()
        {
            fields.insert("default".to_owned(), json!({ "observedGeneration": -1 }));
        }
    }
}
