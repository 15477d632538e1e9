//! The fields of front matter by the keys that are compared.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::document::publication as published;
use crate::document::words::{FieldWords, words};

/// A field as it stands there.
pub(super) struct Field {
    /// Its key in lower case.
    pub key: String,
    pub value: Value,
}

/// The fields, and those of tables in which other tools want what is not theirs.
pub(super) fn known(fields: Map<String, Value>) -> BTreeMap<String, Field> {
    let mut known = BTreeMap::new();
    let mut nested = Vec::new();
    for (key, value) in fields {
        match value {
            Value::Object(table) if words().fields.is_table(&key) => nested.extend(table),
            value => insert(&mut known, key, value),
        }
    }
    for (key, value) in nested {
        let key = key.to_lowercase();
        let plain = FieldWords::plain(&key);
        if published::is_about(&plain) || !known.contains_key(&plain) {
            insert(&mut known, key, value);
        }
    }
    known
}

/// Adds a field. What holds the document back is not lost to another spelling of the same key.
fn insert(known: &mut BTreeMap<String, Field>, key: String, value: Value) {
    let plain = FieldWords::plain(&key);
    let value = match known.remove(&plain) {
        Some(before) if published::is_about(&plain) => published::together(before.value, value),
        _ => value,
    };
    known.insert(plain, Field { key, value });
}
