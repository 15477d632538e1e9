//! The words by which documents are read. They live in `words.toml`, so that a language is added
//! without touching code.

use std::sync::LazyLock;

use serde::Deserialize;

use super::text::fold;
use crate::api::{LinkKind, TalkKind};

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // The file is part of the program and a test reads it, so this does not fail in use; to go on
    // without words is still better than to stop.
    toml::from_str(include_str!("words.toml")).unwrap_or_default()
});

/// The words of all languages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    not_talks: Vec<String>,
    not_talk_prefixes: Vec<String>,
    groups: Vec<String>,
    sections: Vec<String>,
    post_folders: Vec<String>,
    not_names: Vec<String>,
    surnames: String,
    particles: Vec<String>,
    organizations: Vec<String>,
    signed_query: Vec<String>,
    kinds: Vec<Entry<TalkKind>>,
    link_texts: Vec<Entry<LinkKind>>,
    link_urls: Vec<Entry<LinkKind>>,
    dates: DateWords,
}

/// The words for one kind.
#[derive(Debug, Deserialize)]
struct Entry<K> {
    kind: K,
    words: Vec<String>,
}

/// The words that dates are written with.
#[derive(Debug, Default, Deserialize)]
struct DateWords {
    day: Vec<String>,
    weekdays: Vec<Vec<String>>,
    months: Vec<Vec<String>>,
}

/// The words of all languages.
pub(super) fn words() -> &'static Words {
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

fn has(list: &[String], word: &str) -> bool {
    list.iter().any(|known| known == word)
}

fn position(lists: &[Vec<String>], word: &str) -> Option<i8> {
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
                .is_some_and(|rest| rest.chars().nth(1).is_some_and(super::text::is_cjk))
    });
    let reverse = text.char_indices().find(|&(at, c)| {
        c == ' ' && text.get(..at).is_some_and(|head| head.chars().all(super::text::is_cjk))
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
