//! The headings that may be talks, with what stands in and under them.

use super::evidence::{is_word, is_wordy};
use super::position_statistics::PositionStatistics;
use super::roles::{Role, Segment};
use super::survey::Survey;
use super::talk_draft::{TalkDraft, children};
use crate::api::{SpeakerPlacement, TalkKind};
use crate::document::dates;
use crate::document::markdown::outline::Heading;
use crate::document::parsed::Document;
use crate::document::rules;
use crate::document::speakers::positions::{Credit, SpeakerPosition};
use crate::document::speakers::{name_confidence::NameConfidence, people::People};
use crate::document::title::{self};
use crate::document::words::words;
use std::collections::{BTreeMap, BTreeSet};

/// The talks among the segments.
pub(super) fn drafts(
    survey: &Survey<'_, '_>,
    headings: &[Heading],
    segments: &[Segment],
) -> Vec<TalkDraft> {
    let (mut day_level, mut under_group) = (None, false);
    // Whether something above its day ended that day.
    let mut ended = false;
    let mut above: Option<&Heading> = None;
    let mut found: Vec<TalkDraft> = Vec::new();
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
                let mut draft = survey.draft(headings, segment, heading);
                // A day of the same level stands beside the talk, not above it.
                draft.under_day = day_level.is_some_and(|level| {
                    level > heading.level || (level < heading.level && !ended)
                });
                draft.under_group = under_group;
                draft.under_talks = above.is_some_and(|own| words().speaks_of_talk(&own.text));
                draft.credits.extend(above.and_then(|above| credit_above(survey.document, above)));
                under.push(above.map(|above| above.line));
                found.push(draft);
            }
            Role::Other | Role::Title => under_group = false,
            Role::Section => {}
        }
    }
    if !are_speakers(&under) && survey.document.stated.rule.speakers.is_none() {
        let above = |credit: &Credit| credit.position != SpeakerPosition::Above;
        found.iter_mut().for_each(|draft| draft.credits.retain(above));
    }
    for draft in &mut found {
        rules::speakers::state(survey.document, &draft.title.text, &mut draft.credits);
    }
    note_sections(headings, &mut found);
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

/// The headings, by index, that are no talks because the others show what talks look like here: they
/// have speakers, or kinds such as `Talk 3:`, and these have neither and little else.
pub(in crate::document) fn odd(
    drafts: &[TalkDraft],
    statistics: &PositionStatistics,
) -> Vec<usize> {
    let credited = |draft: &TalkDraft| draft.credits.iter().any(|credit| statistics.accept(credit));
    let kind = |draft: &TalkDraft| draft.title.kind.is_some();
    let session = |draft: &TalkDraft| draft.title.kind == Some(TalkKind::Session);
    let many = |wanted: &dyn Fn(&TalkDraft) -> bool| {
        let count = drafts.iter().filter(|draft| wanted(draft)).count();
        count >= 2 && count * 2 >= drafts.len()
    };
    let (by_speaker, by_kind) = (many(&credited), many(&session));
    let odd = drafts.iter().filter(|draft| {
        let title = &draft.title;
        let marked = title.medal.is_some() || title.start_time.is_some();
        let told = credited(draft) || kind(draft) || draft.has_page || marked;
        let text = &draft.title.text;
        let word = by_speaker && !draft.under_day && is_word(text);
        let year = by_speaker && dates::year_in(text).is_some() && text.split(' ').count() <= 4;
        let other = words().holds_break(text);
        let unlike = by_kind && (!is_wordy(text) || words().is_first_person(text));
        !told && (unlike || word || year || other)
    });
    odd.filter_map(|draft| draft.segment.heading).collect()
}

/// The speaker whose name is the heading above a talk.
fn credit_above(document: &Document<'_>, heading: &Heading) -> Option<Credit> {
    let text = title::undecorate(&heading.text).text;
    let people = People::parse(&text);
    let rule = document.stated.rule.speakers.as_ref();
    let stated = rule.is_some_and(|rule| rule.at.contains(&SpeakerPlacement::HeadingAbove));
    let likely = people.name_confidence >= NameConfidence::Medium || stated;
    let named = likely && !words().is_group(&heading.text);
    named.then_some(Credit { position: SpeakerPosition::Above, title: None, people })
}

/// Marks the talks with sections that other talks have, too, or that are known.
fn note_sections(headings: &[Heading], drafts: &mut [TalkDraft]) {
    let keys = |draft: &TalkDraft| -> BTreeSet<String> {
        let mut level = None;
        let own = children(headings, &draft.segment)
            .filter(move |child| *level.get_or_insert(child.level) >= child.level);
        own.map(|child| crate::document::naming::title_key(&child.text)).collect()
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for draft in drafts.iter() {
        for key in keys(draft) {
            *counts.entry(key).or_default() += 1;
        }
    }
    for draft in drafts.iter_mut() {
        draft.has_sections = keys(draft)
            .iter()
            .any(|key| words().is_section(key) || counts.get(key).is_some_and(|n| *n >= 2));
    }
}
