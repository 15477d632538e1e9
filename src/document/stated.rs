//! What rules say of one document. Detection and corrections by rules both know it, and neither knows the other.

use jiff::civil::Date;

use super::dates;
use super::report::Place;
use super::selection::RULES_FILE;
use crate::api::{ReadingRule, TalkPlacement};

/// Where a rule stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In the spec of a `NoteRepository`; its index.
    Spec(usize),
    /// In the file of the repository; its index and where it begins.
    File(usize, Place),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Spec(index) => write!(f, "spec.rules[{index}]"),
            Self::File(index, place) => {
                write!(f, "rule {} of {RULES_FILE}, line {}", index + 1, place.line)
            }
        }
    }
}

/// What rules say of one document, and which rule said it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stated {
    pub rule: ReadingRule,
    by: Vec<(&'static str, Origin)>,
}

impl Stated {
    /// What one rule says, whatever its paths.
    pub fn only(rule: ReadingRule) -> Self {
        Self { rule, by: Vec::new() }
    }

    pub fn fill(&mut self, other: &ReadingRule, origin: &Origin) {
        let Self { rule, by } = self;
        let mut decide = |part, decides: bool| {
            if decides {
                by.push((part, origin.clone()));
            }
        };
        decide("talks", set(&mut rule.talks, &other.talks));
        decide("speakers", set(&mut rule.speakers, &other.speakers));
        decide("days", set(&mut rule.days, &other.days));
        decide("summit", set(&mut rule.summit, &other.summit));
        decide("kind", set(&mut rule.kind, &other.kind));
        decide("language", set(&mut rule.language, &other.language));
        decide("rendering", set(&mut rule.rendering, &other.rendering));
    }

    /// The parts that rules decide, each with the rule.
    pub fn by(&self) -> &[(&'static str, Origin)] {
        &self.by
    }

    /// First day of the summit, from which `Day 2` is counted.
    pub fn start(&self) -> Option<Date> {
        self.rule.days.as_ref().and_then(|days| date(days.start_date.as_deref()))
    }

    /// Says what a document without talks means for the rule that decided where they stand; `None`
    /// where no rule did.
    pub fn without_talks(&self) -> Option<Option<String>> {
        let talks = self.rule.talks?;
        let by = self.by.iter().find(|(part, _)| *part == "talks").map(|(_, origin)| origin);
        let rule = by.map(ToString::to_string).unwrap_or_default();
        let meant = talks.at == TalkPlacement::None;
        Some((!meant).then(|| {
            format!(
                "{rule} says where talks stand, but there is none here: correct its `talks`, or \
                 leave this document out of its paths"
            )
        }))
    }
}

fn set<T: Clone>(field: &mut Option<T>, value: &Option<T>) -> bool {
    let decides = field.is_none() && value.is_some();
    if decides {
        field.clone_from(value);
    }
    decides
}

pub(super) fn date(text: Option<&str>) -> Option<Date> {
    text.and_then(dates::leading_date)
}
