//! What all documents gave becomes one collection: summits are merged, notes get their names and
//! their places on the agenda.

mod merge;
mod names;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::codes::Code;
use super::files::KeptText;
use super::reading::talk::Talk;
use super::report::{Place, Report};
use super::summit_part::SummitPart;
use super::{Collection, Imported, SourcePlace};
use crate::api::{Diagnostic, Publication, Severity, SummitReference, SummitSpec, TalkNoteSpec};
use crate::document::limits;
use crate::document::manifest::Manifests;
use crate::document::naming;
use merge::{fill, merge};
use names::{name, number};

/// A document about one talk to which an index links.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    /// Path of the document.
    pub path: String,
    /// Path of the index and the line of the link.
    pub index: (String, usize),
    /// Whether it says itself of which summit it is.
    pub has_summit: bool,
}

/// Texts that became one.
#[derive(Debug, Default)]
pub(super) struct Joined {
    /// The documents that they stand in.
    pub documents: BTreeSet<String>,
    /// Whether one of them was not read, so that the note is not what it should be.
    pub unread: bool,
}

/// Diagnostics of all documents, after which only the first of each document is kept.
const MAX_FOUND: usize = 20_000;

/// Collects what documents gave, in the order of their paths.
#[derive(Debug, Default)]
pub(super) struct Collector {
    summits: Vec<(Imported<SummitSpec>, bool)>,
    /// Documents that each summit's overview was written in.
    overviews: BTreeMap<String, Vec<String>>,
    talks: Vec<Imported<TalkNoteSpec>>,
    manifests: Manifests,
    reports: Vec<Report>,
    /// Number of diagnostics of documents.
    found: usize,
    /// Documents to which indexes link.
    pub listed: Vec<Listed>,
    /// Diagnostics of no document.
    pub diagnostics: Vec<Diagnostic>,
}

impl Collector {
    /// Adds a summit. Where another document spoke of it before, that one's fields win and this one
    /// fills the gaps; a document about the summit wins over a talk that only names it.
    pub fn summit(&mut self, path: &str, part: SummitPart) {
        let known = self.summits.iter_mut().find(|(known, _)| known.name == part.name);
        let overviews = self.overviews.entry(part.name.clone()).or_default();
        let SummitPart { name, mut spec, line, described } = part;
        let Some((known, known_described)) = known else {
            overviews.extend(spec.overview.is_some().then(|| path.to_owned()));
            self.summits.push((Imported::new(name, spec, path, line), described));
            return;
        };
        // What one document holds back must not become public by another one.
        match openness(&spec).cmp(&openness(&known.spec)) {
            Ordering::Less => return,
            Ordering::Greater => {
                *overviews = spec.overview.is_some().then(|| path.to_owned()).into_iter().collect();
                (*known, *known_described) = (Imported::new(name, spec, path, line), described);
                return;
            }
            Ordering::Equal => overviews.extend(spec.overview.is_some().then(|| path.to_owned())),
        }
        if described && *known_described && known.spec.title != spec.title {
            let mut report = Report::new(path);
            let shown = naming::alone(&name);
            let message = format!(
                "{} also describes the summit {shown}, under another title; set `summit` in the front \
                 matter where they are two",
                known.path
            );
            report.at(Code::SummitTitles, Place::line(line), message);
            self.reports.push(report);
        }
        if described && *known_described {
            known.also.push(SourcePlace { path: path.to_owned(), line });
        } else if described {
            std::mem::swap(&mut known.spec, &mut spec);
            (known.path, known.line, *known_described) = (path.to_owned(), line, true);
        }
        fill(&mut known.spec, spec);
    }

    /// Adds a talk of the summit `summit`. Where its Markdown was not read again, `text` says where it stands.
    pub fn talk(&mut self, path: &str, summit: Option<&str>, talk: Talk, text: Option<KeptText>) {
        let Talk { mut spec, line } = talk;
        spec.summit_ref = summit.map(|name| SummitReference { name: name.to_owned() });
        self.talks.push(Imported { text, ..Imported::new(String::new(), spec, path, line) });
    }

    /// Adds the manifests of a file.
    pub fn manifests(&mut self, manifests: Manifests) {
        self.manifests.summits.extend(manifests.summits);
        self.manifests.notes.extend(manifests.notes);
    }

    /// Adds the diagnostics of a document. Where others have many already, fewer are kept.
    pub fn report(&mut self, mut report: Report) {
        report.shorten(MAX_FOUND.saturating_sub(self.found));
        self.found += report.len();
        self.reports.push(report);
    }

