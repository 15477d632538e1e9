//! What a document is about, by its title, its path, its tags and its lists.

use super::Evidence;
use crate::document::dates::{self, DayHeading};
use crate::document::parsed::Document;
use crate::document::text::fold;
use crate::document::words::words;

/// What the whole of a document says of its talks.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::document::reading) struct Topic {
    /// The title or the name of the file names an event.
    pub event: bool,
    /// A folder does.
    pub event_folder: bool,
    /// The title names a year.
    pub year: bool,
    /// The name of the file is one with a year.
    year_name: bool,
    /// A folder is a name with a year, as that of an event may be.
    pub year_folder: bool,
    /// The path names a year.
    pub year_in_path: bool,
    /// The title says that notes follow.
    pub notes: bool,
    /// The title is that of a group of talks: `Lightning talks`.
    group: bool,
    /// A tag says that it is about an event.
    tagged: bool,
    /// It states the day or days of the event that its title names.
    pub happened: bool,
    /// The name of a folder or of the file is a day.
    day_in_path: bool,
    /// The title or the path names something else, such as a diary.
    pub other: bool,
    /// It describes a repository, and its title is no name with a year.
    pub readme: bool,
}

impl Topic {
    /// Looks at a document.
    pub fn of(document: &Document<'_>) -> Self {
        let title = document.title().unwrap_or_default();
        let other = |text: &str| words().is_other_document(text);
        let tops = document.outline.headings.iter().filter(|heading| heading.level == 1).count();
        // The first of several titles is that of a talk, not of the document.
        let titled = document.front.title.is_some() || tops <= 1;
        let folders = || document.path.rsplit('/').skip(1);
        let letters = |folder: &str| folder.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        let day = |part: &str| DayHeading::parse(&part.replace(['_', '-'], " ")).is_some();
        let (event, year) = (
            words().is_event(&title) || words().is_event(document.stem()),
            dates::year_in(&title).is_some(),
        );
        Self {
            event,
            happened: (event || year) && document.states_days(),
            event_folder: folders().any(|folder| words().is_event(folder)),
            year,
            year_name: is_named_after_year(document.stem()),
            year_folder: folders()
                .any(|folder| dates::year_in(folder).is_some() && letters(folder)),
            year_in_path: folders().any(|folder| dates::year_in(folder).is_some()),
            notes: words().is_event_notes(&title),
            group: is_group(&title) || is_group(&document.stem().replace(['-', '_'], " ")),
            tagged: document.front.tags.iter().any(|tag| words().is_event_tag(tag)),
            day_in_path: folders().chain([document.stem()]).any(day),
            other: other(document.path) || (titled && other(&title)),
            readme: document.stem().eq_ignore_ascii_case("readme") && !is_name(&title),
        }
    }

    /// Whether an event is named anywhere.
    pub fn names_event(&self) -> bool {
        self.event || self.event_folder || self.tagged
    }

    /// Whether it says that it is about an event rather than about anything else that people write about.
    pub fn is_of_event(&self) -> bool {
        self.names_event() || self.year_folder || self.group || (self.notes && self.year)
    }

    /// Whether its path says on which day of which year something took place.
    pub fn is_dated(&self) -> bool {
        self.day_in_path && (self.year_in_path || self.year)
    }

    /// Whether it says that it is about an event, or when something took place.
    pub fn is_placed(&self) -> bool {
        self.names_event()
            || self.year
            || self.year_name
            || self.year_folder
            || self.notes
            || self.day_in_path
    }

    /// What of it speaks for and against talks.
    pub fn evidence(&self) -> Vec<Evidence> {
        let folder = self.event_folder && !self.event;
        let year_folder = self.year_folder && !self.event && !folder && !self.year;
        let seen = [
            (self.event, "the title names an event", 2.0),
            (folder, "a folder names an event", 2.0),
            (year_folder, "a folder is named after a year", 1.0),
            (self.year, "the title names a year", 1.0),
            (self.year_name && !self.year, "the name of the file holds a year", 1.0),
            (self.year && self.year_name, "so does the name of the file", 1.0),
            (self.notes && (self.event || self.year), "the title speaks of notes", 1.0),
            (self.group, "the title is that of a group of talks", 3.5),
            (self.tagged, "a tag names an event", 1.0),
            (self.day_in_path, "the path names a day", 1.0),
            (self.other, "the title or path names another kind of document", -9.0),
            (self.readme && !self.event, "a README", -3.0),
        ];
        let seen = seen.into_iter().filter(|(seen, ..)| *seen);
        seen.map(|(_, what, points)| Evidence { what, points }).collect()
    }
}

/// Whether a title is a name with a year and nothing else, as that of an event may be.
pub(super) fn is_name(title: &str) -> bool {
    let small = |word: &str| word.starts_with(char::is_lowercase);
    let short = title.split_whitespace().count() <= 4 && title.chars().count() <= 40;
    dates::year_in(title).is_some() && short && !title.split_whitespace().any(small)
}

/// Whether a title is that of a group of talks, with or without its date: `Lightning talks 14-5`.
fn is_group(title: &str) -> bool {
    let rest = title.trim_end_matches(|c: char| c.is_ascii_digit() || " -./".contains(c));
    let day =
        rest.rsplit_once(' ').filter(|(_, word)| rest != title && words().is_day(&fold(word)));
    words().is_group(day.map_or(rest, |(rest, _)| rest))
}

/// Whether a file is named after something with a year, and not after a date.
fn is_named_after_year(stem: &str) -> bool {
    let letters = stem.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let rest = stem.trim_start_matches(|c: char| c.is_ascii_digit() || "-_.".contains(c));
    let dated = stem.len() >= rest.len() + 8;
    letters && !dated && dates::year_in(stem).is_some()
}
