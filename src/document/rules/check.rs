//! What the schema of a rule cannot say.

use crate::api::{DayPlacement, ReadingRule, SpeakerPlacement, TalkPlacement};
use crate::document::{dates, limits, selection};

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFault {
    /// The field, such as `rules[2].talks.level`.
    pub field: String,
    /// What is wrong, and what to write.
    pub message: String,
}

/// All that is wrong with rules of a `NoteRepository`, beyond what its schema refuses.
pub fn check_rules(rules: &[ReadingRule]) -> Vec<RuleFault> {
    let numbered = rules.iter().enumerate();
    let found =
        numbered.flat_map(|(index, rule)| faults(rule).into_iter().map(move |f| (index, f)));
    found
        .map(|(index, (steps, message))| RuleFault {
            field: steps.iter().fold(format!("rules[{index}]"), |field, step| field + &step.path()),
            message,
        })
        .collect()
}

/// A step from a rule to one of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Field(&'static str),
    Item(usize),
}

impl Step {
    fn path(self) -> String {
        match self {
            Self::Field(name) => format!(".{name}"),
            Self::Item(index) => format!("[{index}]"),
        }
    }
}

type Faults = Vec<(Vec<Step>, String)>;

/// The faults of one rule, each with the way to its field.
pub(super) fn faults(rule: &ReadingRule) -> Faults {
    let mut faults = Vec::new();
    for (index, glob) in rule.paths.iter().enumerate() {
        if let Err(error) = selection::set(std::slice::from_ref(glob)) {
            faults.push((vec![Step::Field("paths"), Step::Item(index)], error.to_string()));
        }
    }
    talks(rule, &mut faults);
    speakers(rule, &mut faults);
    days(rule, &mut faults);
    if rule.language.as_deref().is_some_and(|language| !limits::is_language(language)) {
        let message = "this is no language: write a tag such as zh-Hant-TW";
        faults.push((vec![Step::Field("language")], message.to_owned()));
    }
    faults
}

fn talks(rule: &ReadingRule, faults: &mut Faults) {
    let Some(talks) = rule.talks else { return };
    let message = match (talks.at, talks.level) {
        (TalkPlacement::Heading, Some(1..=6)) => return,
        (TalkPlacement::Heading, None) => "headings need their `level`, such as 2",
        (TalkPlacement::Heading, Some(_)) => "headings have a level from 1 to 6",
        (_, Some(_)) => "only `at: Heading` has a level: remove it",
        (_, None) => return,
    };
    faults.push((vec![Step::Field("talks"), Step::Field("level")], message.to_owned()));
}

fn speakers(rule: &ReadingRule, faults: &mut Faults) {
    let Some(speakers) = &rule.speakers else { return };
    let mut fault = |field, message: &str| {
        faults.push((vec![Step::Field("speakers"), Step::Field(field)], message.to_owned()));
    };
    if speakers.at.is_empty() {
        fault("at", "say where speakers stand; None where nobody is named");
    } else if speakers.at.len() > 1 && speakers.at.contains(&SpeakerPlacement::None) {
        fault("at", "None stands alone: remove it, or the others");
    }
    let in_title = [SpeakerPlacement::AfterSeparator, SpeakerPlacement::BeforeSeparator];
    if !speakers.separators.is_empty() && !speakers.at.iter().any(|at| in_title.contains(at)) {
        fault("separators", "only AfterSeparator and BeforeSeparator have separators: remove them");
    }
    if speakers.separators.iter().any(|separator| separator.trim().is_empty()) {
        fault("separators", "white space alone separates nothing: write the sign, too");
    }
}

fn days(rule: &ReadingRule, faults: &mut Faults) {
    let Some(days) = &rule.days else { return };
    let mut fault = |field, message: &str| {
        faults.push((vec![Step::Field("days"), Step::Field(field)], message.to_owned()));
    };
    if days.at.is_empty() && days.day.is_none() && days.start_date.is_none() {
        fault("at", "say where days stand, or set `day` or `startDate`");
    } else if days.at.len() > 1 && days.at.contains(&DayPlacement::None) {
        fault("at", "None stands alone: remove it, or the others");
    }
    for (field, date) in [("day", &days.day), ("startDate", &days.start_date)] {
        let known =
            |date: &str| dates::leading_date(date).is_some_and(|day| day.to_string() == date);
        if date.as_deref().is_some_and(|date| !known(date)) {
            fault(field, "this is no day of the calendar: write one such as 2026-05-14");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{DaysRule, SpeakersRule, TalksRule};

    #[test]
    fn every_fault_is_named_with_its_field() {
        let rules = [
            ReadingRule {
                paths: vec!["ok/**".into(), "bad[".into()],
                talks: Some(TalksRule { at: TalkPlacement::Heading, level: None }),
                language: Some("x".into()),
                ..ReadingRule::default()
            },
            ReadingRule {
                talks: Some(TalksRule { at: TalkPlacement::None, level: Some(2) }),
                speakers: Some(SpeakersRule {
                    at: vec![SpeakerPlacement::None, SpeakerPlacement::Bold],
                    separators: vec![" ".into()],
                }),
                days: Some(DaysRule { day: Some("14 May".into()), ..DaysRule::default() }),
                ..ReadingRule::default()
            },
        ];
        let fields: Vec<String> = check_rules(&rules).into_iter().map(|f| f.field).collect();
        let expected = [
            "rules[0].paths[1]",
            "rules[0].talks.level",
            "rules[0].language",
            "rules[1].talks.level",
            "rules[1].speakers.at",
            "rules[1].speakers.separators",
            "rules[1].speakers.separators",
            "rules[1].days.day",
        ];
        assert_eq!(fields, expected);
    }
}
