//! A link, and what the label of a reference stands for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::document::text::fold;

/// A link with its place in the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document) struct FoundLink {
    /// Its text; empty for a bare URL.
    pub text: String,
    /// Where it leads, as written.
    pub url: String,
    /// Index of its line.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Definitions of references by label, each with the line that it is written in.
pub(in crate::document) type Definitions<'a> = BTreeMap<String, (Cow<'a, str>, String)>;

/// `[label]: url` as folded label and URL.
pub(in crate::document) fn definition(line: &str) -> Option<(String, String)> {
    let (label, rest) = line.strip_prefix('[')?.split_once("]:")?;
    let url = rest.split_whitespace().next()?.trim_start_matches('<').trim_end_matches('>');
    let is_note = label.starts_with('^');
    (!is_note && !label.trim().is_empty() && !label.contains(['[', ']']))
        .then(|| (fold(label), url.to_owned()))
}
