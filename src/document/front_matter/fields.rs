//! The fields of front matter; what has a wrong type is reported and ignored.

use super::values::{direction, language, name, nesting, robots_rule, speaker, tag, time_zone};
use super::{FrontMatter, added};
use crate::api::{RobotsRule, Speaker};
use crate::document::codes::Code;
use crate::document::dates;
use crate::document::explicit_document;
use crate::document::report::{Place, Report};
use crate::document::values::{robots, scalar};
use crate::document::words::words;
use jiff::civil::DateTime;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

use super::json;
use super::known::{Field, known};
use super::split::{Source, Syntax};

/// What is said of a rule for search engines that nobody knows.
const UNKNOWN_ROBOTS: &str = "words of the field `robots` that are not known are ignored; known are all, \
    index, noindex, follow, nofollow, none, noarchive, nocache, nosnippet, noimageindex and notranslate";
/// Levels that a table of contents can have.
const TOC_LEVELS: std::ops::RangeInclusive<i64> = 1..=6;

/// The fields while they are read; what has a wrong type is reported and ignored.
pub(super) struct Fields<'a> {
    /// By their keys without case, `_` and `-`.
    known: BTreeMap<String, Field>,
    source: &'a Source<'a>,
    report: &'a mut Report,
}

/// Reads the fields of `source`. In a document that says what it is, nothing is read by these rules.
pub(super) fn read(
    fields: Map<String, Value>,
    source: &Source<'_>,
    report: &mut Report,
) -> FrontMatter {
    let fields = fields.into_iter().map(|(key, value)| (key.to_lowercase(), value));
    let fields: Map<String, Value> = fields.fold(Map::new(), added);
    if fields.contains_key(explicit_document::MARKER) {
        let title = fields.get("title").and_then(scalar);
        let wish = Fields { known: known(fields.clone()), source, report }.wish();
        return FrontMatter { title, wish, explicit: Some(fields), ..FrontMatter::default() };
    }
    Fields { known: known(fields), source, report }.read()
}

