//! The fields in front of a document: YAML between `---`, TOML between `+++`, a JSON object or lines of
//! `Key: value`.

mod fields;
mod json;
pub(super) mod key_typos;
mod known;
mod links;
mod publication;
mod split;
mod toml;
mod values;

use crate::api::{Direction, Link, Medal, Nesting, RobotsRule, Speaker, TalkKind};
use crate::document::codes::Code;
use crate::document::publication::{self as published, Wish};
use crate::document::report::{Place, Report};
use crate::document::words::FieldWords;
use crate::document::yaml::{self, node::Node};
use jiff::civil::Date;
use key_typos::KeyTypo;
use serde_json::{Map, Value};
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
    /// What it says of when all that the document gives may be public.
    pub wish: Wish,
    /// Whether it says that its talk was cancelled.
    pub cancelled: bool,
    /// All fields, with keys in lower case, of a document that says what it is.
    pub explicit: Option<Map<String, Value>>,
    /// Keys that are not read and look like misspellings of those that are.
    pub key_typos: Vec<KeyTypo>,
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
        report.at(Code::FrontMatter, Place::line(source.fence()), message);
        return None;
    }
    if source.text.len() > MAX_FRONT_MATTER {
        report.at(
            Code::FrontMatterTooLarge,
            Place::line(source.fence()),
            format!("the front matter has more than {MAX_FRONT_MATTER} bytes; move text below it"),
        );
        return None;
    }
    match parse(source) {
        Ok(fields) => {
            let key_typos = key_typos::find(&fields, source);
            Some(FrontMatter { key_typos, ..fields::read(fields, source, report) })
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
        Syntax::Yaml => yaml(source),
        Syntax::Other => {
            let reason = "its language is not read; write YAML, TOML or JSON".to_owned();
            Err((Place::line(source.fence()), reason))
        }
        Syntax::Header => Ok(source
            .text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(key, value)| (key.trim().to_owned(), Value::String(value.trim().to_owned())))
            .fold(Map::new(), added)),
        Syntax::Json | Syntax::FencedJson => json::fields(source.text)
            .map(|fields| fields.into_iter().fold(Map::new(), added))
            .map_err(|error| {
                let reason = error.to_string();
                let before = source.text.lines().nth(error.line().saturating_sub(1));
                let before = before.and_then(|line| line.get(..error.column().saturating_sub(1)));
                let column = before.map_or(1, |before| before.chars().count() + 1);
                let line = error.line().max(1) + source.first_line - 1;
                (Place { line, column }, yaml::without_place(&reason).to_owned())
            }),
        Syntax::Toml => toml::fields(source.text).map_err(|error| {
            let before = error.span().and_then(|span| source.text.get(..span.start));
            let line = before.unwrap_or_default().matches('\n').count() + source.first_line;
            (Place::line(line), error.message().to_owned())
        }),
    }
}

fn yaml(source: &Source<'_>) -> Result<Map<String, Value>, (Place, String)> {
    let fault = |place: Place, reason: String| {
        (Place { line: place.line + source.first_line - 1, ..place }, reason)
    };
    let tree = yaml::tree(source.text).map_err(|found| fault(found.place, found.reason))?;
    match tree.map(|tree| tree.value) {
        None | Some(Node::Scalar(Value::Null)) => Ok(Map::new()),
        Some(node @ Node::Fields(_)) => match value_of(&node) {
            Value::Object(fields) => Ok(fields),
            _ => Ok(Map::new()),
        },
        Some(_) => {
            let reason = "it should be fields such as `title: …`, each in a line of its own";
            Err(fault(Place::line(1), reason.to_owned()))
        }
    }
}

fn value_of(node: &Node) -> Value {
    match node {
        Node::Scalar(value) => value.clone(),
        Node::List(items) => items.iter().map(|item| value_of(&item.value)).collect(),
        Node::Fields(fields) => {
            let pairs =
                fields.iter().map(|(key, field)| (key.value.clone(), value_of(&field.value)));
            Value::Object(pairs.fold(Map::new(), added))
        }
    }
}

/// `fields` with one more. The last of two with one key counts; but where one of them may hold the document
/// back, both do.
fn added(mut fields: Map<String, Value>, (key, value): (String, Value)) -> Map<String, Value> {
    let value = match fields.remove(&key) {
        Some(before) if published::is_about(&FieldWords::plain(&key)) => {
            published::together(before, value)
        }
        _ => value,
    };
    fields.insert(key, value);
    fields
}

#[cfg(test)]
mod tests;
