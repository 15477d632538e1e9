//! The day or days of an event, as the top of a document states them.

use jiff::civil::Date;

use super::{find, find_in_year, is_range, is_range_in_year, year_in};
use crate::document::markdown::outline::Outline;
use crate::document::title::plain;
use crate::document::words::words;

/// Lines at the top of a document in which its days are looked for.
const TOP_LINES: usize = 15;

/// A date, and whether it is the first of several.
type Dates = (Date, bool);

/// The dates of the event of a document with this `title`; one without a year is of `year`.
pub(in crate::document) fn stated(
    outline: &Outline<'_>,
    title: impl FnOnce() -> Option<String>,
    year: Option<i16>,
) -> Option<Dates> {
    let second = outline.headings.get(1).map_or(usize::MAX, |heading| heading.line);
    let lines = &outline.lines;
    let top = lines.get(..second.min(TOP_LINES).min(lines.len())).unwrap_or_default();
    in_titles_year(outline, title())
        .or_else(|| top.iter().find_map(|line| whole(line.text)))
        .or_else(|| top.iter().find_map(|line| spoken_in_year(line.text, year?)))
}

/// A date with its year, wherever it stands in a text.
fn whole(text: &str) -> Option<Dates> {
    Some((find(text)?, is_range(text)))
}

/// In the title or the first line, whose year stands elsewhere in them.
fn in_titles_year(outline: &Outline<'_>, title: Option<String>) -> Option<Dates> {
    let first = outline.lines.iter().find(|line| !line.text.trim().is_empty());
    let titles = title.into_iter().chain(first.map(|line| line.text.to_owned()));
    titles.into_iter().find_map(|title| {
        let year = year_in(&title)?;
        let found = find_in_year(&title, Some(year))?;
        Some((found, is_range_in_year(&title, Some(year))))
    })
}

/// In a sentence, where the month is a word or has a unit: numbers alone may be anything.
fn spoken_in_year(line: &str, year: i16) -> Option<Dates> {
    let text = plain(line);
    let mut tokens = text.split(|c: char| !c.is_alphanumeric());
    let month =
        |word: &str| word.chars().count() >= 3 && words().month(&word.to_lowercase()).is_some();
    if !text.contains(['月', '월']) && !tokens.any(month) {
        return None;
    }
    Some((find_in_year(&text, Some(year))?, is_range_in_year(&text, Some(year))))
}
