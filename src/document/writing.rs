//! Objects become documents that are read back as they were: the reverse of [`super::literal`].
//!
//! What is written is read again before it is handed out. A note that Markdown cannot carry becomes
//! a manifest.

use std::collections::BTreeSet;

use serde::Serialize;

use super::literal;
use super::naming;
use super::selection;
use super::{ReadOptions, SourceFile, read};
use crate::api::{
    ContentSource, Link, Medal, NoteImage, Publication, Rendering, RobotsRule, Speaker, SummitSpec,
    TalkKind, TalkNoteSpec, names,
};

/// Longest name of a file without its extension, in bytes: file systems take 255.
const MAX_STEM: usize = 200;

/// In which form objects are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Markdown with front matter.
    Markdown,
    /// Manifests.
    Yaml,
}

/// How far a file says what its object says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// It is read back as the same object, in the form that was asked for.
    Exact,
    /// Markdown would not be read back as the same object, so it is a manifest, which is.
    AsManifest,
    /// It is a manifest that the API server takes, but that reading notes does not give back as it is.
    ForClusterOnly,
}

/// A file that holds one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its path and content.
    pub file: SourceFile,
    /// Whether it says everything.
    pub fidelity: Fidelity,
}

/// Why an object cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{name} cannot be written as YAML: {reason}")]
pub struct WriteError {
    /// Name of the object.
    pub name: String,
    /// What the library said.
    pub reason: String,
}

/// Gives objects their files: `<summit>/index.md` and `<summit>/<note>.md`.
#[derive(Debug)]
pub struct Layout {
    form: Form,
    taken: BTreeSet<String>,
}

impl Layout {
    /// A layout without files.
    pub fn new(form: Form) -> Self {
        Self { form, taken: BTreeSet::new() }
    }

    /// The file of the summit `name`, inside of `folder` (empty for the top).
    ///
    /// # Errors
    /// Where the object cannot be serialized.
    pub fn summit(
        &mut self,
        folder: &str,
        name: &str,
        spec: &SummitSpec,
    ) -> Result<Written, WriteError> {
        let stem = format!("{folder}{}/index", path_part(name));
        let text = summit_text(Some(name), spec).map_err(failed(name));
        let manifest = manifest("Summit", name, spec).map_err(failed(name));
        self.place(&stem, text?, manifest?, |file| {
            let found = read(std::slice::from_ref(file), ReadOptions::default());
            let same = |summit: &super::Imported<_>| summit.name == name && summit.spec == *spec;
            found.notes.is_empty() && found.summits.len() == 1 && found.summits.iter().all(same)
        })
    }

    /// The file of the note `name`, inside of `folder` (empty for the top).
    ///
    /// # Errors
    /// Where the object cannot be serialized.
    pub fn note(
        &mut self,
        folder: &str,
        name: &str,
        spec: &TalkNoteSpec,
    ) -> Result<Written, WriteError> {
        let summit = spec.summit_ref.as_ref().map(|summit| path_part(&summit.name) + "/");
        let stem = format!("{folder}{}{}", summit.unwrap_or_default(), path_part(name));
        let text = note_text(Some(name), spec).map_err(failed(name));
        let manifest = manifest("TalkNote", name, spec).map_err(failed(name));
        self.place(&stem, text?, manifest?, |file| {
            let found = read(std::slice::from_ref(file), ReadOptions::default());
            let same = |note: &super::Imported<_>| note.name == name && note.spec == *spec;
            found.summits.is_empty() && found.notes.len() == 1 && found.notes.iter().all(same)
        })
    }

    /// The Markdown where it may be and is read back, else the manifest.
    fn place(
        &mut self,
        stem: &str,
        text: String,
        manifest: String,
        is_same: impl Fn(&SourceFile) -> bool,
    ) -> Result<Written, WriteError> {
        let file = |path: String, text: String| SourceFile { path, content: text.into_bytes() };
        if self.form == Form::Markdown {
            let file = file(self.free(stem, "md"), text);
            if is_same(&file) {
                self.taken.insert(file.path.clone());
                return Ok(Written { file, fidelity: Fidelity::Exact });
            }
        }
        let file = file(self.free(stem, "yaml"), manifest);
        self.taken.insert(file.path.clone());
        let fidelity = match (is_same(&file), self.form) {
            (true, Form::Yaml) => Fidelity::Exact,
            (true, Form::Markdown) => Fidelity::AsManifest,
            (false, _) => Fidelity::ForClusterOnly,
        };
        Ok(Written { file, fidelity })
    }

