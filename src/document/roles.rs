//! What each heading of a document is: its title, a day, a talk, a group of talks, a section.

use super::dates::DayHeading;
use super::dialect::Dialect;
use super::links;
use super::parsed::Document;
use super::speakers::{self, Likeness};
use super::title;
use super::words::words;

/// What a heading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The title of the document.
    Title,
    /// A day; the talks under it were given on it.
    Day(DayHeading),
    /// A talk.
    Talk,
    /// Several talks that follow as items of a list.
    Group,
    /// Something else that ends what stands before it.
    Other,
    /// A part of what stands before it.
    Section,
}

/// How much a heading looks like a talk by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Evidence {
    None,
    Weak,
    Strong,
}

/// The role of each heading, in their order.
pub(super) fn roles(document: &Document<'_>) -> Vec<Role> {
    let mut roles = first_roles(document);
    let first_day = roles.iter().position(|role| matches!(role, Role::Day(_)));
    let talk_level = match first_day {
        Some(first) => talks_under_days(document, &mut roles, first),
        None => talks_by_evidence(document, &mut roles),
    };
    let group_level = levels(document, &roles, Role::Group).min();
    let boundary = talk_level.or(group_level).unwrap_or(6);
    for (role, heading) in roles.iter_mut().zip(&document.outline.headings) {
        if heading.level > boundary && matches!(role, Role::Other | Role::Group) {
            *role = Role::Section;
        }
    }
    roles
}

/// Whether the document's title is that of a talk.
pub(super) fn title_is_a_talk(document: &Document<'_>) -> bool {
    let headings = &document.outline.headings;
    let first = headings.iter().position(|heading| heading.level == 1);
    first.is_some_and(|index| {
        evidence(document, index) == Evidence::Strong
            || headings.get(index).is_some_and(|h| likeness(&h.text) == Likeness::Strong)
    })
}

/// Roles that headings have by their own words.
fn first_roles(document: &Document<'_>) -> Vec<Role> {
    let headings = &document.outline.headings;
    let day = |text: &str| DayHeading::parse(text);
    let mut tops =
        headings.iter().enumerate().filter(|(_, h)| h.level == 1 && day(&h.text).is_none());
    let first_top = tops.next().map(|(index, _)| index);
    let alone = tops.next().is_none();
    let title = first_top.filter(|&index| alone || (index == 0 && document.front.title.is_none()));
    let role = |(index, heading): (usize, &super::outline::Heading)| match day(&heading.text) {
        Some(day) => Role::Day(day),
        None if Some(index) == title => Role::Title,
        None if words().is_group(&heading.text) => Role::Group,
        None => Role::Other,
    };
    headings.iter().enumerate().map(role).collect()
}

/// Talks are the headings of the level that most often comes first under a day.
fn talks_under_days(document: &Document<'_>, roles: &mut [Role], first_day: usize) -> Option<u8> {
    let mut counts = [0_usize; 7];
    let mut waiting = false;
    for (index, heading) in document.outline.headings.iter().enumerate().skip(first_day) {
        let role = roles.get(index);
        if matches!(role, Some(Role::Day(_))) {
            waiting = true;
        } else if waiting && is_candidate(document, roles, index) {
            waiting = false;
            if let Some(count) = counts.get_mut(usize::from(heading.level)) {
                *count += 1;
            }
        }
    }
    let (level, _) =
        counts.iter().enumerate().rev().max_by_key(|(_, n)| **n).filter(|(_, n)| **n > 0)?;
    let level = u8::try_from(level).ok()?;
    let talks: Vec<usize> = candidates(document, roles, level)
        .filter(|&index| index > first_day || evidence(document, index) == Evidence::Strong)
        .collect();
    mark(roles, &talks);
    Some(level)
}

/// Without days, talks are the headings of the highest level that shows them to be talks.
fn talks_by_evidence(document: &Document<'_>, roles: &mut [Role]) -> Option<u8> {
    for level in 1..=3 {
        let found: Vec<(usize, Evidence)> = candidates(document, roles, level)
            .map(|index| (index, evidence(document, index)))
            .collect();
        let count = |wanted| found.iter().filter(|(_, evidence)| *evidence == wanted).count();
        let (strong, weak) = (count(Evidence::Strong), count(Evidence::Weak));
        let most = strong + weak >= 2 && (strong + weak) * 2 >= found.len();
        let by_habit = document.dialect == Dialect::HackMd && most;
        if strong == 0 && !by_habit {
            continue;
        }
        let taken = |evidence: Evidence| most || evidence == Evidence::Strong;
        let talks: Vec<usize> =
            found.iter().filter(|(_, e)| taken(*e)).map(|(index, _)| *index).collect();
        mark(roles, &talks);
        return Some(level);
    }
    None
}

fn mark(roles: &mut [Role], talks: &[usize]) {
    for &index in talks {
        if let Some(role) = roles.get_mut(index) {
            *role = Role::Talk;
        }
    }
}

fn levels<'a>(
    document: &'a Document<'_>,
    roles: &'a [Role],
    wanted: Role,
) -> impl Iterator<Item = u8> + 'a {
    let both = roles.iter().zip(&document.outline.headings);
    both.filter(move |(role, _)| **role == wanted).map(|(_, heading)| heading.level)
}

fn candidates<'a>(
    document: &'a Document<'_>,
    roles: &'a [Role],
    level: u8,
) -> impl Iterator<Item = usize> + 'a {
    let headings = document.outline.headings.iter().enumerate();
    headings
        .filter(move |(index, heading)| {
            heading.level == level && is_candidate(document, roles, *index)
        })
        .map(|(index, _)| index)
}

/// Whether a heading can be a talk by its words.
fn is_candidate(document: &Document<'_>, roles: &[Role], index: usize) -> bool {
    let other = roles.get(index) == Some(&Role::Other);
    let words = words();
    other
        && document.outline.headings.get(index).is_some_and(|heading| {
            !words.is_not_talk(&heading.text) && !words.is_section(&heading.text)
        })
}

fn evidence(document: &Document<'_>, index: usize) -> Evidence {
    let headings = &document.outline.headings;
    let Some(heading) = headings.get(index) else {
        return Evidence::None;
    };
    let title = title::undecorate(&heading.text);
    if title.kind.is_some() || title.medal.is_some() {
        return Evidence::Strong;
    }
    let mut child_level = None;
    let mut end = document.outline.lines.len();
    let mut sections = false;
    for child in headings.iter().skip(index + 1) {
        if child.level <= heading.level {
            end = child.line;
            break;
        }
        let level = *child_level.get_or_insert(child.level);
        sections = sections || (child.level <= level && words().is_section(&child.text));
        if sections {
            break;
        }
    }
    let talk_page = || {
        let direct_end = headings.get(index + 1).map_or(end, |next| next.line.min(end));
        links::in_lines(&document.outline, heading.end, direct_end, &document.definitions)
            .iter()
            .take(5)
            .any(|link| link.is_talk_page() && link.text.chars().count() <= 24)
    };
    if sections || talk_page() {
        return Evidence::Strong;
    }
    match likeness(&heading.text) {
        Likeness::Strong => Evidence::Weak,
        _ => Evidence::None,
    }
}

fn likeness(heading: &str) -> Likeness {
    let title = title::undecorate(heading);
    speakers::part(&title.text).map_or(Likeness::None, |parted| parted.likeness)
}
