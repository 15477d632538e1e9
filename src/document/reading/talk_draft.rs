//! A heading that may be a talk.

use super::below::Below;
use super::roles::Segment;
use crate::api::LinkKind;
use crate::document::markdown::link::FoundLink;
use crate::document::markdown::outline::Heading;
use crate::document::parsed::Document;
use crate::document::speakers::credits::{self, Under};
use crate::document::speakers::in_title;
use crate::document::speakers::positions::Credit;
use crate::document::speakers::{name_confidence::NameConfidence, people::People};
use crate::document::title::{self, Title};
use jiff::civil::Date;

/// A heading that may be a talk, with what stands in and under it.
#[derive(Clone, Debug)]
pub(in crate::document) struct TalkDraft {
    pub segment: Segment,
    pub title: Title,
    /// How much the title itself looks like a name.
    pub named: NameConfidence,
    pub credits: Vec<Credit>,
    /// Day and room that lines under the heading state.
    pub day: Option<Date>,
    pub room: Option<String>,
    pub under_day: bool,
    pub under_group: bool,
    /// Whether the heading above speaks of talks.
    pub under_talks: bool,
    pub has_page: bool,
    pub has_sections: bool,
    pub below: Below,
}

/// A heading with what stands in it and directly under it, up to the next one.
#[derive(Clone)]
pub(super) struct Direct {
    draft: TalkDraft,
    under: Under,
}

impl Direct {
    /// Reads the heading of a segment and the lines up to `end`.
    pub fn of(document: &Document<'_>, segment: &Segment, heading: &Heading, end: usize) -> Self {
        let title = title::undecorate(&heading.text);
        let pages = document.links(heading.line, end);
        let slides =
            |link: &FoundLink| link.to_link().and_then(|link| link.kind) == Some(LinkKind::Slides);
        let page = |link: &FoundLink| {
            let titled = link.line == heading.line;
            link.is_talk_page() && (titled || link.text.chars().count() <= 24)
                || titled && slides(link)
        };
        let mut credits = in_title::credits(&title.text);
        credits.extend(in_title::before_comma(&title.text));
        let draft = TalkDraft {
            segment: *segment,
            named: People::parse(&title.text).name_confidence,
            credits,
            title,
            day: None,
            room: None,
            under_day: false,
            under_group: false,
            under_talks: false,
            has_page: pages.iter().take(5).any(page),
            has_sections: false,
            below: Below::of(document, segment, end, pages),
        };
        Self { draft, under: credits::under(document, segment.body, end) }
    }

    /// The heading as the talk of `segment`; `child` is the first heading in it.
    pub fn into_draft(self, segment: &Segment, child: Option<&Heading>) -> TalkDraft {
        let Self { mut draft, mut under } = self;
        if let Some(child) = child {
            under = under.with_child(child);
        }
        draft.credits.extend(under.credits);
        TalkDraft { segment: *segment, day: under.day, room: under.room, ..draft }
    }
}

/// The headings under that of a segment.
pub(super) fn children<'h>(
    headings: &'h [Heading],
    segment: &Segment,
) -> impl Iterator<Item = &'h Heading> + use<'h> {
    let (from, end) = (segment.heading.map_or(0, |index| index + 1), segment.end);
    headings.get(from..).unwrap_or_default().iter().take_while(move |heading| heading.line < end)
}
