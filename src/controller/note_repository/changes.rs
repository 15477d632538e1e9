//! What is to be written and what is to go, of one kind. Pure.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use kube::ResourceExt;
use serde_json::Value;

use super::build::is_ours;
use super::held::Held;
use super::imported::{ImportedKind, Origin, fingerprint, object, says_all_of, seen, surplus};
use super::sources::{came_from, lacks_a_source, withdrawn};
use crate::api::{Diagnostic, PrunePolicy, Publication};
use crate::controller::shared::codes::Code;
use crate::controller::shared::text::is_without_text;
use crate::document::{Imported, KeptText};

/// Documents that cannot be read, and those of them that hold back what they gave.
#[derive(Clone, Copy)]
pub(super) struct Unread<'c> {
    pub unreadable: &'c BTreeSet<String>,
    pub withheld: &'c BTreeSet<String>,
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
    pub has_kept: bool,
    /// Number of objects of ours that are in the cluster.
    pub owned: usize,
    /// Names that others hold.
    pub held: Vec<Held>,
    pub diagnostics: Vec<Diagnostic>,
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
    /// How many of those that are written are new.
    pub fn created(&self) -> usize {
        self.apply.iter().filter(|wanted| !wanted.exists).count()
    }
}

/// What is to be done so that the `existing` objects become the `wanted` ones.
pub(super) fn changes<K: ImportedKind>(
    wanted: &[Imported<K::Spec>],
    existing: &[Arc<K>],
    origin: &Origin,
    unread: Unread<'_>,
) -> Changes<K> {
    let here: HashMap<&str, &Arc<K>> = existing
        .iter()
        .filter(|object| object.meta().namespace.as_ref() == Some(&origin.namespace))
        .filter_map(|object| Some((object.meta().name.as_deref()?, object)))
        .collect();
    let owned = here.values().filter(|object| is_ours(object.as_ref(), origin)).count();
    let mut changes = Changes { owned, ..Changes::default() };
    for imported in wanted {
        match here.get(imported.name.as_str()) {
            None => changes.write(imported, None, origin),
            Some(found) => changes.compare(imported, found, origin, unread),
        }
    }
    let kept: HashSet<&str> = wanted.iter().map(|imported| imported.name.as_str()).collect();
    let left = here.iter().filter(|(name, _)| !kept.contains(*name));
    let left = left.map(|(_, object)| Arc::clone(object));
    changes.leave(left.filter(|object| is_ours(object.as_ref(), origin)).collect(), origin, unread);
    changes
}

impl<K> Default for Changes<K> {
    fn default() -> Self {
        Self {
            apply: Vec::new(),
            surplus: HashMap::new(),
            keep: Vec::new(),
            lacking: Vec::new(),
            delete: Vec::new(),
            has_kept: false,
            owned: 0,
            held: Vec::new(),
            diagnostics: Vec::new(),
        }
    }
}

impl<K: ImportedKind> Changes<K> {
    /// There is an object under the name of `imported`.
    fn compare(
        &mut self,
        imported: &Imported<K::Spec>,
        found: &Arc<K>,
        origin: &Origin,
        Unread { unreadable, withheld }: Unread<'_>,
    ) {
        if let Some(holder) = origin.claimant.rival(found.as_ref()) {
            let is_missed = !says_all_of(found.as_ref(), &imported.spec);
            let held = Held { kind: K::NAME, name: imported.name.clone(), holder, is_missed };
            self.diagnostics.extend(is_missed.then(|| name_taken(imported, &held)));
            self.held.push(held);
        } else if lacks_a_source(found.as_ref(), imported, unreadable)
            && !came_from(found.as_ref(), withheld)
            && !is_draft::<K>(&imported.spec)
        {
            self.has_kept = true;
            self.keep.push((imported.name.clone(), seen(found.as_ref())));
        } else {
            self.write(imported, Some(found), origin);
        }
    }

    /// What is wanted is written, unless it was `found` like that.
    fn write(&mut self, imported: &Imported<K::Spec>, found: Option<&Arc<K>>, origin: &Origin) {
        let (object, text) = (object(imported, origin), imported.text.clone());
        let wanted: Wanted<K> = Wanted { object, text, exists: found.is_some() };
        if let Some(found) = found {
            let fingerprint = wanted.fingerprint();
            if seen(found.as_ref()) == fingerprint {
                self.keep.push((imported.name.clone(), fingerprint));
                return;
            }
            if let Some(patch) = surplus(found.as_ref(), &wanted.object) {
                self.surplus.insert(imported.name.clone(), (Arc::clone(found), patch));
            }
        }
        self.apply.push(wanted);
    }

    /// Objects of ours that nothing gives any more.
    fn leave(
        &mut self,
        left: Vec<Arc<K>>,
        origin: &Origin,
        Unread { unreadable, withheld }: Unread<'_>,
    ) {
        let withdrawn = left
            .iter()
            .filter(|object| came_from(object.as_ref(), withheld))
            .filter_map(|object| Some((object, withdrawn(object.as_ref(), origin)?)));
        for (found, object) in withdrawn {
            if is_without_text(found.as_ref()) && found.text().is_some() {
                self.lacking.push(Arc::clone(found));
            }
            self.apply.push(Wanted { object, text: None, exists: true });
        }
        if origin.prune == PrunePolicy::Delete {
            let (unread, mut doomed): (Vec<Arc<K>>, Vec<Arc<K>>) =
                left.into_iter().partition(|object| came_from(object.as_ref(), unreadable));
            self.has_kept |= !unread.is_empty();
            doomed.sort_by_key(|object| object.name_any());
            self.delete = doomed;
        }
    }
}

fn is_draft<K: ImportedKind>(spec: &K::Spec) -> bool {
    *K::publication(&mut spec.clone()) == Some(Publication::Draft)
}

fn name_taken<S>(imported: &Imported<S>, held: &Held) -> Diagnostic {
    let message = format!("this is not published: {}", held.message());
    let line = i32::try_from(imported.line).ok();
    Diagnostic { line, ..Code::NameTaken.at(&imported.path, message) }
}
