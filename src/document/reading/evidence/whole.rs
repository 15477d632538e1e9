//! Evidence that a whole document is about one talk.

use super::{Evidence, is_wordy};
use crate::document::dates::{self, DayHeading};
use crate::document::markdown::outline::Heading;
use crate::document::naming::title_key;
use crate::document::reading::surroundings::Surroundings;
use crate::document::reading::survey::Survey;
use crate::document::reading::talk_draft::TalkDraft;
use crate::document::words::words;

/// A document as one talk, with what was seen of it.
pub(in crate::document::reading) struct Whole<'a, 'd> {
    pub survey: &'a Survey<'a, 'd>,
    pub around: &'a Surroundings,
    pub title: &'a Heading,
    pub draft: &'a TalkDraft,
    /// Whether a speaker is named.
    pub credited: bool,
    /// The folder whose name is that of the summit.
    pub folder: Option<&'a str>,
    /// Whether a day stands in its path.
    pub dated: bool,
    /// Whether the name of the file begins with a number.
    pub numbered: bool,
    /// Lines that name speakers behind a label.
    pub labels: usize,
}

impl Whole<'_, '_> {
    /// What speaks for and against it.
    pub fn evidence(&self) -> Vec<Evidence> {
        let seen = self.of_talk().into_iter().chain(self.of_place()).chain(self.doubts());
        let seen = seen.filter(|(seen, ..)| *seen);
        seen.map(|(_, what, points)| Evidence { what, points }).collect()
    }

    fn of_talk(&self) -> Vec<(bool, &'static str, f32)> {
        let title = &self.draft.title;
        let marked = title.kind.is_some() || title.medal.is_some();
        let key = title_key(self.survey.document.stem());
        let named =
            self.title.end > 0 && is_wordy(&title.text) && key.ends_with(&title_key(&title.text));
        vec![
            (self.survey.document.front.speaks_of_a_talk(), "fields that only a talk has", 12.0),
            (self.credited, "a speaker", 6.0),
            (self.draft.has_page, "a link to a session page", 4.0),
            (self.draft.has_sections, "sections of a note", 3.0),
            (marked, "a kind or a medal", 4.0),
            (is_wordy(&title.text), "a title of several words", 0.5),
            (named, "the file is named after the title", 1.0),
        ]
    }

    fn of_place(&self) -> Vec<(bool, &'static str, f32)> {
        let in_year = self.folder.is_some_and(|folder| dates::year_in(folder).is_some());
        let letters = |folder: &str| folder.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        let named = |folder: &str| words().is_event(folder) || (in_year && letters(folder));
        let of_year = in_year || self.survey.topic.year_in_path;
        let above = self.survey.topic.event_folder;
        let in_event = self.folder.is_some_and(named) || above;
        let company = in_event || in_year || self.around.alike >= 2;
        let front = self.survey.document.has_front
            && self.folder.is_some()
            && !self.survey.document.is_index();
        let fields = "front matter in a folder of its own";
        let noted = self.draft.below.has_list || !self.draft.below.is_prose;
        vec![
            (in_event, "a folder named after an event", 2.5),
            (in_year && !in_event, "a folder named after a year", 1.5),
            (in_event && of_year, "an event of a year", 1.5),
            (front && company, fields, 3.0),
            (front && !company, fields, 1.5),
            (self.is_listed(), "an index lists it with a time or under a day with a speaker", 6.0),
            (self.dated, "a day in the path", 2.0),
            (self.dated && noted, "notes under a day", 0.5),
            (self.around.alike >= 2 && in_event, "files like it in the folder of an event", 1.5),
            (self.around.alike >= 2 && !in_event, "files like it beside it", 0.5),
            (self.is_among_talks(), "speakers in files beside it", 3.0),
        ]
    }

    fn doubts(&self) -> Vec<(bool, &'static str, f32)> {
        let text = &self.draft.title.text;
        let event = words().is_event(text) || words().is_event_notes(text);
        let topic = self.survey.topic;
        let named = self.survey.document.front.speaks_of_a_talk();
        let unlike = !self.credited && self.around.numbered >= 2 && !self.numbered;
        let no_talk = words().is_not_talk(text)
            || words().is_section(text)
            || words().is_group(text) && !words().is_single_kind(text);
        let other = topic.other || words().is_other_document(text);
        let year = dates::year_in(text).is_some() && !self.draft.has_page && !named;
        let in_front =
            self.title.end == 0 && self.survey.document.front.title.is_some() && !self.is_listed();
        let part = self.title.level > 1 && self.title.end > 0 && !named && !self.credited;
        let index = self.survey.document.is_index() && !self.credited && !self.is_among_talks();
        vec![
            (unlike, "a name unlike those of the files beside it", -3.0),
            (event && !self.credited, "the title names an event", -4.0),
            (no_talk, "the title is not that of a talk", -12.0),
            (other, "the title or path names another kind of document", -9.0),
            (in_front && !named && !self.credited, "nothing but a title in the front matter", -4.0),
            (self.labels >= 2, "speakers of several talks", -9.0),
            (part, "its only heading may be that of a part", -1.5),
            (index, "an index", -2.0),
            (
                (event || year) && !self.survey.document.targets.is_empty(),
                "it links to the notes",
                -6.0,
            ),
            (DayHeading::parse(text).is_some(), "the title is a day", -12.0),
        ]
    }

    /// Whether an index lists it as one of the talks of a programme.
    fn is_listed(&self) -> bool {
        let told = &self.around.told.entry;
        told.start_time.is_some() || (told.day.is_some() && !told.speakers.is_empty())
    }

    /// Whether most files beside it name their speakers.
    fn is_among_talks(&self) -> bool {
        self.around.alike >= 2 && self.around.credited * 2 >= self.around.alike
    }
}
