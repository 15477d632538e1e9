//! The words by which documents are read. They live in `words.toml`, so that a language is added
//! without touching code.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::api::{LinkKind, TalkKind};
use crate::document::text::fold;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // The file is part of the program and a test reads it, so this does not fail in use; to go on
    // without words is still better than to stop.
    toml::from_str(include_str!("words.toml")).unwrap_or_default()
});

static GIVEN_NAMES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| WORDS.given_names.split_whitespace().collect());

/// The words of all languages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::document) struct Words {
    not_talks: BTreeSet<String>,
    not_talk_prefixes: BTreeSet<String>,
    groups: BTreeSet<String>,
    sections: BTreeSet<String>,
    post_folders: BTreeSet<String>,
    events: BTreeSet<String>,
    event_endings: BTreeSet<String>,
    event_parts: BTreeSet<String>,
    event_notes: BTreeSet<String>,
    other_documents: BTreeSet<String>,
    other_document_parts: BTreeSet<String>,
    placeholders: BTreeSet<String>,
    jobs: BTreeSet<String>,
    speaker_labels: BTreeSet<String>,
    date_labels: BTreeSet<String>,
    room_labels: BTreeSet<String>,
    organization_labels: BTreeSet<String>,
    by_words: BTreeSet<String>,
    weak_by_words: BTreeSet<String>,
    and_words: BTreeSet<String>,
    honorifics: BTreeSet<String>,
    chapters: BTreeSet<String>,
    rooms: BTreeSet<String>,
    day_tails: BTreeSet<String>,
    given_names: String,
    korean_surnames: String,
    companies: BTreeSet<String>,
    not_names: BTreeSet<String>,
    surnames: String,
    particles: BTreeSet<String>,
    organizations: BTreeSet<String>,
    signed_query: BTreeSet<String>,
    kinds: Vec<Entry<TalkKind>>,
    link_texts: Vec<Entry<LinkKind>>,
    link_urls: Vec<Entry<LinkKind>>,
    dates: DateWords,
}

/// The words for one kind.
#[derive(Debug, Deserialize)]
struct Entry<K> {
    kind: K,
    words: BTreeSet<String>,
}

/// What a label stands in front of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Label {
    Speakers,
    Date,
    Room,
    Organization,
}

/// The words that dates are written with.
#[derive(Debug, Default, Deserialize)]
struct DateWords {
    day: BTreeSet<String>,
    fill: BTreeSet<String>,
    weekdays: Vec<BTreeSet<String>>,
    months: Vec<BTreeSet<String>>,
}

/// The words of all languages.
pub(in crate::document) fn words() -> &'static Words {
    &WORDS
}

impl Words {
    /// Whether a heading says by itself that it is no talk.
    pub fn is_not_talk(&self, heading: &str) -> bool {
        let text = heading_key(heading);
        let prefix = text.split([':', '-']).next().unwrap_or_default().trim();
        text.split(" / ").chain([text.as_str()]).any(|part| has(&self.not_talks, part))
            || (text.contains(':') && has(&self.not_talk_prefixes, prefix))
            || two_languages(&text)
                .is_some_and(|(a, b)| has(&self.not_talks, a) && has(&self.not_talks, b))
    }

    /// Whether a heading stands over several talks.
    pub fn is_group(&self, heading: &str) -> bool {
        let text = heading_key(heading);
        has(&self.groups, &text)
            || two_languages(&text)
                .is_some_and(|(a, b)| has(&self.groups, a) && has(&self.groups, b))
    }

    /// Whether a heading is a section that the notes of each talk have.
    pub fn is_section(&self, heading: &str) -> bool {
        has(&self.sections, &heading_key(heading))
    }

