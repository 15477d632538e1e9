//! Keys of front matter: what other tools and languages call the fields that are read.

use super::{Entry, WordList, has};
use crate::api::LinkKind;
use crate::document::text::fold;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Keys of front matter, in lower case and without `_` and `-`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::document) struct FieldWords {
    header: WordList,
    tables: WordList,
    post: WordList,
    hugo: WordList,
    draft_status: WordList,
    public: WordList,
    yes: WordList,
    no: WordList,
    withheld_if_true: WordList,
    withheld_if_false: WordList,
    cancelled: WordList,
    status: WordList,
    visibility: WordList,
    names: BTreeMap<String, Vec<String>>,
    links: Vec<Entry<LinkKind>>,
}

/// How a key holds a page back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum HoldsBack {
    IfTrue,
    IfFalse,
    /// Where its value is a word for a draft.
    ByStatus,
    /// Where its value is anything but a word for what is public.
    UnlessPublic,
}

impl FieldWords {
    /// A key as keys are compared.
    pub fn plain(key: &str) -> String {
        fold(key).chars().filter(|c| !matches!(c, '_' | '-' | ' ')).collect()
    }

    /// Whether a line of a header without a fence begins with this key.
    pub fn is_in_header(&self, key: &str) -> bool {
        has(&self.header, &Self::plain(key))
    }

    /// Whether the fields that a tool does not know itself stand in a table of this name.
    pub fn is_table(&self, key: &str) -> bool {
        has(&self.tables, key)
    }

    /// Fields that a post has.
    pub fn post(&self) -> impl Iterator<Item = &str> {
        self.post.iter().map(String::as_str)
    }

    /// Fields that a post of Hugo has and a note in HackMD has not.
    pub fn hugo(&self) -> impl Iterator<Item = &str> {
        self.hugo.iter().map(String::as_str)
    }

    /// What a key says of whether a page may be public, where it says anything of it.
    pub fn holds_back(&self, key: &str) -> Option<HoldsBack> {
        let lists = [
            (&self.withheld_if_true, HoldsBack::IfTrue),
            (&self.withheld_if_false, HoldsBack::IfFalse),
            (&self.status, HoldsBack::ByStatus),
            (&self.visibility, HoldsBack::UnlessPublic),
        ];
        lists.into_iter().find(|(list, _)| has(list, key)).map(|(_, how)| how)
    }

    /// Whether a document with this `status` is not to be published.
    pub fn is_draft_status(&self, status: &str) -> bool {
        has(&self.draft_status, &fold(status))
    }

    /// Whether a key says that the talk was not given.
    pub fn is_cancelled_flag(&self, key: &str) -> bool {
        has(&self.cancelled, key)
    }

    /// Whether a key says in a word how something stands.
    pub fn is_status(&self, key: &str) -> bool {
        has(&self.status, key)
    }

    /// Whether everybody may see what has this `visibility`.
    pub fn is_public(&self, visibility: &str) -> bool {
        has(&self.public, &fold(visibility))
    }

    /// `yes` as true and `off` as false; none for anything else.
    pub fn truth(&self, text: &str) -> Option<bool> {
        let text = fold(text);
        has(&self.yes, &text).then_some(true).or(has(&self.no, &text).then_some(false))
    }

    /// The keys that other tools and languages have for the field `name`, the best first.
    pub fn names_of(&self, name: &str) -> impl Iterator<Item = &str> {
        self.names.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Whether a field is read that has this name with other tools or in another language.
    pub fn knows(&self, key: &str) -> bool {
        self.names.values().flatten().any(|name| name == key)
            || self.holds_back(key).is_some()
            || self.is_cancelled_flag(key)
            || self.links.iter().any(|entry| has(&entry.words, key))
    }

    /// Keys whose values are links of a kind.
    pub fn links(&self) -> impl Iterator<Item = (LinkKind, impl Iterator<Item = &str>)> {
        self.links.iter().map(|entry| (entry.kind, entry.words.iter().map(String::as_str)))
    }
}
