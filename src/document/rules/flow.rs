//! Rules as people paste them: in a line of YAML.

use serde_json::Value;

/// A value in one line of YAML.
pub fn in_a_line(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", in_a_line(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(in_a_line).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if text.chars().all(|c| c.is_ascii_alphanumeric()) => text.clone(),
        // A string of JSON is one of YAML, too.
        other => other.to_string(),
    }
}
