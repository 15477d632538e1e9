//! The words of a date, one at a time.

use super::DayHeading;
use crate::document::words::words;

impl DayHeading {
    /// Takes one word of the heading; `None` where the word does not belong to a day.
    pub(super) fn take(&mut self, token: &str) -> Option<()> {
        if self.take_numeric(token).is_some() || self.take_chinese(token).is_some() {
            return Some(());
        }
        let number = token.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = token.strip_prefix(number).unwrap_or_default();
        if let Ok(value) = number.parse::<i16>() {
            return matches!(ending, "" | "st" | "nd" | "rd" | "th").then(|| self.number(value))?;
        }
        if let Some(month) = words().month(token) {
            return set(&mut self.month, month);
        }
        if let Some(weekday) = words().weekday(token) {
            self.whole_weekday = token.chars().count() >= if token.is_ascii() { 4 } else { 2 };
            return set(&mut self.weekday, weekday);
        }
        let unit = token.trim_start_matches(|c: char| c.is_ascii_digit());
        if !unit.is_ascii() && words().is_day(unit) {
            return set(&mut self.ordinal, token.strip_suffix(unit)?.parse().ok()?);
        }
        let digits = token.trim_start_matches(|c: char| !c.is_ascii_digit());
        let word = token.strip_suffix(digits)?;
        words().is_day(word).then(|| set(&mut self.ordinal, digits.parse().ok()?))?
    }

    fn number(&mut self, value: i16) -> Option<()> {
        match value {
            // The end of a range such as `14 – 16 mai` is not kept.
            1..=31
                if self.month.is_none() && self.day.is_some_and(|day| i16::from(day) < value) =>
            {
                Some(())
            }
            1..=31 => set(&mut self.day, i8::try_from(value).ok()?),
            1970..=2199 => set(&mut self.year, value),
            _ => None,
        }
    }

    /// `10/25`, `2026-05-14`, `2026.5.14`.
    fn take_numeric(&mut self, token: &str) -> Option<()> {
        if token.len() == 8 && token.chars().all(|c| c.is_ascii_digit()) {
            return self.compact(token);
        }
        let mark = ['/', '-', '.'].into_iter().find(|&mark| token.contains(mark))?;
        let token = without_last_day(token, mark);
        let parts: Vec<&str> = token.split(mark).collect();
        match parts.as_slice() {
            [month, day] if mark == '/' => self.month_and_day(month, day),
            [first, last] if mark == '-' => self.range(first, last),
            [year, month, day] if year.len() == 4 => {
                set(&mut self.year, year.parse().ok()?)?;
                self.month_and_day(month, day)
            }
            [first, second, year] if year.len() == 4 => {
                set(&mut self.year, year.parse().ok()?)?;
                // Most of the world writes the day first; the other order counts where it must.
                self.in_numbers = mark == '/';
                let american = mark == '/' && second.parse::<i8>().is_ok_and(|day| day > 12);
                let (month, day) = if american { (first, second) } else { (second, first) };
                self.month_and_day(month, day)
            }
            [month, day, year] if mark == '/' && year.len() == 2 => {
                // `10/25/31`: of the orders in use only this one is a date.
                let number = |text: &str| text.parse::<i16>().ok();
                (number(day)? > 12 && number(year)? > 12).then_some(())?;
                set(&mut self.year, number(year)? + 2000)?;
                self.month_and_day(month, day)
            }
            _ => None,
        }
    }

    /// `20310514`.
    fn compact(&mut self, token: &str) -> Option<()> {
        let year = token.get(..4)?.parse().ok().filter(|year| (1990..=2199).contains(year))?;
        set(&mut self.year, year)?;
        self.month_and_day(token.get(4..6)?, token.get(6..)?)
    }

    /// `21-22`: the first of several days.
    fn range(&mut self, first: &str, last: &str) -> Option<()> {
        let bare = |text: &str| {
            let end = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let number = text.strip_suffix(end)?.parse::<i8>().ok()?;
            matches!(end, "" | "st" | "nd" | "rd" | "th").then_some(number)
        };
        let (first, last) = (bare(first)?, bare(last)?);
        ((1..=31).contains(&first) && first < last && last <= 31).then_some(())?;
        set(&mut self.day, first)
    }

    /// `5月14日`, `2026年5月14日`, `第二天`, `5월 14일`.
    fn take_chinese(&mut self, token: &str) -> Option<()> {
        if let Some(month) = token.strip_suffix('월').and_then(|month| month.parse().ok()) {
            return set(&mut self.month, month);
        }
        if let Some(day) = token.strip_suffix('일').and_then(|day| day.parse().ok()) {
            return set(&mut self.day, day);
        }
        if let Some(year) = token.strip_suffix(['년', '年']).and_then(|year| year.parse().ok()) {
            return set(&mut self.year, year);
        }
        let ordinal = token.strip_prefix('第').and_then(|rest| rest.strip_suffix(['天', '日']));
        if let Some(number) = ordinal {
            let value = words().marks.number(number).or_else(|| number.parse().ok())?;
            return set(&mut self.ordinal, i8::try_from(value).ok()?);
        }
        let rest = match token.split_once('年') {
            Some((year, rest)) => {
                set(&mut self.year, year.parse().ok()?)?;
                rest
            }
            None => token,
        };
        let (month, day) = rest.split_once('月')?;
        self.month_and_day(month, day.trim_end_matches(|c| words().marks.is_day_unit(c)))
    }

    /// `14.05.`, or `14.05` behind a day of the week: without either it is a version.
    pub(super) fn dotted(&mut self, token: &str) -> Option<()> {
        let bare = token.strip_suffix('.');
        let (day, month) = bare.unwrap_or(token).split_once('.')?;
        let short = |text: &str| (1..=2).contains(&text.len());
        let number =
            |text: &str| text.chars().all(|c| c.is_ascii_digit()).then(|| text.parse().ok())?;
        let (days, months): (i8, i8) = (number(day)?, number(month)?);
        let fits =
            short(day) && short(month) && (1..=31).contains(&days) && (1..=12).contains(&months);
        let told = bare.is_some() || (self.weekday.is_some() && self.whole_weekday);
        (fits && told).then(|| self.month_and_day(month, day))?
    }

    fn month_and_day(&mut self, month: &str, day: &str) -> Option<()> {
        let short = |text: &str| text.len() <= 2 && !text.starts_with(['+', '-']);
        (short(month) && short(day)).then_some(())?;
        let (month, day) = (month.parse::<i8>().ok()?, day.parse::<i8>().ok()?);
        set(&mut self.month, month)?;
        set(&mut self.day, day)
    }
}

/// `2031/05/14` of `2031/05/14-16`: the first of several days.
fn without_last_day(token: &str, mark: char) -> &str {
    let last = |c: char| "-–~〜～".contains(c) && c != mark;
    token.rsplit_once(last).map_or(token, |(first, last)| {
        let number = last.parse::<i8>().is_ok_and(|day| (1..=31).contains(&day));
        if number && first.matches(mark).count() == 2 { first } else { token }
    })
}

/// Sets what is not set yet; a second value makes the heading something else than a day.
pub(super) fn set<T>(field: &mut Option<T>, value: T) -> Option<()> {
    field.is_none().then(|| *field = Some(value))
}
