//! What is to be written and what is to go. Pure.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::{Resource, ResourceExt};
use serde_json::Value;

use super::held::{Claimant, Held};
use super::images::Images;
use super::imported::{ImportedKind, Origin, fingerprint, object, says_all_of, seen, surplus};
use super::sources::{came_from, lacks_a_source, withdrawn};
use super::validate::ValidRepository;
use crate::api::{
    Diagnostic, NoteRepository, PrunePolicy, Publication, Severity, Summit, TalkNote, TalkNoteSpec,
    names,
};
use crate::controller::shared::codes::Code;
use crate::controller::shared::error::Error;
use crate::controller::shared::text::is_without_text;
use crate::controller::shared::{first_diagnostics, owner_reference};
use crate::controller::state::reconciled::Summary;
use crate::document::{Collection, Imported, KeptText};
use crate::git::Revision;
use crate::import::PublishedImage;

/// All summits and notes that the watches have seen.
pub(super) struct Existing {
    pub summits: Vec<Arc<Summit>>,
    pub notes: Vec<Arc<TalkNote>>,
    /// The ConfigMaps of images, without their data.
    pub images: Vec<Arc<ConfigMap>>,
    /// All repositories.
    pub repositories: Vec<Arc<NoteRepository>>,
}

/// What is to be done for one revision.
pub(super) struct Plan {
    pub summits: Changes<Summit>,
    pub notes: Changes<TalkNote>,
    /// The images that there are to be, and those that are to go.
    pub images: Images,
    /// Why nothing is deleted although something should be.
    pub guard: Option<Error>,
    pub diagnostics: Vec<Diagnostic>,
    /// Names that others hold.
    pub held: Vec<Held>,
    /// When to come again where something cannot be written.
    pub retry: Duration,
}

/// What is to be done for one kind.
pub(super) struct Changes<K> {
    /// To be written.
    pub apply: Vec<Wanted<K>>,
    /// What others added to some of these, by name: the object, and a patch that takes it away.
    pub surplus: HashMap<String, (Arc<K>, Value)>,
    /// Names and fingerprints of those that are there as wanted, so that a change by others is noticed.
    pub keep: Vec<(String, String)>,
    /// Watched objects, which are kept without their texts, whose text belongs to what is written under the
    /// same name.
    pub lacking: Vec<Arc<K>>,
    /// To be deleted.
    pub delete: Vec<Arc<K>>,
    /// Whether objects stay only because a document cannot be read.
    has_kept: bool,
    /// Number of objects of ours that are in the cluster.
    owned: usize,
    /// Names that others hold.
    held: Vec<Held>,
    diagnostics: Vec<Diagnostic>,
}

/// An object that is to be written.
pub(super) struct Wanted<K> {
    /// The object, without a text that was not read.
    pub object: K,
    /// Where its text stands that was not read. It is read when it is written.
    pub text: Option<KeptText>,
    /// Whether an object of ours is there already.
    pub exists: bool,
}

impl<K: ImportedKind> Wanted<K> {
    /// Digest of everything about it that we would restore.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.object, self.text.as_ref().map(|text| text.digest))
    }
}

impl<K> Changes<K> {
    fn created(&self) -> usize {
        self.apply.iter().filter(|wanted| !wanted.exists).count()
    }
}

pub(super) fn plan(
    repository: &NoteRepository,
    valid: &ValidRepository,
    revision: &Revision,
    (collection, images): (&Collection, Vec<PublishedImage>),
    existing: &Existing,
) -> Result<Plan, Error> {
    let origin = Origin {
        namespace: valid.namespace.clone(),
        name: repository.name_any(),
        owner: owner_reference(repository)?,
        prune: valid.prune,
        claimant: Claimant::new(repository, &existing.repositories),
    };
    let unread = (&collection.unreadable, &collection.withheld);
    let mut summits = changes(&collection.summits, &existing.summits, &origin, unread);
    let mut notes = changes(&collection.notes, &existing.notes, &origin, unread);
    let guard = guard(repository, valid, revision, &summits, &notes);
    if guard.is_some() {
        summits.delete.clear();
        notes.delete.clear();
    }
    let mut images = Images::new(images, &existing.images, &origin);
    // A note that stays may show them.
    if guard.is_some() || summits.has_kept || notes.has_kept {
        images.delete.clear();
    }
    let mut diagnostics = std::mem::take(&mut summits.diagnostics);
    diagnostics.append(&mut notes.diagnostics);
    let mut held = std::mem::take(&mut summits.held);
    held.append(&mut notes.held);
    Ok(Plan { summits, notes, images, guard, diagnostics, held, retry: valid.interval })
}

