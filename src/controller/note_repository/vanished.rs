//! Notes that would go although what they say still stands in the documents: these are read in another way,
//! and nobody removed the notes. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use kube::ResourceExt;

use super::build::Plan;
use super::held::Claimant;
use crate::api::{NoteRepository, TalkNote, names};
use crate::controller::shared::codes::Code;
use crate::controller::state::memory::quick_hash;
use crate::document::Collection;
use crate::git::Revision;
use crate::import::{Contents, Markdown};

/// Keeps such notes, and their summits, until a person allows that they go. `said` are the texts of those
/// that are kept without.
pub(super) fn keep(
    plan: &mut Plan,
    texts: &Texts,
    said: &HashMap<String, String>,
    repository: &NoteRepository,
    revision: &Revision,
) {
    let revision = revision.to_string();
    let allowed = repository.annotations().get(names::ALLOW_PRUNE) == Some(&revision);
    if plan.notes.delete.is_empty() || allowed {
        return;
    }
    let (kept, gone): (Vec<_>, Vec<_>) =
        std::mem::take(&mut plan.notes.delete).into_iter().partition(|note| {
            let text = said.get(&note.name_any()).or(note.spec.markdown.as_ref());
            texts.hold(note, text.map_or("", String::as_str))
        });
    plan.notes.delete = gone;
    if kept.is_empty() {
        return;
    }
    let summits: BTreeSet<&str> =
        kept.iter().filter_map(|note| Some(note.spec.summit_ref.as_ref()?.name.as_str())).collect();
    plan.summits.delete.retain(|summit| !summits.contains(summit.name_any().as_str()));
    plan.images.delete.clear();
    plan.diagnostics.extend(kept.iter().map(|note| told(note, repository, &revision)));
}

fn told(note: &TalkNote, repository: &NoteRepository, revision: &str) -> crate::api::Diagnostic {
    let (name, namespace) = (repository.name_any(), repository.namespace().unwrap_or_default());
    let message = format!(
        "what the TalkNote {} says still stands in the documents, but they give no such talk any more, so that \
         it is kept: correct the document, or write a rule. If it is to go, run: kubectl annotate -n \
         {namespace} --overwrite noterepository {name} {}={revision}",
        note.name_any(),
        names::ALLOW_PRUNE
    );
    let path = note.annotations().get(names::SOURCE_PATH).map_or("", String::as_str);
    Code::TalkNotFound.at(path, message)
}

/// The texts of a revision, line by line.
pub(super) struct Texts {
    /// Lines of the documents that detection read.
    written: HashSet<u64>,
    /// Lines of the notes that they give.
    given: HashSet<u64>,
    /// Documents without talks, by their paths.
    empty: BTreeMap<String, String>,
}

impl Texts {
    /// The texts of `contents`, where one of `notes` that the repository gave may go.
    pub(super) fn where_needed<E>(
        claimant: &Claimant,
        notes: &[Arc<TalkNote>],
        collection: &Collection,
        contents: &Contents<'_, E>,
    ) -> Option<Self> {
        let wanted: HashSet<&str> =
            collection.notes.iter().map(|note| note.name.as_str()).collect();
        let goes = |note: &Arc<TalkNote>| {
            note.metadata.namespace.as_deref() == Some(claimant.namespace())
                && note.metadata.name.as_deref().is_none_or(|name| !wanted.contains(name))
                && claimant.gave(&note.metadata)
        };
        notes.iter().any(goes).then(|| Self::of(collection, contents))
    }

    fn of<E>(collection: &Collection, contents: &Contents<'_, E>) -> Self {
        let places = collection.notes.iter().flat_map(|note| {
            note.also.iter().map(|place| place.path.as_str()).chain([note.path.as_str()])
        });
        let giving: HashSet<&str> = places.collect();
        let mut texts =
            Self { written: HashSet::new(), given: HashSet::new(), empty: BTreeMap::new() };
        for path in &collection.detected {
            let content = contents.get(path).unwrap_or_default();
            let text = String::from_utf8_lossy(&content);
            texts.written.extend(lines(&text));
            if !giving.contains(path.as_str()) {
                texts.empty.insert(path.clone(), text.into_owned());
            }
        }
        for note in &collection.notes {
            texts.given.extend(lines(&contents.text(Markdown::of(note))));
        }
        texts
    }

    /// Whether the text of a note is still there, and in no note; of one without text, its title.
    fn hold(&self, note: &TalkNote, text: &str) -> bool {
        if text.trim().is_empty() {
            let source = note.annotations().get(names::SOURCE_PATH);
            let document = source.and_then(|path| self.empty.get(path));
            return document.is_some_and(|text| text.contains(note.spec.title.as_str()));
        }
        lines(text).all(|line| self.written.contains(&line))
            && !lines(text).all(|line| self.given.contains(&line))
    }
}

/// The lines of a text that are not blank, by their digests.
fn lines(text: &str) -> impl Iterator<Item = u64> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| quick_hash(&line))
}
