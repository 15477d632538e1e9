//! The fields of front matter; what has a wrong type is reported and passed over.

use super::slips::Slip;
use crate::api::{Link, Medal, Nesting, Publication, Speaker, TalkKind};
use crate::document::codes::Code;
use crate::document::dates;
use crate::document::literal;
use crate::document::report::{Place, Report};
use crate::document::words::words;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// The fields that reading knows. Fields of other tools are left alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::document) struct FrontMatter {
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
    pub start_date: Option<Date>,
    pub end_date: Option<Date>,
    pub medal: Option<Medal>,
    pub links: Vec<Link>,
    pub order: Option<i32>,
    pub publication: Option<Publication>,
    pub publish_at: Option<String>,
    /// All fields, with keys in lower case, of a document that says what it is.
    pub literal: Option<Map<String, Value>>,
    /// Keys that are not read and look like slips of those that are.
    pub slips: Vec<Slip>,
    /// Whether a field is there that a Hugo post has and a HackMD note has not.
    pub is_hugo: bool,
    /// Whether it is that of a post, whose `date` is the day on which it was published.
    pub is_post: bool,
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

/// The fields while they are read; what has a wrong type is reported and passed over.
pub(super) struct Fields<'a> {
    pub(super) fields: Map<String, Value>,
    pub(super) text: &'a str,
    pub(super) report: &'a mut Report,
}

impl Fields<'_> {
    /// In a document that says what it is, nothing else is read by these rules.
    pub(super) fn read_as_said(self) -> FrontMatter {
        if !self.fields.contains_key(literal::MARKER) {
            return self.read();
        }
        let title = self.fields.get("title").and_then(scalar);
        FrontMatter { title, literal: Some(self.fields), ..FrontMatter::default() }
    }

    fn read(mut self) -> FrontMatter {
        let is_hugo = ["draft", "date", "url", "slug", "categories", "series", "weight", "type"]
            .iter()
            .any(|key| self.fields.contains_key(*key));
        let is_post = ["draft", "url", "slug", "categories", "series", "weight", "type"]
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
            start_date: self.parsed("startdate", "a date such as 2026-05-14", dates::leading_date),
            end_date: self.parsed("enddate", "a date such as 2026-05-15", dates::leading_date),
            medal: self.typed("medal", "Gold, Silver or Bronze"),
            links: self.typed("links", "entries with title, url and kind").unwrap_or_default(),
            order: self.typed("order", "a number"),
            publication: self.typed("publication", "Published or Draft"),
            publish_at: self.text("publishat"),
            literal: None,
            slips: Vec::new(),
            is_hugo,
            is_post,
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

    /// A value as the schema has it.
    fn typed<T: serde::de::DeserializeOwned>(&mut self, key: &str, wanted: &str) -> Option<T> {
        let value = self.fields.get(key).filter(|value| !value.is_null())?;
        let typed = serde_json::from_value(value.clone()).ok();
        if typed.is_none() {
            self.wrong(key, wanted);
        }
        typed
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
        return Some(crate::document::speakers::people::People::parse(&text).speakers);
    }
    let field = |key: &str| value.get(key).and_then(scalar).filter(|text| !text.is_empty());
    let (alias, organization) = (field("alias"), field("organization"));
    Some(vec![Speaker { name: field("name")?, alias, organization }])
}

fn language(text: &str) -> Option<String> {
    let text = text.replace('_', "-");
    crate::document::limits::is_language(&text).then_some(text)
}

fn nesting(word: &str) -> Option<Nesting> {
    [("inferred", Nesting::Inferred), ("aswritten", Nesting::AsWritten)]
        .into_iter()
        .find_map(|(name, nesting)| word.eq_ignore_ascii_case(name).then_some(nesting))
}

fn time_zone(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    (text.len() <= 64 && text.chars().all(allowed)).then(|| text.to_owned())
}
