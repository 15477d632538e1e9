//! The readings that a document allows, and the one that has the most evidence.

use std::collections::BTreeSet;

use super::candidate::{Candidate, Shape};
use super::evidence::{ELSEWHERE, SURE, THRESHOLD};
use super::headings;
use super::listed;
use super::single;
use super::surroundings::Surroundings;
use super::survey::Survey;
use crate::api::{TalkPlacement, TalksRule};
use crate::document::markdown::outline::{BOLD, LABELLED};
use crate::document::parsed::Document;

/// The best reading of a document; none where it has no talks.
#[derive(Debug)]
pub(in crate::document) struct Choice {
    pub best: Option<Candidate>,
    /// The one that came second, or the first where the evidence is too weak.
    pub runner_up: Option<Candidate>,
}

impl Choice {
    /// The reading of `document` that may be right, where it is too unsure to be taken.
    pub fn unsure(&self, document: &Document<'_>) -> Option<&Candidate> {
        let undecided = self.best.is_none() && document.stated.rule.talks.is_none();
        let weak = self.runner_up.as_ref().filter(|_| undecided);
        weak.filter(|own| own.score >= THRESHOLD)
    }
}

/// The reading that a document's rule states, or the one with the most evidence.
pub(in crate::document) fn select(document: &Document<'_>, around: &Surroundings) -> Choice {
    let survey = Survey::of(document);
    let detected = detect(&survey, around);
    match document.stated.rule.talks {
        None => detected,
        Some(talks) => Choice {
            best: stated(&survey, around, talks),
            runner_up: detected.best.or(detected.runner_up),
        },
    }
}

fn stated(survey: &Survey<'_, '_>, around: &Surroundings, talks: TalksRule) -> Option<Candidate> {
    match talks.at {
        TalkPlacement::Document => Some(single::stated(survey, around)),
        TalkPlacement::Heading => {
            talks.level.and_then(|level| headings::candidate(survey, u8::try_from(level).ok()?))
        }
        TalkPlacement::BoldLine => headings::candidate(survey, BOLD),
        TalkPlacement::LabelledLine => headings::candidate(survey, LABELLED),
        TalkPlacement::ListItem => listed::candidate(survey),
        TalkPlacement::None => None,
    }
}

/// Whether the only talk would be the title: that of an event or, at level 1, of one talk.
fn is_title_only(found: &Candidate) -> bool {
    found.drafts.len() == 1 && matches!(found.shape, Shape::Headings(1 | LABELLED))
}

/// Scores all readings of a document.
fn detect(survey: &Survey<'_, '_>, around: &Surroundings) -> Choice {
    let mut candidates: Vec<Candidate> = Vec::new();
    candidates.extend(single::select(survey, around));
    let levels = (1..=6).chain([BOLD, LABELLED]);
    let found = levels.filter_map(|level| headings::candidate(survey, level));
    candidates.extend(found.filter(|found| !is_title_only(found)));
    candidates.extend(listed::candidate(survey));
    prefer_bold(&mut candidates);
    if around.is_elsewhere {
        candidates.iter_mut().for_each(|own| own.add(ELSEWHERE));
    }
    // Stable: of two that are equal the first counts, the one with the larger talks.
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut ranked = candidates.into_iter();
    let first = ranked.next();
    if first.as_ref().is_some_and(|candidate| candidate.score >= SURE) {
        Choice { best: first, runner_up: ranked.next() }
    } else {
        Choice { best: None, runner_up: first }
    }
}

/// Where labels stand under lines in bold, these lines are the talks: those without a label, too.
fn prefer_bold(candidates: &mut Vec<Candidate>) {
    let of = |level| candidates.iter().find(move |own| own.shape == Shape::Headings(level));
    let Some((bold, labelled)) = of(BOLD).zip(of(LABELLED)) else { return };
    let lines: BTreeSet<usize> = bold.drafts.iter().map(|draft| draft.segment.start).collect();
    let all = labelled.drafts.iter().all(|draft| lines.contains(&draft.segment.start));
    if all && lines.len() <= labelled.drafts.len() * 2 && bold.score + 3.0 >= labelled.score {
        candidates.retain(|own| own.shape != Shape::Headings(LABELLED));
    }
}
