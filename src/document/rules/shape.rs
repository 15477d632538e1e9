//! Whether a value has the shape that the schema of a rule asks for: the same schema that the API
//! server has.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::api::ReadingRule;
use crate::document::report::Place;
use crate::document::yaml::node::{Node, Placed, place};

/// A value that does not fit, and what to write.
pub(super) type Misfit = (Place, String);

/// The schema of a rule.
pub(super) fn of_a_rule() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.into_generator().into_root_schema_for::<ReadingRule>().to_value()
}

/// All that does not fit `schema`.
pub(super) fn misfits(node: &Placed, schema: &Value) -> Vec<Misfit> {
    let mut found = Vec::new();
    check(node, schema, &mut found);
    found
}

fn check(node: &Placed, schema: &Value, found: &mut Vec<Misfit>) {
    let schema = without_null(schema);
    match &node.value {
        Node::Scalar(value) => {
            let mut value = value.clone();
            make_texts(&mut value, schema);
            if let Some(message) = wrong_scalar(&value, schema) {
                found.push((place(node), message));
            }
        }
        Node::List(items) => {
            let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
            if !is(schema, "array") {
                found.push((
                    place(node),
                    format!("a list does not belong here, but {}", wanted(schema)),
                ));
            } else if u64::try_from(items.len()).is_ok_and(|count| count > most) {
                found.push((place(node), format!("this list has more than {most} entries")));
            } else if let Some(inner) = schema.get("items") {
                items.iter().for_each(|item| check(item, inner, found));
            }
        }
        Node::Fields(fields) if is(schema, "object") => {
            for (name, value) in fields {
                match schema.pointer("/properties").and_then(|known| known.get(&name.value)) {
                    Some(inner) => check(value, inner, found),
                    None => found.push((place(name), unknown(&name.value, &names(schema)))),
                }
            }
            let missing = required(schema).filter(|name| node.value.field(name).is_none());
            found.extend(
                missing.map(|name| (place(node), format!("the field `{name}` is missing"))),
            );
        }
        Node::Fields(_) => {
            found.push((place(node), format!("fields do not belong here, but {}", wanted(schema))));
        }
    }
}

/// Makes texts of the numbers and truths in `value` for which `schema` has a text: whoever writes
/// `summit: 2031` means its name.
pub(super) fn make_texts(value: &mut Value, schema: &Value) {
    let schema = without_null(schema);
    match value {
        Value::Number(_) | Value::Bool(_) if is_text(schema) => {
            *value = Value::String(value.to_string());
        }
        Value::Array(items) => {
            let inner = schema.get("items").unwrap_or(&Value::Null);
            items.iter_mut().for_each(|item| make_texts(item, inner));
        }
        Value::Object(fields) => fields.iter_mut().for_each(|(name, field)| {
            let known = schema.get("properties").and_then(|known| known.get(name));
            make_texts(field, known.unwrap_or(&Value::Null));
        }),
        _ => {}
    }
}

fn is_text(schema: &Value) -> bool {
    is(schema, "string") && !is(schema, "integer")
}

/// The schema of a field that may be absent, without the absence.
fn without_null(schema: &Value) -> &Value {
    let choices = schema.get("anyOf").and_then(Value::as_array);
    let real = |choice: &&Value| choice.get("type").and_then(Value::as_str) != Some("null");
    choices.and_then(|choices| choices.iter().find(real)).unwrap_or(schema)
}

fn is(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => false,
    }
}

fn wanted(schema: &Value) -> &'static str {
    let kinds = [
        ("array", "a list such as [A, B]"),
        ("object", "fields such as `at: …`"),
        ("integer", "a whole number"),
        ("string", "a text"),
    ];
    kinds.iter().find(|(kind, _)| is(schema, kind)).map_or("something else", |(_, words)| words)
}

fn names(schema: &Value) -> Vec<&str> {
    let known = schema.get("properties").and_then(Value::as_object);
    known.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn wrong_scalar(value: &Value, schema: &Value) -> Option<String> {
    let choices: Vec<&str> = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let limit = |name: &str| schema.get(name).and_then(Value::as_i64);
    match value {
        Value::String(text) if is(schema, "string") => {
            let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
            if !choices.is_empty() && !choices.contains(&text.as_str()) {
                Some(unknown(text, &choices))
            } else if limit("maxLength").is_some_and(|most| length > most) {
                Some("this text is too long".to_owned())
            } else if limit("minLength").is_some_and(|least| length < least) {
                Some("this text is empty".to_owned())
            } else {
                None
            }
        }
        Value::Number(number) if is(schema, "integer") => {
            let (least, most) = (limit("minimum")?, limit("maximum")?);
            let fits = number.as_i64().is_some_and(|number| (least..=most).contains(&number));
            (!fits).then(|| format!("this should be a whole number from {least} to {most}"))
        }
        _ => Some(format!("this should be {}", wanted(schema))),
    }
}

/// That `word` is none of `known`, with the one that it is most like.
pub(super) fn unknown(word: &str, known: &[&str]) -> String {
    let name_confidence =
        |name: &&str| strsim::jaro_winkler(&word.to_lowercase(), &name.to_lowercase());
    let closest = known.iter().copied().map(|name| (name_confidence(&name), name));
    let closest = closest.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(like, _)| *like > 0.75);
    let word: String = word.chars().take(40).collect();
    match closest {
        Some((_, name)) => format!("`{word}` is not known here; did you mean `{name}`?"),
        None => format!("`{word}` is not known here; write one of {}", known.join(", ")),
    }
}
