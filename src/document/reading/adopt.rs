//! Headings of other levels that are talks like those of a reading's level: one that stands beside a
//! group of talks, and those under a group that stands beside talks.

use super::habits;
use super::headings::Headed;
use super::items;
use super::roles::{Role, Segment};
use super::survey::Survey;
use crate::api::TalkKind;
use crate::document::markdown::outline::{BOLD, Heading};
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::people::People;
use crate::document::speakers::seats::Seat;
use crate::document::title;
use crate::document::words::words;

/// The headings, by index, that are something else than their levels let expect.
pub(super) fn others(survey: &Survey<'_, '_>, found: &Headed) -> Vec<(usize, Role)> {
    if found.level >= BOLD || found.marks.is_empty() {
        return Vec::new();
    }
    let family = Family { survey, found };
    let roles = found.headings.iter().zip(&found.roles).enumerate();
    let changes = roles.map(|(index, (heading, role))| match role {
        Role::Group if heading.level < found.level => family.beside_group(index),
        Role::Group if heading.level == found.level => family.group(index),
        Role::Talk => family.talk(index),
        _ => Vec::new(),
    });
    changes.flatten().collect()
}

/// How many headings with a speaker are none of the talks of a reading.
pub(super) fn left_out(survey: &Survey<'_, '_>, found: &Headed) -> usize {
    let family = Family { survey, found };
    let roles = found.headings.iter().zip(&found.roles).enumerate();
    let others = roles.filter(|(index, (heading, role))| {
        let other = matches!(role, Role::Section | Role::Group | Role::Other);
        other && heading.level < BOLD && family.is_credited_in_title(*index)
    });
    others.count()
}

struct Family<'a, 'd> {
    survey: &'a Survey<'a, 'd>,
    found: &'a Headed,
}

impl Family<'_, '_> {
    /// A heading above the level of talks: a talk where it names a speaker as they do.
    fn beside_group(&self, index: usize) -> Vec<(usize, Role)> {
        let children = self.children(index);
        if self.are_short_talks(index, &children) {
            return children.into_iter().map(|child| (child, Role::Talk)).collect();
        }
        let talk = if children.is_empty() {
            self.is_credited(index) || self.is_only_kind(index)
        } else {
            self.is_credited_in_title(index)
        };
        talk.then_some((index, Role::Talk)).into_iter().collect()
    }

    /// A heading such as "Lightning talks" or "Keynote" among talks: its children are talks where
    /// most name speakers, and else it is one itself where notes stand under it.
    fn group(&self, index: usize) -> Vec<(usize, Role)> {
        let children = self.children(index);
        let credited = children.iter().filter(|child| self.is_credited(**child)).count();
        if (credited > 0 && credited * 2 >= children.len())
            || self.are_short_talks(index, &children)
        {
            return children.into_iter().map(|child| (child, Role::Talk)).collect();
        }
        let own = self.is_credited_above(index, &children)
            || (children.is_empty() && self.is_only_kind(index));
        own.then_some((index, Role::Talk)).into_iter().collect()
    }

    /// Whether several headings with notes of their own stand under one such as "Lightning talks",
    /// which says what they are though they name nobody.
    fn are_short_talks(&self, index: usize, children: &[usize]) -> bool {
        let lightning = self.found.headings.get(index).is_some_and(|own| {
            let text = title::undecorate(&own.text).text;
            words().talk_kind(&text) == Some(TalkKind::Lightning) && words().is_group(&text)
        });
        let text = |child: usize| {
            self.segment(child).map(|(heading, segment)| {
                let noted =
                    !self.survey.document.outline.slice(segment.body, segment.end).is_empty();
                (title::undecorate(&heading.text).text, noted)
            })
        };
        let texts: Vec<(String, bool)> = children.iter().filter_map(|child| text(*child)).collect();
        let part = |text: &str| words().is_not_talk(text) || words().is_section(text);
        let noted = texts.iter().all(|(text, noted)| *noted && !part(text));
        let name = |text: &str| People::parse(text).likeness >= Likeness::Medium;
        let names = texts.iter().filter(|(text, _)| name(text)).count();
        lightning && noted && children.len() >= 2 && names * 2 < children.len()
    }

