//! A reading that a document allows.

use super::evidence::{self, Evidence};
use super::item_draft::ItemDraft;
use super::position_statistics::PositionStatistics;
use super::roles::Segment;
use super::talk_draft::TalkDraft;
use crate::document::markdown::outline::{BOLD, Heading, LABELLED};

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
    pub drafts: Vec<TalkDraft>,
    pub statistics: PositionStatistics,
    pub items: Vec<ItemDraft>,
    pub item_statistics: PositionStatistics,
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

impl Candidate {
    /// Adds what the repository as a whole says of it.
    pub fn add(&mut self, evidence: Evidence) {
        self.score += evidence.points;
        self.evidence.push(evidence);
    }

    /// How sure it is that this reading is right, in percent: see [`SURE`](super::evidence::SURE).
    pub fn confidence(&self) -> u8 {
        evidence::confidence(self.score)
    }

    /// A reading with its evidence and nothing else yet.
    pub fn new(shape: Shape, evidence: Vec<Evidence>) -> Self {
        Self {
            shape,
            score: evidence.iter().map(|evidence| evidence.points).sum(),
            evidence,
            headings: Vec::new(),
            segments: Vec::new(),
            drafts: Vec::new(),
            statistics: PositionStatistics::default(),
            items: Vec::new(),
            item_statistics: PositionStatistics::default(),
        }
    }
}
