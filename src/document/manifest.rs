//! Manifests of `TalkNote` and `Summit`, as people, kubectl and other tools write them: in YAML or JSON,
//! one by one or in lists. What the API server adds to an object is left aside, and other manifests are
//! nobody's business here.

mod plan;
mod stream;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use serde_saphyr::Spanned;

use super::codes::Code;
use super::report::{Place, Report};
use super::{Imported, Metadata};
use crate::api::names::{API_VERSION, GROUP};
use crate::api::{SummitSpec, TalkNoteSpec};
use crate::document::limits;
use crate::document::naming;
use crate::document::yaml::{self, Fault};
use plan::{Plan, Taker, Walk};

/// Manifests of one document that are read without those that cannot be, at most.
const MAX_FAULTS: usize = 20;

/// What a file of manifests holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Manifests {
    pub summits: Vec<Imported<SummitSpec>>,
    pub notes: Vec<Imported<TalkNoteSpec>>,
    /// Whether a manifest could not be read.
    pub broken: bool,
    /// Whether the file is about our kinds at all.
    pub ours: bool,
}

#[derive(Deserialize)]
struct Manifest<S> {
    metadata: ObjectMeta,
    spec: S,
}

#[derive(Deserialize)]
struct ObjectMeta {
    name: String,
    namespace: Option<String>,
    labels: Option<BTreeMap<String, Option<String>>>,
    annotations: Option<BTreeMap<String, Option<String>>>,
}

/// Whether a file may hold manifests of ours. One in UTF-16 may, too, so that its author is told.
pub(super) fn may_be_ours(content: &[u8]) -> bool {
    let wanted = GROUP.as_bytes();
    let found = |content: &[u8]| content.windows(wanted.len()).any(|window| window == wanted);
    let wide = || content.starts_with(&[0xff, 0xfe]) || content.starts_with(&[0xfe, 0xff]);
    found(content)
        || wide() && found(&content.iter().copied().filter(|byte| *byte != 0).collect::<Vec<_>>())
}

/// Reads all manifests of a file, which are for `namespace`, if that is known.
pub(super) fn read(
    path: &str,
    text: &str,
    namespace: Option<&str>,
    report: &mut Report,
) -> Manifests {
    let mut reader = Reader {
        path,
        namespace,
        lines_before: 0,
        elsewhere: BTreeSet::new(),
        report,
        manifests: Manifests::default(),
    };
    for (lines_before, document) in stream::documents(text) {
        if document.contains(GROUP) {
            reader.lines_before = lines_before;
            reader.document(document);
        }
    }
    reader.manifests
}

/// JSON as YAML, which allows fewer characters in strings as they are.
fn as_yaml(document: &str) -> Cow<'_, str> {
    let content = document.trim_start_matches("---").trim_start();
    let refused = |c: char| c.is_control() && c >= '\u{7f}' || matches!(c, '\u{fffe}' | '\u{ffff}');
    if !content.starts_with(['{', '[']) || !document.contains(refused) {
        return Cow::Borrowed(document);
    }
    let mut text = String::with_capacity(document.len() + 64);
    for c in document.chars() {
        if refused(c) {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    Cow::Owned(text)
}

/// Whether a document that cannot be read says that it is a manifest of ours. A template that gives one
/// is none yet.
fn claims(path: &str, document: &str) -> bool {
    let template = path.split('/').any(|folder| folder == "templates") && document.contains("{{");
    let says = |line: &str| {
        let value = line.split_once("apiVersion").map(|(_, rest)| rest);
        let value = value.map(|rest| rest.trim_start_matches(['"', '\'', ' ', '\t', ':']));
        value.is_some_and(|value| value.starts_with(API_VERSION))
    };
    !template && document.lines().any(says)
}

struct Reader<'a> {
    path: &'a str,
    namespace: Option<&'a str>,
    lines_before: usize,
    /// Namespaces of which was told that they are others.
    elsewhere: BTreeSet<String>,
    report: &'a mut Report,
    manifests: Manifests,
}

