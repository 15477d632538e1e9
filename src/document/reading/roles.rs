//! What each heading of a document is, if talks are the headings of one level.

use super::lines::is_span;
use crate::document::dates::{self, DayHeading, Leading};
use crate::document::markdown::outline::Heading;
use crate::document::naming::title_key;
use crate::document::parsed::Document;
use crate::document::title;
use crate::document::words::words;

/// What a heading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Role {
    /// The title of the document.
    Title,
    /// A day; the talks under it were given on it.
    Day(DayHeading),
    /// A talk.
    Talk,
    /// Several talks that follow under it.
    Group,
    /// Something else that ends what stands before it.
    Other,
    /// A part of what stands before it.
    Section,
}

/// The lines under a heading up to the next one that ends them.
#[derive(Clone, Copy, Debug)]
pub(in crate::document) struct Segment {
    pub role: Role,
    /// Index of its heading; `None` for what stands before the first one.
    pub heading: Option<usize>,
    /// Index of its first line, the heading's.
    pub start: usize,
    /// Index of the first line under the heading.
    pub body: usize,
    /// Index of the line after its last.
    pub end: usize,
}

/// The role of each heading where talks are those of `level`.
pub(in crate::document) fn roles(
    document: &Document<'_>,
    headings: &[Heading],
    level: u8,
) -> Vec<Role> {
    let days = days(headings, level);
    let title = title_index(document, headings, &days, level);
    let repeated = repeated(headings, level);
    let mut roles = Vec::with_capacity(headings.len());
    // The level of the last heading whose parts cannot be talks.
    let mut closed: Option<u8> = None;
    for (index, heading) in headings.iter().enumerate() {
        let day = days.get(index).copied().flatten();
        if closed.is_some_and(|closed| heading.level <= closed || day.is_some()) {
            closed = None;
        }
        let role = if let Some(day) = day {
            Role::Day(day)
        } else if title == Some(index) {
            Role::Title
        } else if heading.level > level || closed.is_some() {
            Role::Section
        } else {
            let over = headings.get(index + 1).is_some_and(|next| {
                next.level > heading.level
                    && next.level <= level
                    && days.get(index + 1).copied().flatten().is_none()
            });
            if over && heading.level < level && words().is_programme(&heading.text) {
                Role::Group
            } else {
                by_words(heading, level, repeated.contains(&index))
            }
        };
        if role == Role::Other && heading.level <= level {
            closed = closed.or((words().is_not_talk(&heading.text)).then_some(heading.level));
        }
        roles.push(role);
    }
    roles
}

fn by_words(heading: &Heading, level: u8, repeated: bool) -> Role {
    let text = title::undecorate(&heading.text).text;
    let words = words();
    let no_talk = words.is_not_talk(&heading.text) || words.is_not_talk(&text);
    if words.is_group(&heading.text) || (heading.level < level && !no_talk) {
        Role::Group
    } else if is_span(&title::plain(&heading.text)) {
        Role::Other
    } else if heading.level == level && !no_talk && !repeated && !words.is_section(&heading.text) {
        Role::Talk
    } else {
        Role::Other
    }
}

/// The day that a heading begins with, or that ends it with its date: `Harbor Days, Day 1 - 14 May 2031`.
fn day_in(heading: &str) -> Option<Leading> {
    let text = title::plain(heading);
    DayHeading::leading(&text).or_else(|| {
        let starts = text.rmatch_indices(' ').take(5);
        let starts = starts.filter_map(|(at, mark)| text.get(at + mark.len()..));
        let ends = starts.filter_map(DayHeading::parse);
        let day = ends.filter(|day| day.is_date() && day.has_year()).last()?;
        Some(Leading { day, rest: text.clone() })
    })
}

/// Whether the day of a heading stands at its end, where it may be that of the whole event.
fn is_last(leading: &Leading, heading: &Heading) -> bool {
    leading.rest == title::plain(&heading.text)
}