    /// Names and orders everything. Tells, too, which texts became one.
    pub fn finish(
        mut self,
        mut unreadable: BTreeSet<String>,
        documents: usize,
    ) -> (Collection, Joined) {
        self.name_summits();
        let mut notes = unique(std::mem::take(&mut self.manifests.notes), &mut self.reports);
        let mut summits = unique(std::mem::take(&mut self.manifests.summits), &mut self.reports);
        let taken: BTreeSet<String> = notes.iter().map(|note| note.name.clone()).collect();
        self.unite();
        let mut joined = Joined::default();
        self.talks = merge(std::mem::take(&mut self.talks), &mut self.reports, &mut joined);
        self.fit();
        name(&mut self.talks, taken);
        number(&mut self.talks);
        notes.append(&mut self.talks);
        for (summit, _) in self.summits {
            match summits.iter_mut().find(|known| known.name == summit.name) {
                // What is held back must not become public by a manifest of the same name.
                Some(known) if openness(&summit.spec) < openness(&known.spec) => {}
                Some(known) => {
                    fill(&mut known.spec, summit.spec.clone());
                    known.came_from(summit);
                    self.reports.push(fit_summit(known));
                }
                None => summits.push(summit),
            }
        }
        summits.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        notes.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        let mut diagnostics: Vec<_> =
            self.reports.into_iter().flat_map(Report::into_diagnostics).collect();
        diagnostics.append(&mut self.diagnostics);
        diagnostics.sort_by(|a, b| {
            (&a.path, a.line, a.column, &a.code).cmp(&(&b.path, b.line, b.column, &b.code))
        });
        // A note that had to be left out was not removed by its author.
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        unreadable.extend(errors.map(|diagnostic| diagnostic.path.clone()));
        let mut overviews = self.overviews;
        overviews.retain(|_, paths| !paths.is_empty());
        let collection = Collection {
            summits,
            notes,
            overviews,
            diagnostics,
            unreadable,
            documents,
            ..Collection::default()
        };
        (collection, joined)
    }

    /// Where an index has a talk at the link to a file about it, both get what makes them one note. The
    /// file says the title, the speakers and the day; the summit, too, unless only its folder does.
    fn unite(&mut self) {
        let mut files: HashMap<String, usize> = HashMap::new();
        let mut entries: HashMap<(String, usize), usize> = HashMap::new();
        for (at, talk) in self.talks.iter().enumerate() {
            files.entry(talk.path.clone()).or_insert(at);
            entries.insert((talk.path.clone(), talk.line), at);
        }
        for Listed { path, index, has_summit } in &self.listed {
            let both = files.get(path).copied().zip(entries.get(index).copied());
            let Some((file, entry)) = both.filter(|(file, entry)| file != entry) else { continue };
            let (Some(own), Some(told)) = (self.talks.get(file), self.talks.get(entry)) else {
                continue;
            };
            let from = if *has_summit { own } else { told };
            let summit = from.spec.summit_ref.clone();
            let TalkNoteSpec { title, speakers, day, .. } = own.spec.clone();
            if let Some(told) = self.talks.get_mut(entry) {
                told.spec.title = title;
                told.spec.summit_ref.clone_from(&summit);
                told.spec.day = day.or(told.spec.day.take());
                if !speakers.is_empty() {
                    told.spec.speakers = speakers;
                }
            }
            if let Some(own) = self.talks.get_mut(file) {
                own.spec.summit_ref = summit;
            }
        }
        let used: BTreeSet<String> = self
            .talks
            .iter()
            .filter_map(|talk| Some(talk.spec.summit_ref.as_ref()?.name.clone()))
            .collect();
        self.summits.retain(|(summit, described)| *described || used.contains(&summit.name));
    }

    /// Brings everything within the limits of the schema.
    fn fit(&mut self) {
        let Self { summits, talks, reports, .. } = self;
        talks.retain_mut(|talk| {
            let mut report = Report::new(&talk.path);
            let fits = limits::fit_note(&mut talk.spec, Place::line(talk.line), &mut report);
            reports.push(report);
            fits
        });
        reports.extend(summits.iter_mut().map(|(summit, _)| fit_summit(summit)));
    }
}

/// How far a summit is public: always, at some times, or not at all.
fn openness(spec: &SummitSpec) -> u8 {
    match (spec.publication, &spec.publish_at, &spec.unpublish_at) {
        (Some(Publication::Draft), ..) => 0,
        (_, None, None) => 2,
        _ => 1,
    }
}

/// Brings a summit within the limits: one with too long an overview goes without it, and one without a
/// title goes by its name.
fn fit_summit(summit: &mut Imported<SummitSpec>) -> Report {
    let mut report = Report::new(&summit.path);
    if summit.spec.title.trim().is_empty() {
        summit.spec.title.clone_from(&summit.name);
    }
    if !limits::fit_summit(&mut summit.spec, Place::line(summit.line), &mut report) {
        summit.spec.overview = None;
    }
    report
}

/// Manifests by name; a second one of the same name is left out.
fn unique<S>(found: Vec<Imported<S>>, reports: &mut Vec<Report>) -> Vec<Imported<S>> {
    let mut names = BTreeSet::new();
    let mut kept = Vec::new();
    for object in found {
        if names.insert(object.name.clone()) {
            kept.push(object);
            continue;
        }
        let mut report = Report::new(&object.path);
        let message = format!("another manifest has the name {} already; rename one", object.name);
        report.at(Code::DuplicateName, Place::line(object.line), message);
        reports.push(report);
    }
    kept
}
