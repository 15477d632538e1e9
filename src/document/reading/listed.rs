//! The reading in which talks are items of lists.

use super::candidate::{Candidate, Shape};
use super::evidence::{self, Evidence, ratio};
use super::item_draft::ItemDraft;
use super::items;
use super::lines::with_days;
use super::position_statistics::PositionStatistics;
use super::roles::{self, Role, Segment};
use super::survey::Survey;
use super::tables;
use crate::document::markdown::link;
use crate::document::markdown::outline::BOLD;
use crate::document::parsed::Document;

/// The reading in which talks are items of lists; `None` where no item may be one.
pub(super) fn candidate(survey: &Survey<'_, '_>) -> Option<Candidate> {
    let document = survey.document;
    let headings = with_days(document);
    let roles = roles::roles(document, &headings, BOLD);
    let segments = roles::segments(document, &headings, &roles);
    let items = items::items(document, &headings, &segments, Some(&survey.topic));
    let item_statistics = PositionStatistics::of(items.iter().map(|item| item.credits.as_slice()));
    if items.is_empty() {
        return None;
    }
    let mut evidence = survey.topic.evidence();
    evidence.extend(evidence::of_items(document, &items, &item_statistics, 1.0));
    evidence.extend([
        Evidence { what: "the rest of the document", points: rest_counts(document, &items) },
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
        item_statistics,
        ..Candidate::new(Shape::Items, evidence)
    })
}

/// What the text outside of the items counts against them.
fn rest_counts(document: &Document<'_>, items: &[ItemDraft]) -> f32 {
    let told = |text: &str| !text.is_empty() && link::definition(text).is_none();
    let written = document.outline.lines.iter().filter(|line| told(line.text.trim())).count();
    let written = written.saturating_sub(tables::header_lines(document));
    let covered: usize = items.iter().map(|item| item.item.end - item.item.line).sum();
    let rest = (1.0 - ratio(covered, written)).max(0.0);
    let grouped = items.iter().filter(|item| item.under_group).count();
    rest * (-6.0 + 3.0 * ratio(grouped, items.len()))
}