    /// A heading among talks most of whose parts name speakers: a group of talks, or a talk with
    /// others in its place.
    fn talk(&self, index: usize) -> Vec<(usize, Role)> {
        let children = self.children(index);
        let talks: Vec<usize> =
            children.iter().copied().filter(|child| self.is_credited(*child)).collect();
        if talks.len() < 2 || talks.len() * 3 < children.len() * 2 {
            return Vec::new();
        }
        let own = (!self.is_credited(index) || self.is_title(index)).then_some(index);
        let own = own.map(|index| (index, Role::Group));
        children.into_iter().map(|child| (child, Role::Talk)).chain(own).collect()
    }

    /// Whether a heading is the only one at the top of the document.
    fn is_title(&self, index: usize) -> bool {
        let tops = self.found.headings.iter().enumerate().filter(|(_, own)| own.level == 1);
        tops.map(|(top, _)| top).eq([index])
    }

    /// The headings directly under another one that may be talks.
    fn children(&self, index: usize) -> Vec<usize> {
        let Some(own) = self.found.headings.get(index) else { return Vec::new() };
        let below = self.found.headings.iter().enumerate().skip(index + 1);
        let below = below.take_while(|(_, heading)| heading.level > own.level);
        let level = below.clone().map(|(_, heading)| heading.level).min();
        below.filter(|(_, heading)| Some(heading.level) == level).map(|(index, _)| index).collect()
    }

    /// Whether a heading has a title and a speaker at a place where the talks have theirs.
    fn is_credited(&self, index: usize) -> bool {
        self.segment(index).is_some_and(|(heading, segment)| self.credits(heading, &segment))
    }

    /// The same of what stands above the parts of a group.
    fn is_credited_above(&self, index: usize, children: &[usize]) -> bool {
        let first = children.first().and_then(|child| self.found.headings.get(*child));
        self.segment(index).is_some_and(|(heading, segment)| {
            let end = first.map_or(segment.end, |first| first.line);
            let above = Segment { end, ..segment };
            // A label in a list of talks is that of one of them.
            self.credits(heading, &above) && !items::are_talks(self.survey.document, &above)
        })
    }

    fn credits(&self, heading: &Heading, segment: &Segment) -> bool {
        let text = title::undecorate(&heading.text).text;
        if words().is_not_talk(&text) || words().is_section(&text) {
            return false;
        }
        let mark = self.survey.mark(&self.found.headings, segment, heading);
        let accepted = mark.credits.iter().any(|credit| self.found.habits.accept(credit));
        let told = mark.credits.iter().any(|credit| {
            let parted = credit.title.is_some() && credit.seat == Seat::Dash;
            credit.seat == Seat::Label || (parted && self.found.habits.accept(credit))
        });
        let name = !told && mark.named >= Likeness::Medium;
        !name && accepted
    }

    fn is_credited_in_title(&self, index: usize) -> bool {
        self.found.headings.get(index).is_some_and(|heading| habits::is_credited(&heading.text))
    }

    /// Whether a heading says no more than `Keynote`, and notes rather than talks stand under it.
    fn is_only_kind(&self, index: usize) -> bool {
        let Some((heading, segment)) = self.segment(index) else { return false };
        let single = words().is_single_kind(&title::undecorate(&heading.text).text);
        let text = || self.survey.document.outline.slice(segment.body, segment.end);
        single && !text().is_empty() && !items::are_talks(self.survey.document, &segment)
    }

    fn segment(&self, index: usize) -> Option<(&Heading, Segment)> {
        let heading = self.found.headings.get(index)?;
        let mut below = self.found.headings.iter().skip(index + 1);
        let next = below.find(|next| next.level <= heading.level).map(|next| next.line);
        let end = next.unwrap_or(self.survey.document.outline.lines.len());
        let (start, body) = (heading.line, heading.end);
        Some((heading, Segment { role: Role::Talk, heading: Some(index), start, body, end }))
    }
}
