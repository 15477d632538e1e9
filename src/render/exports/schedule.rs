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
struct File<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    generator: Generator,
    schedule: Schedule,
}

#[derive(Serialize)]
struct Generator {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Schedule {
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    conference: Conference,
}

#[derive(Serialize)]
struct Conference {
    acronym: String,
    title: String,
    start: String,
    end: String,
    #[serde(rename = "daysCount")]
    days_count: usize,
    timeslot_duration: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone_name: Option<String>,
    rooms: Vec<Room>,
    days: Vec<Day>,
}

#[derive(Serialize)]
struct Room {
    name: String,
    slug: String,
    guid: String,
}

#[derive(Serialize)]
struct Day {
    index: usize,
    date: String,
    day_start: String,
    day_end: String,
    rooms: BTreeMap<String, Vec<Event>>,
}

#[derive(Serialize)]
struct Event {
    guid: String,
    code: String,
    id: u32,
    date: String,
    start: String,
    end: String,
    duration: String,
    room: String,
    slug: String,
    url: String,
    title: String,
    subtitle: Option<String>,
    track: Option<String>,
    #[serde(rename = "type")]
    kind: &'static str,
    language: Option<String>,
    r#abstract: Option<String>,
    persons: Vec<Person>,
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Person {
    code: String,
    name: String,
}

#[derive(Serialize)]
struct Link {
    url: String,
    title: String,
    r#type: &'static str,
}

/// The talks that have a day and both their times: the format has no place for others.
pub fn schedule(exported: &Exported<'_>) -> String {
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
    let file = File {
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
    };
    super::super::publication::to_json(&file)
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
