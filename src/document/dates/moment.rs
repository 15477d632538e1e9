//! Instants, as people write them into front matter.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt};

use super::{find, leading_date};

/// How Hugo and Jekyll write a time with its zone, beside RFC 3339.
const FORMATS: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"];

/// An instant as the schema has it (RFC 3339). What is one is kept as it is written; a time without a zone
/// is one in UTC, as with Hugo, and a day or a year begins there.
pub(in crate::document) fn moment(text: &str) -> Option<String> {
    let text = text.trim();
    let parsed = text.parse::<Timestamp>().ok();
    if parsed.is_some() && is_rfc3339(text) {
        return Some(text.to_owned());
    }
    let zoned = || FORMATS.iter().find_map(|format| Timestamp::strptime(format, text).ok());
    let mail = || Some(fmt::rfc2822::parse(text).ok()?.timestamp());
    let local = || in_utc(text.parse::<DateTime>().ok()?);
    let day = || in_utc(day(text)?.at(0, 0, 0, 0));
    let instant = parsed.or_else(zoned).or_else(mail).or_else(local).or_else(day);
    instant.map(|instant| instant.to_string())
}

/// Whether `time`, as [`moment`] gives it, is `now` or earlier.
pub(in crate::document) fn has_come(time: &str, now: Timestamp) -> bool {
    time.parse::<Timestamp>().is_ok_and(|time| time <= now)
}

/// The later of two instants; the earlier one where `latest` is not wanted.
pub(in crate::document) fn outer(
    a: Option<String>,
    b: Option<String>,
    latest: bool,
) -> Option<String> {
    let instant = |text: &String| text.parse::<Timestamp>().ok();
    match (a, b) {
        (Some(a), Some(b)) => Some(if (instant(&a) < instant(&b)) == latest { b } else { a }),
        (a, b) => a.or(b),
    }
}

fn in_utc(time: DateTime) -> Option<Timestamp> {
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn day(text: &str) -> Option<Date> {
    let year = text.parse().ok().filter(|year| (1970..=9998).contains(year));
    leading_date(text).or_else(|| find(text)).or_else(|| Date::new(year?, 1, 1).ok())
}

/// Whether a text has the form that the API server asks for: `2031-05-14T18:00:00Z`.
fn is_rfc3339(text: &str) -> bool {
    let at = |index: usize| text.as_bytes().get(index).copied();
    let end = text.len();
    let zone = text.ends_with('Z')
        || end.checked_sub(6).and_then(at).is_some_and(|sign| b"+-".contains(&sign))
            && end.checked_sub(3).and_then(at) == Some(b':');
    at(10) == Some(b'T') && at(13) == Some(b':') && at(16) == Some(b':') && zone && end <= 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_in_all_spellings() {
        for (text, expected) in [
            ("2099-01-01T00:00:00Z", Some("2099-01-01T00:00:00Z")),
            ("2099-01-01T09:30:00+08:00", Some("2099-01-01T09:30:00+08:00")),
            ("2099-01-01T09:30:00+0800", Some("2099-01-01T01:30:00Z")),
            ("2099-01-01 09:30:00 +0800", Some("2099-01-01T01:30:00Z")),
            ("2099-01-01 09:30 -0100", Some("2099-01-01T10:30:00Z")),
            ("2099-01-01T09:30:00", Some("2099-01-01T09:30:00Z")),
            ("2099-01-01 09:30", Some("2099-01-01T09:30:00Z")),
            ("2099-01-01", Some("2099-01-01T00:00:00Z")),
            ("Thu, 01 Jan 2099 09:30:00 +0000", Some("2099-01-01T09:30:00Z")),
            ("January 2, 2099", Some("2099-01-02T00:00:00Z")),
            ("2099", Some("2099-01-01T00:00:00Z")),
            ("later", None),
            ("3600", Some("3600-01-01T00:00:00Z")),
            ("", None),
        ] {
            assert_eq!(moment(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_later_and_the_earlier_of_two() {
        let (a, b) = ("2031-01-01T00:00:00+08:00".to_owned(), "2031-01-01T00:00:00Z".to_owned());
        assert_eq!(outer(Some(a.clone()), Some(b.clone()), true), Some(b.clone()));
        assert_eq!(outer(Some(b.clone()), Some(a.clone()), false), Some(a.clone()));
        assert_eq!(outer(None, Some(a.clone()), true), Some(a));
    }
}
