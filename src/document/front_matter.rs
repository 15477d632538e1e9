//! The fields in front of a document: YAML between `---` or TOML between `+++`.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::codes::Code;
use super::dates;
use super::report::{Place, Report};
use super::words::words;
use crate::api::{Nesting, Speaker, TalkKind};

/// Largest front matter that is read, in bytes.
const MAX_FRONT_MATTER: usize = 64 * 1024;

/// A document's text, apart from its front matter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split<'a> {
    /// The front matter where the document has one.
    pub front: Option<Source<'a>>,
    /// What follows it.
    pub body: &'a str,
    /// Number of lines before the body.
    pub lines_before: usize,
}

/// Front matter as text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Source<'a> {
    syntax: Syntax,
    text: &'a str,
    closed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Syntax {
    Yaml,
    Toml,
    /// `Key: value` lines without a fence, up to a blank line.
    Header,
}

/// The fields that reading knows. Fields of other tools are left alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FrontMatter {
    pub title: Option<String>,
    pub slug: Option<String>,
    pub url: Option<String>,
    pub date: Option<Date>,
    pub draft: bool,
    pub tags: Vec<String>,
    pub description: Option<String>,
    pub lang: Option<String>,
    pub summit: Option<String>,
    pub speakers: Vec<Speaker>,
    pub day: Option<Date>,
    pub start_time: Option<String>,
    pub end_time: Option<String>,
    pub room: Option<String>,
    pub track: Option<String>,
    pub kind: Option<TalkKind>,
    pub location: Option<String>,
    pub time_zone: Option<String>,
    /// HackMD's `breaks`: whether a line break in the text is one on the page.
    pub breaks: Option<bool>,
    pub nesting: Option<Nesting>,
    /// Whether a field is there that a Hugo post has and a HackMD note has not.
    pub is_hugo: bool,
}

impl FrontMatter {
    /// Whether a field is set that only the notes of one talk have.
    pub fn speaks_of_a_talk(&self) -> bool {
        self.summit.is_some()
            || !self.speakers.is_empty()
            || self.day.is_some()
            || self.start_time.is_some()
            || self.room.is_some()
            || self.track.is_some()
            || self.kind.is_some()
    }
}

/// Takes a document apart. A first `---` that is a rule begins no front matter.
pub(super) fn split(text: &str) -> Split<'_> {
    let whole = Split { front: None, body: text, lines_before: 0 };
    let Some((first, rest)) = text.split_once('\n') else {
        return whole;
    };
    if let Some(split) = header(text) {
        return split;
    }
    let syntax = match first.trim_end() {
        "---" if begins_with_a_key(rest) => Syntax::Yaml,
        "+++" => Syntax::Toml,
        _ => return whole,
    };
    let mut end = 0;
    let mut lines_before = 1;
    for line in rest.split_inclusive('\n') {
        lines_before += 1;
        if closes(syntax, line.trim_end()) {
            let front = rest.get(..end).unwrap_or_default();
            let body = rest.get(end + line.len()..).unwrap_or_default();
            let source = Source { syntax, text: front, closed: true };
            return Split { front: Some(source), body, lines_before };
        }
        end += line.len();
    }
    Split { front: Some(Source { syntax, text: rest, closed: false }), body: "", lines_before }
}

/// Fields by which a header without a fence is told from text.
const HEADER_KEYS: &[&str] = &[
    "title", "date", "category", "tags", "slug", "author", "authors", "status", "summary",
    "speaker", "speakers", "modified", "lang",
];

/// A header such as Pelican's: it begins with `Title:`, and all its lines up to the first blank one
/// are known fields.
fn header(text: &str) -> Option<Split<'_>> {
    let key = |line: &str| line.split_once(':').map(|(key, _)| key.trim().to_ascii_lowercase());
    let known = |line: &str| key(line).is_some_and(|key| HEADER_KEYS.contains(&key.as_str()));
    let first = text.lines().next()?;
    key(first).filter(|key| key == "title")?;
    let mut end = 0;
    let mut lines = 0;
    for line in text.split_inclusive('\n').take_while(|line| known(line)) {
        end += line.len();
        lines += 1;
    }
    let (front, body) = text.split_at_checked(end)?;
    let alone = body.lines().next().is_none_or(|line| line.trim().is_empty());
    let source = Source { syntax: Syntax::Header, text: front, closed: true };
    alone.then_some(Split { front: Some(source), body, lines_before: lines })
}

fn closes(syntax: Syntax, line: &str) -> bool {
    match syntax {
        Syntax::Yaml => line == "---" || line == "...",
        Syntax::Toml => line == "+++",
        Syntax::Header => line.is_empty(),
    }
}

/// Whether the first line that is not blank and no comment reads `key: value`. An empty front matter
/// counts as one, too.
fn begins_with_a_key(rest: &str) -> bool {
    let first = rest.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let key = line
            .split_once(':')
            .filter(|(_, value)| value.is_empty() || value.starts_with([' ', '\t']));
        let is_key = |key: &str| {
            !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '"' | '\'' | '.'))
        };
        key.is_some_and(|(key, _)| is_key(key)) || line.trim_end() == "---"
    })
}

