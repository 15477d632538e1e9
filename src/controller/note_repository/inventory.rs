//! All that a repository gave, as one digest in its status: a controller that starts compares it with what
//! the watches show, and neither fetches nor reads a revision that is applied already. Pure.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kube::{Resource, ResourceExt};

use super::build::Plan;
use super::changes::Changes;
use super::held::Claimant;
use super::imported::{ImportedKind, seen};
use super::validate::ValidRepository;
use crate::api::{NoteRepository, NoteRepositoryStatus, Summit, TalkNote, condition, names};
use crate::controller::shared::context::{Context, Stores};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::published;
use crate::controller::state::forget::CONFIG_MAP;
use crate::controller::state::memory::key;
use crate::controller::state::reconciled::{Desired, Reconciled, Summary};
use crate::git::Revision;

/// Another version of the program may read the same documents in another way.
const READER: &str = env!("CARGO_PKG_VERSION");

/// The fingerprints of objects by kind and name.
#[derive(Default)]
pub(super) struct Inventory(BTreeMap<&'static str, HashMap<String, String>>);

impl Inventory {
    /// What the watches show of `claimant`.
    fn found(claimant: &Claimant, stores: &Stores) -> Self {
        let mut inventory = Self::default();
        inventory.fill(claimant, stores);
        inventory
    }

    /// What there is of `claimant` once `plan` is carried out, by what the watches show now.
    pub fn after(plan: &Plan, claimant: &Claimant, stores: &Stores) -> Self {
        let mut inventory = Self::default();
        inventory.add_wanted(&plan.notes);
        inventory.add_wanted(&plan.summits);
        let images = plan.images.apply.iter().map(|image| (&image.name, &image.fingerprint));
        let images = images.chain(plan.images.keep.iter().map(|(name, seen)| (name, seen)));
        let images = images.map(|(name, fingerprint)| (name.clone(), fingerprint.clone()));
        inventory.of(CONFIG_MAP).extend(images);
        inventory.fill(claimant, stores);
        inventory.remove(TalkNote::NAME, &plan.notes.delete);
        inventory.remove(Summit::NAME, &plan.summits.delete);
        inventory.remove(CONFIG_MAP, &plan.images.delete);
        inventory
    }

    /// Adds what the watches show and is not known yet: most of it is, from a plan.
    fn fill(&mut self, claimant: &Claimant, stores: &Stores) {
        self.add(claimant, &stores.talk_notes.state());
        self.add(claimant, &stores.summits.state());
        let images = self.of(CONFIG_MAP);
        for image in stores.config_maps.images() {
            if is_new(images, image.as_ref()) && is_here(claimant, image.as_ref()) {
                let seen = published::observed_fingerprint(&image).unwrap_or_default();
                images.insert(image.name_any(), seen.to_owned());
            }
        }
    }

    fn add<K: ImportedKind>(&mut self, claimant: &Claimant, objects: &[Arc<K>]) {
        let known = self.of(K::NAME);
        for object in objects {
            if is_new(known, object.as_ref()) && is_here(claimant, object.as_ref()) {
                known.insert(object.name_any(), seen(object.as_ref()));
            }
        }
    }

    fn add_wanted<K: ImportedKind>(&mut self, changes: &Changes<K>) {
        let kept = changes.keep.iter().map(|(name, seen)| (name.clone(), seen.clone()));
        let applied = changes.apply.iter();
        let applied = applied.map(|wanted| (wanted.object.name_any(), wanted.fingerprint()));
        self.of(K::NAME).extend(kept.chain(applied));
    }

    fn remove<K: Resource>(&mut self, kind: &'static str, objects: &[Arc<K>]) {
        let known = self.of(kind);
        for object in objects {
            known.remove(&object.name_any());
        }
    }

    fn of(&mut self, kind: &'static str) -> &mut HashMap<String, String> {
        self.0.entry(kind).or_default()
    }

    /// `sha256:<hex>` of it, of the revision that it was made from, of who read that, and of what is told
    /// of the spec, which depends on how the program was started, too.
    pub fn digest(&self, revision: &Revision, valid: &ValidRepository) -> String {
        let mut text = format!("{READER}\n{revision}\n");
        for notice in &valid.notices {
            text.extend([&*notice.code, " ", &*notice.path, " ", &*notice.message, "\n"]);
        }
        for (kind, objects) in &self.0 {
            let mut objects: Vec<(&String, &String)> = objects.iter().collect();
            objects.sort_unstable();
            for (name, fingerprint) in objects {
                text.extend([kind, " ", name, " ", fingerprint, "\n"]);
            }
        }
        format!("sha256:{}", names::hex_digest(text.as_bytes()))
    }

    /// Name of the summit, where there is one only.
    fn only_summit(&self) -> Option<String> {
        let mut summits = self.0.get(Summit::NAME)?.keys();
        let only = summits.next()?;
        summits.next().is_none().then(|| only.clone())
    }

    /// From now on all of it is expected to stay as it is.
    fn expect(self, namespace: &str, ctx: &Context) {
        for (kind, objects) in self.0 {
            for (name, fingerprint) in objects {
                ctx.expected.put(key(kind, namespace, &name), fingerprint);
            }
        }
    }
}

/// Whether nothing is known yet of an object.
fn is_new<K: Resource>(known: &HashMap<String, String>, object: &K) -> bool {
    object.meta().name.as_ref().is_none_or(|name| !known.contains_key(name))
}

/// Whether an object came from the repository, and stays.
fn is_here<K: Resource>(claimant: &Claimant, object: &K) -> bool {
    let meta = object.meta();
    meta.namespace.as_deref() == Some(claimant.namespace())
        && meta.deletion_timestamp.is_none()
        && claimant.gave(meta)
}

/// What an earlier process has left, where all is in the cluster as `revision` wants it and the status
/// tells it so: there is nothing to do then.
pub(super) fn resumed(
    repository: &NoteRepository,
    valid: &ValidRepository,
    desired: &Desired,
    revision: &Revision,
    ctx: &Context,
) -> Option<Reconciled> {
    let status = repository.status.as_ref()?;
    let told = status.inventory_digest.as_ref()?;
    let text = revision.to_string();
    let is_settled = status.observed_generation == repository.metadata.generation
        && status.last_handled_reconcile_at == desired.requested_at
        && status.last_applied_revision.as_ref() == Some(&text)
        && desired.allow_prune.as_ref() != Some(&text)
        && is_applied(status);
    if !is_settled {
        return None;
    }
    let claimant = Claimant::new(repository, &ctx.stores.repositories.state());
    let found = Inventory::found(&claimant, &ctx.stores);
    if found.digest(revision, valid) != *told {
        return None;
    }
    let summary = Arc::new(Summary::told(status, found.only_summit()));
    found.expect(&repository.address().0, ctx);
    let (desired, revision) = (desired.clone(), revision.clone());
    let inventory = Some(told.clone());
    Some(Reconciled { desired, revision, summary, held: Arc::default(), inventory })
}

/// Whether the conditions say that the last reconciliation reached its end.
fn is_applied(status: &NoteRepositoryStatus) -> bool {
    let conditions = &status.conditions;
    let says = |type_: &str| condition(conditions, type_);
    says("Ready").is_some_and(|ready| {
        (ready.status.as_str(), ready.reason.as_str()) == ("True", "Applied")
            && ready.observed_generation == status.observed_generation
    }) && says("Reconciling").is_none()
        && says("Stalled").is_none()
        && conditions.iter().all(|condition| condition.status == "True")
}
