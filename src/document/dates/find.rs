//! Dates, years and times within a text.

use super::{DayHeading, Resolved};
use crate::document::text::fold;
use crate::document::words::words;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZoneDatabase;

/// The first whole date in a text, with its year: `Dates: April 21-22, 2021`.
pub(in crate::document) fn find(text: &str) -> Option<Date> {
    find_in_year(text, None)
}

/// The first date in a text; one without a year is of `year`.
pub(in crate::document) fn find_in_year(text: &str, year: Option<i16>) -> Option<Date> {
    if !holds_digit(text) {
        return None;
    }
    let text = text.get(..text.char_indices().nth(300).map_or(text.len(), |(at, _)| at))?;
    let text = joined_units(text);
    let text = text.as_str();
    Some(spans(text, year)?.0)
}

/// Whether a text has a digit, without which it has no date.
fn holds_digit(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('\u{ff10}'..='\u{ff19}').contains(&c);
    text.contains(digit)
}

/// The first date in a text, and whether it is the first of several: `17 y 18 de octubre de 2031`.
fn spans(text: &str, year: Option<i16>) -> Option<(Date, bool)> {
    let starts = text.char_indices().filter(|&(at, c)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let inside =
            |b: char| b.is_alphanumeric() && b.is_ascii() && c.is_ascii() || b.is_ascii_digit();
        c.is_alphanumeric() && !before.is_some_and(inside)
    });
    starts.take(120).find_map(|(at, _)| {
        let leading = DayHeading::find(text.get(at..)?)?;
        let whole = leading.day.is_date() && (leading.day.has_year() || year.is_some());
        match leading.day.resolve(year, None) {
            Resolved::Date { date, .. } if whole => {
                let earlier = earlier_day(text.get(..at)?, date);
                let several = earlier.is_some();
                Some((earlier.unwrap_or(date), several))
            }
            _ => None,
        }
    })
}

/// The first of several days of which `date` is the last, from what stands in front of it: `17 y `.
fn earlier_day(before: &str, date: Date) -> Option<Date> {
    let joins = |c: char| "、–—~～-&".contains(c);
    let parts = |c: char| c.is_whitespace() || joins(c) || ",，(（.".contains(c);
    let (mut rest, mut joined) = (before, false);
    for _ in 0..6 {
        let kept = rest.trim_end_matches(parts);
        joined |= rest.strip_prefix(kept).is_some_and(|cut| cut.contains(joins));
        let word = fold(kept.rsplit(parts).next()?);
        rest = kept.get(..kept.len().checked_sub(word.len())?)?;
        let number = word.trim_end_matches(|c: char| c.is_alphabetic());
        if let Ok(day) = number.parse::<i8>() {
            let first = joined && (1..date.day()).contains(&day);
            return first.then(|| Date::new(date.year(), date.month(), day).ok())?;
        }
        if words().is_and(&word) || words().is_date_fill(&word) {
            joined = true;
        } else if words().weekday(&word).is_none() {
            return None;
        }
    }
    None
}

/// `2031 年 5 月 14 日` without the spaces between its parts.
fn joined_units(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let last = joined.chars().next_back();
        let next = rest.peek().copied();
        let unit = |c: Option<char>| c.is_some_and(|c| "年月日".contains(c));
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let inside = c == ' '
            && (digit(last) && unit(next) || "年月".contains(last.unwrap_or(' ')) && digit(next));
        if !inside {
            joined.push(c);
        }
        // What follows the date is a word of its own.
        if c == '日' && digit(last) && !unit(next) && next != Some('目') {
            joined.push(' ');
        }
    }
    joined
}

/// Whether a text names more than one day: `April 21-22`, `14 – 16 mai`.
pub(in crate::document) fn is_range(text: &str) -> bool {
    is_range_in_year(text, None)
}

/// The same, where a date without a year is of `year`.
pub(in crate::document) fn is_range_in_year(text: &str, year: Option<i16>) -> bool {
    if !holds_digit(text) {
        return false;
    }
    let head = text.get(..text.char_indices().nth(300).map_or(text.len(), |(at, _)| at));
    let found = spans(&joined_units(head.unwrap_or_default()), year);
    if found.is_some_and(|(_, several)| several) {
        return true;
    }
    let short = without_times(&fold(text));
    let chars: Vec<char> = short.chars().collect();
    let date_like = found.is_some();
    let folded = fold(text);
    let tokens: Vec<&str> = folded.split([' ', ',', '(', ')']).collect();
    let number = |word: &str| word.parse::<u8>().is_ok_and(|n| (1..=31).contains(&n));
    let spoken = tokens.windows(3).any(
        |w| matches!(w, [a, between, b] if number(a) && number(b) && words().is_date_fill(between)),
    );
    date_like && spoken
        || date_like
            && chars.windows(3).any(|w| {
                matches!(w, [a, '-' | '–' | '—' | '~' | '～' | '、' | '&', b]
            if a.is_ascii_digit() && b.is_ascii_digit())
            })
            && chars.iter().filter(|c| matches!(c, '-' | '/' | '.')).count() != 2
}

/// A text without its spaces and its times: `09:00 - 16:50` is no range of days.
fn without_times(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let timed =
        |at: Option<usize>| at.and_then(|at| words.get(at)).is_some_and(|w| w.contains(':'));
    let mark = |word: &str| !word.contains(char::is_alphanumeric);
    let kept = words.iter().enumerate().filter(|(at, word)| {
        let beside = timed(at.checked_sub(1)) || timed(at.checked_add(1));
        !(word.contains(':') || mark(word) && beside)
    });
    kept.map(|(_, word)| *word).collect()
}

/// A date at the beginning of a text, such as that of `2026-05-14T08:30:00+08:00`.
pub(in crate::document) fn leading_date(text: &str) -> Option<Date> {
    let text: String = fold(text).chars().take(10).collect();
    let text = text.replace('/', "-");
    let mut parts = text.split([' ', 't']).next()?.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    parts.next().is_none().then(|| Date::new(year, month, day).ok())?
}

/// Day and time of an instant such as `2031-05-14T16:30:00Z` in a time zone; as they are written where none
/// is known. Without an offset it is no instant.
pub(in crate::document) fn instant(text: &str, zone: Option<&str>) -> Option<DateTime> {
    let instant: Timestamp = text.trim().parse().ok()?;
    let zone = zone.and_then(|zone| TimeZoneDatabase::bundled().get(zone).ok());
    match zone {
        Some(zone) => Some(instant.to_zoned(zone).datetime()),
        None => {
            let written = Pieces::parse(text.trim()).ok()?;
            Some(written.date().to_datetime(written.time()?))
        }
    }
}

/// The first year in a text, such as that of `2031 Harbor Summit`.
pub(in crate::document) fn year_in(text: &str) -> Option<i16> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .find(|year| (1990..=2199).contains(year))
}

/// A time of day as the schema has it: `9:30` becomes `09:30`. After midnight a day may go on at `24:30`.
pub(in crate::document) fn time(text: &str) -> Option<String> {
    let text = fold(text);
    let mut parts = text.split(':');
    let hour: i8 = parts.next()?.trim().parse().ok()?;
    let minutes = parts.next()?.trim();
    let minute: i8 = minutes.parse().ok()?;
    let seconds = parts.next().is_none_or(|seconds| seconds == "00");
    // `24:7` is no time.
    let hours = if minutes.len() == 2 { 0..30 } else { 0..24 };
    (seconds && hours.contains(&hour) && (0..60).contains(&minute))
        .then(|| format!("{hour:02}:{minute:02}"))
}
