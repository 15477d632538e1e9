//! Rules: where an author's habit is not what detection makes of it. They stand in a `NoteRepository`,
//! or in the repository as `.talknotes.yaml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Rendering, TalkKind};

/// Most rules of a `NoteRepository` or a file.
pub const MAX_RULES: usize = 64;
/// Most globs of a rule.
pub const MAX_RULE_PATHS: usize = 64;

/// Where talks, speakers and days stand in some documents. A part that is absent is left to detection.
/// For each document, and for each part, the first rule that matches the path and sets the part
/// decides.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct ReadingRule {
    /// Globs of the documents that the rule is for, such as 2026/**, counted from the root of the
    /// repository: * stays within a folder, ** does not. All documents where it is absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64), inner(length(min = 1, max = 512)))]
    pub paths: Vec<String>,
    /// Where talks stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talks: Option<TalksRule>,
    /// Where the speakers of a talk stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speakers: Option<SpeakersRule>,
    /// Where the day of a talk stands, or which it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DaysRule>,
    /// Title of the summit that the talks belong to. It wins over what documents and folders are
    /// called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub summit: Option<String>,
    /// Kind of all talks: Keynote, Session, Workshop, Lightning, Panel or Other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TalkKind>,
    /// Language of all talks as a BCP 47 tag, such as zh-Hant-TW.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        regex(pattern = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"),
        extend("maxLength" = 35)
    )]
    pub language: Option<String>,
    /// How the texts are shown where the habits of authors differ. It wins over what documents say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendering: Option<Rendering>,
}

/// Where talks stand.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct TalksRule {
    /// Document (each document is about one talk), Heading (each heading of `level` is a talk),
    /// BoldLine (each line in bold that stands alone), LabelledLine (each line above Speaker: Name or by
    /// Name, with or without a label such as Talk:), ListItem (each item of a list that begins with a
    /// link or names a speaker) or None (there are no talks). Headings such as Lunch or References are
    /// no talks in any case.
    pub at: TalkPlacement,
    /// Level of the headings, 1 to 6: needed for Heading, and for nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 6))]
    pub level: Option<i32>,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at TalksRule::at")]
pub enum TalkPlacement {
    Document,
    Heading,
    BoldLine,
    LabelledLine,
    ListItem,
    None,
}

/// Where the speakers of a talk stand. What stands there is taken for names as it is.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct SpeakersRule {
    /// Places, of which the first that has something counts. In the title: AfterSeparator (Title -
    /// Name), BeforeSeparator (Name: Title), Parentheses (Title (Name)). The heading above that of the
    /// talk: HeadingAbove. Under it: Label (Speaker:
    /// Name), Heading (one of their own), Bold, Italic, Quote, Link, ByLine (by Name), Line (a plain
    /// one), ListItem. Elsewhere: FrontMatter. None alone means that nobody is named.
    #[schemars(length(min = 1, max = 14))]
    pub at: Vec<SpeakerPlacement>,
    /// Texts between title and names, white space included, such as " / ". The last one in a title
    /// counts for AfterSeparator, the first one for BeforeSeparator. The usual ones where it is absent:
    /// a dash, a bar, by or @ before names, a colon or a dash behind them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 8), inner(length(min = 1, max = 16)))]
    pub separators: Vec<String>,
}

#[derive(
    Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord,
)]
#[allow(missing_docs, reason = "the values are explained at SpeakersRule::at")]
pub enum SpeakerPlacement {
    AfterSeparator,
    BeforeSeparator,
    Parentheses,
    Label,
    Heading,
    HeadingAbove,
    Bold,
    Italic,
    Quote,
    Link,
    ByLine,
    Line,
    ListItem,
    FrontMatter,
    None,
}

/// Where the day of a talk stands, or which it is.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct DaysRule {
    /// Places, of which the first that has a day counts: HeadingAbove, Title (in front of the talk's
    /// title), Line (under it, such as Date: 2026-05-14), Document (in its title or its first lines),
    /// Path (a folder or the file's name) or FrontMatter. None alone means that talks have no day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 6))]
    pub at: Vec<DayPlacement>,
    /// Day of the talks for which `at` gives none, such as 2026-05-14. The day of all talks where `at`
    /// is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date", "maxLength" = 10))]
    pub day: Option<String>,
    /// First day of the summit, from which Day 2 and Tuesday are counted, and whose year dates without
    /// one have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date", "maxLength" = 10))]
    pub start_date: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at DaysRule::at")]
pub enum DayPlacement {
    HeadingAbove,
    Title,
    Line,
    Document,
    Path,
    FrontMatter,
    None,
}

/// One way in which documents of a repository are read.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct DocumentReading {
    /// What talks are, such as: each heading of level 2 is a talk.
    #[schemars(length(max = 128))]
    pub reading: String,
    /// What decided: Detection, Rule where a rule decided any part of it, or Document where its front
    /// matter says what it is.
    pub by: ReadingDecider,
    /// Number of documents that are read like this.
    pub documents: i32,
    /// Number of talks that they have. A talk that stands in two places counts twice.
    pub talks: i32,
    /// How sure detection is of the one of them that it is least sure of, in percent. Absent where a rule or a
    /// document says where talks stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub confidence: Option<i32>,
}

#[derive(
    Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord,
)]
#[allow(missing_docs, reason = "the values are explained at DocumentReading::by")]
pub enum ReadingDecider {
    Detection,
    Rule,
    Document,
}
