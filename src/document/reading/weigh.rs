//! The readings that a document allows, weighed by evidence.

use std::collections::BTreeSet;

use super::evidence::{self, Evidence, THRESHOLD, ratio};
use super::habits::Habits;
use super::headings;
use super::items::{self, ItemMark};
use super::lines::with_days;
use super::marks::Mark;
use super::roles::{self, Role, Segment};
use super::single;
use super::surroundings::Surroundings;
use super::survey::Survey;
use super::tables;
use crate::api::{TalkPlacement, TalksRule};
use crate::document::markdown::links;
use crate::document::markdown::outline::{BOLD, Heading, LABELLED};
use crate::document::parsed::Document;
use crate::document::speakers::seats::Credit;
use crate::document::words::words;

/// Where the talks of a document stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Shape {
    /// Headings of this level; lines in bold count as [`BOLD`].
    Headings(u8),
    /// Items of lists.
    Items,
    /// The document is about one talk.
    Whole,
}

/// One reading of a document.
#[derive(Debug)]
pub(in crate::document) struct Candidate {
    pub shape: Shape,
    pub evidence: Vec<Evidence>,
    pub score: f32,
    pub headings: Vec<Heading>,
    pub segments: Vec<Segment>,
    pub marks: Vec<Mark>,
    pub habits: Habits,
    pub items: Vec<ItemMark>,
    pub item_habits: Habits,
}

/// The best reading of a document; none where it has no talks.
#[derive(Debug)]
pub(in crate::document) struct Choice {
    pub best: Option<Candidate>,
    /// The one that came second, or the first where the evidence is too weak.
    pub runner_up: Option<Candidate>,
}

impl Shape {
    /// What talks are, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Headings(1) => "each heading of level 1 is a talk",
            Self::Headings(2) => "each heading of level 2 is a talk",
            Self::Headings(3) => "each heading of level 3 is a talk",
            Self::Headings(BOLD) => "each line in bold is a talk",
            Self::Headings(LABELLED) => "each line above that of its speaker is a talk",
            Self::Headings(5) => "each heading of level 5 is a talk",
            Self::Headings(6) => "each heading of level 6 is a talk",
            Self::Headings(_) => "each heading of level 4 is a talk",
            Self::Items => "items of lists are talks",
            Self::Whole => "the whole document is about one talk",
        }
    }
}

/// The reading that a document's rule states, or the one with the most evidence.
pub(in crate::document) fn weigh(document: &Document<'_>, around: &Surroundings) -> Choice {
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
        TalkPlacement::ListItem => items(survey),
        TalkPlacement::None => None,
    }
}

/// Whether the only talk would be the title: that of an event or, at level 1, of one talk.
fn is_title_only(found: &Candidate) -> bool {
    found.marks.len() == 1
        && (matches!(found.shape, Shape::Headings(1 | LABELLED))
            || is_title_of_event(&found.marks, &found.habits))
}

/// Weighs all readings of a document.
fn detect(survey: &Survey<'_, '_>, around: &Surroundings) -> Choice {
    let mut candidates: Vec<Candidate> = Vec::new();
    candidates.extend(single::weigh(survey, around));
    let levels = (1..=6).chain([BOLD, LABELLED]);
    let found = levels.filter_map(|level| headings::candidate(survey, level));
    candidates.extend(found.filter(|found| !is_title_only(found)));
    candidates.extend(items(survey));
    prefer_bold(&mut candidates);
    prefer_items(survey.document, &mut candidates);
    // Stable: of two that are equal the first counts, the one with the larger talks.
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut ranked = candidates.into_iter();
    let first = ranked.next();
    if first.as_ref().is_some_and(|candidate| candidate.score >= THRESHOLD) {
        Choice { best: first, runner_up: ranked.next() }
    } else {
        Choice { best: None, runner_up: first }
    }
}

