//! When talks are given.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

use super::{Card, Exported, SummitDocument};
use crate::render::minutes;

/// Hours after which a talk that ends before it begins is no talk past midnight.
const LONGEST: i64 = 12;

/// The time of a talk, on the clocks of its summit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub start: DateTime,
    pub end: Option<DateTime>,
}

/// The day of a talk, where it is one of the calendar.
pub(super) fn day(card: &Card) -> Option<Date> {
    card.day.as_deref()?.parse().ok()
}

/// The time of a talk that has a day and a time.
pub(super) fn moment(card: &Card) -> Option<Moment> {
    let day = day(card)?;
    let at = |time: &str| {
        // A day may go on after midnight.
        let passed = SignedDuration::from_mins(i64::from(minutes(time)?));
        day.to_datetime(jiff::civil::Time::midnight()).checked_add(passed).ok()
    };
    let start = at(card.start_time.as_deref()?)?;
    let end = card.end_time.as_deref().and_then(at).and_then(|end| {
        if end >= start {
            return Some(end);
        }
        let late = end.checked_add(SignedDuration::from_hours(24)).ok()?;
        let is_night = late.duration_since(start) <= SignedDuration::from_hours(LONGEST);
        is_night.then_some(late)
    });
    Some(Moment { start, end })
}

/// When a talk begins and ends, as instants (RFC 3339); none where nobody knows where its summit is, or when it
/// ends.
pub fn instants(summit: &SummitDocument, card: &Card) -> Option<[String; 2]> {
    let zone = TimeZone::get(summit.time_zone.as_deref()?).ok()?;
    let Moment { start, end } = moment(card)?;
    let instant = |time: DateTime| Some(time.to_zoned(zone.clone()).ok()?.timestamp().to_string());
    Some([instant(start)?, instant(end?)?])
}

impl Exported<'_> {
    /// The time zone of the talks, where it is known.
    pub(super) fn zone(&self) -> Option<TimeZone> {
        TimeZone::get(self.summit.time_zone.as_deref()?).ok()
    }

    /// A time of the summit; in UTC where nobody knows where it is.
    pub(super) fn zoned(&self, time: DateTime) -> Option<Zoned> {
        time.to_zoned(self.zone().unwrap_or(TimeZone::UTC)).ok()
    }

    /// A time of the summit as schedules of conferences have it (RFC 3339).
    pub(super) fn written(&self, time: DateTime) -> Option<String> {
        Some(self.zoned(time)?.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }

    /// What stands for the last change of a talk: it is the same whenever it is asked for.
    pub(super) fn stamp(&self, card: &Card) -> Timestamp {
        let midnight = || day(card).map(|day| day.to_datetime(jiff::civil::Time::midnight()));
        let time = moment(card).map(|moment| moment.end.unwrap_or(moment.start)).or_else(midnight);
        let start = || self.summit.start_date.as_deref()?.parse::<Date>().ok();
        let time = time.or_else(|| Some(start()?.to_datetime(jiff::civil::Time::midnight())));
        time.and_then(|time| self.zoned(time))
            .map_or(Timestamp::UNIX_EPOCH, |time| time.timestamp())
    }
}