/// Reads the fields; `None`, with a diagnostic, where the front matter as a whole cannot be read.
pub(super) fn read(source: &Source<'_>, report: &mut Report) -> Option<FrontMatter> {
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
            let fields =
                fields.into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect();
            Some(Fields { fields, text: source.text, report }.read())
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
        Syntax::Yaml => super::yaml::parse::<Option<Map<String, Value>>>(source.text)
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

fn nesting(word: &str) -> Option<Nesting> {
    [("inferred", Nesting::Inferred), ("aswritten", Nesting::AsWritten)]
        .into_iter()
        .find_map(|(name, nesting)| word.eq_ignore_ascii_case(name).then_some(nesting))
}

/// The fields while they are read; what has a wrong type is reported and passed over.
struct Fields<'a> {
    fields: Map<String, Value>,
    text: &'a str,
    report: &'a mut Report,
}

impl Fields<'_> {
    fn read(mut self) -> FrontMatter {
        let is_hugo = ["draft", "date", "url", "slug", "categories", "series", "weight", "type"]
            .iter()
            .any(|key| self.fields.contains_key(*key));
        FrontMatter {
            title: self.text("title"),
            slug: self.text("slug"),
            url: self.text("url"),
            date: self.parsed("date", "a date such as 2026-05-14", dates::leading_date),
            draft: self.flag("draft"),
            tags: self.list("tags"),
            description: self.text("description"),
            lang: self.parsed("lang", "a language such as zh-Hant-TW", language),
            summit: self.text("summit"),
            speakers: self.speakers(),
            day: self.parsed("day", "a date such as 2026-05-14", dates::leading_date),
            start_time: self.parsed("starttime", "a time such as 09:30", dates::time),
            end_time: self.parsed("endtime", "a time such as 10:15", dates::time),
            room: self.text("room"),
            track: self.text("track"),
            kind: self
                .parsed("kind", "a kind of talk such as Keynote", |word| words().talk_kind(word)),
            location: self.text("location"),
            time_zone: self.parsed("timezone", "a time zone such as Asia/Taipei", time_zone),
            breaks: self.parsed("breaks", "true or false", |word| word.parse().ok()),
            nesting: self.parsed("nesting", "Inferred or AsWritten", nesting),
            is_hugo,
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let value = self.fields.get(key)?;
        let text = scalar(value);
        if text.is_none() && !value.is_null() {
            self.wrong(key, "a text");
        }
        text.filter(|text| !text.is_empty())
    }

    fn parsed<T>(
        &mut self,
        key: &str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key)?;
        let value = parse(&text);
        if value.is_none() {
            self.wrong(key, wanted);
        }
        value
    }

    fn flag(&mut self, key: &str) -> bool {
        match self.fields.get(key) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => true,
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => false,
            None | Some(Value::Null) => false,
            Some(_) => {
                // A note that may be a draft must not be published by mistake.
                self.wrong(key, "true or false (it is taken as true)");
                true
            }
        }
    }

    fn list(&mut self, key: &str) -> Vec<String> {
        let value = match self.fields.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(value) => value.clone(),
        };
        if let Some(text) = scalar(&value) {
            return text.split([',', '，', '、']).filter_map(tag).collect();
        }
        let items: Option<Vec<String>> =
            value.as_array().and_then(|items| items.iter().map(scalar).collect());
        if items.is_none() {
            self.wrong(key, "a list of words");
        }
        items.unwrap_or_default().iter().filter_map(|item| tag(item)).collect()
    }

    fn speakers(&mut self) -> Vec<Speaker> {
        let Some(value) = self.fields.get("speakers").or_else(|| self.fields.get("speaker")) else {
            return Vec::new();
        };
        let value = value.clone();
        let speakers = match &value {
            Value::Null => return Vec::new(),
            Value::Array(items) => items.iter().map(speaker).collect(),
            one => Some(speaker(one).into_iter().flatten().collect::<Vec<_>>())
                .filter(|speakers| !speakers.is_empty())
                .map(|speakers| vec![speakers]),
        };
        let speakers: Option<Vec<Vec<Speaker>>> = speakers;
        if speakers.is_none() {
            self.wrong("speakers", "names, or entries with name, alias and organization");
        }
        speakers.unwrap_or_default().into_iter().flatten().collect()
    }

    fn wrong(&mut self, key: &str, wanted: &str) {
        let place = self.place(key);
        self.report.at(
            Code::Field,
            place,
            format!("the field `{key}` is passed over; it should be {wanted}"),
        );
    }

    /// Where a field stands: front matter begins in the second line of the document.
    fn place(&self, key: &str) -> Place {
        let line = self.text.lines().position(|line| {
            line.to_lowercase()
                .trim_start_matches(['"', '\''])
                .strip_prefix(key)
                .is_some_and(|rest| rest.starts_with([':', '=', ' ', '"', '\'']))
        });
        Place::line(line.unwrap_or(0) + 2)
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn tag(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('#');
    (!text.is_empty()).then(|| text.to_owned())
}

fn speaker(value: &Value) -> Option<Vec<Speaker>> {
    if let Some(text) = scalar(value) {
        return Some(super::people::People::parse(&text).speakers);
    }
    let field = |key: &str| value.get(key).and_then(scalar).filter(|text| !text.is_empty());
    let (alias, organization) = (field("alias"), field("organization"));
    Some(vec![Speaker { name: field("name")?, alias, organization }])
}

fn language(text: &str) -> Option<String> {
    let text = text.replace('_', "-");
    super::limits::is_language(&text).then_some(text)
}

fn time_zone(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    (text.len() <= 64 && text.chars().all(allowed)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

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
