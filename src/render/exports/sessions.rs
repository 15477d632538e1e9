//! `session.json`: sessions as OPass reads them, each with a link to its notes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::moments::{Moment, moment};
use super::{Card, Exported, clean};

#[derive(Serialize)]
struct File {
    sessions: Vec<Session>,
    speakers: Vec<Speaker>,
    session_types: Vec<Named>,
    rooms: Vec<Named>,
    tags: Vec<Named>,
}

#[derive(Serialize)]
struct Session {
    id: String,
    r#type: String,
    room: String,
    start: String,
    end: String,
    speakers: Vec<String>,
    tags: Vec<String>,
    zh: About,
    en: About,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    co_write: Option<String>,
}

#[derive(Serialize)]
struct About {
    title: String,
    description: String,
}

#[derive(Serialize)]
struct Speaker {
    id: String,
    avatar: &'static str,
    zh: Person,
    en: Person,
}

#[derive(Serialize)]
struct Person {
    name: String,
    bio: String,
}

#[derive(Serialize)]
struct Named {
    id: String,
    zh: Name,
    en: Name,
}

#[derive(Serialize)]
struct Name {
    name: String,
}

/// The talks that have a day and both their times.
pub fn sessions(exported: &Exported<'_>) -> String {
    let sessions: Vec<Session> =
        exported.cards.iter().filter_map(|card| session(exported, card)).collect();
    let mut speakers: BTreeMap<String, Speaker> = BTreeMap::new();
    for speaker in exported.cards.iter().flat_map(|card| &card.speakers) {
        let id = clean(&speaker.name);
        let name = |name: Option<&String>| Person {
            name: clean(name.unwrap_or(&speaker.name)),
            bio: speaker.organization.as_deref().map(clean).unwrap_or_default(),
        };
        let (zh, en) = (name(None), name(speaker.alias.as_ref()));
        speakers.entry(id.clone()).or_insert(Speaker { id, avatar: "", zh, en });
    }
    let file = File {
        session_types: named(sessions.iter().map(|session| &session.r#type)),
        rooms: named(sessions.iter().map(|session| &session.room)),
        tags: named(sessions.iter().flat_map(|session| &session.tags)),
        speakers: speakers.into_values().collect(),
        sessions,
    };
    super::super::publication::to_json(&file)
}

fn session(exported: &Exported<'_>, card: &Card) -> Option<Session> {
    let Moment { start, end } = moment(card)?;
    let about = || About { title: clean(&card.title), description: String::new() };
    let page = exported.page_of(card);
    Some(Session {
        id: card.name.clone(),
        r#type: card.kind.map(|kind| format!("{kind:?}").to_lowercase()).unwrap_or_default(),
        room: card.room.as_deref().map(clean).unwrap_or_default(),
        start: exported.written(start)?,
        end: exported.written(end?)?,
        speakers: card.speakers.iter().map(|speaker| clean(&speaker.name)).collect(),
        tags: card.tags.iter().map(|tag| clean(tag)).collect(),
        zh: about(),
        en: about(),
        uri: page.clone(),
        co_write: page,
    })
}

fn named<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<Named> {
    let name = |id: &String| Name { name: id.clone() };
    let mut ids: Vec<&String> = ids.filter(|id| !id.is_empty()).collect();
    ids.sort();
    ids.dedup();
    ids.into_iter().map(|id| Named { zh: name(id), en: name(id), id: id.clone() }).collect()
}
