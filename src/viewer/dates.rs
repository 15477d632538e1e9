//! Days as people write them.

use jiff::civil::{Date, Weekday};

use super::words::Words;

/// The heading of a day, with its weekday, in the language of the summit. A day that is no date is
/// shown as it is.
pub fn heading(day: &str, language: Option<&str>) -> Words {
    let Ok(date) = day.parse::<Date>() else { return Words::guess(day) };
    let text = match language {
        Some("zh-Hant") => chinese(date),
        Some("ja") => japanese(date),
        Some("ko") => korean(date),
        _ => return Words { text: date.strftime("%A, %-d %B %Y").to_string(), lang: None },
    };
    Words { text, lang: language.map(str::to_owned) }
}

/// A day in English; as it is where it is no date.
pub fn day(day: &str) -> String {
    day.parse::<Date>().map_or_else(|_| day.to_owned(), |date| full(date))
}

/// The days of a summit in English, such as `14–15 May 2026`.
pub fn range(start: Option<&str>, end: Option<&str>) -> Option<String> {
    let (first, last) = (start.or(end)?, end.or(start)?);
    let (Ok(from), Ok(to)) = (first.parse::<Date>(), last.parse::<Date>()) else {
        return Some(first.to_owned());
    };
    Some(if from == to {
        full(from)
    } else if (from.year(), from.month()) == (to.year(), to.month()) {
        format!("{}–{}", from.day(), full(to))
    } else if from.year() == to.year() {
        format!("{} – {}", from.strftime("%-d %B"), full(to))
    } else {
        format!("{} – {}", full(from), full(to))
    })
}

fn full(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn chinese(date: Date) -> String {
    let weekday = weekday(date, "一二三四五六日");
    format!("{}年{}月{}日 星期{weekday}", date.year(), date.month(), date.day())
}

fn japanese(date: Date) -> String {
    let weekday = weekday(date, "月火水木金土日");
    format!("{}年{}月{}日 {weekday}曜日", date.year(), date.month(), date.day())
}

fn korean(date: Date) -> String {
    let weekday = weekday(date, "월화수목금토일");
    format!("{}년 {}월 {}일 {weekday}요일", date.year(), date.month(), date.day())
}

/// The name of the date's weekday among `names`, from Monday on.
fn weekday(date: Date, names: &str) -> char {
    let since_monday = usize::try_from(date.weekday().since(Weekday::Monday)).unwrap_or_default();
    names.chars().nth(since_monday).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_weekday_in_the_language_of_the_summit() {
        assert_eq!(heading("2026-05-14", None).text, "Thursday, 14 May 2026");
        assert_eq!(heading("2026-05-14", Some("zh-Hant")).text, "2026年5月14日 星期四");
        assert_eq!(heading("2026-05-17", Some("ja")).text, "2026年5月17日 日曜日");
        assert_eq!(heading("2026-05-11", Some("ko")).text, "2026년 5월 11일 월요일");
        assert_eq!(heading("<soon>", None).text, "<soon>");
    }

    #[test]
    fn a_range_says_nothing_twice() {
        let range = |from, to| range(Some(from), Some(to)).unwrap();
        assert_eq!(range("2026-05-14", "2026-05-14"), "14 May 2026");
        assert_eq!(range("2026-05-14", "2026-05-15"), "14–15 May 2026");
        assert_eq!(range("2026-04-30", "2026-05-02"), "30 April – 2 May 2026");
        assert_eq!(range("2026-12-31", "2027-01-01"), "31 December 2026 – 1 January 2027");
    }

    #[test]
    fn one_end_is_enough_for_a_range() {
        assert_eq!(range(None, Some("2026-05-14")).as_deref(), Some("14 May 2026"));
        assert_eq!(range(None, None), None);
    }
}