impl Reader<'_> {
    fn document(&mut self, document: &str) {
        let document = &*as_yaml(document);
        let plan = match yaml::parse_long(document) {
            Ok(value) => Plan::of(&value),
            Err(fault) if claims(self.path, document) => return self.fault(fault),
            Err(_) => return,
        };
        if plan.is_empty() {
            return;
        }
        self.manifests.ours = true;
        let (found, faults) = objects(document, &plan);
        faults.into_iter().for_each(|fault| self.fault(fault));
        for object in found {
            match object {
                Object::Note(line, note) => self.note(line, note),
                Object::Summit(line, summit) => self.summit(line, summit),
            }
        }
    }

    fn note(&mut self, line: usize, manifest: Manifest<TalkNoteSpec>) {
        if let Some(mut note) = self.object(line, manifest)
            && limits::fit_note(&mut note.spec, Place::line(note.line), self.report)
        {
            self.manifests.notes.push(note);
        }
    }

    fn summit(&mut self, line: usize, manifest: Manifest<SummitSpec>) {
        if let Some(mut summit) = self.object(line, manifest)
            && limits::fit_summit(&mut summit.spec, Place::line(summit.line), self.report)
        {
            self.manifests.summits.push(summit);
        }
    }

    fn object<S>(&mut self, line: usize, manifest: Manifest<S>) -> Option<Imported<S>> {
        let Manifest { metadata, spec } = manifest;
        let place = Place::line(self.lines_before + line);
        if !naming::is_valid(&metadata.name) {
            let reason =
                "metadata.name must be lower-case letters, digits, `-` and `.`, 200 at most";
            self.fault(Fault { place: Place::line(line), reason: reason.to_owned() });
            return None;
        }
        self.tell_namespace(metadata.namespace, place);
        let given = |map: Option<BTreeMap<String, Option<String>>>| {
            let entries = map.unwrap_or_default().into_iter();
            entries.filter_map(|(key, value)| Some((key, value?))).collect()
        };
        let mut kept = Metadata::given(&given(metadata.labels), &given(metadata.annotations));
        kept.fit(place, self.report);
        let mut object = Imported::new(metadata.name, spec, self.path, place.line);
        object.metadata = kept;
        Some(object)
    }

    /// Says once for each namespace of a file that its objects go elsewhere.
    fn tell_namespace(&mut self, stated: Option<String>, place: Place) {
        let Some(stated) = stated.filter(|stated| !stated.is_empty()) else { return };
        if Some(stated.as_str()) == self.namespace || self.elsewhere.contains(&stated) {
            return;
        }
        let goes = match self.namespace {
            Some(namespace) => format!("the object goes to {namespace}"),
            None => {
                "it is left out, and the object goes to the namespace of its NoteRepository, or to \
                     that of `import --namespace`"
                    .to_owned()
            }
        };
        let message = format!("`metadata.namespace` is {stated}; {goes}");
        self.report.at(Code::ManifestNamespace, place, message);
        self.elsewhere.insert(stated);
    }

    /// Reports a fault at a place of the document.
    fn fault(&mut self, Fault { place, reason }: Fault) {
        self.manifests.ours = true;
        self.manifests.broken = true;
        let place = Place { line: place.line + self.lines_before, ..place };
        self.report.at(Code::Manifest, place, format!("the manifest cannot be read: {reason}"));
    }
}

/// An object of ours, and the line of the document that it begins in.
enum Object {
    Note(usize, Manifest<TalkNoteSpec>),
    Summit(usize, Manifest<SummitSpec>),
}

/// The objects of a document, and what is wrong with those that cannot be read. One that cannot be read
/// ends the reading, which is begun again without it.
fn objects(document: &str, plan: &Plan) -> (Vec<Object>, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut broken = BTreeSet::new();
    loop {
        let mut found =
            Found { broken: &broken, nodes: 0, objects: Vec::new(), faults: Vec::new() };
        let outcome = yaml::parse_long_with(document, Walk { plan, taker: &mut found });
        let Found { objects, nodes, faults: said, .. } = found;
        match outcome {
            Err(fault) if faults.len() < MAX_FAULTS && broken.insert(nodes) => faults.push(fault),
            outcome => {
                faults.extend(outcome.err());
                faults.extend(said);
                return (objects, faults);
            }
        }
    }
}

struct Found<'a> {
    /// The nodes that cannot be read, by their number from 1.
    broken: &'a BTreeSet<usize>,
    nodes: usize,
    objects: Vec<Object>,
    faults: Vec<Fault>,
}

impl Taker for Found<'_> {
    fn take<'de, D: Deserializer<'de>>(&mut self, plan: &Plan, node: D) -> Result<(), D::Error> {
        self.nodes += 1;
        match plan {
            _ if self.broken.contains(&self.nodes) => drop(IgnoredAny::deserialize(node)?),
            Plan::Note => {
                let (line, note) = spanned(node)?;
                self.objects.push(Object::Note(line, note));
            }
            Plan::Summit => {
                let (line, summit) = spanned(node)?;
                self.objects.push(Object::Summit(line, summit));
            }
            Plan::Fault(reason) => {
                let (line, _) = spanned::<IgnoredAny, D>(node)?;
                self.faults.push(Fault { place: Place::line(line), reason: reason.clone() });
            }
            Plan::Skip | Plan::List(_) => drop(IgnoredAny::deserialize(node)?),
        }
        Ok(())
    }
}

/// A value, and the line that it begins in.
fn spanned<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    node: D,
) -> Result<(usize, T), D::Error> {
    let found = Spanned::<T>::deserialize(node)?;
    Ok((usize::try_from(found.referenced.line()).unwrap_or(usize::MAX).max(1), found.value))
}

#[cfg(test)]
mod tests;
