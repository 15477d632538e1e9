//! The sessions of an agenda, whatever its format. Agendas come from elsewhere: what is odd in one session
//! is left out of it, and takes no other with it.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Session, Unreadable, pretalx, schedule, sessions};
use crate::api::{Speaker, TalkKind};
use crate::render::exports::clean;

/// Sessions that are looked at: the largest conferences have fewer.
const MOST: usize = 3000;
/// Characters of a title, name, room or track, and speakers of a session.
const LONGEST: usize = 500;
const SPEAKERS: usize = 32;

/// The sessions of the agenda `text`. Times in UTC become those of `zone`.
pub fn read(text: &str, zone: Option<&str>) -> Result<Vec<Session>, Unreadable> {
    let json: Value = serde_json::from_str(text).map_err(|_| Unreadable::Syntax)?;
    let clock = Clock(zone.and_then(|name| TimeZone::get(name).ok()));
    let found = schedule::read(&json)
        .or_else(|| sessions::read(&json, &clock))
        .or_else(|| pretalx::read(&json, &clock))
        .ok_or(Unreadable::Unknown)?;
    let mut found: Vec<Session> =
        found.into_iter().filter(|session| !session.title.is_empty()).collect();
    if found.len() > MOST {
        return Err(Unreadable::TooMany(MOST));
    }
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(found)
}

fn order(session: &Session) -> impl Ord + '_ {
    let Session { day, start_time, room, title, id, .. } = session;
    (day.is_none(), day, start_time.is_none(), start_time, room, title, id)
}

/// Tells the time where the summit is.
pub struct Clock(Option<TimeZone>);

impl Clock {
    /// A time such as `2031-10-22T10:40:00+08:00`: as it is written, or where it is of another zone, what
    /// clocks show there then.
    pub fn local(&self, text: &str) -> Option<DateTime> {
        let instant: Option<Timestamp> = text.parse().ok();
        match (instant, &self.0) {
            (Some(instant), Some(zone)) => Some(instant.to_zoned(zone.clone()).datetime()),
            _ => text.get(..19)?.parse().ok(),
        }
    }

    /// Puts a beginning and an end into a session. What ends on the next day ends after 24:00.
    pub fn set(&self, session: &mut Session, start: &Value, end: &Value) {
        let Some(start) = start.as_str().and_then(|text| self.local(text)) else { return };
        session.day = Some(start.date().to_string());
        session.start_time = Some(start.strftime("%H:%M").to_string());
        let end = end.as_str().and_then(|text| self.local(text));
        session.end_time = end.and_then(|end| time_after(start.date(), end));
    }
}

/// The time of `moment`, counted from the beginning of `day`.
pub fn time_after(day: Date, moment: DateTime) -> Option<String> {
    let minutes = moment.duration_since(day.to_datetime(jiff::civil::Time::midnight())).as_mins();
    // Times go on after midnight, but not for another day.
    let is_night = (0..30 * 60).contains(&minutes);
    is_night.then(|| format!("{:02}:{:02}", minutes / 60, minutes % 60))
}

/// `start` and how long it takes (`0:45`, `1:30`), as an end counted from the same day.
pub fn end_of(start: &str, duration: &str) -> Option<String> {
    let minutes = crate::render::minutes(start)?.checked_add(crate::render::minutes(duration)?)?;
    let day = Date::constant(2000, 1, 1);
    let moment = day
        .to_datetime(jiff::civil::Time::midnight())
        .checked_add(SignedDuration::from_mins(i64::from(minutes)));
    time_after(day, moment.ok()?)
}

/// What stands at a pointer (RFC 6901); null where there is nothing.
pub fn at<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// Text in one line, not longer than what fields of a spec may be; none where it is empty.
pub fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        // In several languages.
        Value::Object(languages) => {
            let first = ["zh-hant", "zh-tw", "zh", "en"].iter().find_map(|tag| languages.get(*tag));
            return text(first.or_else(|| languages.values().find(|value| value.is_string()))?);
        }
        _ => return None,
    };
    let text: String = clean(&text).chars().take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

/// The address of a page.
pub fn address(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    crate::render::links::is_publishable(text).then(|| text.to_owned())
}

/// Speakers, each told by `name`.
pub fn speakers<'a>(
    list: impl Iterator<Item = &'a Value>,
    name: impl Fn(&'a Value) -> Option<Speaker>,
) -> Vec<Speaker> {
    list.take(SPEAKERS).filter_map(name).collect()
}

/// What conferences call the kinds of their sessions.
pub fn kind(name: Option<String>) -> Option<TalkKind> {
    let name = name?.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["keynote", "主題演講"]) {
        Some(TalkKind::Keynote)
    } else if has(&["lightning", "閃電"]) {
        Some(TalkKind::Lightning)
    } else if has(&["workshop", "tutorial", "工作坊", "hands-on"]) {
        Some(TalkKind::Workshop)
    } else if has(&["panel", "podium", "座談", "discussion"]) {
        Some(TalkKind::Panel)
    } else {
        None
    }
}