    /// Whether a text names an event such as a summit.
    pub fn is_event(&self, text: &str) -> bool {
        let text = fold(text);
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != ':');
        words.any(|word| has(&self.events, word) || self.ends_as_event(word))
            || self.event_parts.iter().any(|part| text.contains(part.as_str()))
    }

    /// Whether a word such as `kubecon` or `devdays2031` names an event.
    fn ends_as_event(&self, word: &str) -> bool {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        self.event_endings.iter().any(|end| {
            word.strip_suffix(end.as_str()).is_some_and(|head| head.chars().count() >= 2)
        })
    }

    /// Whether a title says that notes about several talks follow.
    pub fn is_event_notes(&self, text: &str) -> bool {
        let text = fold(text);
        self.event_notes.iter().any(|word| {
            if word.is_ascii() {
                text.split(|c: char| !c.is_alphanumeric()).any(|own| own == word)
            } else {
                text.contains(word.as_str())
            }
        })
    }

    /// Whether a title or path says that something else than notes about talks follows.
    pub fn is_other_document(&self, text: &str) -> bool {
        let text = fold(text);
        text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| {
            has(&self.other_documents, word)
                || word.split('-').any(|part| has(&self.other_documents, part))
        }) || self.other_document_parts.iter().any(|part| text.contains(part.as_str()))
    }

    /// Whether a title was never filled in.
    pub fn is_placeholder(&self, title: &str) -> bool {
        let unfilled = title.contains("${") || title.contains("{{") || title.contains("<%");
        let text = heading_key(title);
        unfilled || !title.chars().any(char::is_alphanumeric) || has(&self.placeholders, &text)
    }

    /// Whether a word stands for a job, so that a company may follow.
    pub fn is_job(&self, word: &str) -> bool {
        has(&self.jobs, &fold(word))
    }

    /// What a label such as `講者` or `Speaker(s)` stands in front of.
    pub fn label(&self, word: &str) -> Option<Label> {
        let word = fold(word);
        let word = word.trim();
        let lists = [
            (&self.speaker_labels, Label::Speakers),
            (&self.date_labels, Label::Date),
            (&self.room_labels, Label::Room),
            (&self.organization_labels, Label::Organization),
        ];
        lists.into_iter().find(|(list, _)| has(list, word)).map(|(_, label)| label)
    }

    /// Words between a title and its speakers; with `weak` those that need a habit.
    pub fn by_words(&self, weak: bool) -> &BTreeSet<String> {
        if weak { &self.weak_by_words } else { &self.by_words }
    }

    /// Whether a word stands between two names.
    pub fn is_and(&self, word: &str) -> bool {
        has(&self.and_words, &fold(word))
    }

    /// Titles of persons such as `Dr.` and `さん`.
    pub fn honorifics(&self) -> &BTreeSet<String> {
        &self.honorifics
    }

    /// Whether a number follows a word such as `Chapitre`.
    pub fn is_chapter(&self, word: &str) -> bool {
        has(&self.chapters, &fold(word))
    }

    /// Whether a text in brackets names a room.
    pub fn is_room(&self, text: &str) -> bool {
        let text = fold(text);
        text.split(' ').any(|word| has(&self.rooms, word))
            || self.rooms.iter().any(|word| !word.is_ascii() && text.ends_with(word.as_str()))
    }

    /// Whether a text goes on with a heading of a day.
    pub fn is_day_tail(&self, text: &str) -> bool {
        has(&self.day_tails, &heading_key(text)) || self.is_group(text)
    }

    /// Whether a word is a common given name.
    pub fn is_given_name(&self, word: &str) -> bool {
        let word = fold(word);
        GIVEN_NAMES.contains(word.as_str())
    }

    /// Whether Korean names begin with `c`.
    pub fn is_korean_surname(&self, c: char) -> bool {
        self.korean_surnames.contains(c)
    }

    /// Whether a text is the name of a known company.
    pub fn is_company(&self, text: &str) -> bool {
        has(&self.companies, &fold(text)) || self.is_organization(text)
    }

    /// Whether a word may stand between the parts of a date.
    pub fn is_date_fill(&self, word: &str) -> bool {
        has(&self.dates.fill, word)
    }

    /// Whether a folder holds posts of any kind and so is no summit.
    pub fn is_post_folder(&self, folder: &str) -> bool {
        has(&self.post_folders, &fold(folder))
    }

    /// Whether a word stands in no name of a person.
    pub fn is_not_name(&self, word: &str) -> bool {
        has(&self.not_names, &fold(word))
    }

    /// Whether a Chinese text holds a word that stands in no name.
    pub fn holds_not_name(&self, text: &str) -> bool {
        self.not_names.iter().any(|word| !word.is_ascii() && text.contains(word.as_str()))
    }

    /// Whether Chinese names begin with `c`.
    pub fn is_surname(&self, c: char) -> bool {
        self.surnames.contains(c)
    }

    /// Whether a word stands in lower case inside names.
    pub fn is_particle(&self, word: &str) -> bool {
        has(&self.particles, word)
    }

    /// Whether a text names an organization rather than a person.
    pub fn is_organization(&self, text: &str) -> bool {
        let text = fold(text);
        text.split(' ').any(|word| has(&self.organizations, word))
            || self
                .organizations
                .iter()
                .any(|word| !word.is_ascii() && text.ends_with(word.as_str()))
    }

    /// Whether a query parameter makes a link expire or carries a credential.
    pub fn is_signed_query(&self, key: &str) -> bool {
        has(&self.signed_query, &key.to_lowercase())
    }

    /// The kind of talk that a word stands for.
    pub fn talk_kind(&self, word: &str) -> Option<TalkKind> {
        let word = fold(word);
        self.kinds.iter().find(|entry| has(&entry.words, &word)).map(|entry| entry.kind)
    }

    /// What a link with this text and address leads to.
    pub fn link_kind(&self, text: &str, url: &str) -> LinkKind {
        let text = fold(text);
        let stands_in = |word: &String| {
            text.strip_prefix(word.as_str()).is_some_and(not_word_start)
                || text.strip_suffix(word.as_str()).is_some_and(not_word_end)
        };
        let by_text = (text.chars().count() <= MAX_LINK_LABEL)
            .then(|| self.link_texts.iter().find(|entry| entry.words.iter().any(stands_in)))
            .flatten();
        let url = url.to_lowercase();
        by_text
            .or_else(|| {
                self.link_urls
                    .iter()
                    .find(|entry| entry.words.iter().any(|part| url.contains(part.as_str())))
            })
            .map_or(LinkKind::Reference, |entry| entry.kind)
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday(&self, word: &str) -> Option<i8> {
        position(&self.dates.weekdays, word)
    }

    /// 1 for January to 12 for December.
    pub fn month(&self, word: &str) -> Option<i8> {
        position(&self.dates.months, word).and_then(|index| index.checked_add(1))
    }

    /// Whether a number of a day follows this word.
    pub fn is_day(&self, word: &str) -> bool {
        has(&self.dates.day, word)
    }
}

