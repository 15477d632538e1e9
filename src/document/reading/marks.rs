//! The headings that may be talks, with what stands in and under them.

use super::below::Below;
use super::evidence::{is_word, is_wordy};
use super::habits::Habits;
use super::roles::{Role, Segment};
use super::survey::Survey;
use crate::api::{LinkKind, SpeakerPlacement, TalkKind};
use crate::document::dates;
use crate::document::markdown::links::FoundLink;
use crate::document::markdown::outline::Heading;
use crate::document::parsed::Document;
use crate::document::rules;
use crate::document::speakers::credits::{self, Under};
use crate::document::speakers::in_title;
use crate::document::speakers::seats::{Credit, Seat};
use crate::document::speakers::{likeness::Likeness, people::People};
use crate::document::title::{self, Title};
use crate::document::words::words;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A heading that may be a talk, with what stands in and under it.
#[derive(Clone, Debug)]
pub(in crate::document) struct Mark {
    pub segment: Segment,
    pub title: Title,
    /// How much the title itself looks like a name.
    pub named: Likeness,
    pub credits: Vec<Credit>,
    /// Day and room that lines under the heading state.
    pub day: Option<Date>,
    pub room: Option<String>,
    pub under_day: bool,
    pub under_group: bool,
    /// Whether the heading above speaks of talks.
    pub under_talks: bool,
    pub has_page: bool,
    pub has_sections: bool,
    pub below: Below,
}

/// The talks among the segments.
pub(super) fn marks(
    survey: &Survey<'_, '_>,
    headings: &[Heading],
    segments: &[Segment],
) -> Vec<Mark> {
    let (mut day_level, mut under_group) = (None, false);
    // Whether something above its day ended that day.
    let mut ended = false;
    let mut above: Option<&Heading> = None;
    let mut found: Vec<Mark> = Vec::new();
    let mut under: Vec<Option<usize>> = Vec::new();
    for segment in segments {
        let Some(heading) = segment.heading.and_then(|index| headings.get(index)) else { continue };
        ended |= day_level.is_some_and(|level| heading.level < level);
        above = above.filter(|above| above.level < heading.level);
        match segment.role {
            Role::Day(_) => {
                (day_level, under_group, ended) = (Some(heading.level), false, false);
                above = None;
            }
            Role::Group => {
                under_group = words().is_group(&heading.text);
                above = Some(heading);
            }
            Role::Talk => {
                let mut mark = survey.mark(headings, segment, heading);
                // A day of the same level stands beside the talk, not above it.
                mark.under_day = day_level.is_some_and(|level| {
                    level > heading.level || (level < heading.level && !ended)
                });
                mark.under_group = under_group;
                mark.under_talks = above.is_some_and(|own| words().speaks_of_talk(&own.text));
                mark.credits.extend(above.and_then(|above| credit_above(survey.document, above)));
                under.push(above.map(|above| above.line));
                found.push(mark);
            }
            Role::Other | Role::Title => under_group = false,
            Role::Section => {}
        }
    }
    if !are_speakers(&under) && survey.document.stated.rule.speakers.is_none() {
        let above = |credit: &Credit| credit.seat != Seat::Above;
        found.iter_mut().for_each(|mark| mark.credits.retain(above));
    }
    for mark in &mut found {
        rules::speakers::state(survey.document, &mark.title.text, &mut mark.credits);
    }
    mark_sections(headings, &mut found);
    found
}

/// Whether the headings above talks, by line, may be their speakers: hardly anybody gives several
/// talks, but talks have several parts.
fn are_speakers(above: &[Option<usize>]) -> bool {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    above.iter().flatten().for_each(|line| *counts.entry(*line).or_default() += 1);
    let single = counts.values().filter(|count| **count == 1).count();
    single * 2 >= counts.len()
}

/// A heading with what stands in it and directly under it, up to the next one.
#[derive(Clone)]
pub(super) struct Direct {
    mark: Mark,
    under: Under,
}

