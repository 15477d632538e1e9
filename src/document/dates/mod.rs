//! Days as people write them in headings.

mod find;
pub(super) mod moment;
pub(super) mod of_document;
pub(super) mod of_path;
mod parse;
use parse::set;

use crate::document::memo::Memo;
use crate::document::text::fold;
use crate::document::words::words;
pub(super) use find::{
    find, find_in_year, instant, is_range, is_range_in_year, leading_date, time, year_in,
};
use jiff::civil::Date;

/// What a heading says about a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::document) struct DayHeading {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    weekday: Option<i8>,
    ordinal: Option<i8>,
    /// Whether the weekday is written out, so that it is one even alone.
    whole_weekday: bool,
    /// Whether it is written `5/14/2031`, which may be read in two orders.
    in_numbers: bool,
}

/// A heading that begins with a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document) struct Leading {
    pub day: DayHeading,
    /// What stands behind the day.
    pub rest: String,
}

/// The date of a day heading, or why it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Resolved {
    /// The date; and whether the weekday beside it is another day's.
    Date { date: Date, wrong_weekday: bool },
    /// Month and day without a year.
    NoYear,
    /// `Day 1` and nothing more.
    NoDate,
    /// A date that no calendar has.
    Impossible,
}

impl DayHeading {
    /// Reads a heading that is a day and nothing else, such as `10/25(Wed.)`, `2026-05-14`,
    /// `5月14日（四）` or `Day 1 - May 14`.
    pub fn parse(heading: &str) -> Option<Self> {
        let leading = Self::leading(heading)?;
        leading.rest.is_empty().then_some(leading.day)
    }

    /// Reads the day that a heading begins with.
    pub fn leading(heading: &str) -> Option<Leading> {
        thread_local! { static KEPT: Memo<Option<Leading>> = Memo::default(); }
        KEPT.with(|kept| kept.of(heading, || Self::find(heading)))
    }

    fn find(heading: &str) -> Option<Leading> {
        if heading.len() > 200 && heading.chars().count() > 200 {
            return None;
        }
        let mut day = Self::default();
        let separators =
            |c: char| c.is_whitespace() || "(),:|[]【】「」~*_（），：｜、·".contains(c);
        let (mut best, mut day_word) = (None, false);
        let mut at = 0;
        for piece in heading.split_inclusive(separators) {
            at += piece.len();
            let token = piece.trim_end_matches(separators).trim_matches(is_filler);
            if token.is_empty() {
                if let Some((_, end)) = &mut best {
                    *end = at;
                }
                continue;
            }
            let raw = piece.trim_end_matches(separators);
            if day.dotted(raw).is_none() && !day.word(&fold(token), &mut day_word) {
                break;
            }
            if !day_word && day.is_day() {
                best = Some((day, at));
            }
        }
        let (day, end) = best?;
        let rest = heading.get(end..).unwrap_or_default();
        let rest = rest.trim_start_matches(|c: char| separators(c) || is_filler(c)).trim_end();
        Some(Leading { day, rest: rest.to_owned() })
    }

    /// Takes one word of the heading; `false` where it belongs to no day.
    fn word(&mut self, token: &str, after_day_word: &mut bool) -> bool {
        if *after_day_word {
            *after_day_word = false;
            let ordinal = token.parse().ok().or_else(|| words().ordinal(token));
            let ordinal = ordinal.filter(|n| (1..=31).contains(n));
            return ordinal.is_some_and(|n| set(&mut self.ordinal, n).is_some());
        }
        if words().is_day(token) {
            *after_day_word = true;
            return true;
        }
        words().is_date_fill(token) || self.take(token).is_some()
    }

    /// The date with its day as its month, where both may be either and nothing shows which is which.
    fn swapped(&self) -> Option<Self> {
        let months = |number: i8| (1..=12).contains(&number);
        let either = self.day.is_some_and(months) && self.weekday.is_none() && self.in_numbers;
        either.then_some(Self { month: self.day, day: self.month, ..*self })
    }

