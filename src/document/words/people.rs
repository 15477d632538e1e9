//! Words by which names of persons are told from other texts.

use super::{GIVEN_NAMES, WordList, Words, ends_wide, has};
use crate::document::text::fold;

impl Words {
    /// Whether a surname goes on with a capital behind these letters: `MacDonald`, `VanDam`.
    pub fn is_surname_prefix(&self, head: &str) -> bool {
        self.is_particle(head) || has(&self.surname_prefixes, head)
    }

    /// Whether a word stands for a job, so that a company may follow.
    pub fn is_job(&self, word: &str) -> bool {
        has(&self.jobs, &fold(word))
    }

    /// Whether a word stands beside that for a job: `Senior`.
    pub fn is_job_part(&self, word: &str) -> bool {
        has(&self.job_parts, &fold(word))
    }

    /// Whether a text is an award such as `Tides Champion`, by its last word.
    pub fn is_award(&self, text: &str) -> bool {
        text.rsplit(' ').next().is_some_and(|word| has(&self.awards, &fold(word)))
    }

    /// Whether a word is a job of which a company has one.
    pub fn is_chief(&self, word: &str) -> bool {
        has(&self.chiefs, &fold(word))
    }

    /// Words between a job and where it is done, with the spaces around them.
    pub fn at_words(&self) -> impl Iterator<Item = &str> {
        self.at_words.iter().map(String::as_str)
    }

    /// Whether a word is a legal form of companies, such as `Inc`.
    pub fn is_legal_form(&self, word: &str) -> bool {
        has(&self.legal_forms, &fold(word))
    }

    /// Whether a word names a site on which people have handles.
    pub fn is_handle_label(&self, word: &str) -> bool {
        has(&self.handle_labels, &fold(word))
    }

    /// Words between a title and its speakers; with `weak` those that count only where other talks have speakers there.
    pub fn by_words(&self, weak: bool) -> &WordList {
        if weak { &self.weak_by_words } else { &self.by_words }
    }

    /// Whether a folded text holds a phrase that stands in front of a name.
    pub fn holds_by_phrase(&self, text: &str) -> bool {
        self.by_phrases.is_in(text)
    }

    /// Phrases in front of a name in a line or sentence.
    pub fn by_phrases(&self) -> impl Iterator<Item = &str> {
        self.by_phrases.iter().map(String::as_str)
    }

    /// Verbs behind a name by which a sentence says that somebody spoke.
    pub fn talk_verbs(&self) -> impl Iterator<Item = &str> {
        self.talk_verbs.iter().map(String::as_str)
    }

    /// Whether a folded text holds such a verb with spaces around it.
    pub fn holds_talk_verb(&self, text: &str) -> bool {
        self.talk_verbs.is_apart_in(text)
    }

    /// Whether a label stands in front of several names.
    pub fn is_plural_label(&self, label: &str) -> bool {
        has(&self.plural_speaker_labels, &fold(label))
    }

    /// Whether a name begins with a Chinese surname of two characters.
    pub fn has_compound_surname(&self, name: &str) -> bool {
        self.compound_surnames.behind(name).next().is_some()
    }

    /// Whether a text ends with a word for a job, as Chinese and Japanese write it.
    pub fn ends_with_job(&self, text: &str) -> bool {
        without_ending(&fold(text), &self.jobs).is_some()
    }

    /// Whether what stands in parentheses behind a name is but a remark.
    pub fn is_remark(&self, note: &str) -> bool {
        note.split(' ').next().is_some_and(|word| has(&self.remarks, &fold(word)))
    }

    /// Whether a word stands between two names.
    pub fn is_and(&self, word: &str) -> bool {
        has(&self.and_words, &fold(word))
    }

    /// Whether a name begins or ends with the title of a person.
    pub fn is_honoured(&self, name: &str) -> bool {
        let front = name.split_once(' ').map(|(word, _)| word.to_ascii_lowercase());
        front.is_some_and(|word| has(&self.honorifics, &word))
            || (!name.is_ascii() && ends_wide(&self.honorifics, name).is_some())
    }

    /// Titles of persons such as `Dr.` and `さん`.
    pub fn honorifics(&self) -> &WordList {
        &self.honorifics
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

    /// Whether a word of Korean that begins like a surname is none of a person.
    pub fn is_korean_noun(&self, word: &str) -> bool {
        self.korean_nouns.contains(word)
    }

    /// Whether a text is the name of a known company.
    pub fn is_company(&self, text: &str) -> bool {
        has(&self.companies, &fold(text)) || self.is_organization(text)
    }

    /// Whether a word stands in no name of a person.
    pub fn is_not_name(&self, word: &str) -> bool {
        has(&self.not_names, &fold(word))
    }

    /// Whether a Chinese text holds a word that stands in no name.
    pub fn holds_not_name(&self, text: &str) -> bool {
        self.not_names.is_wide_in(text)
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
            || without_ending(&text, &self.organizations).is_some()
    }
}

/// `text` without the longest of `words` at its end that is written without spaces.
fn without_ending<'t>(text: &'t str, words: &WordList) -> Option<&'t str> {
    if text.is_ascii() { None } else { ends_wide(words, text) }
}
