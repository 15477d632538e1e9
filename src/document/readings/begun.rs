//! A file on its way into a collection.

use std::borrow::Cow;

use super::{Kept, Source};
use crate::document::parsed::Document;
use crate::document::reader::{Decoded, Reader};
use crate::document::reading::beside::Facts;
use crate::document::report::Report;
use crate::document::stated::Stated;

/// A file on its way.
pub(super) struct Begun<'f> {
    pub path: &'f str,
    /// None where it was not needed so far.
    pub content: Option<Cow<'f, [u8]>>,
    pub source: Source,
    /// As it was read before, from the same source.
    pub known: Option<Kept>,
    /// Of one that was looked at and is to be read once more: in memory there was no room for it.
    pub glanced: Option<Glanced>,
    /// Whether the texts of its talks are asked for.
    pub wants_texts: bool,
    pub told: Reader,
}

/// What was seen of a file in passing.
pub(super) struct Glanced {
    is_text: bool,
    facts: Option<Facts>,
}

/// The structure of a document, what it tells about the others, and what was reported so far.
pub(super) type Parsed<'t> = (Document<'t>, Facts, Report);

impl Glanced {
    /// Of the file at `path`, which holds `content`.
    pub fn at(path: &str, content: &[u8], source: &Source, mut told: Reader) -> Self {
        let text = told.decode(path, content);
        let parsed = text.as_ref().and_then(|text| parse(&mut told, text, &source.stated));
        Self { is_text: text.is_some(), facts: parsed.map(|(_, facts, _)| facts) }
    }
}

impl Begun<'_> {
    pub fn facts<'a>(&'a self, parsed: Option<&'a Parsed<'_>>) -> Option<&'a Facts> {
        let known = self.known.as_ref().and_then(|kept| kept.facts.as_ref());
        let glanced = || self.glanced.as_ref().and_then(|seen| seen.facts.as_ref());
        known.or_else(glanced).or_else(|| parsed.map(|(_, facts, _)| facts))
    }

    pub fn is_text(&self, text: Option<&Decoded<'_>>) -> bool {
        text.is_some()
            || self.known.as_ref().is_some_and(|kept| kept.is_text)
            || self.glanced.as_ref().is_some_and(|seen| seen.is_text)
    }
}

/// Parses `text`.
pub(super) fn parse<'t>(
    told: &mut Reader,
    text: &'t Decoded<'_>,
    stated: &Stated,
) -> Option<Parsed<'t>> {
    let (mut document, report) = told.parse(text)?;
    document.stated = stated.clone();
    let facts = Facts::of(&document);
    Some((document, facts, report))
}
