//! Words by which links show what they lead to.

use super::{WordList, Words, has};
use crate::api::LinkKind;
use crate::document::text::{fold, is_longer};

impl Words {
    /// Whether a query parameter makes a link expire or carries a credential.
    pub fn is_signed_query(&self, key: &str) -> bool {
        has(&self.signed_query, &key.to_lowercase())
    }

    /// Whether a text is no more than the label of a link: `slides`, `link`.
    pub fn is_link_word(&self, text: &str) -> bool {
        has(&self.link_words, &fold(text))
    }

    /// What a link with this text and address leads to.
    pub fn link_kind(&self, text: &str, url: &str) -> LinkKind {
        let text = if is_longer(text, MAX_LINK_LABEL) { String::new() } else { fold(text) };
        let stands_in = |words: &WordList| {
            words.behind(&text).any(not_word_start) || words.before(&text).any(not_word_end)
        };
        let by_text = (1..=MAX_LINK_LABEL)
            .contains(&text.chars().count())
            .then(|| self.link_texts.iter().find(|entry| stands_in(&entry.words)))
            .flatten();
        let url = url.to_lowercase();
        by_text
            .or_else(|| self.link_urls.iter().find(|entry| entry.words.is_in(&url)))
            .map_or(LinkKind::Reference, |entry| entry.kind)
    }
}

/// A link's text tells its kind only where it is a label; a longer one is the title of what it leads
/// to.
const MAX_LINK_LABEL: usize = 24;

fn not_word_start(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
}

fn not_word_end(head: &str) -> bool {
    !head.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
}
