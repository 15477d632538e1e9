//! Objects that do not match the types that this version knows, because the CRDs are of another one.
//!
//! Such an object is not left out, which would look as if it were deleted: what can be read of it is
//! kept, with a mark, so that its controller says what is wrong and touches nothing.

use std::borrow::Cow;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Resource;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;

/// The mark: an annotation of the watched copy that no API server would take, so that nobody else can
/// set it. Never written to the cluster.
const MARK: &str = "cannot be read";

/// Fields that hold an object back.
const HOLDING_BACK: [&str; 3] = ["publication", "publishAt", "unpublishAt"];

/// An object as the API server tells it, or what can be read of it.
#[derive(Clone, Debug)]
pub struct Salvaged<K>(pub K);

impl<'de, K: Kind> Deserialize<'de> for Salvaged<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Value::deserialize(deserializer)?;
        K::deserialize(&object)
            .or_else(|error| salvage(object, &error))
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

impl<K: Kind> Resource for Salvaged<K> {
    type DynamicType = ();
    type Scope = NamespaceResourceScope;

    fn kind((): &()) -> Cow<'_, str> {
        K::kind(&())
    }

    fn group((): &()) -> Cow<'_, str> {
        K::group(&())
    }

    fn version((): &()) -> Cow<'_, str> {
        K::version(&())
    }

    fn plural((): &()) -> Cow<'_, str> {
        K::plural(&())
    }

    fn meta(&self) -> &ObjectMeta {
        self.0.meta()
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        self.0.meta_mut()
    }
}

/// What can be read of `object`, marked with the `error` that keeps the rest from it.
fn salvage<K: Kind>(object: Value, error: &serde_json::Error) -> Result<K, serde_json::Error> {
    let part = |name| object.get(name).cloned().unwrap_or_default();
    let (metadata, status) = (part("metadata"), part("status"));
    let whole = |spec: &Map<String, Value>, status: &Value| {
        K::deserialize(&json!({ "metadata": metadata, "spec": spec, "status": status }))
    };
    let spec = readable(part("spec"), |spec| whole(spec, &Value::Null).is_ok());
    let mut salvaged = whole(&spec, &status).or_else(|_| whole(&spec, &Value::Null))?;
    let annotations = salvaged.meta_mut().annotations.get_or_insert_default();
    annotations.insert(MARK.to_owned(), error.to_string());
    Ok(salvaged)
}

/// The fields of `spec` that can be read, each by itself, and those that our kinds need. One that cannot
/// be read and that seems to hold the object back does.
fn readable(spec: Value, is_readable: impl Fn(&Map<String, Value>) -> bool) -> Map<String, Value> {
    let needed = ["title", "url"].map(|name| (name.to_owned(), json!("")));
    let needed = Map::from_iter(needed);
    let mut kept = needed.clone();
    let Value::Object(fields) = spec else { return kept };
    for (name, value) in fields {
        let mut alone = needed.clone();
        alone.insert(name.clone(), value.clone());
        if is_readable(&alone) {
            kept.insert(name, value);
        } else if HOLDING_BACK.contains(&name.as_str()) {
            kept.insert("publication".to_owned(), json!("Draft"));
        }
    }
    kept
}

/// Why a watched object cannot be read; none where it can.
pub fn flaw(meta: &ObjectMeta) -> Option<&str> {
    meta.annotations.as_ref()?.get(MARK).map(String::as_str)
}

/// Fails where a watched object cannot be read.
///
/// # Errors
/// [`Error::Unreadable`].
pub fn refuse_unreadable<K: Kind>(object: &K) -> Result<(), Error> {
    match flaw(object.meta()) {
        Some(error) => Err(Error::Unreadable(error.to_owned())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{NoteRepository, Publication, Summit, TalkNote};

    fn read<K: Kind>(spec: &Value, status: &Value) -> K {
        let object = json!({ "metadata": { "name": "x", "generation": 2 }, "spec": spec,
            "status": status });
        serde_json::from_value::<Salvaged<K>>(object).unwrap().0
    }

    #[test]
    fn what_can_be_read_is_not_marked() {
        let note: TalkNote = read(&json!({ "title": "Knots" }), &Value::Null);
        assert_eq!(flaw(&note.metadata), None);
    }

    #[test]
    fn of_what_cannot_be_read_the_rest_is_kept_and_marked() {
        let spec = json!({ "title": "Knots", "markdown": 5, "day": "2026-05-14", "order": "last" });
        let note: TalkNote = read(&spec, &json!({ "configMap": "talknote-x" }));
        assert_eq!(
            (note.spec.title.as_str(), note.spec.day.as_deref()),
            ("Knots", Some("2026-05-14"))
        );
        assert_eq!(note.spec.markdown, None);
        assert_eq!(note.status.as_ref().unwrap().config_map.as_deref(), Some("talknote-x"));
        assert!(flaw(&note.metadata).is_some());
        assert_eq!(refuse_unreadable(&note).unwrap_err().reason(), "InvalidSpec");

        let summit: Summit = read(&json!({ "title": ["a", "list"] }), &json!("odd"));
        assert!(flaw(&summit.metadata).is_some());
        let repository: NoteRepository = read(&json!("no object at all"), &Value::Null);
        assert!(flaw(&repository.metadata).is_some());
    }

    #[test]
    fn what_seems_to_hold_back_and_cannot_be_read_does() {
        for held in [json!({ "publication": "Embargoed" }), json!({ "publishAt": 2099 })] {
            let mut spec = held;
            spec["title"] = json!("Knots");
            let note: TalkNote = read(&spec, &Value::Null);
            assert_eq!(note.spec.publication, Some(Publication::Draft), "{spec}");
        }
        let public: TalkNote = read(&json!({ "title": "Knots", "markdown": 5 }), &Value::Null);
        assert_eq!(public.spec.publication, None);
    }
}
