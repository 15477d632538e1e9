//! The rule that detection would have written for a document: a part is written down only where
//! reading by it gives the same talks.

use std::collections::BTreeSet;

use super::flow::in_a_line;
use super::speakers::placement;
use crate::api::{
    DayPlacement, DaysRule, ReadingRule, SpeakerPlacement, SpeakersRule, TalkNoteSpec,
    TalkPlacement, TalksRule,
};
use crate::document::markdown::outline::{BOLD, LABELLED};
use crate::document::parsed::Document;
use crate::document::reading::candidate::{Candidate, Shape};
use crate::document::reading::evidence::Evidence;
use crate::document::reading::select::select;
use crate::document::reading::surroundings::Surroundings;
use crate::document::reading::{self, Reading};
use crate::document::report::Report;
use crate::document::speakers::positions::SpeakerPosition;
use crate::document::stated::Stated;

/// What detection makes of a document.
#[derive(Debug)]
pub(in crate::document) struct Detected {
    /// The same as a rule without paths.
    pub rule: ReadingRule,
    /// What talks are, in words.
    pub reading: &'static str,
    pub evidence: Vec<Evidence>,
    pub talks: usize,
    /// Parts that stand in several ways, so that no rule says them.
    pub left: Vec<&'static str>,
    /// Where talks may stand, where that is too unsure to publish them.
    pub unsure: Option<TalksRule>,
}

/// What a document without talks is read as.
pub(in crate::document) const NO_TALKS: &str = "there are no talks";

/// Finds out what detection makes of `document`, which has no rules afterwards.
pub(in crate::document) fn detected(
    document: &mut Document<'_>,
    around: &Surroundings,
) -> Detected {
    let mut trial = Trial { around, document };
    let wanted = trial.read(ReadingRule::default());
    let choice = select(trial.document, around);
    let unsure = choice.unsure(trial.document).map(talks_rule);
    let best = choice.best.filter(|_| !matches!(wanted, Reading::Prose(_)));
    let talks =
        best.as_ref().map_or(TalksRule { at: TalkPlacement::None, level: None }, talks_rule);
    let specs = specs(&wanted);
    let mut found = Detected {
        rule: ReadingRule::default(),
        reading: best.as_ref().map_or(NO_TALKS, |best| best.shape.describe()),
        evidence: best.as_ref().map(|best| best.evidence.clone()).unwrap_or_default(),
        talks: specs.len(),
        left: Vec::new(),
        unsure,
    };
    found.try_part("talks", [talks], &mut trial, &wanted, |rule, talks| rule.talks = Some(talks));
    if specs.iter().any(|spec| !spec.speakers.is_empty()) {
        let choices = best.as_ref().map(|best| speakers(trial.document, best)).unwrap_or_default();
        let set = |rule: &mut ReadingRule, speakers| rule.speakers = Some(speakers);
        found.try_part("speakers", choices, &mut trial, &wanted, set);
    }
    if specs.iter().any(|spec| spec.day.is_some()) {
        let set = |rule: &mut ReadingRule, days| rule.days = Some(days);
        found.try_part("days", days(), &mut trial, &wanted, set);
    }
    trial.document.stated = Stated::default();
    // What an index tells needs no rule.
    let told = &around.told.entry;
    found.left.retain(|part| match *part {
        "speakers" => told.speakers.is_empty(),
        "days" => told.day.is_none(),
        _ => true,
    });
    found
}

impl Detected {
    /// Takes the first of `choices` with which the document gives what is `wanted`.
    fn try_part<T>(
        &mut self,
        part: &'static str,
        choices: impl IntoIterator<Item = T>,
        trial: &mut Trial<'_, '_, '_>,
        wanted: &Reading,
        set: impl Fn(&mut ReadingRule, T),
    ) {
        let mut rules = choices.into_iter().map(|choice| {
            let mut rule = self.rule.clone();
            set(&mut rule, choice);
            rule
        });
        match rules.find(|rule| trial.read(rule.clone()) == *wanted) {
            Some(rule) => self.rule = rule,
            None => self.left.push(part),
        }
    }
}

