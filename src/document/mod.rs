//! Documents become talks.
//!
//! In: the files of a revision, as bytes. Out: summits and notes as the specs of their objects, with
//! stable names, and diagnostics with path, line and column. Pure: the same files give the same
//! collection, and a document that cannot be read takes nothing from the others.

mod codes;
mod collect;
mod dates;
mod dialect;
pub(crate) mod elsewhere;
mod explain;
mod explicit_document;
mod files;
mod front_matter;
mod keeping_room;
mod left_out;
mod limits;
mod linked;
mod manifest;
mod markdown;
mod memo;
mod metadata;
mod naming;
mod parsed;
mod publication;
mod reader;
mod reading;
mod readings;
pub(crate) mod report;
mod rules;
mod selection;
mod speakers;
mod stated;
mod summit_part;
mod template;
pub(crate) mod text;
mod title;
mod told;
mod unsure;
mod values;
mod words;
mod writing;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

pub use codes::Code;
pub use explain::{Explanation, ReadingScore};
pub use files::{ContentId, Files, KeptText, Loaded, TextDigest, normal_text, text_digest};
pub use keeping_room::KeepingRoom;
pub use left_out::{left_out, not_followed};
pub use metadata::Metadata;
pub use readings::{READ_AT_ONCE, Readings};
pub use rules::{RuleFault, check_rules, in_a_line};
pub use selection::{RULES_FILE, Selection, SelectionError, is_other_data};
pub(crate) use speakers::personal_data::{is_address, parts_addresses};
pub use template::{Style, Unsayable, new_summit, new_talk};
pub use writing::{Fidelity, Form, Layout, WriteError, Written};

use crate::api::{
    Diagnostic, DocumentReading, DraftPolicy, Format, ReadingRule, SummitSpec, TalkNoteSpec,
};
use jiff::Timestamp;
use parsed::Document;
use reader::{Decoded, Reader};
use reading::beside::{Facts, Repository};
use reading::surroundings::Surroundings;

/// A file of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path from the root of the repository, with `/` between its parts.
    pub path: String,
    /// The file as it is; that it is UTF-8 is found out when it is read.
    pub content: Vec<u8>,
}

/// How documents are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The dialect, or that it is to be found out for each document.
    pub format: Format,
    /// What becomes of drafts.
    pub drafts: DraftPolicy,
    /// Rules that win over those of the file [`RULES_FILE`] among the documents. One that
    /// [`check_rules`] finds fault with is ignored.
    pub rules: Vec<ReadingRule>,
    /// Where the objects go, if that is known: a manifest that names another namespace is told.
    pub namespace: Option<String>,
    /// The time that it is, for documents that are public from a time on, or until one. Where it is not
    /// known, the times stand in what they give, and whoever has a clock acts on them.
    pub now: Option<Timestamp>,
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
    /// Paths of documents that could not be read, or not as their author means: they, or the author's
    /// rules, have an error among the diagnostics, their author is asked what they are, or an info says that there is no note (a template, a
    /// pointer to content that lies elsewhere). What an earlier revision made of them is to be kept.
    pub unreadable: BTreeSet<String>,
    /// Those of them that hold back what they give, or seem to: what an earlier revision made of them is no
    /// longer to be public.
    pub withheld: BTreeSet<String>,
    /// Documents that detection read, rather than a rule or what they say themselves: what they gave before and
    /// give no longer may have been lost to a change of how they are read.
    pub detected: BTreeSet<String>,
    /// Number of documents that were looked at.
    pub documents: usize,
    /// How the documents were read, the most frequent reading first.
    pub readings: Vec<DocumentReading>,
    /// The documents that the overview of each summit was written in, by the summit's name.
    pub overviews: BTreeMap<String, Vec<String>>,
    /// The images that notes and overviews show, by their SHA-256 in hex. [`read`] leaves it empty: see
    /// [`ImageReferences`].
    pub images: BTreeMap<String, Vec<u8>>,
}

/// An object that a document gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported<S> {
    /// Name of the object: an RFC 1123 subdomain of at most 200 characters.
    pub name: String,
    /// Its spec.
    pub spec: S,
    /// Labels and annotations that its manifest sets.
    pub metadata: Metadata,
    /// Path of the document.
    pub path: String,
    /// Line of the heading, list item or front matter that it came from, from 1.
    pub line: usize,
    /// The other places that it came from, in their order: where the same talk stands again, and other
    /// documents about the same summit.
    pub also: Vec<SourcePlace>,
    /// Where the Markdown of a note stands that [`Readings::read_changes`] left there. The spec has none then.
    pub text: Option<KeptText>,
}

/// A place that an object came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourcePlace {
    /// Path of the document.
    pub path: String,
    /// Line in it, from 1.
    pub line: usize,
}

/// Most paths that [`Imported::other_paths`] names.
const MAX_OTHER_PATHS: usize = 16;

