//! The words by which documents are read. They live in `words.toml`, so that a language is added
//! without touching code.

mod fields;
mod headings;
mod links;
mod list;
mod marks;
mod people;

use crate::api::{LinkKind, TalkKind};
use crate::document::memo::FastSet;
use crate::document::text::{fold, is_longer};
pub(in crate::document) use fields::{FieldWords, HoldsBack};
use headings::heading_key;
use list::{Characters, Positions};
pub(in crate::document) use list::{MarkList, WordList};
use marks::{FileWords, MarkWords};
use serde::Deserialize;
use std::sync::LazyLock;

/// Longest text in which a word that stands alone is looked for, in bytes.
const LONGEST_WORD: usize = 48;
/// The same for a word that begins a remark.
const LONGEST_REMARK: usize = 96;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // The file is part of the program and a test reads it, so this does not fail in use; to go on
    // without words is still better than to stop.
    toml::from_str(include_str!("words.toml")).unwrap_or_default()
});

static GIVEN_NAMES: LazyLock<FastSet<&'static str>> =
    LazyLock::new(|| WORDS.given_names.split_whitespace().collect());

/// The words of all languages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::document) struct Words {
    not_talks: WordList,
    not_talk_prefixes: WordList,
    not_talk_ends: WordList,
    breaks_anywhere: WordList,
    journey: WordList,
    modifiers: WordList,
    programmes: WordList,
    first_person: WordList,
    first_persons: WordList,
    note_sections: WordList,
    by_phrases: WordList,
    plural_speaker_labels: WordList,
    title_columns: WordList,
    speaker_columns: WordList,
    time_columns: WordList,
    copy_marks: Vec<String>,
    foreign_keys: WordList,
    cancelled: WordList,
    compound_surnames: WordList,
    groups: WordList,
    group_ends: WordList,
    lists: WordList,
    sections: WordList,
    post_folders: WordList,
    blog_folders: WordList,
    talk_folders: WordList,
    events: WordList,
    weak_events: WordList,
    remarks: WordList,
    event_endings: WordList,
    event_series: WordList,
    event_parts: WordList,
    event_notes: WordList,
    event_tags: WordList,
    talk_mentions: WordList,
    durations: WordList,
    languages: Vec<Entry<String>>,
    other_documents: WordList,
    other_document_parts: WordList,
    placeholders: WordList,
    jobs: WordList,
    job_parts: WordList,
    awards: WordList,
    chiefs: WordList,
    at_words: Vec<String>,
    handle_labels: WordList,
    legal_forms: WordList,
    speaker_labels: WordList,
    who_labels: WordList,
    date_labels: WordList,
    room_labels: WordList,
    organization_labels: WordList,
    talk_verbs: WordList,
    by_words: WordList,
    weak_by_words: WordList,
    and_words: WordList,
    honorifics: WordList,
    clock: WordList,
    chapters: WordList,
    kind_adjectives: WordList,
    link_words: WordList,
    reports: Vec<String>,
    surname_prefixes: WordList,
    rooms: WordList,
    day_tails: WordList,
    given_names: String,
    korean_surnames: Characters,
    korean_nouns: WordList,
    companies: WordList,
    not_names: WordList,
    surnames: Characters,
    particles: WordList,
    organizations: WordList,
    signed_query: WordList,
    kinds: Vec<Entry<TalkKind>>,
    link_texts: Vec<Entry<LinkKind>>,
    link_urls: Vec<Entry<LinkKind>>,
    dates: DateWords,
    pub fields: FieldWords,
    pub marks: MarkWords,
    pub files: FileWords,
}

/// The words for one kind.
#[derive(Debug, Deserialize)]
struct Entry<K> {
    kind: K,
    words: WordList,
}

/// What a label stands in front of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Label {
    Speakers,
    /// A speaker where a name follows, and else anybody.
    Who,
    Date,
    Room,
    Organization,
}

/// The words that dates are written with.
#[derive(Debug, Default, Deserialize)]
struct DateWords {
    day: WordList,
    ordinals: Positions,
    fill: WordList,
    weekdays: Positions,
    months: Positions,
}

/// The words of all languages.
pub(in crate::document) fn words() -> &'static Words {
    &WORDS
}

impl Words {
    /// What a label such as `講者` or `Speaker(s)` stands in front of.
    pub fn label(&self, word: &str) -> Option<Label> {
        let lists = [
            (&self.speaker_labels, Label::Speakers),
            (&self.who_labels, Label::Who),
            (&self.date_labels, Label::Date),
            (&self.room_labels, Label::Room),
            (&self.organization_labels, Label::Organization),
        ];
        let plural = self.plural_speaker_labels.longest();
        let longest = lists.iter().map(|(list, _)| list.longest()).fold(plural, usize::max);
        if is_longer(word, longest) {
            return None;
        }
        let word = fold(word);
        let word = word.trim();
        let plural = has(&self.plural_speaker_labels, word).then_some(Label::Speakers);
        plural
            .or_else(|| lists.into_iter().find(|(list, _)| has(list, word)).map(|(_, label)| label))
    }

    /// Whether a word stands behind a time of day.
    pub fn is_clock(&self, word: &str) -> bool {
        has(&self.clock, word)
    }

    /// Whether a label such as `Vortrag` or `主題` stands in front of the title of a talk.
    pub fn is_title_label(&self, label: &str) -> bool {
        let label = fold(label);
        let label = label.trim_matches(|c: char| !c.is_alphabetic());
        (has(&self.title_columns, label) || self.talk_kind(label).is_some())
            && !has(&self.speaker_labels, label)
    }

    /// Whether other programs have a key of front matter of this name, without `-` and `_`.
    pub fn is_foreign_key(&self, key: &str) -> bool {
        has(&self.foreign_keys, key)
    }