impl Fields<'_> {
    fn read(mut self) -> FrontMatter {
        let is_post = words().fields.post().any(|key| self.known.contains_key(key));
        let is_hugo = words().fields.hugo().any(|key| self.known.contains_key(key));
        let time_zone = self.parsed("timezone", "a time zone such as Asia/Taipei", time_zone);
        // An instant belongs to the day that it is in the time zone of the summit.
        let zone = time_zone.clone();
        let local = |text: &str| dates::instant(text, zone.as_deref());
        let day =
            |text: &str| local(text).map(|at| at.date()).or_else(|| dates::leading_date(text));
        let time = |text: &str| {
            let clock = |at: DateTime| at.strftime("%H:%M").to_string();
            dates::time(text).or_else(|| local(text).map(clock))
        };
        let started = self.find("starttime").and_then(|field| local(field.value.as_str()?));
        FrontMatter {
            title: self.text("title"),
            slug: self.text("slug"),
            url: self.text("url"),
            date: self.parsed("date", "a date such as 2026-05-14", day),
            published: self.parsed("publicationdate", "a date", dates::leading_date),
            wish: self.wish(),
            cancelled: self.is_cancelled(),
            tags: self.list("tags"),
            description: self.text("description"),
            lang: self.parsed("lang", "a language such as zh-Hant-TW", language),
            summit: self.text("summit"),
            event: self.event(),
            speakers: self.speakers(),
            day: self
                .parsed("day", "a date such as 2026-05-14", day)
                .or(started.map(|started| started.date())),
            start_time: self.parsed("starttime", "a time such as 09:30", time),
            end_time: self.parsed("endtime", "a time such as 10:15", time),
            room: self.text("room"),
            track: self.text("track"),
            kind: self
                .parsed("kind", "a kind of talk such as Keynote", |word| words().talk_kind(word)),
            location: self.text("location"),
            time_zone,
            breaks: self.parsed("breaks", "true or false", |word| words().fields.truth(word)),
            nesting: self.parsed("nesting", "Inferred or AsWritten", nesting),
            dir: self.parsed("dir", "ltr, rtl or auto", direction),
            toc_max_level: self.toc_max_level(),
            robots: self.robots(),
            start_date: self.parsed("startdate", "a date such as 2026-05-14", day),
            end_date: self.parsed("enddate", "a date such as 2026-05-15", day),
            medal: self.typed("medal", "Gold, Silver or Bronze"),
            links: self.links(),
            order: self.parsed("order", "a number", |text| text.parse().ok()),
            explicit: None,
            key_typos: Vec::new(),
            is_hugo,
            is_post,
        }
    }

    /// The field `name`, or else one of other tools or in another language that means the same.
    fn find(&self, name: &str) -> Option<&Field> {
        let others = || words().fields.names_of(name).find_map(|other| self.known.get(other));
        self.known.get(name).or_else(others)
    }

    fn text(&mut self, name: &str) -> Option<String> {
        let value = &self.find(name)?.value;
        let text = scalar(value);
        if text.is_none() && !value.is_null() {
            self.wrong(name, "a text");
        }
        text.filter(|text| !text.is_empty())
    }

    fn parsed<T>(
        &mut self,
        name: &str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(&text);
        if value.is_none() {
            self.wrong(name, wanted);
        }
        value
    }

    /// A value as the schema has it.
    pub(super) fn typed<T: serde::de::DeserializeOwned>(
        &mut self,
        name: &str,
        wanted: &str,
    ) -> Option<T> {
        let value = self.find(name).map(|field| &field.value).filter(|value| !value.is_null())?;
        let typed = serde_json::from_value(value.clone()).ok();
        if typed.is_none() {
            self.wrong(name, wanted);
        }
        typed
    }

    /// All fields with their keys without case, `_` and `-`.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.known.iter().map(|(plain, field)| (plain.as_str(), field))
    }

    /// Whether it says that the talk was not given: `cancelled: true`, `status: cancelled`.
    fn is_cancelled(&self) -> bool {
        let fields = &words().fields;
        let texts = self.all().filter_map(|(plain, field)| Some((plain, scalar(&field.value)?)));
        texts.into_iter().any(|(plain, text)| match plain {
            _ if fields.is_cancelled_flag(plain) => {
                fields.truth(&text) != Some(false) && !text.is_empty()
            }
            _ => fields.is_status(plain) && words().is_cancelled(&text),
        })
    }

    fn list(&mut self, name: &str) -> Vec<String> {
        let value = match self.find(name) {
            None => return Vec::new(),
            Some(field) if field.value.is_null() => return Vec::new(),
            Some(field) => field.value.clone(),
        };
        if let Some(text) = scalar(&value) {
            return text.split([',', '，', '、']).filter_map(tag).collect();
        }
        let items: Option<Vec<String>> =
            value.as_array().and_then(|items| items.iter().map(scalar).collect());
        if items.is_none() {
            self.wrong(name, "a list of words");
        }
        items.unwrap_or_default().iter().filter_map(|item| tag(item)).collect()
    }

    fn toc_max_level(&mut self) -> Option<i32> {
        // Other tools have `toc: true`.
        let stated = self.find("toc")?.value.get("maxLevel").cloned()?;
        let level = scalar(&stated).and_then(|text| text.parse().ok());
        let level = level.filter(|level| TOC_LEVELS.contains(level));
        if level.is_none() {
            self.wrong("toc", "maxLevel from 1 to 6");
        }
        level.and_then(|level| i32::try_from(level).ok())
    }

    /// What search engines may do. Where a word is not known, the others still hold.
    fn robots(&mut self) -> Vec<RobotsRule> {
        let mut rules = Vec::new();
        let mut unknown = false;
        let words = self.list("robots");
        for word in words.iter().flat_map(|text| robots(text)) {
            match robots_rule(&word) {
                Some(rule) if !rules.contains(&rule) => rules.push(rule),
                Some(_) => {}
                None => unknown = true,
            }
        }
        if unknown {
            let key = self.find("robots").map_or_else(String::new, |field| field.key.clone());
            self.tell(Code::Field, &key, UNKNOWN_ROBOTS);
        }
        let no_index = self.known.get("robotsnoindex").and_then(|field| scalar(&field.value));
        if rules.is_empty() && no_index.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
            rules.push(RobotsRule::NoIndex);
        }
        rules
    }

    /// The event that another tool's field names, or a series that has the name of an event of a year.
    fn event(&self) -> Option<String> {
        let named = self.find("event").and_then(|field| name(&field.value));
        let series = || {
            let value = &self.find("series")?.value;
            let entries = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            let texts = entries.iter().filter_map(name);
            let mut events = texts.filter(|text| words().is_event(text));
            events.find(|text| dates::year_in(text).is_some())
        };
        named.or_else(series)
    }

    fn speakers(&mut self) -> Vec<Speaker> {
        let field = if self.known.contains_key("speakers") { "speakers" } else { "speaker" };
        let Some(value) = self.find(field).map(|field| field.value.clone()) else {
            return Vec::new();
        };
        let speakers = match &value {
            Value::Null => return Vec::new(),
            Value::Array(items) => items.iter().map(speaker).collect(),
            one => Some(speaker(one).into_iter().flatten().collect::<Vec<_>>())
                .filter(|speakers| !speakers.is_empty())
                .map(|speakers| vec![speakers]),
        };
        let speakers: Option<Vec<Vec<Speaker>>> = speakers;
        if speakers.is_none() {
            self.wrong(field, "names, or entries with name, alias and organization");
        }
        speakers.unwrap_or_default().into_iter().flatten().collect()
    }

    /// Says that a field of ours has a wrong value. Those of other tools may mean something else.
    fn wrong(&mut self, name: &str, wanted: &str) {
        let Some(Field { key, .. }) = self.known.get(name) else { return };
        let message = format!("the field `{key}` is ignored; it should be {wanted}");
        self.report.at(Code::Field, self.place(key), message);
    }

    /// Says something of the field with the key `key`, as it is written.
    pub(super) fn tell(&mut self, code: Code, key: &str, message: &str) {
        self.report.at(code, self.place(key), message);
    }

    /// The fields with one of `keys`.
    pub(super) fn among<'k>(
        &self,
        keys: impl Iterator<Item = &'k str>,
    ) -> Vec<(String, Vec<String>)> {
        let texts = |value: &Value| match value {
            Value::Array(items) => items.iter().filter_map(scalar).collect(),
            one => scalar(one).into_iter().collect(),
        };
        let fields = keys.filter_map(|key| self.known.get(key));
        fields.map(|field| (field.key.clone(), texts(&field.value))).collect()
    }

    /// Where a field stands.
    fn place(&self, key: &str) -> Place {
        let text = self.source.text;
        if self.source.syntax == Syntax::Json {
            let at = json::key(text, |written| written.to_lowercase() == key).unwrap_or(0);
            let before = text.get(..at).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            return Place {
                line: before.matches('\n').count() + self.source.first_line,
                column: line.chars().count() + 1,
            };
        }
        let is_key = |line: &str| {
            line.to_lowercase()
                .trim_start_matches(['"', '\''])
                .strip_prefix(key)
                .is_some_and(|rest| rest.starts_with([':', '=', ' ', '"', '\'']))
        };
        let nested = || text.lines().position(|line| is_key(line.trim_start()));
        let line = text.lines().position(is_key).or_else(nested);
        Place::line(line.unwrap_or(0) + self.source.first_line)
    }
}
