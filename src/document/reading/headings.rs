//! The reading in which talks are the headings of one level, with those of other levels that are
//! talks like them.

use std::collections::BTreeSet;

use super::candidate::{Candidate, Shape};
use super::drafts;
use super::evidence::{self, Evidence, ratio};
use super::item_draft::ItemDraft;
use super::items;
use super::lines::with_lines;
use super::position_statistics::PositionStatistics;
use super::roles::{self, Role, Segment};
use super::survey::Survey;
use super::talk_draft::TalkDraft;
use crate::document::markdown::outline::{BOLD, Heading, LABELLED};
use crate::document::naming::title_key;
use crate::document::parsed::Document;

/// What each heading of a document is in a reading, with the talks and where their speakers stand.
#[derive(Debug)]
pub(super) struct Headed {
    pub level: u8,
    pub headings: Vec<Heading>,
    pub roles: Vec<Role>,
    pub segments: Vec<Segment>,
    pub drafts: Vec<TalkDraft>,
    pub statistics: PositionStatistics,
}

impl Headed {
    /// The headings of a document where talks are those of `level`; `None` where it has none.
    fn new(survey: &Survey<'_, '_>, level: u8) -> Option<Self> {
        let document = survey.document;
        // Lines that stand for headings of these levels do so above talks.
        let written = |level: u8| document.outline.headings.iter().any(|own| own.level == level);
        if (2..BOLD).contains(&level) && !written(level) {
            return None;
        }
        let headings = with_lines(document, level);
        if !headings.iter().any(|heading| heading.level == level) {
            return None;
        }
        let roles = roles::roles(document, &headings, level);
        let (segments, drafts, statistics) =
            (Vec::new(), Vec::new(), PositionStatistics::default());
        let mut found = Self { level, headings, roles, segments, drafts, statistics };
        found.draft(survey);
        let odd = drafts::odd(&found.drafts, &found.statistics);
        found.drop_talks(survey, &odd);
        Some(found)
    }

    /// Takes headings, by index, for something else than talks.
    fn drop_talks(&mut self, survey: &Survey<'_, '_>, odd: &[usize]) {
        for index in odd {
            if let Some(own) = self.roles.get_mut(*index) {
                *own = Role::Other;
            }
        }
        if !odd.is_empty() {
            self.draft(survey);
        }
    }

    fn draft(&mut self, survey: &Survey<'_, '_>) {
        self.segments = roles::segments(survey.document, &self.headings, &self.roles);
        self.drafts = drafts::drafts(survey, &self.headings, &self.segments);
        self.statistics =
            PositionStatistics::of(self.drafts.iter().map(|draft| draft.credits.as_slice()));
    }
}

/// The reading in which talks are the headings of `level`.
pub(super) fn candidate(survey: &Survey<'_, '_>, level: u8) -> Option<Candidate> {
    let found = Headed::new(survey, level)?;
    if found.drafts.is_empty() {
        return None;
    }
    let document = survey.document;
    let (items, told) = listed(document, &found);
    let item_statistics = PositionStatistics::of(items.iter().map(|item| item.credits.as_slice()));
    let mut evidence = evidence::of_headings(survey, &found);
    evidence.push(Evidence { what: "the agenda names them", points: 5.0 * told });
    let share = ratio(items.len(), items.len() + found.drafts.len());
    evidence.extend(evidence::of_items(document, &items, &item_statistics, share));
    match level {
        BOLD => evidence.push(Evidence { what: "lines in bold are seldom talks", points: -1.5 }),
        LABELLED => evidence.push(Evidence { what: "lines are seldom talks", points: -1.0 }),
        _ => {}
    }
    let Headed { headings, segments, drafts, statistics, .. } = found;
    Some(Candidate {
        headings,
        segments,
        drafts,
        statistics,
        items,
        item_statistics,
        ..Candidate::new(Shape::Headings(level), evidence)
    })
}

/// The items of lists that are talks beside those of headings, and the share of the talks that a
/// table names, too.
fn listed(document: &Document<'_>, found: &Headed) -> (Vec<ItemDraft>, f32) {
    let mut items = items::items(document, &found.headings, &found.segments, None);
    let agenda = items::agenda(document, &found.segments);
    let told = told_twice(&agenda, &found.drafts, &found.statistics);
    if told > 0.0 {
        items.extend(agenda);
        items.sort_by_key(|draft| draft.item.line);
        items.dedup_by_key(|draft| draft.item.line);
    }
    (items, told)
}

/// The share of the talks that a table names, too; 0 where it is less than half.
fn told_twice(agenda: &[ItemDraft], drafts: &[TalkDraft], statistics: &PositionStatistics) -> f32 {
    let known: BTreeSet<String> = agenda.iter().map(|row| title_key(&row.title.text)).collect();
    let twice = drafts.iter().filter(|draft| {
        let (title, _) = statistics.choose(&draft.title.text, &draft.credits);
        known.contains(&title_key(&title))
    });
    let share = ratio(twice.count(), drafts.len());
    if share >= 0.5 { share } else { 0.0 }
}
