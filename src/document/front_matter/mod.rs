//! The fields in front of a document: YAML between `---`, TOML between `+++`, a JSON object or lines of
//! `Key: value`.

mod fields;
mod json;
mod links;
pub(super) mod slips;
mod split;
pub(super) mod values;

use crate::api::{Direction, Link, Medal, Nesting, Publication, RobotsRule, Speaker, TalkKind};
use crate::document::codes::Code;
use crate::document::report::{Place, Report};
use jiff::civil::Date;
use serde_json::{Map, Value};
use slips::Slip;
pub(super) use split::split;
use split::{Source, Syntax};

/// Largest front matter that is read, in bytes.
const MAX_FRONT_MATTER: usize = 64 * 1024;
/// What templates of site generators have where a value is filled in.
const TEMPLATE_MARKS: [&str; 3] = ["{{", "{%", "<%"];

/// The fields that reading knows. Fields of other tools are left alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::document) struct FrontMatter {
    pub title: Option<String>,
    pub slug: Option<String>,
    pub url: Option<String>,
    pub date: Option<Date>,
    /// When it was put on the web, where a field says that and no more.
    pub published: Option<Date>,
    pub draft: bool,
    pub tags: Vec<String>,
    pub description: Option<String>,
    pub lang: Option<String>,
    pub summit: Option<String>,
    /// The event by a field of another tool, which notes of several talks have, too.
    pub event: Option<String>,
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
    pub dir: Option<Direction>,
    /// HackMD's `toc.maxLevel`.
    pub toc_max_level: Option<i32>,
    pub robots: Vec<RobotsRule>,
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

/// Reads the fields; `None`, with a diagnostic, where the front matter as a whole cannot be read.
pub(in crate::document) fn read(source: &Source<'_>, report: &mut Report) -> Option<FrontMatter> {
    if !source.closed {
        let end = match source.syntax {
            Syntax::Json => "a `}` at the end of a line",
            _ => "a line like its first one",
        };
        let message = format!("the front matter is never closed; end it with {end}");
        report.at(Code::FrontMatter, Place::line(1), message);
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
            Some(FrontMatter { slips, ..fields::read(fields, source, report) })
        }
        Err((place, _)) if TEMPLATE_MARKS.iter().any(|mark| source.text.contains(mark)) => {
            let message = "this is a template, so it is not read: its front matter is to be filled in by \
                           a site generator; if it is a note, put the text with the braces into quotes";
            report.at(Code::Template, place, message);
            None
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
        Syntax::Json => serde_json::from_str(source.text).map_err(|error| {
            let reason = error.to_string();
            let before = source.text.lines().nth(error.line().saturating_sub(1));
            let before = before.and_then(|line| line.get(..error.column().saturating_sub(1)));
            let column = before.map_or(1, |before| before.chars().count() + 1);
            let place = Place { line: error.line().max(1), column };
            (place, crate::document::yaml::without_place(&reason).to_owned())
        }),
        Syntax::Toml => toml::from_str::<toml::Table>(source.text)
            .map(|table| table.into_iter().map(|(key, value)| (key, value_of(value))).collect())
            .map_err(|error| {
                let before = error.span().and_then(|span| source.text.get(..span.start));
                let line = before.unwrap_or_default().matches('\n').count() + 2;
                (Place::line(line), error.message().to_owned())
            }),
    }
}

/// The values that fields have, with dates as text. The parser bounds the depth.
fn value_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(datetime) => Value::String(datetime.to_string()),
        toml::Value::Array(items) => items.into_iter().map(value_of).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, value_of(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests;
