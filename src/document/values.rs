//! Values of front matter and of manifests as texts.

use serde_json::Value;

/// A value that is a text, or stands for one.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The rules for search engines in a text such as `noindex, nofollow`, as the schema has them.
pub(super) fn robots(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| c == ',' || c.is_whitespace());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase)
}
