//! `schedule.json` in the common format of conferences, as frab and pretalx write it.

use serde_json::Value;

use super::Session;
use super::read::{address, end_of, kind, speakers, text};
use crate::api::Speaker;
use crate::render::minutes;

/// The sessions; none where it is another format.
pub fn read(json: &Value) -> Option<Vec<Session>> {
    let days = json.pointer("/schedule/conference/days")?.as_array()?;
    let mut sessions = Vec::new();
    for day in days {
        let date = day.get("date").and_then(Value::as_str).and_then(|date| date.get(..10));
        let rooms = day.get("rooms").and_then(Value::as_object);
        for (room, events) in rooms.into_iter().flatten() {
            let events = events.as_array().into_iter().flatten();
            sessions.extend(events.filter_map(|event| session(event, date, room)));
        }
    }
    Some(sessions)
}

fn session(event: &Value, day: Option<&str>, room: &str) -> Option<Session> {
    let start = event["start"].as_str().filter(|start| minutes(start).is_some());
    let start = start.map(|start| on_the_day(start, day, event["date"].as_str()));
    let end = start.as_deref().zip(event["duration"].as_str());
    Some(Session {
        id: ["code", "guid", "id"].iter().find_map(|key| text(&event[*key])).unwrap_or_default(),
        title: text(&event["title"])?,
        kind: kind(text(&event["type"])),
        speakers: speakers(event["persons"].as_array().into_iter().flatten(), |person| {
            let name = text(&person["public_name"]).or_else(|| text(&person["name"]))?;
            Some(Speaker { name, ..Speaker::default() })
        }),
        day: day.map(str::to_owned),
        end_time: end.and_then(|(start, duration)| end_of(start, duration)),
        start_time: start,
        room: text(&event["room"]).or_else(|| text(&Value::from(room))),
        track: text(&event["track"]),
        url: address(&event["url"]),
        start_note: None,
    })
}

/// `00:30` of the day after is `24:30`: days of conferences end in the night.
fn on_the_day(start: &str, day: Option<&str>, date: Option<&str>) -> String {
    let is_later = day.zip(date.and_then(|date| date.get(..10))).is_some_and(|(a, b)| b > a);
    let night = end_of(start, "24:00").filter(|_| is_later);
    night.unwrap_or_else(|| format!("{start:0>5}"))
}
