//! Documents become talks.
//!
//! In: the files of a revision, as bytes. Out: summits and notes as the specs of their objects, with
//! stable names, and diagnostics with path, line and column. Pure: the same files give the same
//! collection, and a document that cannot be read takes nothing from the others.

mod codes;
mod collect;
mod dates;
mod dialect;
mod explain;
mod front_matter;
mod limits;
mod literal;
mod manifest;
mod markdown;
mod naming;
mod parsed;
mod reading;
mod report;
mod selection;
mod skeleton;
mod speakers;
mod summit_part;
mod text;
mod title;
mod words;
mod writing;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

pub use codes::Code;
pub use explain::{Explanation, ReadingScore};
pub use selection::{Selection, SelectionError};
pub use skeleton::{Style, Unsayable, new_summit, new_talk};
pub use writing::{Fidelity, Form, Layout, WriteError, Written};

use crate::api::{Diagnostic, DraftPolicy, Format, Publication, SummitSpec, TalkNoteSpec};
use collect::Collector;
use literal::Literal;
use manifest::Manifests;
use parsed::Document;
use reading::surroundings::{self, Surroundings};
use reading::{Reading, talk};
use report::Report;
use summit_part::SummitPart;

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
    /// Paths of documents that could not be read, or not wholly: each has an error among the
    /// diagnostics. What an earlier revision made of them is to be kept.
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

/// The diagnostic of a file that whoever collects files did not read. Its path belongs into
/// [`Collection::unreadable`].
pub fn left_out(path: &str, reason: &str) -> Diagnostic {
    report::diagnostic(path, Code::LeftOut, None, &format!("it is left out: {reason}"))
}

/// Reads all documents together: summits that several files speak of become one, and names are
/// unique within the collection.
pub fn read(files: &[SourceFile], options: ReadOptions) -> Collection {
    with_documents(files, options, |reader, document, around, report| {
        reader.markdown(document, around, report);
    })
    .finish()
}

/// Says of each document how it is read and why, in the order of their paths. Manifests and documents
/// that cannot be read are left out.
pub fn explain(files: &[SourceFile], options: ReadOptions) -> Vec<Explanation> {
    let mut explanations = Vec::new();
    with_documents(files, options, |_, document, around, _| {
        explanations.push(explain::explain(document, around));
    });
    explanations
}

