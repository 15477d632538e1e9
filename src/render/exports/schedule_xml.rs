//! `schedule.xml`: the same schedule, as most schedule apps read it.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event as Xml};

use super::Exported;
use super::schedule::{Day, Event, File, Schedule, file};

type Out = Writer<Vec<u8>>;

/// The talks that have a day and both their times; none where there are none: the format wants a day.
pub fn schedule_xml(exported: &Exported<'_>) -> Option<String> {
    let file = file(exported);
    if file.schedule.conference.days.is_empty() {
        return None;
    }
    let mut out = Writer::new(Vec::new());
    // Only writing can fail, and writing to memory does not.
    write(&mut out, &file).ok()?;
    String::from_utf8(out.into_inner()).ok()
}

fn write(out: &mut Out, file: &File<'_>) -> io::Result<()> {
    out.write_event(Xml::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let generator = [("name", file.generator.name), ("version", file.generator.version)];
    let Schedule { version, base_url, conference } = &file.schedule;
    out.create_element("schedule").write_inner_content(|out| {
        out.create_element("generator").with_attributes(generator).write_empty()?;
        text(out, "version", version)?;
        out.create_element("conference").write_inner_content(|out| {
            text(out, "title", &conference.title)?;
            text(out, "acronym", &conference.acronym)?;
            text(out, "start", &conference.start)?;
            text(out, "end", &conference.end)?;
            text(out, "days", &conference.days_count.to_string())?;
            text(out, "timeslot_duration", conference.timeslot_duration)?;
            address(out, "base_url", base_url.as_deref().unwrap_or_default())?;
            if let Some(zone) = &conference.time_zone_name {
                text(out, "time_zone_name", zone)?;
            }
            Ok(())
        })?;
        conference.days.iter().try_for_each(|day| write_day(out, day, conference))
    })?;
    Ok(())
}

fn write_day(out: &mut Out, day: &Day, conference: &super::schedule::Conference) -> io::Result<()> {
    let index = day.index.to_string();
    let about =
        [("index", &*index), ("date", &day.date), ("start", &day.day_start), ("end", &day.day_end)];
    out.create_element("day").with_attributes(about).write_inner_content(|out| {
        day.rooms.iter().try_for_each(|(name, events)| {
            let guid = conference.rooms.iter().find(|room| room.name == *name);
            let guid = guid.map(|room| ("guid", &*room.guid));
            let room = out.create_element("room").with_attribute(("name", &**name));
            room.with_attributes(guid).write_inner_content(|out| {
                events.iter().try_for_each(|event| write_event(out, event))
            })?;
            Ok(())
        })
    })?;
    Ok(())
}

fn write_event(out: &mut Out, event: &Event) -> io::Result<()> {
    let id = event.id.to_string();
    let names = [("guid", &*event.guid), ("id", &id), ("code", &event.code)];
    out.create_element("event").with_attributes(names).write_inner_content(|out| {
        text(out, "date", &event.date)?;
        text(out, "start", &event.start)?;
        text(out, "duration", &event.duration)?;
        text(out, "room", &event.room)?;
        text(out, "slug", &event.slug)?;
        address(out, "url", &event.url)?;
        text(out, "title", &event.title)?;
        text(out, "track", event.track.as_deref().unwrap_or_default())?;
        text(out, "type", event.kind)?;
        text(out, "abstract", "")?;
        out.create_element("persons").write_inner_content(|out| {
            event.persons.iter().try_for_each(|person| text(out, "person", &person.name))
        })?;
        out.create_element("links").write_inner_content(|out| {
            event.links.iter().try_for_each(|link| {
                let href = ("href", &*link.url);
                let element = out.create_element("link").with_attribute(href);
                element.write_text_content(BytesText::new(&link.title))?;
                Ok(())
            })
        })?;
        Ok(())
    })?;
    Ok(())
}

fn text(out: &mut Out, name: &str, value: &str) -> io::Result<()> {
    out.create_element(name).write_text_content(BytesText::new(value))?;
    Ok(())
}

/// The format takes whole addresses of the web and no others.
fn address(out: &mut Out, name: &str, value: &str) -> io::Result<()> {
    let is_whole = value.starts_with("https://") || value.starts_with("http://");
    if is_whole { text(out, name, value) } else { Ok(()) }
}