/// The headings that are days. Where more than a day stands in them, their neighbours decide.
fn days(headings: &[Heading], level: u8) -> Vec<Option<DayHeading>> {
    let mut leading: Vec<Option<Leading>> =
        headings.iter().map(|heading| day_in(&heading.text)).collect();
    let mut own: Vec<_> = leading.iter_mut().flatten().map(|leading| &mut leading.day).collect();
    dates::in_likely_order(&mut own);
    let counted = |level: u8| {
        let same = headings.iter().zip(&leading).filter(|(heading, _)| heading.level == level);
        same.filter(|(_, leading)| leading.is_some()).count()
    };
    let is_day = |index: usize, heading: &Heading, leading: &Leading| {
        let next = headings.get(index + 1);
        let over = next.is_some_and(|next| next.level > heading.level);
        let inverted = next.is_some_and(|next| next.level < heading.level);
        if heading.level > level {
            return leading.rest.is_empty() && inverted;
        }
        leading.rest.is_empty()
            || words().is_day_tail(&leading.rest)
            || (over
                && heading.level < level
                && (leading.day.is_date() && !is_last(leading, heading)
                    || counted(heading.level) >= 2))
    };
    let day = |(index, (heading, leading)): (usize, (&Heading, &Option<Leading>))| {
        leading
            .as_ref()
            .filter(|leading| is_day(index, heading, leading))
            .map(|leading| leading.day)
    };
    headings.iter().zip(&leading).enumerate().map(day).collect()
}

/// The heading that is the title of the document: its only one of level 1, or the first where talks
/// stand deeper or it names an event.
fn title_index(
    document: &Document<'_>,
    headings: &[Heading],
    days: &[Option<DayHeading>],
    level: u8,
) -> Option<usize> {
    let told = document.front.title.as_deref().map(title_key);
    let again = |heading: &&Heading| Some(title_key(&heading.text)) == told;
    if headings.len() > 1 && headings.first().filter(again).is_some() {
        return Some(0);
    }
    let plain = || headings.iter().zip(days).enumerate().filter(|(_, (_, day))| day.is_none());
    let top = plain().map(|(_, (heading, _))| heading.level).min()?;
    let names_event = |text: &str| {
        (words().is_event(text) || words().is_event_notes(text)) && !words().is_group(text)
    };
    // Where nothing stands at level 1, the first heading may be the title all the same.
    if top > 1 && level > top {
        let mut same = plain().filter(|(_, (heading, _))| heading.level == top);
        let (first, (heading, _)) = same.next()?;
        let others = same.any(|(_, (other, _))| words().is_event(&other.text));
        let titled = document.front.title.is_some();
        return (first == 0 && !titled && !others && names_event(&heading.text)).then_some(first);
    }
    if top > 1 {
        let heading = headings.first()?;
        let credited = super::position_statistics::is_credited(&heading.text);
        let told = words().is_event(&heading.text) || dates::find(&heading.text).is_some();
        let title = heading.level == level && told && !credited;
        return (title && headings.len() > 1).then_some(0);
    }
    let mut tops = plain().filter(|(_, (heading, _))| heading.level == 1);
    let (first, (heading, _)) = tops.next()?;
    let more = tops.next().is_some();
    if level > 1 {
        return (!more || (first == 0 && document.front.title.is_none())).then_some(first);
    }
    let credited = super::position_statistics::is_credited(&heading.text);
    let event = words().is_event(&heading.text) || dates::year_in(&heading.text).is_some();
    (first == 0 && more && event && !credited).then_some(first)
}

/// Headings of `level` whose text stands there three times or more: parts of each talk.
fn repeated(headings: &[Heading], level: u8) -> std::collections::BTreeSet<usize> {
    let mut seen: std::collections::BTreeMap<String, Vec<usize>> =
        std::collections::BTreeMap::new();
    for (index, heading) in headings.iter().enumerate().filter(|(_, h)| h.level == level) {
        seen.entry(title_key(&heading.text)).or_default().push(index);
    }
    seen.into_values().filter(|places| places.len() >= 3).flatten().collect()
}

/// The lines of each heading that is no section, and of what stands before the first.
pub(in crate::document) fn segments(
    document: &Document<'_>,
    headings: &[Heading],
    roles: &[Role],
) -> Vec<Segment> {
    let end = document.outline.lines.len();
    let preamble = Segment { role: Role::Other, heading: None, start: 0, body: 0, end };
    let mut segments = vec![preamble];
    for (index, (heading, role)) in headings.iter().zip(roles).enumerate() {
        if *role == Role::Section {
            continue;
        }
        if let Some(last) = segments.last_mut() {
            last.end = heading.line;
        }
        let (start, body) = (heading.line, heading.end);
        segments.push(Segment { role: *role, heading: Some(index), start, body, end });
    }
    segments
}
