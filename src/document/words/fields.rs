//! Keys of front matter: what other tools and languages call the fields that are read.

use super::{Entry, has};
use crate::api::LinkKind;
use crate::document::text::fold;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Keys of front matter, in lower case and without `_` and `-`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::document) struct FieldWords {
    header: BTreeSet<String>,
    tables: BTreeSet<String>,
    post: BTreeSet<String>,
    hugo: BTreeSet<String>,
    draft_status: BTreeSet<String>,
    names: BTreeMap<String, Vec<String>>,
    links: Vec<Entry<LinkKind>>,
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

    /// Whether a document with this `status` is not to be published.
    pub fn is_draft_status(&self, status: &str) -> bool {
        has(&self.draft_status, &fold(status))
    }

    /// The keys that other tools and languages have for the field `name`, the best first.
    pub fn names_of(&self, name: &str) -> impl Iterator<Item = &str> {
        self.names.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Whether a field is read that has this name with other tools or in another language.
    pub fn knows(&self, key: &str) -> bool {
        self.names.values().flatten().any(|name| name == key)
            || self.links.iter().any(|entry| has(&entry.words, key))
    }

    /// Keys whose values are links of a kind.
    pub fn links(&self) -> impl Iterator<Item = (LinkKind, impl Iterator<Item = &str>)> {
        self.links.iter().map(|entry| (entry.kind, entry.words.iter().map(String::as_str)))
    }
}
