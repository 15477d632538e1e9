//! Days as people write them.

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::{Language, fill};

/// How a language writes dates.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Dates {
    months: Vec<String>,
    weekdays: Vec<String>,
    full: String,
    short: String,
    within_month: String,
    within_year: String,
    between: String,
    day_and_weekday: String,
}

impl Language {
    /// A day; as it is where it is no date.
    pub fn day(self, day: &str) -> String {
        self.written(day, &self.0.dates.full)
    }

    /// A day without its year.
    pub fn short_day(self, day: &str) -> String {
        self.written(day, &self.0.dates.short)
    }

    /// A day with its weekday.
    pub fn day_and_weekday(self, day: &str) -> String {
        self.written(day, &self.0.dates.day_and_weekday)
    }

    /// The weekday of a date.
    pub fn weekday(self, day: &str) -> Option<&'static str> {
        day.parse::<Date>().ok().map(|date| self.name_of_weekday(date))
    }

    /// The days of a summit, such as `14–15 May 2026`.
    pub fn days(self, start: Option<&str>, end: Option<&str>) -> Option<String> {
        let (first, last) = (start.or(end)?, end.or(start)?);
        let (Ok(from), Ok(to)) = (first.parse::<Date>(), last.parse::<Date>()) else {
            return Some(first.to_owned());
        };
        let dates = &self.0.dates;
        let template = if from == to {
            &dates.full
        } else if (from.year(), from.month()) == (to.year(), to.month()) {
            &dates.within_month
        } else if from.year() == to.year() {
            &dates.within_year
        } else {
            &dates.between
        };
        let (first, last) = (self.day(first), self.day(last));
        let (last_day, last_month) = (to.day().to_string(), self.month(to));
        let ends = [
            ("first", &*first),
            ("last", &*last),
            ("last-day", &*last_day),
            ("last-month", last_month),
        ];
        Some(self.filled(template, from, &ends))
    }

    fn written(self, day: &str, template: &str) -> String {
        day.parse().map_or_else(|_| day.to_owned(), |date| self.filled(template, date, &[]))
    }

    fn filled(self, template: &str, date: Date, more: &[(&str, &str)]) -> String {
        let (day, year) = (date.day().to_string(), date.year().to_string());
        let mut values = vec![
            ("day", &*day),
            ("month", self.month(date)),
            ("year", &*year),
            ("weekday", self.name_of_weekday(date)),
        ];
        values.extend(more);
        fill(template, &values)
    }

    fn month(self, date: Date) -> &'static str {
        let index = usize::try_from(date.month().saturating_sub(1)).unwrap_or_default();
        self.0.dates.months.get(index).map_or("", String::as_str)
    }

    fn name_of_weekday(self, date: Date) -> &'static str {
        let days = date.weekday().since(Weekday::Monday);
        let index = usize::try_from(days).unwrap_or_default();
        self.0.dates.weekdays.get(index).map_or("", String::as_str)
    }
}