    /// A path that nothing else has and that is read: a note may be called `index` or `readme`.
    fn free(&self, stem: &str, extension: &str) -> String {
        let path = format!("{stem}.{extension}");
        if !self.taken.contains(&path) && !selection::left_out(&path) {
            return path;
        }
        let mut path = format!("{stem}-note.{extension}");
        let mut number = 2;
        // `readme.first` is left out however it ends, so that a number in front is needed.
        while self.taken.contains(&path) || selection::left_out(&path) {
            let (folder, file) = stem.rsplit_once('/').map_or(("", stem), |(a, b)| (a, b));
            let slash = if folder.is_empty() { "" } else { "/" };
            path = format!("{folder}{slash}{number}-{file}.{extension}");
            number += 1;
        }
        path
    }
}

/// The name of an object as a part of a path. Names that no API server would take, which may come
/// from files, lead nowhere else.
fn path_part(name: &str) -> String {
    if naming::is_valid(name) && name.len() <= MAX_STEM {
        name.to_owned()
    } else {
        naming::summit(name)
    }
}

fn failed(name: &str) -> impl FnOnce(serde_saphyr::ser::Error) -> WriteError + use<> {
    let name = name.to_owned();
    move |error| WriteError { name, reason: error.to_string() }
}

/// The front matter of a note, in the order in which people read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoteFront<'a> {
    talknotes: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<TalkKind>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    speakers: &'a [Speaker],
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    medal: Option<Medal>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    links: &'a [Link],
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publication: Option<Publication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publish_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_from: Option<&'a ContentSource>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    images: &'a [NoteImage],
    #[serde(skip_serializing_if = "Option::is_none")]
    rendering: Option<Rendering>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    robots: &'a [RobotsRule],
}

/// The front matter of a summit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummitFront<'a> {
    talknotes: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    title: &'a str,
    #[serde(flatten)]
    facts: SummitFacts<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    links: &'a [Link],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    images: &'a [NoteImage],
    #[serde(skip_serializing_if = "Option::is_none")]
    rendering: Option<Rendering>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    robots: &'a [RobotsRule],
}

/// Where and when a summit takes place.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SummitFacts<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
}

impl<'a> From<&'a SummitSpec> for SummitFacts<'a> {
    fn from(spec: &'a SummitSpec) -> Self {
        Self {
            url: spec.url.as_deref(),
            start_date: spec.start_date.as_deref(),
            end_date: spec.end_date.as_deref(),
            time_zone: spec.time_zone.as_deref(),
            location: spec.location.as_deref(),
        }
    }
}

type Text = Result<String, serde_saphyr::ser::Error>;

/// A document about one talk that says so.
pub(super) fn note_text(name: Option<&str>, spec: &TalkNoteSpec) -> Text {
    let front = NoteFront {
        talknotes: literal::TALK,
        name,
        title: &spec.title,
        summit: spec.summit_ref.as_ref().map(|summit| summit.name.as_str()),
        kind: spec.kind,
        speakers: &spec.speakers,
        day: spec.day.as_deref(),
        start_time: spec.start_time.as_deref(),
        end_time: spec.end_time.as_deref(),
        track: spec.track.as_deref(),
        room: spec.room.as_deref(),
        lang: spec.language.as_deref(),
        medal: spec.medal,
        tags: &spec.tags,
        links: &spec.links,
        order: spec.order,
        publication: spec.publication,
        publish_at: spec.publish_at.as_deref(),
        content_from: spec.content_from.as_ref(),
        images: &spec.images,
        rendering: spec.rendering,
        robots: &spec.robots,
    };
    document(&front, spec.markdown.as_deref())
}

/// A document about a summit that says so.
pub(super) fn summit_text(name: Option<&str>, spec: &SummitSpec) -> Text {
    let front = SummitFront {
        talknotes: literal::SUMMIT,
        name,
        title: &spec.title,
        facts: spec.into(),
        tags: &spec.tags,
        links: &spec.links,
        images: &spec.images,
        rendering: spec.rendering,
        robots: &spec.robots,
    };
    document(&front, spec.overview.as_deref())
}

/// Front matter and, below a blank line, the text. The end of the last line is the file's, not the
/// text's.
pub(super) fn document(front: &impl Serialize, body: Option<&str>) -> Text {
    let body = body.map(|body| format!("\n{body}\n")).unwrap_or_default();
    Ok(format!("---\n{}---\n{body}", serde_saphyr::to_string(front)?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a, S> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata<'a>,
    spec: &'a S,
}

#[derive(Serialize)]
struct Metadata<'a> {
    name: &'a str,
    annotations: std::collections::BTreeMap<&'static str, &'static str>,
}

/// A manifest, with the annotation that keeps Flux from substituting in notes.
pub(super) fn manifest<S: Serialize>(kind: &'static str, name: &str, spec: &S) -> Text {
    let annotations = [(names::FLUX_SUBSTITUTE, "disabled")].into();
    let metadata = Metadata { name, annotations };
    serde_saphyr::to_string(&Manifest { api_version: names::API_VERSION, kind, metadata, spec })
}
