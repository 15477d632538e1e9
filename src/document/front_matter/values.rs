//! Values of front matter, as they are written, and what they mean.

use serde_json::{Number, Value};

use crate::api::{Direction, Nesting, RobotsRule, Speaker};
use crate::document::values::scalar;
use crate::document::words::words;

/// A number where it would be written like this again, else the text that stands there.
pub(super) fn number(written: String) -> Value {
    let number = written.parse().ok().filter(|number: &Number| number.to_string() == written);
    number.map_or(Value::String(written), Value::Number)
}

/// A word to find a note by, without its `#`.
pub(super) fn tag(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('#');
    (!text.is_empty()).then(|| text.to_owned())
}

/// The people that an entry names.
pub(super) fn speaker(value: &Value) -> Option<Vec<Speaker>> {
    if let Some(text) = scalar(value) {
        return Some(crate::document::speakers::people::People::parse(&text).speakers);
    }
    let field = |name: &'static str| {
        let mut keys = std::iter::once(name).chain(words().fields.names_of(name));
        keys.find_map(|key| value.get(key).and_then(scalar).filter(|text| !text.is_empty()))
    };
    let (alias, organization) = (field("alias"), field("organization"));
    Some(vec![Speaker { name: field("name")?, alias, organization }])
}

/// A name as a text, or as `name` or `title` of an entry.
pub(super) fn name(value: &Value) -> Option<String> {
    let text = match value {
        Value::Object(entry) => entry.get("name").or_else(|| entry.get("title"))?.as_str()?,
        one => one.as_str()?,
    };
    let text = text.trim();
    (text.chars().any(char::is_alphabetic) && !text.contains("://")).then(|| text.to_owned())
}

pub(super) fn language(text: &str) -> Option<String> {
    let text = text.replace('_', "-");
    crate::document::limits::is_language(&text).then_some(text)
}

/// HackMD has `ltr` and `rtl`, HTML `auto` as well.
pub(super) fn direction(word: &str) -> Option<Direction> {
    [("ltr", Direction::LTR), ("rtl", Direction::RTL), ("auto", Direction::Auto)]
        .into_iter()
        .find_map(|(name, direction)| word.eq_ignore_ascii_case(name).then_some(direction))
}

/// A rule for search engines.
pub(super) fn robots_rule(word: &str) -> Option<RobotsRule> {
    serde_json::from_value(Value::from(word)).ok()
}

pub(super) fn nesting(word: &str) -> Option<Nesting> {
    [("inferred", Nesting::Inferred), ("aswritten", Nesting::AsWritten)]
        .into_iter()
        .find_map(|(name, nesting)| word.eq_ignore_ascii_case(name).then_some(nesting))
}

pub(super) fn time_zone(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    (text.len() <= 64 && text.chars().all(allowed)).then(|| text.to_owned())
}
