//! What is to be written and what is to go. Pure.

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::{Resource, ResourceExt};

use super::changes::{Changes, Unread, changes};
use super::held::{Claimant, Held};
use super::images::Images;
use super::imported::Origin;
use super::validate::ValidRepository;
use crate::api::{
    Diagnostic, NoteRepository, Publication, Severity, Summit, TalkNote, TalkNoteSpec, names,
};
use crate::controller::shared::error::Error;
use crate::controller::shared::{first_diagnostics, owner_reference};
use crate::controller::state::reconciled::Summary;
use crate::document::{Collection, Imported};
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
    let Collection { unreadable, withheld, .. } = collection;
    let unread = Unread { unreadable, withheld };
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

/// Ours is what our repository controls, or one of its name before it, which is taken over.
pub(super) fn is_ours<K: Resource>(object: &K, origin: &Origin) -> bool {
    origin.claimant.gave(object.meta())
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
