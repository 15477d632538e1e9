//! The day that the path of a document names.

use jiff::civil::Date;

use super::{DayHeading, Resolved, find, leading_date};
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
    let part = stem.split_once(['-', '_', ' ']).filter(|(_, rest)| !rest.is_empty());
    let counted = part.and_then(|(prefix, _)| day_of_part(prefix));
    let dated = || {
        let leading = DayHeading::leading(&stem.replace('_', " ")).map(|leading| leading.day);
        let leading = leading.filter(|day| day.has_year());
        leading.or_else(|| find(stem).or_else(|| leading_date(stem)).map(DayHeading::of))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Format;
    use crate::document::report::Report;

    #[test]
    fn days_in_paths() {
        for (path, expected) in [
            ("2031/14-mai/README.md", Some("2031-05-14")),
            ("notes/2031-05-14-HARBOR.md", Some("2031-05-14")),
            ("notes/2031-05-14-0930-harbor-tides.md", Some("2031-05-14")),
            ("harbor.dev-2031-05-14.md", Some("2031-05-14")),
            ("_posts/2031-05-14-harbor.md", None),
            ("harbor-2031.md", None),
        ] {
            let document =
                Document::new(path, "# Tides", Format::Auto, &mut Report::new(path)).unwrap();
            let found = day_of_event(&document).map(|day| day.to_string());
            assert_eq!(found.as_deref(), expected, "{path}");
        }
    }
}
