//! `schedule.json`: the schedule of a conference as frab, pretalx and the apps that read theirs have it.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use serde::Serialize;
use uuid::Uuid;

use super::moments::{Moment, moment};
use super::{Card, Exported, clean};
use crate::api::TalkKind;

const SCHEMA: &str = "https://c3voc.de/schedule/schema.json";
/// Room of a talk that has none: the format wants one.
const NO_ROOM: &str = "-";

#[derive(Serialize)]
pub(super) struct File<'a> {
    #[serde(rename = "$schema")]
    pub(super) schema: &'a str,
    pub(super) generator: Generator,
    pub(super) schedule: Schedule,
}

#[derive(Serialize)]
pub(super) struct Generator {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

#[derive(Serialize)]
pub(super) struct Schedule {
    pub(super) version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) base_url: Option<String>,
    pub(super) conference: Conference,
}

#[derive(Serialize)]
pub(super) struct Conference {
    pub(super) acronym: String,
    pub(super) title: String,
    pub(super) start: String,
    pub(super) end: String,
    #[serde(rename = "daysCount")]
    pub(super) days_count: usize,
    pub(super) timeslot_duration: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time_zone_name: Option<String>,
    pub(super) rooms: Vec<Room>,
    pub(super) days: Vec<Day>,
}

#[derive(Serialize)]
pub(super) struct Room {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) guid: String,
}

#[derive(Serialize)]
pub(super) struct Day {
    pub(super) index: usize,
    pub(super) date: String,
    pub(super) day_start: String,
    pub(super) day_end: String,
    pub(super) rooms: BTreeMap<String, Vec<Event>>,
}

#[derive(Serialize)]
pub(super) struct Event {
    pub(super) guid: String,
    pub(super) code: String,
    pub(super) id: u32,
    pub(super) date: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) duration: String,
    pub(super) room: String,
    pub(super) slug: String,
    pub(super) url: String,
    pub(super) title: String,
    pub(super) subtitle: Option<String>,
    pub(super) track: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) language: Option<String>,
    pub(super) r#abstract: Option<String>,
    pub(super) persons: Vec<Person>,
    pub(super) links: Vec<Link>,
}

#[derive(Serialize)]
pub(super) struct Person {
    pub(super) code: String,
    pub(super) name: String,
}

#[derive(Serialize)]
pub(super) struct Link {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) r#type: &'static str,
}

/// The talks that have a day and both their times: the format has no place for others.
pub fn schedule(exported: &Exported<'_>) -> String {
    super::super::publication::to_json(&file(exported))
}

pub(super) fn file<'a>(exported: &Exported<'_>) -> File<'a> {
    let timed: Vec<(&Card, DateTime, DateTime)> = exported
        .cards
        .iter()
        .filter_map(|card| match moment(card)? {
            Moment { start, end: Some(end) } if end > start => Some((*card, start, end)),
            _ => None,
        })
        .collect();
    let acronym = acronym(&exported.summit.name);
    let days: Vec<Day> = (1..)
        .zip(timed.chunk_by(|a, b| a.0.day == b.0.day))
        .filter_map(|(index, talks)| day(exported, &acronym, index, talks))
        .collect();
    let edge = |edge: &Option<String>, day: Option<&Day>| {
        edge.clone().or_else(|| day.map(|day| day.date.clone())).unwrap_or_default()
    };
    let mut rooms: Vec<String> = days.iter().flat_map(|day| day.rooms.keys().cloned()).collect();
    rooms.sort();
    rooms.dedup();
    File {
        schema: SCHEMA,
        generator: Generator { name: "TalkNotes", version: env!("CARGO_PKG_VERSION") },
        schedule: Schedule {
            version: version(exported),
            base_url: exported.page.map(|page| format!("{page}/")),
            conference: Conference {
                title: clean(exported.title),
                start: edge(&exported.summit.start_date, days.first()),
                end: edge(&exported.summit.end_date, days.last()),
                days_count: days.len(),
                timeslot_duration: "00:05",
                time_zone_name: exported
                    .zone()
                    .and_then(|zone| zone.iana_name().map(str::to_owned)),
                rooms: rooms.into_iter().map(|name| room(&acronym, name)).collect(),
                days,
                acronym,
            },
        },
    }
}