    /// The day of a date.
    pub fn of(date: Date) -> Self {
        Self {
            year: Some(date.year()),
            month: Some(date.month()),
            day: Some(date.day()),
            ..Self::default()
        }
    }

    /// Whether month and day are there, so that it is a date in any document.
    pub fn is_date(&self) -> bool {
        self.month.is_some() && self.day.is_some()
    }

    /// Whether the year is there, too.
    pub fn has_year(&self) -> bool {
        self.year.is_some()
    }

    /// Finds the date; `year` is the document's, and `start` the first day of the event.
    pub fn resolve(&self, year: Option<i16>, start: Option<Date>) -> Resolved {
        let (Some(month), Some(day)) = (self.month, self.day) else {
            return self
                .counted(start)
                .map_or(Resolved::NoDate, |date| Resolved::Date { date, wrong_weekday: false });
        };
        let Some(year) = self.year.or(year) else {
            return Resolved::NoYear;
        };
        let Ok(date) = Date::new(year, month, day) else {
            return Resolved::Impossible;
        };
        let weekday = date.weekday().to_monday_zero_offset();
        Resolved::Date { date, wrong_weekday: self.weekday.is_some_and(|named| named != weekday) }
    }

    /// The date of `Day 2` or `Tuesday`, counted from the first day of the event.
    fn counted(&self, start: Option<Date>) -> Option<Date> {
        let start = start?;
        let days = match (self.ordinal, self.weekday) {
            (Some(ordinal), _) => i64::from(ordinal).saturating_sub(1),
            (None, Some(weekday)) => {
                i64::from((weekday - start.weekday().to_monday_zero_offset()).rem_euclid(7))
            }
            (None, None) => return None,
        };
        start.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    }

    fn is_day(&self) -> bool {
        let weekday = self.weekday.is_some() && self.day.is_none() && self.whole_weekday;
        (self.month.is_some() && self.day.is_some()) || self.ordinal.is_some() || weekday
    }
}

/// The `Day 2` that ends a title.
pub(super) fn counted_at_end(title: &str) -> Option<DayHeading> {
    let starts = title.rmatch_indices(' ').take(3).filter_map(|(at, _)| title.get(at..));
    starts.filter_map(|end| DayHeading::parse(end.trim())).find(|day| day.ordinal.is_some())
}

/// Days in the order of month and day in which they stand closest together: of `10/2/2031` and
/// `10/3/2031` both are in October, not on the tenth of two months.
pub(in crate::document) fn in_likely_order(days: &mut [&mut DayHeading]) {
    let span = |swapped: bool| {
        let dates = days.iter().filter(|day| day.is_date()).map(|day| {
            let day = if swapped { day.swapped()? } else { **day };
            Date::new(day.year?, day.month?, day.day?).ok()
        });
        let dates = dates.collect::<Option<Vec<Date>>>()?;
        let (first, last) = (dates.iter().min()?, dates.iter().max()?);
        Some(first.until(*last).ok()?.get_days())
    };
    let apart = span(false).is_some_and(|days| days > 20);
    if apart && span(true).is_some_and(|days| days <= 7) {
        for day in days.iter_mut() {
            **day = day.swapped().unwrap_or(**day);
        }
    }
}