impl<S> Imported<S> {
    /// An object that came from one place.
    pub(crate) fn new(name: String, spec: S, path: &str, line: usize) -> Self {
        let metadata = Metadata::default();
        Self { name, spec, metadata, path: path.to_owned(), line, also: Vec::new(), text: None }
    }

    /// Takes the places of `other` over.
    fn came_from(&mut self, other: Imported<S>) {
        self.metadata.fill(other.metadata);
        self.also.push(SourcePlace { path: other.path, line: other.line });
        self.also.extend(other.also);
        self.also.sort();
        self.also.dedup();
    }

    /// The paths of the other documents that it came from, one a line, as the annotation
    /// [`crate::api::names::OTHER_SOURCE_PATHS`] has them. Lines are left out, so that an edit above a talk does not
    /// change its object.
    pub fn other_paths(&self) -> Option<String> {
        let paths = self.also.iter().map(|place| place.path.as_str());
        let paths: BTreeSet<&str> = paths.filter(|path| *path != self.path).collect();
        let paths: Vec<&str> = paths.into_iter().take(MAX_OTHER_PATHS).collect();
        (!paths.is_empty()).then(|| paths.join("\n"))
    }
}

impl Imported<TalkNoteSpec> {
    /// Whether the note has any Markdown, read or not.
    fn has_text(&self) -> bool {
        let markdown = self.spec.markdown.as_ref();
        self.text.is_some() || markdown.is_some_and(|markdown| !markdown.is_empty())
    }

    /// The digest of its Markdown; `None` where it has none.
    pub fn text_digest(&self) -> Option<TextDigest> {
        let kept = self.text.as_ref().map(|text| text.digest);
        kept.or_else(|| self.spec.markdown.as_deref().map(text_digest))
    }
}

/// Reads all documents together: summits that several files speak of become one, and names are
/// unique within the collection.
pub fn read(files: &[SourceFile], options: ReadOptions) -> Collection {
    Readings::once().read(files, &options)
}

/// The rules that detection would have written for the documents, as the text of a [`RULES_FILE`].
/// Rules that there are already are left out of account.
///
/// # Errors
/// Where a rule cannot be written as YAML.
pub fn rules(
    files: &[SourceFile],
    format: Format,
) -> Result<String, serde_saphyr::ser_error::Error> {
    let files: Vec<SourceFile> =
        files.iter().filter(|file| file.path != RULES_FILE).cloned().collect();
    let mut found = Vec::new();
    with_documents(&files, ReadOptions { format, ..ReadOptions::default() }, |document, around| {
        // No rule can say more than a document that says what it is.
        if document.front.explicit.is_none() {
            found.push((document.path.to_owned(), rules::detected(document, around)));
        }
    });
    rules::write(&found)
}

/// Says of each document how it is read and why, in the order of their paths. Manifests and documents
/// that cannot be read are left out.
pub fn explain(files: &[SourceFile], options: ReadOptions) -> Vec<Explanation> {
    let mut explanations = Vec::new();
    with_documents(files, options, |document, around| {
        explanations.push(explain::explain(document, around));
    });
    explanations
}

/// Calls `visit` for each Markdown document with its surroundings, in the order of their paths.
fn with_documents(
    files: &[SourceFile],
    options: ReadOptions,
    mut visit: impl FnMut(&mut Document<'_>, &Surroundings),
) {
    let mut files: Vec<&SourceFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut reader = Reader::new(options);
    let own = files.iter().position(|file| file.path == RULES_FILE);
    let own = own.map(|index| files.remove(index).content.as_slice());
    reader.rules(own, files.iter().map(|file| file.path.as_str()));
    let texts: Vec<Decoded<'_>> =
        files.into_iter().filter_map(|file| reader.decode(&file.path, &file.content)).collect();
    let documents: Vec<Document<'_>> =
        texts.iter().filter_map(|decoded| Some(reader.parse(decoded)?.0)).collect();
    let facts: Vec<Facts> = documents.iter().map(Facts::of).collect();
    let paths = texts.iter().map(|decoded| decoded.path).collect();
    let of = documents.iter().map(|document| document.path).zip(&facts);
    let repository = Repository::of(of, paths, reader.options());
    for (mut document, facts) in documents.into_iter().zip(&facts) {
        let beside = repository.about(document.path, facts);
        document.targets = beside.targets;
        visit(&mut document, &beside.around);
    }
}

#[cfg(test)]
mod cut_tests;

fn extension(path: &str) -> Option<String> {
    path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase())
}

fn is_markdown(path: &str) -> bool {
    matches!(extension(path).as_deref(), Some("md" | "markdown"))
}

/// Whether a file of this name, without its extension, stands for its folder.
pub(crate) fn is_index(stem: &str) -> bool {
    words::words().files.is_index(stem)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