/// Differs whenever a talk does.
fn version(exported: &Exported<'_>) -> String {
    let text = super::super::publication::to_json(&exported.cards);
    crate::api::names::hex_digest(text.as_bytes()).chars().take(12).collect()
}

fn day(
    exported: &Exported<'_>,
    acronym: &str,
    index: usize,
    talks: &[(&Card, DateTime, DateTime)],
) -> Option<Day> {
    let first = talks.iter().map(|(_, start, _)| *start).min()?;
    let last = talks.iter().map(|(.., end)| *end).max()?;
    let mut rooms: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for (card, start, end) in talks {
        let event = event(exported, acronym, card, *start, *end)?;
        rooms.entry(event.room.clone()).or_default().push(event);
    }
    Some(Day {
        index,
        date: talks.first()?.0.day.clone()?,
        day_start: exported.written(first)?,
        day_end: exported.written(last)?,
        rooms,
    })
}

fn event(
    exported: &Exported<'_>,
    acronym: &str,
    card: &Card,
    start: DateTime,
    end: DateTime,
) -> Option<Event> {
    let guid = Uuid::new_v5(&Uuid::NAMESPACE_OID, exported.uid(card).as_bytes());
    let [a, b, c, d, ..] = guid.into_bytes();
    let code = code(&guid);
    let minutes = end.duration_since(start).as_mins();
    let page = exported.page_of(card);
    let link =
        |url: &String| Link { url: url.clone(), title: clean(&card.title), r#type: "related" };
    Some(Event {
        // From 1 to what every program can hold.
        id: (u32::from_be_bytes([a, b, c, d]) >> 1).max(1),
        date: exported.written(start)?,
        start: start.strftime("%H:%M").to_string(),
        end: exported.written(end)?,
        duration: format!("{}:{:02}", minutes / 60, minutes % 60),
        room: card
            .room
            .as_deref()
            .map(clean)
            .filter(|room| !room.is_empty())
            .unwrap_or_else(|| NO_ROOM.to_owned()),
        slug: format!("{acronym}-{}", code.to_lowercase()),
        url: page.clone().or_else(|| exported.summit.url.clone()).unwrap_or_default(),
        title: clean(&card.title),
        subtitle: None,
        track: card.track.as_deref().map(clean),
        kind: kind(card.kind),
        language: None,
        r#abstract: None,
        persons: card.speakers.iter().map(|speaker| person(&speaker.name)).collect(),
        links: page.iter().map(link).collect(),
        guid: guid.to_string(),
        code,
    })
}

fn person(name: &str) -> Person {
    let guid = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.to_lowercase().as_bytes());
    Person { code: code(&guid), name: clean(name) }
}

fn room(acronym: &str, name: String) -> Room {
    let guid = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{acronym}/{name}").as_bytes());
    Room { slug: format!("{acronym}-{}", code(&guid).to_lowercase()), guid: guid.to_string(), name }
}

/// Six letters and digits that stand for something.
fn code(guid: &Uuid) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let digit = |byte: u8| DIGITS.get(usize::from(byte & 31)).copied().map_or('A', char::from);
    guid.into_bytes().into_iter().rev().take(6).map(digit).collect()
}

/// As the format wants it: small letters, digits and `_`, four at least.
fn acronym(name: &str) -> String {
    let mut acronym: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    while acronym.len() < 4 {
        acronym.push('_');
    }
    acronym
}

fn kind(kind: Option<TalkKind>) -> &'static str {
    match kind {
        Some(TalkKind::Keynote) => "keynote",
        Some(TalkKind::Workshop) => "workshop",
        Some(TalkKind::Lightning) => "lightning_talk",
        Some(TalkKind::Panel) => "podium",
        Some(TalkKind::Other) => "other",
        Some(TalkKind::Session) | None => "lecture",
    }
}
