//! The day or days of an event, as the top of a document states them.

use jiff::civil::Date;

use super::{DayHeading, Resolved, find, find_in_year, is_range, is_range_in_year, year_in};
use crate::document::markdown::outline::Line;
use crate::document::parsed::Document;
use crate::document::speakers::credits;
use crate::document::title::plain;
use crate::document::words::{Label, words};

/// Lines at the top of a document in which its days are looked for.
const TOP_LINES: usize = 15;
/// The same behind a label.
const LABELLED_LINES: usize = 40;

/// A date, and whether it is the first of several.
type Dates = (Date, bool);

/// The dates of the event; one without a year is of `year`.
pub(in crate::document) fn stated(document: &Document<'_>, year: Option<i16>) -> Option<Dates> {
    let second = document.outline.headings.get(1).map_or(usize::MAX, |heading| heading.line);
    let lines = &document.outline.lines;
    let top = lines.get(..second.min(TOP_LINES).min(lines.len())).unwrap_or_default();
    in_title_or_line(document, top)
        .or_else(|| in_titles_year(document))
        .or_else(|| top.iter().find_map(|line| whole(line.text)))
        .or_else(|| top.iter().find_map(|line| leading_in_year(line.text, year?)))
        .or_else(|| top.iter().find_map(|line| spoken_in_year(line.text, year?)))
        .or_else(|| behind_label(document))
        .or_else(|| only_heading(document))
}

/// A date with its year, wherever it stands in a text.
fn whole(text: &str) -> Option<Dates> {
    Some((find(text)?, is_range(text)))
}

/// In the title, behind a label or in a line that says little more.
fn in_title_or_line(document: &Document<'_>, top: &[Line<'_>]) -> Option<Dates> {
    let told = top.iter().filter_map(|line| match credits::labelled(line.text) {
        Some((Label::Date, value)) => Some(value),
        Some(_) => None,
        None => {
            let text = plain(line.text);
            credits::stated_day(&text).map(|_| text)
        }
    });
    document.title().into_iter().chain(told).find_map(|text| whole(&text))
}

/// In the title or the first line, whose year stands elsewhere in them.
fn in_titles_year(document: &Document<'_>) -> Option<Dates> {
    let first = document.outline.lines.iter().find(|line| !line.text.trim().is_empty());
    let titles = document.title().into_iter().chain(first.map(|line| line.text.to_owned()));
    titles.into_iter().find_map(|title| {
        let year = year_in(&title)?;
        let found = find_in_year(&title, Some(year))?;
        Some((found, is_range_in_year(&title, Some(year))))
    })
}

/// At the beginning of a line or behind a label.
fn leading_in_year(line: &str, year: i16) -> Option<Dates> {
    let text = match credits::labelled(line) {
        Some((Label::Date, value)) => value,
        Some(_) => return None,
        None => plain(line.trim_start_matches(['>', ' '])),
    };
    let leading = DayHeading::leading(&text).filter(|leading| leading.day.is_date())?;
    let Resolved::Date { date, .. } = leading.day.resolve(Some(year), None) else { return None };
    Some((date, is_range_in_year(&text, Some(year))))
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

/// Behind a label farther down, as under a heading such as "About".
fn behind_label(document: &Document<'_>) -> Option<Dates> {
    let mut lines = document.outline.lines.iter().take(LABELLED_LINES);
    let found = lines.find_map(|line| match credits::labelled(line.text) {
        Some((Label::Date, value)) => whole(&value),
        _ => None,
    });
    found.or_else(|| {
        let defined = document.outline.lines.iter().zip(document.outline.lines.iter().skip(1));
        let mut defined = defined.take(LABELLED_LINES);
        defined.find_map(|(term, line)| {
            let value = line.text.trim().strip_prefix(':')?;
            (words().label(term.text) == Some(Label::Date)).then(|| whole(value)).flatten()
        })
    })
}

/// The only heading of a document that is a date with its year.
fn only_heading(document: &Document<'_>) -> Option<Dates> {
    let mut dated = document.outline.headings.iter().filter_map(|heading| {
        let text = plain(&heading.text);
        let day = DayHeading::parse(&text)?;
        (day.is_date() && day.has_year()).then(|| whole(&text)).flatten()
    });
    let first = dated.next()?;
    dated.next().is_none().then_some(first)
}
