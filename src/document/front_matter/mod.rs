//! The fields in front of a document: YAML between `---` or TOML between `+++`.

mod fields;
pub(super) mod slips;
mod split;

use crate::document::codes::Code;
use crate::document::report::{Place, Report};
use fields::Fields;
pub(super) use fields::FrontMatter;
use serde_json::{Map, Value};
pub(super) use split::split;
use split::{Source, Syntax};

/// Largest front matter that is read, in bytes.
const MAX_FRONT_MATTER: usize = 64 * 1024;

/// Reads the fields; `None`, with a diagnostic, where the front matter as a whole cannot be read.
pub(in crate::document) fn read(source: &Source<'_>, report: &mut Report) -> Option<FrontMatter> {
    if !source.closed {
        report.at(
            Code::FrontMatter,
            Place::line(1),
            "the front matter is never closed; end it with a line like its first one",
        );
        return None;
    }
    if source.text.len() > MAX_FRONT_MATTER {
        report.at(
            Code::FrontMatterTooLarge,
            Place::line(1),
            format!("the front matter has more than {MAX_FRONT_MATTER} bytes; move text below it"),
        );
        return None;
    }
    match parse(source) {
        Ok(fields) => {
            let slips = slips::find(&fields, source);
            let fields =
                fields.into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect();
            let front = Fields { fields, text: source.text, report }.read_as_said();
            Some(FrontMatter { slips, ..front })
        }
        Err((place, reason)) => {
            report.at(
                Code::FrontMatter,
                place,
                format!("the front matter cannot be read: {reason}"),
            );
            None
        }
    }
}

fn parse(source: &Source<'_>) -> Result<Map<String, Value>, (Place, String)> {
    match source.syntax {
        Syntax::Yaml => crate::document::yaml::parse::<Option<Map<String, Value>>>(source.text)
            .map(Option::unwrap_or_default)
            .map_err(|fault| (Place { line: fault.place.line + 1, ..fault.place }, fault.reason)),
        Syntax::Header => Ok(source
            .text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(key, value)| (key.trim().to_owned(), Value::String(value.trim().to_owned())))
            .collect()),
        Syntax::Toml => toml::from_str::<toml::Table>(source.text)
            .map(|table| table.into_iter().map(|(key, value)| (key, json(value))).collect())
            .map_err(|error| {
                let before = error.span().and_then(|span| source.text.get(..span.start));
                let line = before.unwrap_or_default().matches('\n').count() + 2;
                (Place::line(line), error.message().to_owned())
            }),
    }
}

/// The values that fields have, with dates as text. The parser bounds the depth.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(datetime) => Value::String(datetime.to_string()),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::split::Split;
    use super::*;
    use crate::api::TalkKind;

    #[test]
    fn a_rule_at_the_top_is_no_front_matter() {
        for text in [
            "---\n\nprose\n\n---\n",
            "---\n# A\ntext\n---\n",
            "---\nhttps://x.example\n---\n",
            "a",
            "",
        ] {
            assert_eq!(split(text), Split { front: None, body: text, lines_before: 0 }, "{text:?}");
        }
    }

    #[test]
    fn front_matter_ends_at_its_first_closing_line() {
        for (text, lines_before) in [
            ("---\ntitle: A\n---\nbody\n---\n", 3),
            ("---\ntitle: A\n...\nbody\n---\n", 3),
            ("+++\ntitle = 'A'\n# x\n+++\nbody\n---\n", 4),
            ("---\n# comment\n\n\"title\": A\n---\nbody\n---\n", 5),
        ] {
            let split = split(text);
            assert_eq!((split.body, split.lines_before), ("body\n---\n", lines_before), "{text:?}");
            let mut report = Report::new("a.md");
            let front = read(&split.front.unwrap(), &mut report).unwrap();
            assert_eq!(front.title.as_deref(), Some("A"));
        }
    }

    #[test]
    fn comments_and_odd_spellings_are_understood() {
        let text = "---\nTitle:   A \n# date: 2030-01-01\ndate: 2031-05-14\ntags: \n  - '#x'\n  - y\nspeakers:\n  - name: Ada Example\n    organization: Example\n  - Bob Example (Bo)\nkind: 工作坊\nslug: no\n---\n";
        let mut report = Report::new("a.md");
        let front = read(&split(text).front.unwrap(), &mut report).unwrap();
        assert!(report.into_diagnostics().is_empty());
        assert_eq!(front.title.as_deref(), Some("A"));
        assert_eq!(front.date.unwrap().to_string(), "2031-05-14");
        assert_eq!(front.tags, ["x", "y"]);
        assert_eq!(front.speakers[0].organization.as_deref(), Some("Example"));
        assert_eq!(front.speakers[1].alias.as_deref(), Some("Bo"));
        assert_eq!(front.kind, Some(TalkKind::Workshop));
        assert_eq!(front.slug.as_deref(), Some("no"));
    }
}
