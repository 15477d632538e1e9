//! `session.json` as OPass reads it, and Sessionize's `All`: sessions that name their speakers and rooms by ids.

use std::collections::HashMap;

use serde_json::Value;

use super::Session;
use super::read::{Clock, address, at, kind, speakers, text};
use crate::api::Speaker;

/// The sessions; none where it is another format.
pub fn read(json: &Value, clock: &Clock) -> Option<Vec<Session>> {
    let list = json.get("sessions")?.as_array()?;
    let names = |key: &str| -> HashMap<String, &Value> {
        let list = json[key].as_array().into_iter().flatten();
        list.filter_map(|one| Some((text(&one["id"])?, one))).collect()
    };
    let (people, rooms, kinds) = (names("speakers"), names("rooms"), names("session_types"));
    let session = |one: &Value| {
        let mut session = Session {
            id: text(&one["id"]).unwrap_or_default(),
            title: text(at(one, "/zh/title"))
                .or_else(|| text(at(one, "/en/title")))
                .or_else(|| text(&one["title"]))?,
            kind: kind(named(&kinds, &one["type"]).or_else(|| text(&one["type"]))),
            speakers: speakers(one["speakers"].as_array().into_iter().flatten(), |id| {
                speaker(people.get(&text(id)?)?)
            }),
            room: named(&rooms, &one["room"])
                .or_else(|| named(&rooms, &one["roomId"]))
                .or_else(|| text(&one["room"])),
            url: address(&one["uri"]),
            ..Session::default()
        };
        let time =
            |keys: [&str; 2]| keys.iter().find_map(|key| one.get(*key)).unwrap_or(&Value::Null);
        clock.set(&mut session, time(["start", "startsAt"]), time(["end", "endsAt"]));
        Some(session)
    };
    Some(list.iter().filter_map(session).collect())
}

/// The name of what an id names.
fn named(list: &HashMap<String, &Value>, id: &Value) -> Option<String> {
    let one = list.get(&text(id)?)?;
    text(at(one, "/zh/name")).or_else(|| text(at(one, "/en/name"))).or_else(|| text(&one["name"]))
}

/// One name in Chinese and another in English are name and alias.
fn speaker(one: &Value) -> Option<Speaker> {
    let (zh, en) = (text(at(one, "/zh/name")), text(at(one, "/en/name")));
    let name = zh
        .or_else(|| en.clone())
        .or_else(|| text(&one["fullName"]))
        .or_else(|| text(&one["name"]))?;
    Some(Speaker { alias: en.filter(|en| *en != name), name, organization: None })
}
