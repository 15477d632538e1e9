//! Documents become talks.
//!
//! In: the files of a revision, as bytes. Out: summits and notes as the specs of their objects, with
//! stable names, and diagnostics with path, line and column. Pure: the same files give the same
//! collection, and a document that cannot be read takes nothing from the others.

use std::collections::BTreeSet;

use crate::api::{Diagnostic, DraftPolicy, Format, SummitSpec, TalkNoteSpec};

/// A file of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path from the root of the repository, with `/` between its parts.
    pub path: String,
    /// The file as it is; that it is UTF-8 is found out when it is read.
    pub content: Vec<u8>,
}

/// How documents are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The dialect, or that it is to be found out for each document.
    pub format: Format,
    /// What becomes of drafts.
    pub drafts: DraftPolicy,
}

/// What a set of documents holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collection {
    /// The summits, in the order of their paths.
    pub summits: Vec<Imported<SummitSpec>>,
    /// The notes, in the order of their paths and of their places in them.
    pub notes: Vec<Imported<TalkNoteSpec>>,
    /// Everything that an author should know, sorted by path and line.
    pub diagnostics: Vec<Diagnostic>,
    /// Paths of documents that could not be read at all. What an earlier revision made of them is
    /// to be kept.
    pub unreadable: BTreeSet<String>,
    /// Number of documents that were looked at.
    pub documents: usize,
}

/// An object that a document gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported<S> {
    /// Name of the object: an RFC 1123 subdomain of at most 200 characters.
    pub name: String,
    /// Its spec.
    pub spec: S,
    /// Path of the document.
    pub path: String,
    /// Line of the heading, list item or front matter that it came from, from 1.
    pub line: usize,
}

/// Reads all documents together: summits that several files speak of become one, and names are
/// unique within the collection.
pub fn read(files: &[SourceFile], options: ReadOptions) -> Collection {
    let _ = (files, options);
    Collection::default()
}
