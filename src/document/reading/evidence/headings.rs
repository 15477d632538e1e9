//! Evidence for talks that are headings.

use super::{Evidence, is_sure, is_wordy, ratio};
use crate::document::dialect::Dialect;
use crate::document::markdown::outline::{BOLD, Heading};
use crate::document::reading::headings::Headed;
use crate::document::reading::position_statistics::is_credited;
use crate::document::reading::roles::Role;
use crate::document::reading::survey::Survey;
use crate::document::reading::talk_draft::TalkDraft;
use crate::document::speakers::positions::{Credit, SpeakerPosition};
use crate::document::speakers::{name_confidence::NameConfidence, people::People};
use crate::document::title;
use crate::document::words::words;

/// Evidence for the talks of a reading in which they are headings.
pub(in crate::document::reading) fn of_headings(
    survey: &Survey<'_, '_>,
    found: &Headed,
) -> Vec<Evidence> {
    let talks = Talks { survey, found };
    let points = talks.signs().into_iter().chain(talks.forms()).chain(talks.doubts());
    let points = points.filter(|(_, points)| *points != 0.0);
    let mut evidence = survey.topic.evidence();
    evidence.extend(points.map(|(what, points)| Evidence { what, points }));
    evidence
}

type Points = (&'static str, f32);

struct Talks<'a, 'd> {
    survey: &'a Survey<'a, 'd>,
    found: &'a Headed,
}

impl Talks<'_, '_> {
    fn share(&self, wanted: impl Fn(&TalkDraft) -> bool) -> f32 {
        let drafts = &self.found.drafts;
        ratio(drafts.iter().filter(|draft| wanted(draft)).count(), drafts.len())
    }

    fn any(&self, wanted: impl Fn(&TalkDraft) -> bool) -> bool {
        self.found.drafts.iter().any(wanted)
    }

    fn is_credited(&self, draft: &TalkDraft) -> bool {
        draft.credits.iter().any(|credit| self.found.statistics.accept(credit))
    }

    /// Whether somebody else than the title names the speaker: a label, or the rest of the heading.
    fn is_told(&self, draft: &TalkDraft) -> bool {
        let told =
            |credit: &Credit| credit.title.is_some() || credit.position == SpeakerPosition::Label;
        draft.credits.iter().any(|credit| told(credit) && self.found.statistics.accept(credit))
    }

    /// Whether something shows that it is about talks at all: days and medals alone are those of a
    /// journey.
    fn about_talks(&self) -> bool {
        self.survey.topic.names_event()
            || self.any(|draft| self.is_credited(draft) || is_shown(draft))
    }

    /// What shows by itself that there are talks.
    fn signs(&self) -> Vec<Points> {
        let about = self.about_talks();
        let top_days = self.found.segments.iter().any(|segment| {
            let heading = segment.heading.and_then(|index| self.found.headings.get(index));
            matches!(segment.role, Role::Day(_)) && heading.is_some_and(|own| own.level == 1)
        });
        let days = if about || top_days || self.survey.topic.year { 5.0 } else { 1.0 };
        let medals = if about || self.any(|draft| draft.under_day) { 5.0 } else { 1.0 };
        let marked = |draft: &TalkDraft| draft.title.kind.is_some() || draft.title.medal.is_some();
        let timed =
            |draft: &TalkDraft| draft.title.start_time.is_some() || draft.title.room.is_some();
        let dated = top_days || self.survey.topic.year;
        let all_days = dated && self.found.drafts.iter().all(|draft| draft.under_day);
        vec![
            ("all of them under days", if all_days { 2.0 } else { 0.0 }),
            ("speakers", 6.0 * self.share(|draft| self.is_credited(draft))),
            ("under a day", days * self.share(|draft| draft.under_day)),
            ("under a group", 3.0 * self.share(|draft| draft.under_group)),
            ("links to session pages", 5.0 * self.share(|draft| draft.has_page)),
            ("kinds or medals", medals * self.share(marked)),
            ("times or rooms", 3.0 * self.share(timed)),
            ("sections that repeat", 5.0 * self.share(|draft| draft.has_sections)),
        ]
    }

    /// What talks are written like; it counts for more where an event is named.
    fn forms(&self) -> Vec<Points> {
        let weight = if self.about_talks() || self.survey.topic.is_dated() { 1.0 } else { 0.0 };
        let told = if self.about_talks() || self.survey.topic.is_placed() { 1.0 } else { 0.0 };
        let named = if self.survey.topic.event { 1.0 } else { 0.0 };
        let spoken = |draft: &TalkDraft| draft.below.speaks_of_talk && is_wordy(&draft.title.text);
        let spoken = Some(self.share(spoken)).filter(|share| *share >= 0.5).unwrap_or_default();
        let spoken = if self.found.drafts.len() > 2 { spoken } else { 0.0 };
        let wordy = self.share(|draft| is_wordy(&draft.title.text));
        let under_talks = |draft: &TalkDraft| draft.under_talks && !draft.under_group;
        let placed = if self.survey.topic.is_placed() { 1.0 } else { 0.0 };
        let several = if self.found.drafts.len() > 1 { 0.5 } else { 0.0 };
        let happened = if self.survey.topic.happened { 2.0 * several } else { 0.0 };
        vec![
            ("under a heading about talks", 3.0 * placed * self.share(under_talks)),
            ("links to slides or recordings", 3.0 * told * self.share(|m| m.below.has_media)),
            ("the text speaks of talks", 1.5 * weight * spoken),
            ("lists under them", named * self.share(|draft| draft.below.has_list)),
            ("numbers", 0.5 * self.share(|draft| draft.title.numbered)),
            ("titles of several words", 2.5 * wordy - 1.5),
            ("how many there are", several),
            ("it says on which day the event was", happened),
        ]
    }

    /// What speaks against talks.
    fn doubts(&self) -> Vec<Points> {
        let named = |draft: &TalkDraft| {
            let shouted = !draft.title.text.chars().any(char::is_lowercase);
            let least = if shouted { NameConfidence::Strong } else { NameConfidence::Medium };
            draft.named >= least && !self.is_told(draft)
        };
        let strong = |draft: &TalkDraft| draft.named == NameConfidence::Strong;
        let sure =
            self.any(|draft| named(draft) && strong(draft)) || !self.survey.topic.is_placed();
        let personal = |draft: &TalkDraft| {
            words().is_first_person(&draft.title.text) && !self.is_credited(draft)
        };
        let credited = self.share(|draft| self.is_credited(draft));
        let prose = |draft: &TalkDraft| draft.below.is_prose && !draft.below.speaks_of_talk;
        let placed = |draft: &TalkDraft| is_shown(draft) || draft.under_day || draft.under_talks;
        let weight = if self.any(placed) { 1.0 } else { 2.0 };
        let elsewhere = self.is_titled() && !self.is_placed();
        let bare = self.survey.topic.readme
            && !self.any(|draft| self.is_credited(draft) || is_shown(draft) || draft.under_day);
        let deep = self.found.level > 2 && self.found.headings.len() >= 4;
        let alone = self.found.drafts.len() == 1 && deep;
        vec![
            ("a README without speakers or days", if bare { -2.0 } else { 0.0 }),
            ("one of many headings", if alone { -3.0 } else { 0.0 }),
            ("names are the only sign of talks", if elsewhere { -5.0 } else { 0.0 }),
            ("a post", self.post()),
            ("titles that are names", -if sure { 6.0 } else { 3.0 } * self.share(named)),
            ("headings about the author", -6.0 * self.share(personal)),
            ("prose without speakers", -weight * self.share(prose) * (1.0 - credited)),
            ("headings above that are no groups", -4.0 * self.unexplained()),
            ("other headings name speakers", -4.0 * self.left_out()),
        ]
    }

    fn post(&self) -> f32 {
        let days = self.any(|draft| draft.under_day);
        let timed = |draft: &TalkDraft| draft.title.start_time.is_some();
        let shown = self.any(|draft| self.is_credited(draft) || is_shown(draft) || timed(draft));
        let notes = words().is_event_notes(&self.survey.document.title().unwrap_or_default());
        match (self.survey.document.dialect == Dialect::Hugo && !days, shown, notes) {
            (false, ..) => 0.0,
            (true, true, _) => -1.0,
            (true, false, true) => -1.0,
            (true, false, false) => -2.5,
        }
    }

    /// Whether anything beside the shape of names shows that talks were given.
    fn is_placed(&self) -> bool {
        let sure = |draft: &TalkDraft| {
            draft
                .credits
                .iter()
                .any(|credit| self.found.statistics.accept(credit) && is_sure(credit))
        };
        let shown = |draft: &TalkDraft| {
            is_shown(draft)
                || draft.under_day
                || draft.title.start_time.is_some()
                || draft.has_sections
                || sure(draft)
        };
        self.survey.topic.is_placed() || self.any(shown) || self.survey.document.start().is_some()
    }

    /// Whether the document has a title that is none of a talk.
    fn is_titled(&self) -> bool {
        let level =
            self.found.drafts.first().and_then(|draft| self.heading(draft)).map(|h| h.level);
        let top = self.found.headings.iter().any(|heading| heading.level == 1);
        self.survey.document.front.title.is_some() || (top && level != Some(1))
    }

    fn heading(&self, draft: &TalkDraft) -> Option<&Heading> {
        self.found.headings.get(draft.segment.heading?)
    }

    /// The share of the headings above talks that are neither days nor groups nor short names of
    /// tracks.
    fn unexplained(&self) -> f32 {
        let segments = &self.found.segments;
        let (mut parents, mut odd) = (0_usize, 0_usize);
        for (at, segment) in segments.iter().enumerate() {
            let heading = segment.heading.and_then(|index| self.found.headings.get(index));
            let over = segments.get(at + 1).is_some_and(|next| next.role == Role::Talk);
            let Some(heading) = heading.filter(|_| segment.role == Role::Group && over) else {
                continue;
            };
            let text = title::undecorate(&heading.text).text;
            let has_text =
                !self.survey.document.outline.slice(segment.body, segment.end).is_empty();
            let speaker = People::parse(&text).name_confidence >= NameConfidence::Medium;
            let odd_text = has_text || is_wordy(&text);
            parents += 1;
            let group = words().is_group(&heading.text)
                || words().is_programme(&heading.text)
                || words().speaks_of_talk(&text);
            odd += usize::from(!group && !speaker && odd_text);
        }
        ratio(odd, parents)
    }

    /// The share of the headings with a speaker that this reading takes for no talks.
    fn left_out(&self) -> f32 {
        let headings = self.found.headings.iter().zip(&self.found.roles);
        let others = headings.filter(|(heading, role)| {
            let other = matches!(role, Role::Section | Role::Group | Role::Other);
            other && heading.level < BOLD && is_credited(&heading.text)
        });
        let others = others.count();
        if others < 2 { 0.0 } else { ratio(others, others + self.found.drafts.len()) }
    }
}

/// Whether a heading shows by itself that it is a talk.
fn is_shown(draft: &TalkDraft) -> bool {
    draft.has_page || draft.title.kind.is_some() || draft.under_group
}