/// A document that is read again and again.
struct Trial<'t, 'd, 'a> {
    document: &'t mut Document<'d>,
    around: &'a Surroundings,
}

impl Trial<'_, '_, '_> {
    fn read(&mut self, rule: ReadingRule) -> Reading {
        self.document.stated = Stated::only(rule);
        let choice = select(self.document, self.around);
        reading::read(
            self.document,
            choice.best.as_ref(),
            &self.around.told,
            &mut Report::new(self.document.path),
        )
    }
}

/// The rule that makes `candidate` the reading of the document at `path`, in a line of YAML.
pub(in crate::document) fn confirming(path: &str, candidate: &Candidate) -> String {
    let paths = serde_json::json!([globset::escape(path)]);
    format!("{{paths: {}, talks: {}}}", in_a_line(&paths), where_talks_are(talks_rule(candidate)))
}

/// Where talks stand, in a line of YAML.
pub(in crate::document) fn where_talks_are(talks: TalksRule) -> String {
    in_a_line(&serde_json::json!(talks))
}

fn specs(reading: &Reading) -> Vec<&TalkNoteSpec> {
    match reading {
        Reading::Summit(_, talks) => talks.iter().map(|talk| &talk.spec).collect(),
        Reading::Talk(_, talk) => vec![&talk.spec],
        Reading::Prose(_) => Vec::new(),
    }
}

fn talks_rule(best: &Candidate) -> TalksRule {
    match best.shape {
        Shape::Whole => TalksRule { at: TalkPlacement::Document, level: None },
        Shape::Items => TalksRule { at: TalkPlacement::ListItem, level: None },
        Shape::Headings(BOLD) => TalksRule { at: TalkPlacement::BoldLine, level: None },
        Shape::Headings(LABELLED) => TalksRule { at: TalkPlacement::LabelledLine, level: None },
        Shape::Headings(level) => {
            TalksRule { at: TalkPlacement::Heading, level: Some(i32::from(level)) }
        }
    }
}

/// Rules for the positions at which detection believed names, the plainest first.
fn speakers(document: &Document<'_>, best: &Candidate) -> Vec<SpeakersRule> {
    if !document.front.speakers.is_empty() && best.shape == Shape::Whole {
        return vec![SpeakersRule {
            at: vec![SpeakerPlacement::FrontMatter],
            separators: Vec::new(),
        }];
    }
    let drafts = best.drafts.iter().map(|draft| best.statistics.position(&draft.credits));
    let items = best.items.iter().map(|item| best.item_statistics.position(&item.credits));
    let positions: BTreeSet<SpeakerPosition> = drafts.chain(items).flatten().collect();
    let mut at: Vec<SpeakerPlacement> = Vec::new();
    for place in positions.iter().filter_map(|position| placement(*position)) {
        if !at.contains(&place) {
            at.push(place);
        }
    }
    let colons = || [": ", "："].map(str::to_owned).to_vec();
    let mut choices = vec![SpeakersRule { at: at.clone(), separators: Vec::new() }];
    if positions.contains(&SpeakerPosition::Colon)
        || positions.contains(&SpeakerPosition::BeforeColon)
    {
        choices.push(SpeakersRule { at, separators: colons() });
    }
    choices.retain(|rule| !rule.at.is_empty());
    choices
}

/// Rules for days, the plainest first.
fn days() -> impl Iterator<Item = DaysRule> {
    use DayPlacement::{Document, FrontMatter, HeadingAbove, Line, Path, Title};
    let choices: [&[DayPlacement]; 10] = [
        &[HeadingAbove],
        &[FrontMatter],
        &[Document],
        &[Title],
        &[Line],
        &[Path],
        &[Title, HeadingAbove],
        &[Title, HeadingAbove, Line],
        &[Title, Document, Line],
        &[Title, Line, Document, Path, FrontMatter],
    ];
    choices.into_iter().map(|at| DaysRule { at: at.to_vec(), ..DaysRule::default() })
}
