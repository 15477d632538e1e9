//! YAML as a tree in which everything knows its place.

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::{Location, Spanned};

use crate::document::report::Place;

/// A value of a YAML document.
#[derive(Debug)]
pub(in crate::document) enum Node {
    Scalar(Value),
    List(Vec<Placed>),
    Fields(Vec<(Spanned<String>, Placed)>),
}

/// A value with its place.
pub(in crate::document) type Placed = Spanned<Node>;

/// Where a value stands; that of an alias, not of what it stands for.
pub(in crate::document) fn place<T>(spanned: &Spanned<T>) -> Place {
    place_of(&spanned.referenced)
}

fn place_of(location: &Location) -> Place {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).max(1);
    Place { line: number(location.line()), column: number(location.column()) }
}

/// The `length` characters at a place, where they are one word without quotation marks.
fn spelling(lines: &[&str], at: Place, length: u64) -> Option<String> {
    let line = lines.get(at.line.checked_sub(1)?)?;
    let length = usize::try_from(length).ok()?;
    let word: String = line.chars().skip(at.column.checked_sub(1)?).take(length).collect();
    let word = word.trim_end();
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._~:".contains(c);
    (!word.is_empty() && word.chars().all(plain)).then(|| word.to_owned())
}

/// Whether a value would be written like this, or is a text that was not read as something else.
fn says(value: &Value, written: &str) -> bool {
    match value {
        Value::Null => matches!(written, "null" | "~"),
        // What the library makes of a number that none is, or that is too large for one.
        Value::String(text) => ![".nan", ".inf", "-.inf"].contains(&text.as_str()),
        Value::Bool(flag) => written == if *flag { "true" } else { "false" },
        Value::Number(number) => number.to_string().as_str() == written,
        Value::Array(_) | Value::Object(_) => true,
    }
}

impl Node {
    /// Makes texts of numbers, `True` and the like whose value would be written in another way: a room
    /// `1.10` is not `1.1`. `lines` are those of the text that this was read from.
    pub fn keep_spelling(placed: &mut Placed, lines: &[&str]) {
        let at = place_of(&placed.defined);
        match &mut placed.value {
            Self::Scalar(value) => {
                let written = spelling(lines, at, placed.defined.span().len());
                if let Some(written) = written.filter(|written| !says(value, written)) {
                    *value = Value::String(written);
                }
            }
            Self::List(items) => items.iter_mut().for_each(|item| {
                Self::keep_spelling(item, lines);
                let at = place_of(&item.defined);
                // Among others it is a word; alone it says that there is nothing.
                let word = || spelling(lines, at, item.defined.span().len());
                if matches!(item.value, Self::Scalar(Value::Null))
                    && word().as_deref() == Some("null")
                {
                    item.value = Self::Scalar(Value::from("null"));
                }
            }),
            Self::Fields(fields) => {
                fields.iter_mut().for_each(|(_, field)| Self::keep_spelling(field, lines));
            }
        }
    }

    /// The value without its places.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Scalar(value) => value.clone(),
            Self::List(items) => items.iter().map(|item| item.value.to_value()).collect(),
            Self::Fields(fields) => {
                let pairs = fields.iter().map(|(key, v)| (key.value.clone(), v.value.to_value()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }

    /// The field `name`.
    pub fn field(&self, name: &str) -> Option<&Placed> {
        let Self::Fields(fields) = self else { return None };
        fields.iter().find(|(key, _)| key.value == name).map(|(_, value)| value)
    }

    /// The item `index`.
    pub fn item(&self, index: usize) -> Option<&Placed> {
        let Self::List(items) = self else { return None };
        items.get(index)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_none<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(Value::from(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(Value::from(value)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Scalar(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(Value::String(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut found = Vec::new();
        while let Some(item) = items.next_element()? {
            found.push(item);
        }
        Ok(Node::List(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Node, A::Error> {
        let mut found = Vec::new();
        while let Some(field) = fields.next_entry()? {
            found.push(field);
        }
        Ok(Node::Fields(found))
    }
}