/// Calls `visit` for each Markdown document with its surroundings, in the order of their paths.
fn with_documents(
    files: &[SourceFile],
    options: ReadOptions,
    mut visit: impl FnMut(&mut Reader, &Document<'_>, &Surroundings, Report),
) -> Reader {
    let mut files: Vec<&SourceFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut reader = Reader { options, ..Reader::default() };
    let texts: Vec<Decoded<'_>> =
        files.into_iter().filter_map(|file| reader.decode(file)).collect();
    let documents: Vec<(Document<'_>, Report)> =
        texts.iter().filter_map(|decoded| reader.parse(decoded)).collect();
    let around = surroundings::all(documents.iter().map(|(document, _)| document));
    let indexes = surroundings::Indexes::of(documents.iter().map(|(document, _)| document));
    for (document, report) in documents {
        let mut beside = around.get(&surroundings::key(&document)).copied().unwrap_or_default();
        beside.told = indexes.about(document.path);
        visit(&mut reader, &document, &beside, report);
    }
    reader
}

/// A Markdown file as text, with what was reported of it so far.
struct Decoded<'a> {
    path: &'a str,
    text: String,
    report: Report,
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    options: ReadOptions,
    collector: Collector,
    /// Documents without talks, which may describe the summit of the files beside them.
    prose: Vec<Prose>,
    /// Folders with one talk a file, and the names of their summits.
    folders: BTreeMap<String, String>,
    unreadable: BTreeSet<String>,
    documents: usize,
}

struct Prose {
    path: String,
    part: SummitPart,
    is_index: bool,
    /// Whether its front matter is that of a summit.
    declared: bool,
    report: Report,
}

impl Reader {
    /// The text of a Markdown file. Manifests are read at once.
    fn decode<'f>(&mut self, file: &'f SourceFile) -> Option<Decoded<'f>> {
        let extension = file.path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        let format = self.options.format;
        match extension.as_deref() {
            Some("md" | "markdown") if format != Format::YAML => {}
            Some("yaml" | "yml") if matches!(format, Format::Auto | Format::YAML) => {
                self.manifests(file);
                return None;
            }
            _ => return None,
        }
        self.documents += 1;
        let mut report = Report::new(&file.path);
        let Some(text) = text::decode(&file.content, &mut report) else {
            self.give_up(&file.path, report);
            return None;
        };
        Some(Decoded { path: &file.path, text, report })
    }

    /// The structure of a document, with what was reported so far.
    fn parse<'t>(&mut self, decoded: &'t Decoded<'_>) -> Option<(Document<'t>, Report)> {
        let mut report = decoded.report.clone();
        let document = Document::new(decoded.path, &decoded.text, self.options.format, &mut report);
        if document.is_none() {
            self.give_up(decoded.path, report);
            return None;
        }
        document.map(|document| (document, report))
    }

    fn give_up(&mut self, path: &str, report: Report) {
        self.unreadable.insert(path.to_owned());
        self.collector.report(report);
    }

    fn markdown(&mut self, document: &Document<'_>, around: &Surroundings, mut report: Report) {
        if let Some(fields) = &document.front.literal {
            self.literal(document, fields, report);
            return;
        }
        let path = document.path;
        let front = &document.front;
        let publication = front.publication.or(self.publication(front.draft));
        let language = front.lang.clone();
        let rendering = document.rendering();
        let finish = |mut talk: talk::Talk| {
            talk.spec.publication = publication;
            talk.spec.rendering = rendering;
            talk.spec.language.clone_from(&language);
            talk
        };
        match reading::read(document, around, &mut report) {
            Reading::Summit(part, talks) => {
                for talk in talks {
                    self.collector.talk(path, Some(&part.name), finish(talk));
                }
                self.collector.summit(path, part);
            }
            Reading::Talk(part, talk) => {
                let summit = part.as_ref().map(|part| part.name.as_str());
                self.collector.talk(path, summit, finish(*talk));
                if let Some(part) = part {
                    self.folders.insert(folder(path).to_owned(), part.name.clone());
                    self.collector.summit(path, part);
                }
            }
            Reading::Prose(part) => {
                let (path, is_index) = (path.to_owned(), document.is_index());
                let declared = document.declares_a_summit();
                self.prose.push(Prose { path, part, is_index, declared, report });
                return;
            }
        }
        self.collector.report(report);
    }

    /// A document that says what it is. One that says its name, too, is as good as a manifest.
    fn literal(
        &mut self,
        document: &Document<'_>,
        fields: &serde_json::Map<String, serde_json::Value>,
        mut report: Report,
    ) {
        let path = document.path.to_owned();
        let mut named = Manifests::default();
        match literal::read(document, fields, self.options.drafts, &mut report) {
            Some(Literal::Note(Some(name), spec)) => {
                named.notes.push(Imported { name, spec: *spec, path, line: 1 });
            }
            Some(Literal::Summit(Some(name), spec)) => {
                named.summits.push(Imported { name, spec: *spec, path, line: 1 });
            }
            Some(Literal::Note(None, spec)) => {
                let summit = spec.summit_ref.clone().map(|summit| summit.name);
                self.collector.talk(&path, summit.as_deref(), talk::Talk { spec: *spec, line: 1 });
            }
            Some(Literal::Summit(None, spec)) => {
                let (name, described) = (summit_part::name_of(document), true);
                self.collector.summit(&path, SummitPart { name, spec: *spec, line: 1, described });
            }
            None => {
                self.unreadable.insert(path);
            }
        }
        self.collector.manifests(named);
        self.collector.report(report);
    }

    fn publication(&self, draft: bool) -> Option<Publication> {
        draft.then_some(match self.options.drafts {
            DraftPolicy::Hide => Publication::Draft,
            DraftPolicy::Publish => Publication::Published,
        })
    }

    fn manifests(&mut self, file: &SourceFile) {
        if !manifest::may_be_ours(&file.content) {
            return;
        }
        let mut report = Report::new(&file.path);
        match text::decode(&file.content, &mut report) {
            Some(text) => {
                let manifests = manifest::read(&file.path, &text, &mut report);
                self.documents += usize::from(manifests.ours);
                if manifests.broken {
                    self.unreadable.insert(file.path.clone());
                }
                self.collector.manifests(manifests);
            }
            None => {
                self.documents += 1;
                self.unreadable.insert(file.path.clone());
            }
        }
        self.collector.report(report);
    }

    /// An index beside talks describes their summit; other documents without talks are reported.
    fn finish(mut self) -> Collection {
        for Prose { path, mut part, is_index, declared, mut report } in self.prose {
            if let Some(name) = self.folders.get(folder(&path)).filter(|_| is_index) {
                part.name.clone_from(name);
                self.collector.summit(&path, part);
            } else if declared {
                self.collector.summit(&path, part);
            } else if !is_index {
                report.whole(
                    Code::NoTalks,
                    "no talk was found here: write talks as headings such as `## Title - Speaker` under \
                     a day such as `# 2026-05-14`, one talk a file with front matter, or exclude this file",
                );
            }
            self.collector.report(report);
        }
        self.collector.finish(self.unreadable, self.documents)
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
