//! The day of a talk, where a rule says where it stands or which it is.

use jiff::civil::Date;

use crate::api::{DayPlacement, DaysRule};
use crate::document::dates::of_path;
use crate::document::parsed::Document;
use crate::document::stated::date;

/// Days that stand in or above a talk.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::document) struct DaysFound {
    pub above: Option<Date>,
    pub title: Option<Date>,
    pub line: Option<Date>,
}

/// The rule of a document that says where days stand; one that has only a first day says nothing of
/// it.
fn rule<'a>(document: &'a Document<'_>) -> Option<&'a DaysRule> {
    let rule = document.stated.rule.days.as_ref();
    rule.filter(|rule| !rule.at.is_empty() || rule.day.is_some())
}

/// The day of a talk by the document's rule; `None` where no rule says.
pub(in crate::document) fn stated(
    document: &Document<'_>,
    found: DaysFound,
) -> Option<Option<Date>> {
    let rule = rule(document)?;
    let at = |place: &DayPlacement| match place {
        DayPlacement::HeadingAbove => found.above,
        DayPlacement::Title => found.title,
        DayPlacement::Line => found.line,
        DayPlacement::Document => document.own_day(),
        DayPlacement::Path => of_path::day(document, None),
        DayPlacement::FrontMatter => document.front.day.or(document.front.date),
        DayPlacement::None => None,
    };
    Some(rule.at.iter().find_map(at).or(date(rule.day.as_deref())))
}

/// Whether headings that are days give talks their day.
pub(in crate::document) fn headings_count(document: &Document<'_>) -> bool {
    rule(document).is_none_or(|rule| rule.at.contains(&DayPlacement::HeadingAbove))
}

/// Whether a rule says where days stand.
pub(in crate::document) fn are_stated(document: &Document<'_>) -> bool {
    rule(document).is_some()
}