/// Under a title that names an event, a list of several talks with speakers is what it is about: their
/// speakers are not those of one talk.
fn prefer_items(document: &Document<'_>, candidates: &mut Vec<Candidate>) {
    let credited = |own: &Candidate| {
        let accepted = |credit: &Credit| own.item_habits.accept(credit);
        own.items.iter().filter(|item| item.credits.iter().any(accepted)).count()
    };
    let found = candidates.iter().find(|own| own.shape == Shape::Items);
    let several = found.is_some_and(|own| own.score >= THRESHOLD && credited(own) >= 3);
    let event = document.title().is_some_and(|title| words().is_event(&title));
    if several && event && !document.front.speaks_of_a_talk() {
        candidates.retain(|own| own.shape != Shape::Whole);
    }
}

/// Where labels stand under lines in bold, these lines are the talks: those without a label, too.
fn prefer_bold(candidates: &mut Vec<Candidate>) {
    let of = |level| candidates.iter().find(move |own| own.shape == Shape::Headings(level));
    let Some((bold, labelled)) = of(BOLD).zip(of(LABELLED)) else { return };
    let lines: BTreeSet<usize> = bold.marks.iter().map(|mark| mark.segment.start).collect();
    let all = labelled.marks.iter().all(|mark| lines.contains(&mark.segment.start));
    if all && lines.len() <= labelled.marks.len() * 2 && bold.score + 3.0 >= labelled.score {
        candidates.retain(|own| own.shape != Shape::Headings(LABELLED));
    }
}

impl Candidate {
    /// A reading with its evidence and nothing else yet.
    pub fn new(shape: Shape, evidence: Vec<Evidence>) -> Self {
        Self {
            shape,
            score: evidence.iter().map(|evidence| evidence.points).sum(),
            evidence,
            headings: Vec::new(),
            segments: Vec::new(),
            marks: Vec::new(),
            habits: Habits::default(),
            items: Vec::new(),
            item_habits: Habits::default(),
        }
    }
}

/// Whether the only talk is the title of an event.
fn is_title_of_event(marks: &[Mark], habits: &Habits) -> bool {
    marks.iter().all(|mark| {
        let event = words().is_event(&mark.title.text) || words().is_event_notes(&mark.title.text);
        event && !mark.credits.iter().any(|credit| credit.title.is_some() && habits.accept(credit))
    })
}

/// The reading in which talks are items of lists.
fn items(survey: &Survey<'_, '_>) -> Option<Candidate> {
    let document = survey.document;
    let headings = with_days(document);
    let roles = roles::roles(document, &headings, BOLD);
    let segments = roles::segments(document, &headings, &roles);
    let items = items::items(document, &headings, &segments, Some(&survey.topic));
    let item_habits = Habits::of(items.iter().map(|item| item.credits.as_slice()));
    if items.is_empty() {
        return None;
    }
    let told = |text: &str| !text.is_empty() && links::definition(text).is_none();
    let written = document.outline.lines.iter().filter(|line| told(line.text.trim())).count();
    let written = written.saturating_sub(tables::header_lines(document));
    let covered: usize = items.iter().map(|item| item.item.end - item.item.line).sum();
    let rest = (1.0 - ratio(covered, written)).max(0.0);
    let grouped = items.iter().filter(|item| item.under_group).count();
    let alike = items.iter().filter(|item| item.is_alike).count();
    // Reports wrap their lists in prose.
    let alike = alike >= 3 && alike * 5 >= items.len() * 3;
    let rest_counts = -6.0 + 3.0 * ratio(grouped, items.len());
    let rest_counts = if alike { rest_counts / 2.0 } else { rest_counts };
    let mut evidence = survey.topic.evidence();
    evidence.extend(evidence::of_items(document, &items, &item_habits, 1.0));
    evidence.extend([
        Evidence { what: "the rest of the document", points: rest_counts * rest },
        Evidence { what: "only one", points: if items.len() > 1 { 0.0 } else { -4.0 } },
    ]);
    evidence.retain(|evidence| evidence.points != 0.0);
    let segments = segments
        .into_iter()
        .map(|segment| Segment {
            role: match segment.role {
                Role::Talk => Role::Other,
                role => role,
            },
            ..segment
        })
        .collect();
    Some(Candidate {
        headings,
        segments,
        items,
        item_habits,
        ..Candidate::new(Shape::Items, evidence)
    })
}
