//! What pretalx's API answers for submissions and talks.

use serde_json::Value;

use super::Session;
use super::read::{Clock, at, kind, speakers, text};
use crate::api::Speaker;

/// The sessions; none where it is another format.
pub fn read(json: &Value, clock: &Clock) -> Option<Vec<Session>> {
    let list = json.get("results").unwrap_or(json).as_array()?;
    let is_submission = |one: &Value| one["code"].is_string() && one.get("title").is_some();
    if list.is_empty() || !list.iter().all(is_submission) {
        return None;
    }
    Some(list.iter().filter_map(|one| session(one, clock)).collect())
}

fn session(one: &Value, clock: &Clock) -> Option<Session> {
    // What was proposed and not taken is not given.
    let state = one["state"].as_str().unwrap_or("confirmed");
    if !matches!(state, "confirmed" | "accepted") {
        return None;
    }
    let slot = one.get("slot").filter(|slot| slot.is_object()).or_else(|| one["slots"].get(0));
    let slot = slot.unwrap_or(&Value::Null);
    let mut session = Session {
        id: text(&one["code"])?,
        title: text(&one["title"])?,
        kind: kind(
            text(&one["submission_type"]).or_else(|| text(at(one, "/submission_type/name"))),
        ),
        speakers: speakers(one["speakers"].as_array().into_iter().flatten(), |speaker| {
            let name = text(&speaker["name"])?;
            Some(Speaker { name, ..Speaker::default() })
        }),
        room: text(&slot["room"]).or_else(|| text(at(slot, "/room/name"))),
        track: text(&one["track"]).or_else(|| text(at(one, "/track/name"))),
        ..Session::default()
    };
    clock.set(&mut session, &slot["start"], &slot["end"]);
    Some(session)
}