/// What may stand around the words of a date.
fn is_filler(c: char) -> bool {
    matches!(c, '.' | '-' | '–' | '—' | '#' | '>' | '*' | '`')
        || !c.is_ascii() && !c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(heading: &str) -> Option<String> {
        match DayHeading::parse(heading)?.resolve(Some(2023), None) {
            Resolved::Date { date, .. } => Some(date.to_string()),
            _ => None,
        }
    }

    #[test]
    fn days_in_many_forms() {
        for heading in [
            "10/25(Wed.)",
            "10/25",
            "2023-10-25",
            "20231025",
            "2023/10/25 (三)",
            "10月25日（週三）",
            "Day 1 - 10/25",
            "Wed, Oct 25",
            "October 25th, 2023",
            "25 octobre",
            "Mercredi 25 octobre 2023",
            "Day 1: October 25",
            "2023年10月25日",
            "2023/10/25-27",
        ] {
            assert_eq!(date(heading).as_deref(), Some("2023-10-25"), "{heading}");
        }
    }

    #[test]
    fn what_is_no_day() {
        for heading in [
            "2031 Harbor Summit",
            "CI/CD",
            "3/4 of all clusters",
            "Day 2 Operations",
            "12",
            "May",
            "1.28",
            "Day",
            "Keynote 1",
            "10/25/26/27",
        ] {
            assert_eq!(DayHeading::parse(heading), None, "{heading}");
        }
    }

    #[test]
    fn weekdays_are_checked_and_years_are_needed() {
        let parse = |text: &str| DayHeading::parse(text).unwrap();
        assert!(matches!(
            parse("10/25 (Thu)").resolve(Some(2023), None),
            Resolved::Date { wrong_weekday: true, .. }
        ));
        assert_eq!(parse("10/25").resolve(None, None), Resolved::NoYear);
        assert_eq!(parse("Day 2").resolve(Some(2023), None), Resolved::NoDate);
        assert_eq!(parse("第二天").resolve(Some(2023), None), Resolved::NoDate);
        assert_eq!(parse("2/30").resolve(Some(2023), None), Resolved::Impossible);
    }

    #[test]
    fn days_of_one_event_stand_close_together() {
        let read = |texts: [&str; 2]| {
            let mut days = texts.map(|text| DayHeading::parse(text).unwrap());
            in_likely_order(&mut days.iter_mut().collect::<Vec<_>>());
            days.map(|day| (day.month.unwrap(), day.day.unwrap()))
        };
        assert_eq!(read(["10/2/2031", "10/3/2031"]), [(10, 2), (10, 3)]);
        assert_eq!(read(["2/10/2031", "3/10/2031"]), [(10, 2), (10, 3)]);
        assert_eq!(read(["2/3/2031", "5/9/2031"]), [(3, 2), (9, 5)]);
    }

    #[test]
    fn days_counted_at_the_end_of_a_title() {
        let ordinal = |title: &str| counted_at_end(title)?.ordinal;
        assert_eq!(ordinal("Harbor Days 2031 - Day 2"), Some(2));
        assert_eq!(ordinal("Day 2 operations of harbors"), None);
    }

    #[test]
    fn dates_years_and_times_in_fields() {
        assert_eq!(leading_date("2024-10-24T08:30:00+08:00").unwrap().to_string(), "2024-10-24");
        assert_eq!(leading_date("2024/1/2").unwrap().to_string(), "2024-01-02");
        assert_eq!(leading_date("soon"), None);
        let local = |text: &str, zone| instant(text, zone).map(|found| found.to_string());
        for (text, zone, expected) in [
            ("2031-05-14T16:30:00Z", Some("Asia/Taipei"), Some("2031-05-15T00:30:00")),
            ("2031-05-14T18:30+00:00", None, Some("2031-05-14T18:30:00")),
            ("2031-05-15T01:00:00+08:00", Some("Europe/Oslo"), Some("2031-05-14T19:00:00")),
            ("2031-05-14T16:30:00Z", Some("Nowhere/Else"), Some("2031-05-14T16:30:00")),
            ("2031-05-14T16:30:00", Some("Asia/Taipei"), None),
            ("2031-05-14", Some("Asia/Taipei"), None),
        ] {
            assert_eq!(local(text, zone).as_deref(), expected, "{text}");
        }
        assert_eq!(year_in("k8s-summit-2024"), Some(2024));
        assert_eq!(year_in("port 8080"), None);
        assert_eq!(time("9:30").as_deref(), Some("09:30"));
        assert_eq!(time("25:00").as_deref(), Some("25:00"));
        assert_eq!((time("30:00"), time("24:7"), time("9:60")), (None, None, None));
    }
}
