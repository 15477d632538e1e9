//! Days as people write them in headings.

use jiff::civil::Date;

use crate::document::text::fold;
use crate::document::words::words;

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
        if heading.chars().count() > 200 {
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
            if !day.word(&fold(token), &mut day_word) {
                break;
            }
            if !day_word && day.is_day() {
                best = Some((day, at));
            }
        }
        let (day, end) = best?;
        let rest = heading.get(end..).unwrap_or_default();
        let rest = rest.trim_matches(|c: char| separators(c) || is_filler(c));
        Some(Leading { day, rest: rest.to_owned() })
    }

    /// Takes one word of the heading; `false` where it belongs to no day.
    fn word(&mut self, token: &str, after_day_word: &mut bool) -> bool {
        if *after_day_word {
            *after_day_word = false;
            let ordinal = token.parse().ok().filter(|n| (1..=31).contains(n));
            return ordinal.is_some_and(|n| set(&mut self.ordinal, n).is_some());
        }
        if words().is_day(token) {
            *after_day_word = true;
            return true;
        }
        words().is_date_fill(token) || self.take(token).is_some()
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

    /// Takes one word of the heading; `None` where the word does not belong to a day.
    fn take(&mut self, token: &str) -> Option<()> {
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
        let digits = token.trim_start_matches(|c: char| !c.is_ascii_digit());
        let word = token.strip_suffix(digits)?;
        words().is_day(word).then(|| set(&mut self.ordinal, digits.parse().ok()?))?
    }

    fn number(&mut self, value: i16) -> Option<()> {
        match value {
            1..=31 => set(&mut self.day, i8::try_from(value).ok()?),
            1970..=2199 => set(&mut self.year, value),
            _ => None,
        }
    }

    /// `10/25`, `2026-05-14`, `2026.5.14`.
    fn take_numeric(&mut self, token: &str) -> Option<()> {
        let mark = ['/', '-', '.'].into_iter().find(|&mark| token.contains(mark))?;
        let parts: Vec<&str> = token.split(mark).collect();
        match parts.as_slice() {
            [month, day] if mark == '/' => self.month_and_day(month, day),
            [first, last] if mark == '-' => self.range(first, last),
            [year, month, day] if year.len() == 4 => {
                set(&mut self.year, year.parse().ok()?)?;
                self.month_and_day(month, day)
            }
            _ => None,
        }
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
            let digits = ["一", "二", "三", "四", "五", "六", "七"];
            let spelled = digits.iter().position(|&digit| digit == number).map(|index| index + 1);
            let value = spelled.or_else(|| number.parse().ok())?;
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
        self.month_and_day(month, day.trim_end_matches(['日', '號', '号']))
    }

    fn month_and_day(&mut self, month: &str, day: &str) -> Option<()> {
        let short = |text: &str| text.len() <= 2 && !text.starts_with(['+', '-']);
        (short(month) && short(day)).then_some(())?;
        let (month, day) = (month.parse::<i8>().ok()?, day.parse::<i8>().ok()?);
        set(&mut self.month, month)?;
        set(&mut self.day, day)
    }
}

/// What may stand around the words of a date.
fn is_filler(c: char) -> bool {
    matches!(c, '.' | '-' | '–' | '—' | '#' | '>' | '*' | '`')
        || !c.is_ascii() && !c.is_alphanumeric()
}

/// The first whole date in a text, with its year: `Dates: April 21-22, 2021`.
pub(in crate::document) fn find(text: &str) -> Option<Date> {
    let text = text.get(..text.char_indices().nth(300).map_or(text.len(), |(at, _)| at))?;
    let text = ['年', '月', '日'].iter().fold(text.to_owned(), |text, unit| {
        text.replace(&format!(" {unit}"), &unit.to_string())
            .replace(&format!("{unit} "), &unit.to_string())
    });
    let text = text.as_str();
    let starts = text.char_indices().filter(|&(at, c)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let inside =
            |b: char| b.is_alphanumeric() && b.is_ascii() && c.is_ascii() || b.is_ascii_digit();
        c.is_alphanumeric() && !before.is_some_and(inside)
    });
    starts.take(60).find_map(|(at, _)| {
        let leading = DayHeading::leading(text.get(at..)?)?;
        let whole = leading.day.is_date() && leading.day.has_year();
        match leading.day.resolve(None, None) {
            Resolved::Date { date, .. } if whole => Some(date),
            _ => None,
        }
    })
}

/// Whether a text names more than one day: `April 21-22`, `14 – 16 mai`.
pub(in crate::document) fn is_range(text: &str) -> bool {
    let short: String = fold(text).split_whitespace().collect();
    let chars: Vec<char> = short.chars().collect();
    let date_like = find(text).is_some();
    date_like
        && chars.windows(3).any(|w| {
            matches!(w, [a, '-' | '–' | '—' | '~' | '～' | '、' | '&', b]
            if a.is_ascii_digit() && b.is_ascii_digit())
        })
        && chars.iter().filter(|c| matches!(c, '-' | '/' | '.')).count() != 2
}

/// Sets what is not set yet; a second value makes the heading something else than a day.
fn set<T>(field: &mut Option<T>, value: T) -> Option<()> {
    field.is_none().then(|| *field = Some(value))
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

/// The first year in a text, such as that of `2031 Harbor Summit`.
pub(in crate::document) fn year_in(text: &str) -> Option<i16> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .find(|year| (1990..=2199).contains(year))
}

/// A time of day as the schema has it: `9:30` becomes `09:30`.
pub(in crate::document) fn time(text: &str) -> Option<String> {
    let text = fold(text);
    let mut parts = text.split(':');
    let hour: i8 = parts.next()?.trim().parse().ok()?;
    let minute: i8 = parts.next()?.trim().parse().ok()?;
    let seconds = parts.next().is_none_or(|seconds| seconds == "00");
    (seconds && (0..24).contains(&hour) && (0..60).contains(&minute))
        .then(|| format!("{hour:02}:{minute:02}"))
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
            "2023/10/25 (三)",
            "10月25日（週三）",
            "Day 1 - 10/25",
            "Wed, Oct 25",
            "October 25th, 2023",
            "25 octobre",
            "Mercredi 25 octobre 2023",
            "Day 1: October 25",
            "2023年10月25日",
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
    fn dates_years_and_times_in_fields() {
        assert_eq!(leading_date("2024-10-24T08:30:00+08:00").unwrap().to_string(), "2024-10-24");
        assert_eq!(leading_date("2024/1/2").unwrap().to_string(), "2024-01-02");
        assert_eq!(leading_date("soon"), None);
        assert_eq!(year_in("k8s-summit-2024"), Some(2024));
        assert_eq!(year_in("port 8080"), None);
        assert_eq!(time("9:30").as_deref(), Some("09:30"));
        assert_eq!(time("25:00"), None);
    }
}
