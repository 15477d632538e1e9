//! The readings that a document allows, weighed by evidence.

use super::evidence::{self, Evidence, THRESHOLD, ratio};
use super::habits::Habits;
use super::roles::{self, Role, Segment};
use super::single;
use super::surroundings::Surroundings;
use super::{
    items::{self, ItemMark},
    marks::{self, Mark},
};
use crate::api::{TalkPlacement, TalksRule};
use crate::document::dates::DayHeading;
use crate::document::markdown::outline::{BOLD, Heading, LABELLED};
use crate::document::naming::title_key;
use crate::document::parsed::Document;
use crate::document::speakers::{credits, lines};
use crate::document::title;
use crate::document::words::{Label, words};
use std::collections::BTreeSet;

/// Marks in front of a line that stands for a heading: `■ 8月23日`.
const DAY_MARKS: &[char] = &['■', '□', '◆', '◇', '●', '○', '▼', '▽', '★', '☆', ' '];

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
    let detected = detect(document, around);
    match document.stated.rule.talks {
        None => detected,
        Some(talks) => Choice {
            best: stated(document, around, talks),
            runner_up: detected.best.or(detected.runner_up),
        },
    }
}

fn stated(document: &Document<'_>, around: &Surroundings, talks: TalksRule) -> Option<Candidate> {
    match talks.at {
        TalkPlacement::Document => Some(single::stated(document, around)),
        TalkPlacement::Heading => {
            talks.level.and_then(|level| headings(document, u8::try_from(level).ok()?))
        }
        TalkPlacement::BoldLine => headings(document, BOLD),
        TalkPlacement::LabelledLine => headings(document, LABELLED),
        TalkPlacement::ListItem => items(document),
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
fn detect(document: &Document<'_>, around: &Surroundings) -> Choice {
    let mut candidates: Vec<Candidate> = Vec::new();
    candidates.extend(single::weigh(document, around));
    let levels = (1..=4).chain([BOLD, LABELLED]);
    let found = levels.filter_map(|level| headings(document, level));
    candidates.extend(found.filter(|found| !is_title_only(found)));
    candidates.extend(items(document));
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

/// The reading in which talks are the headings of `level`.
fn headings(document: &Document<'_>, level: u8) -> Option<Candidate> {
    let headings = with_lines(document, level);
    if !headings.iter().any(|heading| heading.level == level) {
        return None;
    }
    let mut roles = roles::roles(document, &headings, level);
    let mut segments = roles::segments(document, &headings, &roles);
    let mut marks = marks::marks(document, &headings, &segments);
    let mut habits = Habits::of(marks.iter().map(|mark| mark.credits.as_slice()));
    let odd = marks::odd(&marks, &habits);
    if !odd.is_empty() {
        for index in odd {
            if let Some(role) = roles.get_mut(index) {
                *role = Role::Other;
            }
        }
        segments = roles::segments(document, &headings, &roles);
        marks = marks::marks(document, &headings, &segments);
        habits = Habits::of(marks.iter().map(|mark| mark.credits.as_slice()));
    }
    let mut items = items::items(document, &headings, &segments, false);
    let agenda = items::agenda(document, &segments);
    let told = told_twice(&agenda, &marks, &habits);
    if told > 0.0 {
        items.extend(agenda);
        items.sort_by_key(|mark| mark.item.line);
        items.dedup_by_key(|mark| mark.item.line);
    }
    let item_habits = Habits::of(items.iter().map(|item| item.credits.as_slice()));
    if marks.is_empty() {
        return None;
    }
    let mut evidence = evidence::of_headings(document, &headings, &segments, &marks, &habits);
    evidence.push(Evidence { what: "the agenda names them", points: 5.0 * told });
    let share = ratio(items.len(), items.len() + marks.len());
    evidence.extend(evidence::of_items(document, &items, &item_habits, share));
    evidence.push(Evidence {
        what: "how many there are",
        points: if marks.len() > 1 { 0.5 } else { 0.0 },
    });
    match level {
        BOLD => evidence.push(Evidence { what: "lines in bold are seldom talks", points: -1.5 }),
        LABELLED => evidence.push(Evidence { what: "lines are seldom talks", points: -1.0 }),
        _ => {}
    }
    Some(Candidate {
        headings,
        segments,
        marks,
        habits,
        items,
        item_habits,
        ..Candidate::new(Shape::Headings(level), evidence)
    })
}

/// The share of the talks that a table names, too; 0 where it is less than half.
fn told_twice(agenda: &[ItemMark], marks: &[Mark], habits: &Habits) -> f32 {
    let known: BTreeSet<String> = agenda.iter().map(|row| title_key(&row.title.text)).collect();
    let twice = marks.iter().filter(|mark| {
        let (title, _) = habits.choose(&mark.title.text, &mark.credits);
        known.contains(&title_key(&title))
    });
    let share = ratio(twice.count(), marks.len());
    if share >= 0.5 { share } else { 0.0 }
}

/// The headings of a document, with lines that stand for headings of `level`.
fn with_lines(document: &Document<'_>, level: u8) -> Vec<Heading> {
    let outline = &document.outline;
    let mut headings = outline.headings.clone();
    match level {
        BOLD => headings.extend(outline.bold_lines()),
        LABELLED => headings.extend(outline.titled_lines(titled)),
        _ => {}
    }
    let day = |line: &str| DayHeading::parse(&title::plain(line)).is_some();
    let marked = |line: &str| {
        let text = line.trim_start_matches(DAY_MARKS);
        text.len() < line.len() && day(text)
    };
    let lines = level >= BOLD;
    let days = outline.plain_lines(|line| marked(line) || (lines && day(line))).into_iter();
    headings.extend(days.map(|own| Heading {
        level: if lines { own.level } else { level.saturating_sub(1).max(1) },
        text: own.text.trim_start_matches(DAY_MARKS).to_owned(),
        ..own
    }));
    headings.sort_by_key(|heading| heading.line);
    headings.dedup_by_key(|heading| heading.line);
    headings
}

/// The headings of a document, with lines that are days and nothing else.
fn with_days(document: &Document<'_>) -> Vec<Heading> {
    let outline = &document.outline;
    let day = |line: &str| DayHeading::parse(&title::plain(line)).is_some();
    let mut headings = outline.headings.clone();
    let bold = outline.bold_lines().into_iter().filter(|heading| day(&heading.text));
    headings.extend(bold.map(|heading| Heading { level: BOLD - 1, ..heading }));
    headings.extend(outline.plain_lines(day));
    headings.sort_by_key(|heading| heading.line);
    headings.dedup_by_key(|heading| heading.line);
    headings
}

/// The title in a line such as `Vortrag: A title`, or in one above `Speaker: A name`.
fn titled(line: &str, next: &str, begins: bool) -> Option<String> {
    if credits::labelled(line).is_some() {
        return None;
    }
    let text = line.trim_start_matches(['-', '*', '+', ' ']);
    let labelled = credits::labelled(next)
        .is_some_and(|(label, _)| matches!(label, Label::Speakers | Label::Who));
    if !labelled && !lines::is_by_line(next) {
        return None;
    }
    if let Some((label, value)) = text.split_once([':', '：'])
        && words().is_title_label(&title::plain(label))
    {
        let value = value.trim_start_matches(['*', ' ']).trim();
        let kind = title::undecorate(line).kind.is_some();
        let text = if kind { title::plain(text) } else { title::plain(value) };
        return (!value.is_empty()).then_some(text);
    }
    // An item with names nested in it is one of a list of talks.
    let begins = begins && !line.starts_with(['-', '*', '+']) || line.starts_with("**");
    let short =
        text.chars().count() <= 120 && !text.ends_with(['.', '。', '！', ':', '：', ';', ',']);
    (begins && short && !line.starts_with(['>', '|', '!', '<'])).then(|| title::plain(text))
}

/// Whether the only talk is the title of an event.
fn is_title_of_event(marks: &[Mark], habits: &Habits) -> bool {
    marks.iter().all(|mark| {
        let event = words().is_event(&mark.title.text) || words().is_event_notes(&mark.title.text);
        event && !mark.credits.iter().any(|credit| credit.title.is_some() && habits.accept(credit))
    })
}

/// The reading in which talks are items of lists.
fn items(document: &Document<'_>) -> Option<Candidate> {
    let headings = with_days(document);
    let roles = roles::roles(document, &headings, BOLD);
    let segments = roles::segments(document, &headings, &roles);
    let items = items::items(document, &headings, &segments, true);
    let item_habits = Habits::of(items.iter().map(|item| item.credits.as_slice()));
    if items.is_empty() {
        return None;
    }
    let written = document.outline.lines.iter().filter(|line| !line.text.trim().is_empty()).count();
    let covered: usize = items.iter().map(|item| item.item.end - item.item.line).sum();
    let rest = (1.0 - ratio(covered, written)).max(0.0);
    let mut evidence = evidence::of_document(document);
    evidence.extend(evidence::of_items(document, &items, &item_habits, 1.0));
    evidence.extend([
        Evidence { what: "the rest of the document", points: -6.0 * rest },
        Evidence { what: "only one", points: if items.len() > 1 { 0.0 } else { -3.0 } },
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
