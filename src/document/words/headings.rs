//! Words by which headings and documents show what they are.

use super::{WordList, Words, has};
use crate::document::memo::Memo;
use crate::document::text::{first_chars, fold};

impl Words {
    /// Whether a heading says by itself that it is no talk.
    pub fn is_not_talk(&self, heading: &str) -> bool {
        thread_local! { static KEPT: Memo<bool> = Memo::default(); }
        KEPT.with(|kept| kept.of(heading, || self.says_no_talk(heading)))
    }

    fn says_no_talk(&self, heading: &str) -> bool {
        let text = heading_key(heading);
        let prefix = text.split([':', '-']).next().unwrap_or_default().trim();
        text.split(" / ").chain([text.as_str()]).any(|part| has(&self.not_talks, part))
            || self.is_modified(&text)
            || self.joins_not_talks(&text)
            || self.ends_as_not_talk(&text)
            || (text.contains(':') && has(&self.not_talk_prefixes, prefix))
            || two_languages(&text)
                .is_some_and(|(a, b)| has(&self.not_talks, a) && has(&self.not_talks, b))
    }

    /// Whether a short text ends with a word such as "impressions" in a script without spaces.
    fn ends_as_not_talk(&self, text: &str) -> bool {
        let short = text.chars().count() <= 12 && !text.contains([':', '「', '-']);
        short && self.not_talk_ends.iter().any(|end| text.ends_with(end.as_str()))
    }

    /// Whether all parts of a text around "and" are known headings: `總結與心得`.
    fn joins_not_talks(&self, text: &str) -> bool {
        if !self.and_words.is_apart_in(text) && !self.and_words.is_wide_in(text) {
            return false;
        }
        let marks = self
            .and_words
            .iter()
            .map(|word| if word.is_ascii() { format!(" {word} ") } else { word.clone() });
        marks.into_iter().any(|mark| {
            let mut parts = text.split(mark.as_str()).map(str::trim).peekable();
            text.contains(mark.as_str()) && parts.all(|part| has(&self.not_talks, part))
        })
    }

    /// Whether a text is a known heading behind a word such as "other".
    fn is_modified(&self, text: &str) -> bool {
        self.modifiers.behind(text).any(|rest| {
            let parted = rest.starts_with(' ') || rest.starts_with(crate::document::text::is_cjk);
            parted && has(&self.not_talks, rest.trim())
        })
    }

    /// Whether a text speaks of a break or a party anywhere: `Booths and the after-party`.
    pub fn holds_break(&self, heading: &str) -> bool {
        holds(&self.breaks_anywhere, heading)
    }

    /// Whether a text speaks of a journey anywhere: `Train to Saltby`.
    pub fn holds_journey(&self, text: &str) -> bool {
        holds(&self.journey, text)
    }

    /// Whether a heading is that of a programme.
    pub fn is_programme(&self, heading: &str) -> bool {
        has(&self.programmes, &heading_key(heading))
    }

    /// Whether a heading is about its author.
    pub fn is_first_person(&self, heading: &str) -> bool {
        let text = heading_key(heading);
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.clone().next().is_some_and(|word| has(&self.first_persons, word))
            || words.any(|word| has(&self.first_person, word))
            || self.first_person.is_wide_in(&text)
    }

    /// Whether a heading is one that notes of one talk have.
    pub fn is_note_section(&self, heading: &str) -> bool {
        has(&self.note_sections, &heading_key(heading))
    }

    /// What marks the name of a file as that of a copy.
    pub fn copy_marks(&self) -> &[String] {
        &self.copy_marks
    }

    /// Whether the column under this header holds the titles of talks.
    pub fn is_title_column(&self, header: &str) -> bool {
        self.in_header(&self.title_columns, header)
    }

    /// Whether the column under this header holds speakers.
    pub fn is_speaker_column(&self, header: &str) -> bool {
        self.in_header(&self.speaker_columns, header)
            || self.in_header(&self.speaker_labels, header)
    }

    /// Whether the column under this header holds times.
    pub fn is_time_column(&self, header: &str) -> bool {
        self.in_header(&self.time_columns, header)
    }

    fn in_header(&self, list: &WordList, header: &str) -> bool {
        let text = heading_key(header);
        text.split(['/', '(', ')']).any(|part| has(list, part.trim())) || has(list, &text)
    }

    /// Whether a heading stands over several talks.
    pub fn is_group(&self, heading: &str) -> bool {
        thread_local! { static KEPT: Memo<bool> = Memo::default(); }
        KEPT.with(|kept| kept.of(heading, || self.says_group(heading)))
    }

    fn says_group(&self, heading: &str) -> bool {
        let text = heading_key(heading);
        has(&self.groups, &text)
            || self.ends_as_group(&text)
            || two_languages(&text)
                .is_some_and(|(a, b)| has(&self.groups, a) && has(&self.groups, b))
    }

