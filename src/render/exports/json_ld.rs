//! What search engines read of a talk: an event as schema.org has it, in JSON-LD.

use serde_json::{Value, json};

use super::moments::{day, moment};
use super::{Card, Exported, clean};
use crate::api::EventStatus;

/// The talk of `card`, for a `<script type="application/ld+json">`: no character in it ends that.
pub fn json_ld(exported: &Exported<'_>, card: &Card, about: &str) -> Option<String> {
    // An event has a day.
    let day = day(card)?;
    let times = moment(card);
    let start = times.and_then(|times| exported.written(times.start));
    let end = times.and_then(|times| exported.written(times.end?));
    let person = |name: &str| json!({ "@type": "Person", "name": clean(name) });
    let summit = exported.summit;
    let place = [card.room.as_deref(), summit.location.as_deref()];
    let place: Vec<String> = place.into_iter().flatten().map(clean).collect();
    let status = match card.event_status {
        Some(EventStatus::Cancelled) => "https://schema.org/EventCancelled",
        _ => "https://schema.org/EventScheduled",
    };
    let fields = [
        ("@context", Some(json!("https://schema.org"))),
        ("@type", Some(json!("EducationEvent"))),
        ("name", Some(json!(clean(&card.title)))),
        ("startDate", Some(json!(start.unwrap_or_else(|| day.to_string())))),
        ("endDate", end.map(Value::from)),
        ("eventStatus", Some(json!(status))),
        ("description", (!about.is_empty()).then(|| json!(clean(about)))),
        ("url", exported.page_of(card).map(Value::from)),
        (
            "location",
            (!place.is_empty()).then(|| json!({ "@type": "Place", "name": place.join(", ") })),
        ),
        (
            "performer",
            (!card.speakers.is_empty())
                .then(|| card.speakers.iter().map(|speaker| person(&speaker.name)).collect()),
        ),
        (
            "superEvent",
            Some(
                json!({ "@type": "Event", "name": clean(&summit.title), "startDate": summit.start_date }),
            ),
        ),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let text = Value::Object(fields.collect()).to_string();
    Some(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}