/// A link's text tells its kind only where it is a label; a longer one is the title of what it leads
/// to.
const MAX_LINK_LABEL: usize = 24;

fn has(list: &BTreeSet<String>, word: &str) -> bool {
    list.contains(word)
}

fn position(lists: &[BTreeSet<String>], word: &str) -> Option<i8> {
    lists.iter().position(|list| has(list, word)).and_then(|index| i8::try_from(index).ok())
}

/// A heading without what decorates it, for comparing.
fn heading_key(heading: &str) -> String {
    let text = fold(heading);
    let plain = text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '?' | '&'));
    plain.to_owned()
}

/// The two halves of a heading in two languages such as `Overview 概述`.
fn two_languages(text: &str) -> Option<(&str, &str)> {
    let border = text.char_indices().find(|&(at, c)| {
        at > 0
            && c == ' '
            && text
                .get(at..)
                .is_some_and(|rest| rest.chars().nth(1).is_some_and(crate::document::text::is_cjk))
    });
    let reverse = text.char_indices().find(|&(at, c)| {
        c == ' '
            && text.get(..at).is_some_and(|head| head.chars().all(crate::document::text::is_cjk))
    });
    let (at, _) = border.or(reverse)?;
    let (head, tail) = text.split_at_checked(at)?;
    Some((head.trim(), tail.trim()))
}

fn not_word_start(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
}

fn not_word_end(head: &str) -> bool {
    !head.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read() {
        let words: Words = toml::from_str(include_str!("words.toml")).unwrap();
        assert_eq!(words.dates.weekdays.len(), 7);
        assert_eq!(words.dates.months.len(), 12);
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
