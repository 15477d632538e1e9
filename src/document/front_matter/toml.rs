//! TOML with its numbers as they are written.

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// The fields of a document. Dates are texts.
pub(super) fn fields(text: &str) -> Result<Map<String, Value>, Error> {
    let table = DeTable::parse(text)?;
    Ok(fields_of(table.into_inner(), text))
}

fn fields_of(table: DeTable<'_>, text: &str) -> Map<String, Value> {
    let pairs = table.into_iter();
    pairs.map(|(key, value)| (key.into_inner().into_owned(), value_of(value, text))).collect()
}

/// A value with what is written for it. The parser bounds the depth.
fn value_of(value: Spanned<DeValue<'_>>, text: &str) -> Value {
    let written = text.get(value.span()).unwrap_or_default().to_owned();
    match value.into_inner() {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Integer(_) | DeValue::Float(_) => super::values::number(written),
        DeValue::Boolean(flag) => Value::Bool(flag),
        DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
        DeValue::Array(items) => items.into_iter().map(|item| value_of(item, text)).collect(),
        DeValue::Table(table) => Value::Object(fields_of(table, text)),
    }
}
