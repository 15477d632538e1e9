//! Objects become documents that are read back as they were: the reverse of [`super::explicit_document`].
//!
//! What is written is read again before it is handed out. A note that Markdown cannot carry becomes
//! a manifest.

pub(super) mod text;

use std::collections::BTreeSet;

use super::naming;
use super::selection;
use super::{Metadata, ReadOptions, SourceFile, read};
use crate::api::{SummitSpec, TalkNoteSpec};
pub(super) use text::{SummitFacts, document, manifest, note_text, summit_text};

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
        self.summit_with(folder, name, &Metadata::default(), spec)
    }

    /// As [`Layout::summit`], with the labels and annotations that the object keeps.
    ///
    /// # Errors
    /// Where the object cannot be serialized.
    pub fn summit_with(
        &mut self,
        folder: &str,
        name: &str,
        metadata: &Metadata,
        spec: &SummitSpec,
    ) -> Result<Written, WriteError> {
        let stem = format!("{folder}{}/index", path_part(name));
        let text = summit_text(Some(name), metadata, spec).map_err(failed(name));
        let manifest = manifest("Summit", name, metadata, spec).map_err(failed(name));
        self.place(&stem, text?, manifest?, |file| {
            let found = read(std::slice::from_ref(file), ReadOptions::default());
            let same = |summit: &super::Imported<_>| {
                summit.name == name && summit.spec == *spec && summit.metadata == *metadata
            };
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
        self.note_with(folder, name, &Metadata::default(), spec)
    }

    /// As [`Layout::note`], with the labels and annotations that the object keeps.
    ///
    /// # Errors
    /// Where the object cannot be serialized.
    pub fn note_with(
        &mut self,
        folder: &str,
        name: &str,
        metadata: &Metadata,
        spec: &TalkNoteSpec,
    ) -> Result<Written, WriteError> {
        let summit = spec.summit_ref.as_ref().map(|summit| path_part(&summit.name) + "/");
        let stem = format!("{folder}{}{}", summit.unwrap_or_default(), path_part(name));
        let text = note_text(Some(name), metadata, spec).map_err(failed(name));
        let manifest = manifest("TalkNote", name, metadata, spec).map_err(failed(name));
        self.place(&stem, text?, manifest?, |file| {
            let found = read(std::slice::from_ref(file), ReadOptions::default());
            let same = |note: &super::Imported<_>| {
                note.name == name && note.spec == *spec && note.metadata == *metadata
            };
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