    /// Whether a text says no more than that a talk was not given.
    pub fn is_cancelled(&self, text: &str) -> bool {
        let short = text.len() <= LONGEST_WORD;
        short && has(&self.cancelled, fold(text).trim_matches(|c: char| !c.is_alphanumeric()))
    }

    /// Whether a text begins with that: `cancelled by the speaker`.
    pub fn begins_cancelled(&self, text: &str) -> bool {
        let text = fold(text.get(..LONGEST_REMARK).unwrap_or(text));
        self.is_cancelled(&text)
            || self.cancelled.iter().any(|word| {
                let rest = text.strip_prefix(word.as_str());
                rest.is_some_and(|rest| rest.starts_with([' ', ',', ':', ';', '-', '：', '，']))
            })
    }

    /// Whether a number follows a word such as `Chapitre`.
    pub fn is_chapter(&self, word: &str) -> bool {
        has(&self.chapters, &fold(word))
    }

    /// Whether a text in brackets names a room.
    pub fn is_room(&self, text: &str) -> bool {
        let text = fold(text);
        text.split(' ').any(|word| has(&self.rooms, word))
            || !text.is_ascii() && ends_wide(&self.rooms, &text).is_some()
    }

    /// Whether a text goes on with a heading of a day.
    pub fn is_day_tail(&self, text: &str) -> bool {
        has(&self.day_tails, &heading_key(text)) || self.is_group(text)
    }

    /// Whether a word may stand between the parts of a date.
    pub fn is_date_fill(&self, word: &str) -> bool {
        has(&self.dates.fill, word)
    }

    /// The kind of talk that a word stands for.
    pub fn talk_kind(&self, word: &str) -> Option<TalkKind> {
        let longest = self.kinds.iter().map(|entry| entry.words.longest()).max()?;
        if is_longer(word, longest) {
            return None;
        }
        let word = fold(word);
        self.kinds.iter().find(|entry| has(&entry.words, &word)).map(|entry| entry.kind)
    }

    /// Whether a word beside that for a kind of talk says how long or for whom it is: `Talk court`.
    pub fn is_kind_adjective(&self, word: &str) -> bool {
        has(&self.kind_adjectives, &fold(word))
    }

    /// Whether a word behind a number says how long something took.
    pub fn is_duration(&self, word: &str) -> bool {
        has(&self.durations, fold(word).trim_end_matches('.'))
    }

    /// The tag of the language that a text such as `EN` or `日本語` names. A code is written in
    /// capitals.
    pub fn language(&'static self, text: &str) -> Option<&'static str> {
        let code = text.len() == 2 && !text.chars().all(char::is_uppercase);
        let word = fold(text);
        let found = self.languages.iter().find(|entry| has(&entry.words, &word));
        found.filter(|_| !code).map(|entry| entry.kind.as_str())
    }

    /// Whether a text says no more than that something is a keynote, a panel or a workshop.
    pub fn is_single_kind(&self, text: &str) -> bool {
        use TalkKind::{Keynote, Panel, Workshop};
        matches!(self.talk_kind(text.trim()), Some(Keynote | Panel | Workshop))
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday(&self, word: &str) -> Option<i8> {
        self.dates.weekdays.of(word)
    }

    /// 1 for January to 12 for December.
    pub fn month(&self, word: &str) -> Option<i8> {
        self.dates.months.of(word).and_then(|index| index.checked_add(1))
    }

    /// The number that a word such as `two` behind `Day` stands for.
    pub fn ordinal(&self, word: &str) -> Option<i8> {
        self.dates.ordinals.of(word).and_then(|index| index.checked_add(1))
    }

    /// Whether a number of a day follows this word.
    pub fn is_day(&self, word: &str) -> bool {
        has(&self.dates.day, word)
    }
}

fn has(list: &WordList, word: &str) -> bool {
    list.contains(word)
}

/// What stands in front of the longest word at the end of `text` that is not written in ASCII.
fn ends_wide<'t>(list: &WordList, text: &'t str) -> Option<&'t str> {
    list.before(text).find(|rest| text.get(rest.len()..).is_some_and(|word| !word.is_ascii()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read() {
        let words: Words = toml::from_str(include_str!("words.toml")).unwrap();
        let last = |lists: &Positions| lists.places.values().max().copied();
        assert_eq!((last(&words.dates.weekdays), last(&words.dates.months)), (Some(6), Some(11)));
    }

    #[test]
    fn headings_that_are_no_talks() {
        for heading in [
            "Overview 概述",
            "Agenda",
            "Ref: Others",
            "💡 總結反思",
            "你怎麼看?",
            "Murmur",
            "Q&A",
            "議程 Agenda",
            "Lunch",
            "參考資料：",
        ] {
            assert!(words().is_not_talk(heading), "{heading}");
        }
        for heading in [
            "Overview of Operators",
            "Reference Architectures",
            "如何總結一場會議",
            "Summary statistics at scale",
            "Agenda-driven meetings",
        ] {
            assert!(!words().is_not_talk(heading), "{heading}");
        }
    }

    #[test]
    fn links_are_typed_by_text_then_by_address() {
        let kind = |text, url| words().link_kind(text, url);
        assert_eq!(kind("Session Page", "https://a.example/1"), LinkKind::Session);
        assert_eq!(kind("Google Slide", "https://a.example/1"), LinkKind::Slides);
        assert_eq!(kind("航線 - 心智圖", "https://github.com/x"), LinkKind::Reference);
        assert_eq!(kind("lantern", "https://github.com/example/lantern"), LinkKind::Source);
        assert_eq!(kind("Sourcery", "https://a.example/"), LinkKind::Reference);
        assert_eq!(kind("一場議程", "https://a.example/workshop-page/3"), LinkKind::Workshop);
    }
}