fn changes<K: ImportedKind>(
    wanted: &[Imported<K::Spec>],
    existing: &[Arc<K>],
    origin: &Origin,
    (unreadable, withheld): (&BTreeSet<String>, &BTreeSet<String>),
) -> Changes<K> {
    let here: HashMap<&str, &Arc<K>> = existing
        .iter()
        .filter(|object| object.meta().namespace.as_ref() == Some(&origin.namespace))
        .filter_map(|object| Some((object.meta().name.as_deref()?, object)))
        .collect();
    let mut changes = Changes {
        apply: Vec::new(),
        surplus: HashMap::new(),
        keep: Vec::new(),
        lacking: Vec::new(),
        delete: Vec::new(),
        has_kept: false,
        owned: here.values().filter(|object| is_ours(object.as_ref(), origin)).count(),
        held: Vec::new(),
        diagnostics: Vec::new(),
    };
    for imported in wanted {
        let object: K = object(imported, origin);
        match here.get(imported.name.as_str()) {
            None => {
                let text = imported.text.clone();
                changes.apply.push(Wanted { object, text, exists: false });
            }
            Some(found) if let Some(holder) = origin.claimant.rival(found.as_ref()) => {
                let is_missed = !says_all_of(found.as_ref(), &imported.spec);
                let held = Held { kind: K::NAME, name: imported.name.clone(), holder, is_missed };
                changes.diagnostics.extend(is_missed.then(|| name_taken(imported, &held)));
                changes.held.push(held);
            }
            Some(found)
                if lacks_a_source(found.as_ref(), imported, unreadable)
                    && !came_from(found.as_ref(), withheld)
                    && !is_draft::<K>(&imported.spec) =>
            {
                changes.has_kept = true;
                changes.keep.push((imported.name.clone(), seen(found.as_ref())));
            }
            Some(found) => {
                let wanted = Wanted { object, text: imported.text.clone(), exists: true };
                let fingerprint = wanted.fingerprint();
                if seen(found.as_ref()) == fingerprint {
                    changes.keep.push((imported.name.clone(), fingerprint));
                } else {
                    if let Some(patch) = surplus(found.as_ref(), &wanted.object) {
                        changes.surplus.insert(imported.name.clone(), (Arc::clone(found), patch));
                    }
                    changes.apply.push(wanted);
                }
            }
        }
    }
    let kept: HashSet<&str> = wanted.iter().map(|imported| imported.name.as_str()).collect();
    let left: Vec<&Arc<K>> = here
        .iter()
        .filter(|(name, object)| !kept.contains(*name) && is_ours(object.as_ref(), origin))
        .map(|(_, object)| *object)
        .collect();
    let withdrawn = left
        .iter()
        .filter(|object| came_from(object.as_ref(), withheld))
        .filter_map(|object| Some((object, withdrawn(object.as_ref(), origin)?)));
    for (found, object) in withdrawn {
        if is_without_text(found.as_ref()) && found.text().is_some() {
            changes.lacking.push(Arc::clone(found));
        }
        changes.apply.push(Wanted { object, text: None, exists: true });
    }
    if origin.prune == PrunePolicy::Delete {
        let (unread, mut doomed): (Vec<Arc<K>>, Vec<Arc<K>>) = left
            .iter()
            .map(|object| Arc::clone(object))
            .partition(|object| came_from(object.as_ref(), unreadable));
        changes.has_kept |= !unread.is_empty();
        doomed.sort_by_key(|object| object.name_any());
        changes.delete = doomed;
    }
    changes
}

/// Ours is what our repository controls, or one of its name before it, which is taken over.
pub(super) fn is_ours<K: Resource>(object: &K, origin: &Origin) -> bool {
    origin.claimant.gave(object.meta())
}

fn is_draft<K: ImportedKind>(spec: &K::Spec) -> bool {
    *K::publication(&mut spec.clone()) == Some(Publication::Draft)
}

fn name_taken<S>(imported: &Imported<S>, held: &Held) -> Diagnostic {
    let message = format!("this is not published: {}", held.message());
    let line = i32::try_from(imported.line).ok();
    Diagnostic { line, ..Code::NameTaken.at(&imported.path, message) }
}

/// A revision that takes away more than it may. What it adds counts against what it removes, so that
/// renaming is not mistaken for loss.
fn guard(
    repository: &NoteRepository,
    valid: &ValidRepository,
    revision: &Revision,
    summits: &Changes<Summit>,
    notes: &Changes<TalkNote>,
) -> Option<Error> {
    let owned = summits.owned + notes.owned;
    let deleted = summits.delete.len() + notes.delete.len();
    let lost = deleted.saturating_sub(summits.created() + notes.created());
    let limit = usize::try_from(valid.max_delete_percent).unwrap_or(usize::MAX);
    if deleted == 0 || lost * 100 <= limit * owned {
        return None;
    }
    let revision = revision.to_string();
    if repository.annotations().get(names::ALLOW_PRUNE) == Some(&revision) {
        return None;
    }
    let (name, namespace) = (repository.name_any(), &valid.namespace);
    Some(Error::DeleteGuard {
        message: format!(
            "revision {revision} would delete {deleted} of {owned} objects, and \
             spec.maxDeletePercent is {limit}: nothing is deleted. If this is meant, run: kubectl \
             annotate -n {namespace} --overwrite noterepository {name} {}={revision}",
            names::ALLOW_PRUNE
        ),
        retry: valid.interval,
    })
}

/// What the status says of a revision.
pub(super) fn summary(collection: Collection, extra: Vec<Diagnostic>) -> Summary {
    let mut diagnostics = collection.diagnostics;
    diagnostics.extend(extra);
    let number = |severity| diagnostics.iter().filter(|said| said.severity == severity).count();
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    let is_draft =
        |note: &&Imported<TalkNoteSpec>| note.spec.publication == Some(Publication::Draft);
    let only_summit = match collection.summits.as_slice() {
        [summit] => Some(summit.name.clone()),
        _ => None,
    };
    Summary {
        documents: collection.documents,
        summits: collection.summits.len(),
        only_summit,
        drafts: collection.notes.iter().filter(is_draft).count(),
        notes: collection.notes.len(),
        readings: collection.readings,
        errors,
        warnings,
        diagnostics: first_diagnostics(diagnostics),
    }
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
