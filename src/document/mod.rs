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
mod images;
mod limits;
mod literal;
mod manifest;
mod markdown;
mod naming;
mod parsed;
mod reading;
mod report;
mod rules;
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
pub use images::{ImageFile, ImageReferences, MAX_IMAGE};
pub use rules::{RULES_FILE, RuleFault, check_rules};
pub use selection::{Selection, SelectionError};
pub use skeleton::{Style, Unsayable, new_summit, new_talk};
pub(crate) use speakers::personal_data::{is_address, parts_addresses};
pub use writing::{Fidelity, Form, Layout, WriteError, Written};

use crate::api::{
    Diagnostic, DocumentReading, DraftPolicy, Format, Publication, ReadingDecider, ReadingRule,
    SummitSpec, TalkNoteSpec,
};
use collect::{Collector, Listed};
use front_matter::slips;
use literal::Literal;
use manifest::Manifests;
use parsed::Document;
use reading::indexes;
use reading::surroundings::{self, Surroundings};
use reading::weigh::{self, Candidate};
use reading::{Reading, talk};
use report::Report;
use rules::{Rules, Stated};
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The dialect, or that it is to be found out for each document.
    pub format: Format,
    /// What becomes of drafts.
    pub drafts: DraftPolicy,
    /// Rules that win over those of the file [`RULES_FILE`] among the documents. One that
    /// [`check_rules`] finds fault with is passed over.
    pub rules: Vec<ReadingRule>,
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
    /// rules, have an error among the diagnostics. What an earlier revision made of them is to be kept.
    pub unreadable: BTreeSet<String>,
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
    /// Path of the document.
    pub path: String,
    /// Line of the heading, list item or front matter that it came from, from 1.
    pub line: usize,
    /// The other places that it came from, in their order: where the same talk stands again, and other
    /// documents about the same summit.
    pub also: Vec<SourcePlace>,
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
    fn new(name: String, spec: S, path: &str, line: usize) -> Self {
        Self { name, spec, path: path.to_owned(), line, also: Vec::new() }
    }

    /// Takes the places of `other` over.
    fn came_from(&mut self, other: Imported<S>) {
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

impl Collection {
    /// Takes note of files that whoever collected `files` did not read, as [`left_out`] tells of them:
    /// they are unreadable. Where the author's rules are among them, so is every document.
    pub fn leave_out(&mut self, skipped: &[Diagnostic], files: &[SourceFile]) {
        self.unreadable.extend(skipped.iter().map(|diagnostic| diagnostic.path.clone()));
        if skipped.iter().any(|diagnostic| diagnostic.path == RULES_FILE) {
            let documents = files.iter().map(|file| &file.path).filter(|path| is_markdown(path));
            self.unreadable.extend(documents.cloned());
        }
    }
}

/// The diagnostic of a file that whoever collects files did not read. It is for
/// [`Collection::leave_out`].
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
    with_documents(
        &files,
        ReadOptions { format, ..ReadOptions::default() },
        |_, document, around, _| {
            // No rule can say more than a document that says what it is.
            if document.front.literal.is_none() {
                found.push((document.path.to_owned(), rules::detected(document, around)));
            }
        },
    );
    rules::write(&found)
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
    mut visit: impl FnMut(&mut Reader, &mut Document<'_>, &Surroundings, Report),
) -> Reader {
    let mut files: Vec<&SourceFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut reader = Reader { options, ..Reader::default() };
    reader.rules(&mut files);
    let texts: Vec<Decoded<'_>> =
        files.into_iter().filter_map(|file| reader.decode(file)).collect();
    let documents: Vec<(Document<'_>, Report)> =
        texts.iter().filter_map(|decoded| reader.parse(decoded)).collect();
    let around = surroundings::all(documents.iter().map(|(document, _)| document));
    let indexes = indexes::Indexes::of(documents.iter().map(|(document, _)| document));
    let paths: BTreeSet<&str> = texts.iter().map(|decoded| decoded.path).collect();
    for (mut document, report) in documents {
        document.has_targets = paths.len() > 1 && indexes::links_to(&document, &paths);
        let mut beside = around.get(&surroundings::key(&document)).cloned().unwrap_or_default();
        beside.told = indexes.about(document.path);
        visit(&mut reader, &mut document, &beside, report);
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
    rules: Rules,
    /// How documents were read: number of documents and talks.
    readings: BTreeMap<(&'static str, ReadingDecider), (usize, usize)>,
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
    stated: Stated,
    /// Whether its front matter is that of a summit.
    declared: bool,
    report: Report,
}

impl Reader {
    /// Takes the author's rules out of `files`. What is wrong with them makes nothing vanish that is
    /// published.
    fn rules(&mut self, files: &mut Vec<&SourceFile>) {
        self.rules = Rules::of_spec(&self.options.rules);
        let own = files.iter().position(|file| file.path == RULES_FILE);
        let own = own.map(|index| files.remove(index));
        let paths = || files.iter().map(|file| file.path.as_str()).filter(|path| is_markdown(path));
        if let Some(file) = own.filter(|_| self.options.format != Format::YAML) {
            let mut report = Report::new(RULES_FILE);
            if !self.rules.add_file(&file.content, &mut report) {
                self.unreadable.extend(paths().map(str::to_owned));
            }
            self.collector.report(report);
        }
        let unused = self.rules.unused(&paths().collect::<Vec<_>>());
        self.collector.diagnostics.extend(unused);
    }

    /// The text of a Markdown file. Manifests are read at once.
    fn decode<'f>(&mut self, file: &'f SourceFile) -> Option<Decoded<'f>> {
        let extension = extension(&file.path);
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
        let Some(mut document) = document else {
            self.give_up(decoded.path, report);
            return None;
        };
        document.stated = self.rules.of(decoded.path);
        Some((document, report))
    }

    fn give_up(&mut self, path: &str, report: Report) {
        self.unreadable.insert(path.to_owned());
        self.collector.report(report);
    }

    fn markdown(&mut self, document: &Document<'_>, around: &Surroundings, mut report: Report) {
        if let Some(fields) = &document.front.literal {
            slips::report(&document.front.slips, true, &mut report);
            self.literal(document, fields, report);
            return;
        }
        let path = document.path;
        let (front, stated) = (&document.front, &document.stated.rule);
        let publication = front.publication.or(self.publication(front.draft));
        let language = stated.language.clone().or_else(|| front.lang.clone());
        let kind = stated.kind;
        let rendering = document.rendering();
        let finish = |mut talk: talk::Talk| {
            talk.spec.publication = publication;
            talk.spec.rendering = rendering;
            talk.spec.robots.clone_from(&front.robots);
            talk.spec.language = language.clone().or(talk.spec.language);
            talk.spec.kind = kind.or(talk.spec.kind);
            talk
        };
        let chosen = weigh::weigh(document, around).best;
        let reading = reading::read(document, chosen.as_ref(), &around.told, &mut report);
        let is_note = !matches!(reading, Reading::Prose(_)) || document.declares_a_summit();
        slips::report(&front.slips, is_note, &mut report);
        self.count(document, chosen.as_ref(), &reading);
        match reading {
            Reading::Summit(part, talks) => {
                for talk in talks {
                    self.collector.talk(path, Some(&part.name), finish(talk));
                }
                self.collector.summit(path, part);
            }
            Reading::Talk(part, talk) => {
                let entry = &around.told.entry;
                let part = part.or_else(|| {
                    let (part, (index, _)) = entry.summit.clone().zip(entry.place.clone())?;
                    self.folders.entry(folder(&index).to_owned()).or_insert(part.name.clone());
                    Some(part)
                });
                let summit = part.as_ref().map(|part| part.name.as_str());
                let stated = stated.summit.as_ref().or(front.summit.as_ref());
                let stated = stated.or(front.event.as_ref()).is_some();
                if let Some(place) = &entry.place {
                    self.collector.listed.push(Listed {
                        path: path.to_owned(),
                        index: place.clone(),
                        has_summit: stated,
                    });
                }
                self.collector.talk(path, summit, finish(*talk));
                if let Some(part) = part {
                    self.folders.insert(folder(path).to_owned(), part.name.clone());
                    self.collector.summit(path, part);
                }
            }
            Reading::Prose(part) => {
                let (path, is_index) = (path.to_owned(), document.is_index());
                let (stated, declared) = (document.stated.clone(), document.declares_a_summit());
                self.prose.push(Prose { path, part, is_index, stated, declared, report });
                return;
            }
        }
        self.collector.report(report);
    }

    /// Counts how a document was read.
    fn count(&mut self, document: &Document<'_>, chosen: Option<&Candidate>, reading: &Reading) {
        let talks = reading.talks();
        let words = chosen.filter(|_| talks > 0).map_or(rules::NO_TALKS, |c| c.shape.describe());
        let by = if document.stated.by().is_empty() {
            ReadingDecider::Detection
        } else {
            ReadingDecider::Rule
        };
        self.add_reading(words, by, talks);
    }

    fn add_reading(&mut self, words: &'static str, by: ReadingDecider, talks: usize) {
        let counted = self.readings.entry((words, by)).or_default();
        *counted = (counted.0 + 1, counted.1 + talks);
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
        let said = literal::read(document, fields, self.options.drafts, &mut report);
        let talks = match &said {
            Some(Literal::Note(..)) => Some(1),
            Some(Literal::Summit(..)) => Some(0),
            None => None,
        };
        if let Some(talks) = talks {
            self.add_reading(literal::READING, ReadingDecider::Document, talks);
        }
        match said {
            Some(Literal::Note(Some(name), spec)) => {
                named.notes.push(Imported::new(name, *spec, &path, 1));
            }
            Some(Literal::Summit(Some(name), spec)) => {
                named.summits.push(Imported::new(name, *spec, &path, 1));
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
        for Prose { path, mut part, is_index, stated, declared, mut report } in self.prose {
            if let Some(name) = self.folders.get(folder(&path)).filter(|_| is_index) {
                part.name.clone_from(name);
                self.collector.summit(&path, part);
            } else if declared {
                self.collector.summit(&path, part);
            } else if let Some(said) = stated.without_talks() {
                said.into_iter().for_each(|said| report.whole(Code::RuleWithoutTalk, said));
            } else if !is_index {
                report.whole(
                    Code::NoTalks,
                    "no talk was found here: write talks as headings such as `## Title - Speaker` under \
                     a day such as `# 2026-05-14`, one talk a file with front matter, or exclude this file",
                );
            }
            self.collector.report(report);
        }
        let readings = readings_in_order(self.readings);
        Collection { readings, ..self.collector.finish(self.unreadable, self.documents) }
    }
}

/// Readings as a status has them, the most frequent first.
fn readings_in_order(
    counted: BTreeMap<(&'static str, ReadingDecider), (usize, usize)>,
) -> Vec<DocumentReading> {
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let mut readings: Vec<DocumentReading> = counted
        .into_iter()
        .map(|((reading, by), (documents, talks))| DocumentReading {
            reading: reading.to_owned(),
            by,
            documents: number(documents),
            talks: number(talks),
        })
        .collect();
    readings.sort_by_key(|reading| std::cmp::Reverse((reading.documents, reading.talks)));
    readings
}

fn extension(path: &str) -> Option<String> {
    path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase())
}

fn is_markdown(path: &str) -> bool {
    matches!(extension(path).as_deref(), Some("md" | "markdown"))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
