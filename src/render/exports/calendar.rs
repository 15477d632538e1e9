//! `calendar.ics` (RFC 5545).

use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use jiff::civil::DateTime;

use super::moments::{day, moment};
use super::{Card, Exported, clean, people};
use crate::api;

/// The talks that have a day. Those without a time take all of it, and keep nobody busy.
///
/// Each of `parts` is of one summit; a person's talks may be of several.
pub fn calendar(parts: &[Exported<'_>]) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//TalkNotes//TalkNotes//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    if let Some(first) = parts.first() {
        calendar.append_property(Property::new("X-WR-CALNAME", clean(first.title)));
        if let Some(name) = first.zone().as_ref().and_then(|zone| zone.iana_name()) {
            calendar.append_property(Property::new("X-WR-TIMEZONE", name));
        }
    }
    for part in parts {
        for event in part.cards.iter().filter_map(|card| event(part, card)) {
            calendar.push(event);
        }
    }
    calendar.to_string()
}

fn event(exported: &Exported<'_>, card: &Card) -> Option<Event> {
    let day = day(card)?;
    let mut event = Event::with_uid(&exported.uid(card));
    let (title, people) = (clean(&card.title), people(card));
    let summary = if people.is_empty() { title } else { format!("{title} - {people}") };
    event.summary(&summary);
    let stamp = exported.stamp(card).strftime("%Y%m%dT%H%M%SZ").to_string();
    event.add_property("DTSTAMP", stamp);
    match moment(card) {
        Some(moment) => {
            event.add_property("DTSTART", written(exported, moment.start)?);
            if let Some(end) = moment.end.filter(|end| *end > moment.start) {
                event.add_property("DTEND", written(exported, end)?);
            }
        }
        None => {
            let mut start = Property::new("DTSTART", day.strftime("%Y%m%d").to_string());
            start.add_parameter("VALUE", "DATE");
            event.append_property(start);
            event.add_property("TRANSP", "TRANSPARENT");
        }
    }
    let places = [card.room.as_deref(), exported.summit.location.as_deref()];
    let place = places.into_iter().flatten().map(clean).collect::<Vec<_>>().join(", ");
    if !place.is_empty() {
        event.location(&place);
    }
    if let Some(page) = exported.page_of(card) {
        event.add_property("URL", page);
    }
    if !card.tags.is_empty() {
        // The one list of texts here: its commas part, those of a tag do not.
        let tags: Vec<String> = card
            .tags
            .iter()
            .map(|tag| clean(tag).replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,"))
            .collect();
        event.add_property("CATEGORIES", tags.join(","));
    }
    if card.event_status == Some(api::EventStatus::Cancelled) {
        event.status(EventStatus::Cancelled);
    }
    Some(event.done())
}

/// In UTC, which everybody reads alike; on the clocks of wherever one is, where the summit has no zone.
fn written(exported: &Exported<'_>, time: DateTime) -> Option<String> {
    if exported.zone().is_none() {
        return Some(time.strftime("%Y%m%dT%H%M%S").to_string());
    }
    Some(exported.zoned(time)?.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string())
}
