//! YAML manifests of `TalkNote` and `Summit`. Other YAML is nobody's business here.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Imported;
use super::codes::Code;
use super::report::{Place, Report};
use crate::api::{SummitSpec, TalkNoteSpec, names::API_VERSION};
use crate::document::limits;
use crate::document::naming;
use crate::document::yaml;

/// What a file of manifests holds.
#[derive(Debug, Default)]
pub(super) struct Manifests {
    pub summits: Vec<Imported<SummitSpec>>,
    pub notes: Vec<Imported<TalkNoteSpec>>,
    /// Whether a manifest could not be read.
    pub broken: bool,
    /// Whether the file is about our kinds at all.
    pub ours: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    api_version: Option<String>,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Manifest<S> {
    metadata: Metadata,
    spec: S,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
}

/// Whether a file may hold manifests of ours.
pub(super) fn may_be_ours(content: &[u8]) -> bool {
    let wanted = API_VERSION.as_bytes();
    content.windows(wanted.len()).any(|window| window == wanted)
}

/// Reads all manifests of a file.
pub(super) fn read(path: &str, text: &str, report: &mut Report) -> Manifests {
    let mut manifests = Manifests::default();
    for (lines_before, document) in documents(text) {
        let claims = document
            .lines()
            .any(|line| line.starts_with("apiVersion:") && line.contains(API_VERSION));
        if claims {
            Reader { path, lines_before, report, manifests: &mut manifests }.read(document);
        }
    }
    manifests
}

/// The documents of a stream, each with the number of lines before it.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut documents = Vec::new();
    let (mut first_line, mut start, mut at) = (0, 0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let marker = line.trim_end();
        if marker == "---" || marker.starts_with("--- ") {
            documents.push((first_line, text.get(start..at).unwrap_or_default()));
            first_line = number + 1;
            start = at + line.len();
        }
        at += line.len();
    }
    documents.push((first_line, text.get(start..).unwrap_or_default()));
    documents
}

struct Reader<'a> {
    path: &'a str,
    lines_before: usize,
    report: &'a mut Report,
    manifests: &'a mut Manifests,
}

impl Reader<'_> {
    fn read(&mut self, document: &str) {
        let Some(header) = self.parse::<Header>(document) else {
            return;
        };
        let ours = header.api_version.as_deref() == Some(API_VERSION);
        match header.kind.as_deref() {
            Some("TalkNote") if ours => {
                if let Some(mut note) = self.object::<TalkNoteSpec>(document)
                    && limits::fit_note(&mut note.spec, Place::line(note.line), self.report)
                {
                    self.manifests.notes.push(note);
                }
            }
            Some("Summit") if ours => {
                if let Some(mut summit) = self.object::<SummitSpec>(document)
                    && limits::fit_summit(&mut summit.spec, Place::line(summit.line), self.report)
                {
                    self.manifests.summits.push(summit);
                }
            }
            _ => {}
        }
    }

    fn object<S: DeserializeOwned>(&mut self, document: &str) -> Option<Imported<S>> {
        self.manifests.ours = true;
        let manifest = self.parse::<Manifest<S>>(document)?;
        let line = self.lines_before + 1;
        if !naming::is_valid(&manifest.metadata.name) {
            self.fault(
                Place::line(line),
                "metadata.name must be lower-case letters, digits, `-` and `.`, 200 at most",
            );
            return None;
        }
        Some(Imported::new(manifest.metadata.name, manifest.spec, self.path, line))
    }

    fn parse<T: DeserializeOwned>(&mut self, document: &str) -> Option<T> {
        match yaml::parse(document) {
            Ok(value) => Some(value),
            Err(fault) => {
                let place = Place { line: fault.place.line + self.lines_before, ..fault.place };
                self.fault(place, &fault.reason);
                None
            }
        }
    }

    fn fault(&mut self, place: Place, reason: &str) {
        self.manifests.ours = true;
        self.manifests.broken = true;
        self.report.at(Code::Manifest, place, format!("the manifest cannot be read: {reason}"));
    }
}
