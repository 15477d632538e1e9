//! Names that a repository wants and others hold: who does, and whether that is still so. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;

use super::imported::ImportedKind;
use crate::api::{NoteRepository, Summit, TalkNote, names};
use crate::controller::shared::context::Stores;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership::{self, Owner};
use crate::git::Revision;

/// How many names a message lists.
const LISTED: usize = 5;

/// A repository that wants names, among the others of its namespace.
#[derive(Clone, Debug)]
pub(in crate::controller) struct Claimant {
    /// The repository.
    pub owner: Owner,
    namespace: String,
    /// Names of the repositories that are here to stay, by uid.
    here: BTreeMap<String, String>,
}

/// A name that somebody else holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::controller) struct Held {
    /// Kind of the object.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Who holds it.
    pub holder: Holder,
    /// Whether anything is missing that this repository has: not where the object says all of it.
    pub is_missed: bool,
}

/// Who holds a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::controller) struct Holder {
    uid: Option<String>,
    generation: Option<i64>,
    /// What is said of it behind "the TalkNote x".
    words: String,
    /// What helps.
    remedy: String,
    /// Whether it is about to go without anybody's doing.
    leaving: bool,
}

impl Claimant {
    pub(in crate::controller) fn new(
        repository: &NoteRepository,
        repositories: &[Arc<NoteRepository>],
    ) -> Self {
        let namespace = repository.address().0;
        let here = repositories
            .iter()
            .filter(|other| other.metadata.deletion_timestamp.is_none())
            .filter(|other| other.metadata.namespace.as_ref() == Some(&namespace))
            .map(|other| (other.uid().unwrap_or_default(), other.name_any()))
            .collect();
        Self { owner: Owner::of(repository), namespace, here }
    }

    /// Namespace of the repository and of all that it gives.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Whether an object came from the repository. One that has lost its owner, or was to have none, is
    /// whose its label says, if a repository made it.
    pub fn gave(&self, meta: &ObjectMeta) -> bool {
        let is_labelled = || label(meta) == Some(&names::label_value(&self.owner.name));
        self.owner.made(meta) && (ownership::controller(meta).is_some() || is_labelled())
    }

    /// Who else holds the name of `object`; none where it is ours.
    pub fn rival<K: ImportedKind>(&self, object: &K) -> Option<Holder> {
        let meta = object.meta();
        if self.gave(meta) {
            return None;
        }
        let (words, remedy, leaving) = self.describe::<K>(meta);
        let generation = meta.generation.filter(|_| K::IS_SHARED);
        Some(Holder { uid: meta.uid.clone(), generation, words, remedy, leaving })
    }

    fn describe<K: Kind>(&self, meta: &ObjectMeta) -> (String, String, bool) {
        let waits = || "This one takes its place as soon as it is gone".to_owned();
        if meta.deletion_timestamp.is_some() {
            let finalizers =
                meta.finalizers.iter().flatten().cloned().collect::<Vec<_>>().join(", ");
            let words = format!("is being deleted and waits for its finalizers ({finalizers})");
            return (words, waits(), true);
        }
        if let Some(controller) = ownership::controller(meta) {
            let owner = format!("{} {}", controller.kind, controller.name);
            if controller.kind == NoteRepository::NAME && !self.here.contains_key(&controller.uid) {
                return (format!("goes with the {owner}, which is deleted"), waits(), true);
            }
            let remedy = "Remove it from one of the two, or rename it".to_owned();
            return (format!("belongs to the {owner}"), remedy, false);
        }
        let left_by = label(meta).filter(|_| ownership::was_applied_by(meta, self.owner.manager));
        let Some(left_by) = left_by else {
            let remedy = "Rename or delete one of the two".to_owned();
            return ("was not made by a NoteRepository".to_owned(), remedy, false);
        };
        let remedy = format!(
            "To hand it over, run: kubectl label -n {} --overwrite {} {} {}={}",
            self.namespace,
            K::NAME.to_lowercase(),
            meta.name.as_deref().unwrap_or_default(),
            names::REPOSITORY_LABEL,
            names::label_value(&self.owner.name)
        );
        (format!("was left by the NoteRepository {left_by}, which deletes nothing"), remedy, false)
    }
}

fn label(meta: &ObjectMeta) -> Option<&String> {
    meta.labels.as_ref()?.get(names::REPOSITORY_LABEL)
}

impl Held {
    /// What is to be said of it, as one or two sentences.
    pub fn message(&self) -> String {
        let Self { kind, name, holder, .. } = self;
        format!("the {kind} {name} exists and {}. {}", holder.words, holder.remedy)
    }

    /// Whether it is still so.
    pub fn stands(&self, claimant: &Claimant, stores: &Stores) -> bool {
        let (name, namespace) = (&*self.name, &*claimant.namespace);
        let rival = match self.kind {
            Summit::NAME => {
                let found = stores.summits.get(&ObjectRef::new(name).within(namespace));
                found.and_then(|found| claimant.rival(found.as_ref()))
            }
            _ => {
                let found =
                    stores.talk_notes.get(&ObjectRef::<TalkNote>::new(name).within(namespace));
                found.and_then(|found| claimant.rival(found.as_ref()))
            }
        };
        rival.as_ref() == Some(&self.holder)
    }
}

/// Whether all names are still held as they were.
pub(super) fn stand(held: &[Held], repository: &NoteRepository, stores: &Stores) -> bool {
    if held.is_empty() {
        return true;
    }
    let claimant = Claimant::new(repository, &stores.repositories.state());
    held.iter().all(|held| held.stands(&claimant, stores))
}

/// Why a repository is not as desired although all was written that may be; none where nothing is missing.
pub(super) fn names_taken(held: &[Held], revision: &Revision, retry: Duration) -> Option<Error> {
    let missed: Vec<&Held> = held.iter().filter(|held| held.is_missed).collect();
    if missed.is_empty() {
        return None;
    }
    let listed: Vec<String> = missed.iter().take(LISTED).map(|held| held.message()).collect();
    let names = if missed.len() == 1 { "name" } else { "names" };
    let mut message =
        format!("Applied {revision} but for {} {names}: {}", missed.len(), listed.join("; "));
    if missed.len() > LISTED {
        message.push_str(&format!("; and {} more", missed.len() - LISTED));
    }
    let leaving = missed.iter().all(|held| held.holder.leaving);
    Some(Error::NamesTaken { message, leaving, retry })
}
