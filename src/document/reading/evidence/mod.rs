//! How strongly a document shows that a reading of it is right.

mod headings;
mod items;
mod topic;
mod whole;

use crate::document::speakers::positions::{Credit, SpeakerPosition};
use crate::document::text::is_cjk;
pub(super) use headings::of_headings;
pub(super) use items::of_items;
pub(super) use topic::Topic;
pub(super) use whole::Whole;

/// One reason for or against a reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::document) struct Evidence {
    /// What was seen, in a few words.
    pub what: &'static str,
    /// How much it counts; below 0 it speaks against the reading.
    pub points: f32,
}

/// Least sum of points with which a document may have talks: an author is asked.
pub(in crate::document) const THRESHOLD: f32 = 3.0;

/// Least sum of points with which its talks are published unasked.
pub(in crate::document) const SURE: f32 = 6.0;

/// What a repository says that is mostly about something else than events.
pub(super) const ELSEWHERE: Evidence =
    Evidence { what: "most of the repository is about something else", points: -4.0 };

/// Points with which as many readings are right as wrong.
const EVEN: f32 = 4.5;

/// How sure a reading with a sum of points is, in percent: 50 at [`EVEN`], and for every two points more the odds
/// are three times as good. So it was, about, on the notes of 23 people that nothing was tuned for.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 99")]
pub(super) fn confidence(score: f32) -> u8 {
    let odds = 3_f32.powf((score - EVEN) / 2.0);
    (100.0 * odds / (1.0 + odds)).clamp(0.0, 99.0) as u8
}

/// Whether a credit shows by itself that somebody speaks: behind a label or with a company.
fn is_sure(credit: &Credit) -> bool {
    credit.position == SpeakerPosition::Label
        || credit.people.speakers.iter().any(|speaker| speaker.organization.is_some())
}

/// Whether a title is one of a talk by its length.
pub(in crate::document) fn is_wordy(title: &str) -> bool {
    let wide = title.chars().filter(|&c| is_cjk(c)).count();
    let latin = title.split(' ').filter(|word| word.chars().any(char::is_alphanumeric)).count();
    wide >= 5 || latin >= 3 || (wide >= 2 && latin >= 2)
}

/// Whether a title is a single word, as names of breaks and of parts of notes are.
pub(in crate::document) fn is_word(title: &str) -> bool {
    let wide = title.chars().filter(|&c| is_cjk(c)).count();
    let latin = title.split(' ').filter(|word| word.chars().any(char::is_alphanumeric)).count();
    latin <= 1 && wide <= 4
}

#[allow(clippy::cast_precision_loss, reason = "counts of headings are small")]
pub(in crate::document) fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}