    /// Whether a short text ends with a word for several talks: `Las charlas`, `Track talks`,
    /// `2日目ライトニングトーク一覧`.
    fn ends_as_group(&self, text: &str) -> bool {
        let day = crate::document::dates::DayHeading::leading(text).map(|leading| leading.rest);
        let text = day.as_deref().unwrap_or(text);
        let lists = || self.lists.iter().filter_map(|end| text.strip_suffix(end.as_str()));
        let text = lists().next().unwrap_or(text).trim();
        let short = text.split(' ').count() <= 3;
        let latin = text.rsplit(' ').next().is_some_and(|last| has(&self.group_ends, last));
        let wide = self.group_ends.iter().any(|end| {
            let head = text.strip_suffix(end.as_str()).filter(|_| !end.is_ascii());
            head.is_some_and(|head| head.chars().count() <= 4 && !head.contains(' '))
        });
        (short && latin) || wide || has(&self.groups, text)
    }

    /// Whether a heading is a section that the notes of each talk have.
    pub fn is_section(&self, heading: &str) -> bool {
        has(&self.sections, &heading_key(heading))
    }

    /// Whether a text names an event such as a summit.
    pub fn is_event(&self, text: &str) -> bool {
        let parts = |c: char| !c.is_alphanumeric() && c != ':';
        let year = crate::document::dates::year_in(text).is_some();
        let named = |word: &str| year || word.starts_with(char::is_uppercase);
        let weak = text.split(parts).any(|word| named(word) && has(&self.weak_events, &fold(word)));
        let text = fold(text).replace("re-invent", "reinvent");
        let mut words = text.split(parts);
        weak || words.any(|word| has(&self.events, word) || self.ends_as_event(word))
            || self.event_parts.is_in(&text)
    }

    /// Whether a word such as `kubecon` or `devdays2031` names an event.
    fn ends_as_event(&self, word: &str) -> bool {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        self.event_endings.before(word).any(|head| head.chars().count() >= 2)
            || self.event_series.behind(word).next().is_some()
    }

    /// Whether a title says that notes about several talks follow.
    pub fn is_event_notes(&self, text: &str) -> bool {
        let text = fold(text);
        self.event_notes.is_in(&text)
            && self.event_notes.iter().any(|word| {
                if word.is_ascii() && !word.contains(' ') {
                    text.split(|c: char| !c.is_alphanumeric()).any(|own| own == word)
                } else {
                    text.contains(word.as_str())
                }
            })
    }

    /// Whether a title is that of a report, written some days after the event.
    pub fn is_report(&self, title: &str) -> bool {
        let text = fold(title);
        self.reports.iter().any(|word| text.contains(word.as_str()))
    }

    /// Whether a title or path says that something else than notes about talks follows.
    pub fn is_other_document(&self, text: &str) -> bool {
        // A remark such as `(TODO)` is about the text, not about what it treats of.
        let text = fold(&text.replace("(TODO)", "").replace("[TODO]", ""));
        text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| {
            has(&self.other_documents, word)
                || word.split('-').any(|part| has(&self.other_documents, part))
        }) || self.other_document_parts.is_in(&text)
    }

    /// Whether a tag of the front matter says that the document is about an event or its talks.
    pub fn is_event_tag(&self, tag: &str) -> bool {
        self.is_event(tag) || has(&self.event_tags, &fold(tag))
    }

    /// Whether a line says that a talk was given.
    pub fn speaks_of_talk(&self, line: &str) -> bool {
        let text = fold(&first_chars(line, 1000));
        text.split(|c: char| !c.is_alphanumeric()).any(|word| has(&self.talk_mentions, word))
            || self.talk_mentions.is_wide_in(&text)
    }

    /// Whether a title was never filled in.
    pub fn is_placeholder(&self, title: &str) -> bool {
        let unfilled = title.contains("${") || title.contains("{{") || title.contains("<%");
        let text = heading_key(title);
        unfilled || !title.chars().any(char::is_alphanumeric) || has(&self.placeholders, &text)
    }

    /// Whether the name of a folder says that talks are in it, and not of which event.
    pub fn is_talk_folder(&self, folder: &str) -> bool {
        has(&self.talk_folders, &fold(folder))
    }

    /// Whether a folder holds posts about events, written on other days.
    pub fn is_blog_folder(&self, folder: &str) -> bool {
        has(&self.blog_folders, &folder.to_lowercase())
    }

    /// Whether a folder holds posts of any kind, so that it is no summit.
    pub fn is_post_folder(&self, folder: &str) -> bool {
        has(&self.post_folders, &fold(folder))
    }
}

/// Whether a text holds one of the words, as words of their own where it has spaces.
fn holds(list: &WordList, text: &str) -> bool {
    let text = fold(text);
    let parts = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' });
    let spaced: String = [' '].into_iter().chain(parts).chain([' ']).collect();
    list.is_apart_in(&spaced) || list.is_single_in(&text)
}

/// A heading without what decorates it, for comparing.
pub(super) fn heading_key(heading: &str) -> String {
    let text = fold(heading);
    let plain = text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '?' | '&'));
    plain.to_owned()
}

/// The two halves of a heading in two languages such as `Overview 概述`.
fn two_languages(text: &str) -> Option<(&str, &str)> {
    if text.is_ascii() && !text.starts_with(' ') {
        return None;
    }
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