impl Direct {
    /// Reads the heading of a segment and the lines up to `end`.
    pub fn of(document: &Document<'_>, segment: &Segment, heading: &Heading, end: usize) -> Self {
        let title = title::undecorate(&heading.text);
        let pages = document.links(heading.line, end);
        let slides =
            |link: &FoundLink| link.to_link().and_then(|link| link.kind) == Some(LinkKind::Slides);
        let page = |link: &FoundLink| {
            let titled = link.line == heading.line;
            link.is_talk_page() && (titled || link.text.chars().count() <= 24)
                || titled && slides(link)
        };
        let mut credits = in_title::credits(&title.text);
        credits.extend(in_title::before_comma(&title.text));
        let mark = Mark {
            segment: *segment,
            named: People::parse(&title.text).likeness,
            credits,
            title,
            day: None,
            room: None,
            under_day: false,
            under_group: false,
            under_talks: false,
            has_page: pages.iter().take(5).any(page),
            has_sections: false,
            below: Below::of(document, segment, end, pages),
        };
        Self { mark, under: credits::under(document, segment.body, end) }
    }

    /// The heading as the talk of `segment`; `child` is the first heading in it.
    pub fn into_mark(self, segment: &Segment, child: Option<&Heading>) -> Mark {
        let Self { mut mark, mut under } = self;
        if let Some(child) = child {
            under = under.with_child(child);
        }
        mark.credits.extend(under.credits);
        Mark { segment: *segment, day: under.day, room: under.room, ..mark }
    }
}

/// The headings, by index, that are no talks because the others show what talks look like here: they
/// have speakers, or kinds such as `Talk 3:`, and these have neither and little else.
pub(in crate::document) fn odd(marks: &[Mark], habits: &Habits) -> Vec<usize> {
    let credited = |mark: &Mark| mark.credits.iter().any(|credit| habits.accept(credit));
    let kind = |mark: &Mark| mark.title.kind.is_some();
    let session = |mark: &Mark| mark.title.kind == Some(TalkKind::Session);
    let many = |wanted: &dyn Fn(&Mark) -> bool| {
        let count = marks.iter().filter(|mark| wanted(mark)).count();
        count >= 2 && count * 2 >= marks.len()
    };
    let (by_speaker, by_kind) = (many(&credited), many(&session));
    let odd = marks.iter().filter(|mark| {
        let title = &mark.title;
        let marked = title.medal.is_some() || title.start_time.is_some();
        let told = credited(mark) || kind(mark) || mark.has_page || marked;
        let text = &mark.title.text;
        let word = by_speaker && !mark.under_day && is_word(text);
        let year = by_speaker && dates::year_in(text).is_some() && text.split(' ').count() <= 4;
        let other = words().holds_break(text);
        let unlike = by_kind && (!is_wordy(text) || words().is_first_person(text));
        !told && (unlike || word || year || other)
    });
    odd.filter_map(|mark| mark.segment.heading).collect()
}

/// The speaker whose name is the heading above a talk.
fn credit_above(document: &Document<'_>, heading: &Heading) -> Option<Credit> {
    let text = title::undecorate(&heading.text).text;
    let people = People::parse(&text);
    let rule = document.stated.rule.speakers.as_ref();
    let stated = rule.is_some_and(|rule| rule.at.contains(&SpeakerPlacement::HeadingAbove));
    let likely = people.likeness >= Likeness::Medium || stated;
    let named = likely && !words().is_group(&heading.text);
    named.then_some(Credit { seat: Seat::Above, title: None, people })
}

/// The headings under that of a segment.
pub(super) fn children<'h>(
    headings: &'h [Heading],
    segment: &Segment,
) -> impl Iterator<Item = &'h Heading> + use<'h> {
    let (from, end) = (segment.heading.map_or(0, |index| index + 1), segment.end);
    headings.get(from..).unwrap_or_default().iter().take_while(move |heading| heading.line < end)
}

/// Marks the talks with sections that other talks have, too, or that are known.
fn mark_sections(headings: &[Heading], marks: &mut [Mark]) {
    let keys = |mark: &Mark| -> BTreeSet<String> {
        let mut level = None;
        let own = children(headings, &mark.segment)
            .filter(move |child| *level.get_or_insert(child.level) >= child.level);
        own.map(|child| crate::document::naming::title_key(&child.text)).collect()
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for mark in marks.iter() {
        for key in keys(mark) {
            *counts.entry(key).or_default() += 1;
        }
    }
    for mark in marks.iter_mut() {
        mark.has_sections = keys(mark)
            .iter()
            .any(|key| words().is_section(key) || counts.get(key).is_some_and(|n| *n >= 2));
    }
}
