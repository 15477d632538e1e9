//! Where the parts of a JSON object stand in a text. The values are read by a library; this finds where
//! the object ends and where its keys are, which the library does not tell.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// The fields of an object in their order, those that are there twice, too.
pub(super) fn fields(text: &str) -> Result<Vec<(String, Value)>, serde_json::Error> {
    let Fields(fields) = serde_json::from_str(text)?;
    // What is understood once is so with its numbers in quotation marks.
    Ok(serde_json::from_str(&with_spelling(text)).map_or(fields, |Fields(fields)| fields))
}

struct Fields(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}

/// JSON with quotation marks around the numbers that would be written in another way again.
fn with_spelling(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        let (before, found) = rest.split_at_checked(at).unwrap_or((rest, ""));
        spelled.push_str(before);
        let length = match found.strip_prefix('"') {
            Some(inside) => end_of_text(inside).map_or(found.len(), |end| end + 2),
            None => found
                .find(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c))
                .unwrap_or(found.len()),
        };
        let (token, after) = found.split_at_checked(length).unwrap_or((found, ""));
        match super::values::number(token.to_owned()) {
            Value::String(number) if !number.starts_with('"') => {
                spelled.push_str(&format!("\"{number}\""));
            }
            _ => spelled.push_str(token),
        }
        rest = after;
    }
    spelled + rest
}

/// A part of JSON outside of numbers and words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    Colon,
    /// A text as it is written, without its quotation marks.
    Text(&'a str),
}

/// The tokens of a text with the bytes that they begin at.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (usize, Token<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + rest.find(['{', '[', '}', ']', ':', '"'])?;
        let inside = self.text.get(start + 1..)?;
        self.at = start + 1;
        let token = match self.text.get(start..=start)? {
            "{" | "[" => Token::Open,
            "}" | "]" => Token::Close,
            ":" => Token::Colon,
            _ => {
                let end = end_of_text(inside)?;
                self.at = start + end + 2;
                Token::Text(inside.get(..end)?)
            }
        };
        Some((start, token))
    }
}

/// Where the quotation mark is that ends a text.
fn end_of_text(inside: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}

fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// Whether a text begins with an object and its first key. A shortcode such as `{{< toc >}}` or `{%hackmd`
/// is none.
pub(super) fn begins(text: &str) -> bool {
    let mut tokens = tokens(text);
    let (open, key, colon) = (tokens.next(), tokens.next(), tokens.next());
    let blank =
        |from: usize, to: usize| text.get(from..to).is_some_and(|gap| gap.trim().is_empty());
    let (Some((0, Token::Open)), Some((at, Token::Text(key))), Some((end, Token::Colon))) =
        (open, key, colon)
    else {
        return false;
    };
    text.starts_with('{') && blank(1, at) && blank(at + key.len() + 2, end)
}

/// The byte behind the object that a text begins with; `None` where it is never closed.
pub(super) fn end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    tokens(text).find_map(|(at, token)| {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Colon | Token::Text(_) => {}
        }
        (depth == 0).then_some(at + 1)
    })
}

/// The byte at which a key stands for which `wanted` holds, the one nearest to the outside.
pub(super) fn key(text: &str, wanted: impl Fn(&str) -> bool) -> Option<usize> {
    let mut depth = 0_usize;
    let mut last = None;
    let mut found: Option<(usize, usize)> = None;
    for (at, token) in tokens(text) {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Text(key) => last = Some((at, key)),
            Token::Colon => {
                let is_key = last.take().filter(|(_, key)| wanted(key));
                if let Some((at, _)) = is_key
                    && found.is_none_or(|(known, _)| depth < known)
                {
                    found = Some((depth, at));
                }
            }
        }
    }
    found.map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_told_from_other_braces() {
        for text in ["{\"a\": 1}", "{\n  \"a\" : {}\n}\nx", "{ \"a\":"] {
            assert!(begins(text), "{text:?}");
        }
        for text in [
            "{{< a \"b\": >}}",
            "{%hackmd \"a\": %}",
            "{:toc}",
            "{}",
            "{\"a\"}",
            "[\"a\": 1]",
            "{",
            "",
        ] {
            assert!(!begins(text), "{text:?}");
        }
    }

    #[test]
    fn the_end_is_that_of_the_outermost_brace() {
        for (text, length) in [
            ("{\"a\": {\"b\": [1]}} x", Some(17)),
            ("{\"a\": \"}\\\"}\"}", Some(13)),
            ("{\"a\": 1", None),
            ("{\"a\": \"}", None),
        ] {
            assert_eq!(end(text), length, "{text:?}");
        }
    }

    #[test]
    fn keys_are_found_outside_first() {
        let text = "{\"params\": {\"day\": 1}, \"note\": \"day\", \"day\": 2}";
        let at = key(text, |key| key == "day").unwrap();
        assert!(text.get(at..).is_some_and(|rest| rest.starts_with("\"day\": 2")));
        assert_eq!(key(text, |key| key == "room"), None);
    }
}
