//! The viewer contract, version 1: what `note.json` and `summit.json` hold.

use serde::{Deserialize, Serialize};

use super::forge::NoteOrigin;
use super::markdown::invisible;
use super::programme::Programme;
use crate::api::{
    Direction, EventStatus, Link, Medal, RobotsRule, Speaker, TalkKind, TalkNoteSpec,
};

/// `note.json`: everything about a note but its text, which is in `note.html`.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct NoteDocument {
    /// What the agenda shows of the note.
    #[serde(flatten)]
    pub card: Card,
    /// Name of the summit's object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summit: Option<String>,
    /// Language of the note as a BCP 47 tag, for the page's `lang`.
    pub language: String,
    /// Direction of the text, for the page's `dir`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// What search engines may do with the page, for its `<meta name="robots">`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub robots: Vec<RobotsRule>,
    /// Whether it is found by its address alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlisted: bool,
    /// Links of the talk, with their kinds. Links that look signed or expiring are not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// The outline of the note, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// The first words of the note as plain text, 200 characters at most.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
    /// Time it takes to read the note in minutes, rounded up; 0 for an empty one.
    pub reading_minutes: u32,
    /// Where the note is written, where readers can get there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<NoteOrigin>,
}

/// A heading of a note.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// Text of the heading.
    pub title: String,
    /// Level in `note.html`: 2 for a section of the note, 3 for a part of one, and so on.
    pub level: u8,
    /// The heading's `id` in `note.html`.
    pub anchor: String,
    /// Whether nothing is written under the heading.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub empty: bool,
}

/// What an agenda shows of a note. An edit of the note's text leaves it alone.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Name of the `TalkNote`.
    pub name: String,
    /// Title of the talk.
    pub title: String,
    /// Kind of the talk; Session where the spec says nothing.
    pub kind: Option<TalkKind>,
    /// Cancelled where the talk was not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_status: Option<EventStatus>,
    /// Who gave the talk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speakers: Vec<Speaker>,
    /// Day of the talk (ISO 8601).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// When the talk begins (HH:MM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
    /// When the talk ends (HH:MM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
    /// Track of the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<String>,
    /// Room of the talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// The author's recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medal: Option<Medal>,
    /// Place among talks of the day that have no start time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<i32>,
    /// Tags of the note.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Card {
    /// What an agenda shows of the note `name`.
    pub fn new(name: &str, spec: &TalkNoteSpec) -> Self {
        Self {
            name: name.to_owned(),
            title: invisible::without(&spec.title).into_owned(),
            kind: Some(spec.kind.unwrap_or(TalkKind::Session)),
            event_status: spec.event_status.filter(|status| *status == EventStatus::Cancelled),
            speakers: spec.speakers.iter().map(readable).collect(),
            day: spec.day.clone(),
            start_time: spec.start_time.clone(),
            end_time: spec.end_time.clone(),
            track: spec.track.clone(),
            room: spec.room.clone(),
            medal: spec.medal,
            order: spec.order,
            tags: spec.tags.clone(),
        }
    }
}

/// The speaker without characters that nobody sees.
fn readable(speaker: &Speaker) -> Speaker {
    let without = |text: &String| invisible::without(text).into_owned();
    Speaker {
        name: without(&speaker.name),
        alias: speaker.alias.as_ref().map(without),
        organization: speaker.organization.as_ref().map(without),
    }
}

/// `summit.json`: the summit and its agenda.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct SummitDocument {
    /// Name of the `Summit`.
    pub name: String,
    /// Name of the event.
    pub title: String,
    /// Home page of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// First day (ISO 8601); the earliest day of its notes where the spec has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// Last day (ISO 8601); the latest day of its notes where the spec has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    /// IANA name of the time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Where the event took place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Tags of the event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Links of the event as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// The overview as a sanitized HTML fragment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub overview_html: String,
    /// Direction of the overview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// What search engines may do with the page, for its `<meta name="robots">`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub robots: Vec<RobotsRule>,
    /// Whether it is found by its address alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlisted: bool,
    /// A line that stands above each page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banner: Option<String>,
    /// Colour of the event (#rrggbb); viewers take its hue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Address of the image that stands for the event, relative to `/{namespace}/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// Every published note: by day (notes without one last), start time, order, title and name.
    pub agenda: Vec<Card>,
    /// How the notes and the official agenda fit, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<Programme>,
}
