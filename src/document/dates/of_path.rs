//! The day that the path of a document names.

use jiff::civil::Date;

use super::{DayHeading, Resolved, leading_date};
use crate::document::parsed::Document;

/// The date of the folder or file that names a day, where `start` is the first day of the event by an
/// index.
pub(in crate::document) fn day(document: &Document<'_>, start: Option<Date>) -> Option<Date> {
    let named = day_of_folder(document).into_iter().chain(day_of_file(document));
    named.into_iter().find_map(|day| resolve(document, day, start))
}

/// The same where it is that of the talks rather than that of a post, and nothing in the document says
/// another.
pub(in crate::document) fn day_of_event(document: &Document<'_>) -> Option<Date> {
    (!document.is_post() && !document.states_days()).then(|| day(document, None)).flatten()
}

/// The day that a file such as `j1-5-title.md` or `2031-05-14-0930-title.md` names.
pub(in crate::document) fn day_of_file(document: &Document<'_>) -> Option<DayHeading> {
    let stem = document.stem();
    let (prefix, rest) = stem.split_once(['-', '_', ' '])?;
    let counted = (!rest.is_empty()).then(|| day_of_part(prefix)).flatten();
    let dated = || {
        let leading = DayHeading::leading(&stem.replace('_', " ")).map(|leading| leading.day);
        leading.filter(|day| day.has_year()).or_else(|| leading_date(stem).map(DayHeading::of))
    };
    counted.or_else(dated)
}

/// The day that a folder such as `Monday` or `2031-05-14 Harbor` names.
fn day_of_folder(document: &Document<'_>) -> Option<DayHeading> {
    let dated = |folder: &str| {
        DayHeading::leading(&folder.replace('_', " "))
            .or_else(|| DayHeading::leading(folder.get(..10)?))
            .filter(|leading| leading.day.has_year() && leading.day.is_date())
            .map(|leading| leading.day)
    };
    let mut folders = document.path.rsplit('/').skip(1);
    folders.find_map(|folder| day_of_part(folder).or_else(|| dated(folder)))
}

/// The day that a part of a path is.
pub(in crate::document) fn day_of_part(part: &str) -> Option<DayHeading> {
    DayHeading::parse(&part.replace(['_', '-'], " ")).or_else(|| DayHeading::parse(part))
}

/// A day as a date, where `start` is the first day of the event by an index.
pub(in crate::document) fn resolve(
    document: &Document<'_>,
    day: DayHeading,
    start: Option<Date>,
) -> Option<Date> {
    let year = document.year().or(start.map(Date::year));
    let start = document.stated.start().or(start).or(document.front.date);
    match day.resolve(year, start) {
        Resolved::Date { date, .. } => Some(date),
        _ => None,
    }
}
