//! Why a document is read as it is.

use super::explicit_document;
use super::parsed::Document;
use super::reading::candidate::Candidate;
use super::reading::evidence::SURE;
use super::reading::select::select;
use super::reading::surroundings::Surroundings;
use super::rules;
use crate::api::ReadingRule;

/// How one document is read, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Path of the document.
    pub path: String,
    /// The reading that is taken; none where the document has no talks.
    pub chosen: Option<ReadingScore>,
    /// The reading that came second, or the best where none has enough evidence.
    pub runner_up: Option<ReadingScore>,
    /// The score that a reading needs.
    pub threshold: f32,
    /// Whether the runner-up may be right, so that an author is asked.
    pub unsure: bool,
    /// What rules decide of it: the part, such as `talks`, and the rule.
    pub decided: Vec<(&'static str, String)>,
    /// What detection makes of it, as a rule.
    pub detected: ReadingRule,
}

/// A reading with what speaks for and against it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingScore {
    /// What talks are in it, in words.
    pub reading: &'static str,
    /// Sum of the points.
    pub score: f32,
    /// How sure it is that it is right, in percent; none where the document itself says it.
    pub confidence: Option<u8>,
    /// What was seen, with its points: below 0 it speaks against the reading.
    pub evidence: Vec<(&'static str, f32)>,
}

/// Explains how `document` is read.
pub(super) fn explain(document: &mut Document<'_>, around: &Surroundings) -> Explanation {
    if document.front.explicit.is_some() {
        return said(document);
    }
    let decided =
        document.stated.by().iter().map(|(part, rule)| (*part, rule.to_string())).collect();
    let choice = select(document, around);
    let unsure = choice.unsure(document).is_some();
    Explanation {
        path: document.path.to_owned(),
        chosen: choice.best.as_ref().map(score),
        runner_up: choice.runner_up.as_ref().map(score),
        threshold: SURE,
        unsure,
        decided,
        detected: rules::detected(document, around).rule,
    }
}

/// The explanation of a document that says what it is.
fn said(document: &Document<'_>) -> Explanation {
    let reading = explicit_document::READING;
    let evidence = vec![("the field `talknotes`", SURE)];
    Explanation {
        path: document.path.to_owned(),
        chosen: Some(ReadingScore { reading, score: SURE, confidence: None, evidence }),
        runner_up: None,
        threshold: SURE,
        unsure: false,
        decided: Vec::new(),
        detected: ReadingRule::default(),
    }
}

fn score(candidate: &Candidate) -> ReadingScore {
    let evidence = candidate.evidence.iter().filter(|evidence| evidence.points != 0.0);
    ReadingScore {
        reading: candidate.shape.describe(),
        score: candidate.score,
        confidence: Some(candidate.confidence()),
        evidence: evidence.map(|evidence| (evidence.what, evidence.points)).collect(),
    }
}
