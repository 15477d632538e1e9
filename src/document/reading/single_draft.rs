//! A document that may be the notes of one talk.

use super::below::Below;
use super::roles::{Role, Segment};
use super::single_title;
use super::talk_draft::TalkDraft;
use crate::document::dates::DayHeading;
use crate::document::markdown::outline::Heading;
use crate::document::parsed::Document;
use crate::document::rules::{self};
use crate::document::speakers::credits;
use crate::document::speakers::in_title;
use crate::document::speakers::name_confidence::NameConfidence;
use crate::document::speakers::people::People;
use crate::document::speakers::positions::Credit;
use crate::document::title;
use crate::document::words::words;

/// Of a document that has one title, as notes of one talk have: whether a speaker is named, and who may be.
pub(in crate::document) fn credits(document: &Document<'_>) -> Option<(bool, Vec<Credit>)> {
    let title = title_of(document)?;
    let no_talk = words().is_not_talk(&title.text) || DayHeading::parse(&title.text).is_some();
    let draft = draft(document, &title);
    let credited = !document.front.speakers.is_empty() || is_credited(&draft.credits);
    (!no_talk).then_some((credited, draft.credits))
}

/// The title that is written in a document; of several headings at the top the first, where only it has a speaker or
/// the page of a talk.
pub(super) fn title_of(document: &Document<'_>) -> Option<Heading> {
    single_title::of(document, |own| {
        let own = draft(document, own);
        is_credited(&own.credits) || own.has_page
    })
}

pub(super) fn is_credited(credits: &[Credit]) -> bool {
    credits.iter().any(|credit| {
        credit.position.is_usual() && credit.people.name_confidence >= NameConfidence::Medium
    })
}

pub(super) fn draft(document: &Document<'_>, heading: &Heading) -> TalkDraft {
    let end = document.outline.lines.len();
    let segment =
        Segment { role: Role::Talk, heading: Some(0), start: heading.line, body: heading.end, end };
    let title = document.front.title.as_deref().unwrap_or(&heading.text);
    let own = title::undecorate(title);
    let child = document.outline.headings.iter().find(|child| child.line >= heading.end);
    let part = child.filter(|child| child.level > heading.level);
    let mut under = credits::under(document, heading.end, part.map_or(end, |part| part.line));
    if let Some(part) = part {
        under = under.with_child(part);
    }
    let mut credits = in_title::credits(&own.text);
    if document.front.title.is_some() && !is_credited(&credits) {
        credits.extend(in_title::credits(&title::undecorate(&heading.text).text));
        credits.iter_mut().for_each(|credit| {
            credit.title = credit.title.take().filter(|title| own.text.starts_with(title.as_str()))
        });
    }
    credits.extend(under.credits);
    rules::speakers::state(document, &own.text, &mut credits);
    let direct = child.map_or(end, |child| child.line);
    let links = document.links(heading.line, direct);
    let sections = document.outline.headings.iter().filter(|child| child.line >= heading.end);
    TalkDraft {
        segment,
        named: People::parse(&own.text).name_confidence,
        title: own,
        credits,
        day: under.day,
        room: under.room,
        under_day: false,
        under_group: false,
        under_talks: false,
        has_page: links
            .iter()
            .take(5)
            .any(|link| link.is_talk_page() && link.text.chars().count() <= 24),
        has_sections: sections.take(20).any(|child| words().is_note_section(&child.text)),
        below: Below::of(document, &segment, direct, links),
    }
}

/// Whether the name of a file begins with a number or a day and a dash: `2-maps.md`, `d1-2-maps.md`.
pub(in crate::document) fn is_numbered(document: &Document<'_>) -> bool {
    let prefix = document.stem().split(['-', '_', ' ', '.']).next().unwrap_or_default();
    prefix.len() <= 4 && prefix.chars().last().is_some_and(|c| c.is_ascii_digit())
}
