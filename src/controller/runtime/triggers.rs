//! Who is to be reconciled when something changes.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::runtime::reflector::ObjectRef;
use kube::{Resource, ResourceExt};

use crate::api::{NoteRepository, Summit, TalkNote, Viewer, names};
use crate::controller::note_repository::{Claimant, Held, ImportedKind, is_drift};
use crate::controller::shared::context::Context;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership;
use crate::controller::shared::published;
use crate::controller::state::forget;
use crate::controller::state::memory::key;

/// Whether anything changed that its controller acts on: not its own status.
fn acted_upon<K: Kind>(before: Option<&K>, after: &K) -> bool {
    before.is_none_or(|before| {
        let (old, new) = (before.meta(), after.meta());
        old.uid != new.uid
            || old.generation != new.generation
            || before.requested_at() != after.requested_at()
            || old.annotations.as_ref().and_then(|a| a.get(names::ALLOW_PRUNE))
                != new.annotations.as_ref().and_then(|a| a.get(names::ALLOW_PRUNE))
    })
}

/// A `NoteRepository` appeared, changed or went.
pub fn repository_changed(
    before: Option<&NoteRepository>,
    after: Option<&NoteRepository>,
    ctx: &Context,
) {
    forget::if_gone(before, after, ctx);
    ctx.notifications.owner_changed(before, after);
    if let (Some(gone), None) = (before, after) {
        let (namespace, name) = gone.address();
        let gone = key(NoteRepository::NAME, &namespace, &name);
        ctx.caches.gone(&gone);
        ctx.remotes.commit_statuses().gone(&gone);
    }
    if let Some(after) = after.filter(|after| acted_upon(before, *after)) {
        request_repository(after, ctx);
    }
    if before.zip(after).is_some_and(|(before, after)| before.spec.url != after.spec.url) {
        ctx.caches.changed();
    }
    if let (Some(gone), None) = (before, after) {
        // What it gave goes, or belongs to nobody.
        claims_changed(&gone.address().0, |_| true, ctx);
    }
}

/// A `Summit` appeared, changed or went.
pub fn summit_changed(before: Option<&Summit>, after: Option<&Summit>, ctx: &Context) {
    forget::if_gone(before, after, ctx);
    ctx.notifications.owner_changed(before, after);
    if let Some(after) = after.filter(|after| acted_upon(before, *after)) {
        let _ = ctx.queues.summits.unbounded_send(ObjectRef::from_obj(after));
    }
    // Its notes say whether the summit that they name exists.
    if let (Some(summit), None) | (None, Some(summit)) = (before, after) {
        let (namespace, name) = summit.address();
        for note in ctx.stores.notes_of(&namespace, &name) {
            let _ = ctx.queues.talk_notes.unbounded_send(ObjectRef::from_obj(note.as_ref()));
        }
    }
    imported_changed(before, after, ctx);
}

/// A `TalkNote` appeared, changed or went.
pub fn note_changed(before: Option<&TalkNote>, after: Option<&TalkNote>, ctx: &Context) {
    forget::if_gone(before, after, ctx);
    ctx.notifications.note_changed(before, after, imported_by);
    let acted_upon = after.is_none_or(|after| acted_upon(before, after));
    if let Some(after) = after.filter(|_| acted_upon) {
        let _ = ctx.queues.talk_notes.unbounded_send(ObjectRef::from_obj(after));
    }
    let summit = |note: &TalkNote| note.spec.summit_ref.as_ref().map(|summit| summit.name.clone());
    let (old, new) = (before.and_then(summit), after.and_then(summit));
    let namespace = before.or(after).map(Kind::address).unwrap_or_default().0;
    if acted_upon {
        let moved = old.filter(|old| new.as_ref() != Some(old));
        for name in [moved, new].into_iter().flatten() {
            request_summit(&namespace, &name, ctx);
        }
    }
    imported_changed(before, after, ctx);
}

/// A `Viewer` appeared, changed or went.
pub fn viewer_changed(before: Option<&Viewer>, after: Option<&Viewer>, ctx: &Context) {
    forget::if_gone(before, after, ctx);
    if let Some(after) = after.filter(|after| acted_upon(before, *after)) {
        let _ = ctx.queues.viewers.unbounded_send(ObjectRef::from_obj(after));
    }
}

/// Something that the viewer `name` is made of appeared, changed or went.
pub fn child_changed(namespace: &str, name: &str, ctx: &Context) {
    let viewer = ObjectRef::<Viewer>::new(name).within(namespace);
    if ctx.stores.viewers.get(&viewer).is_some() {
        let _ = ctx.queues.viewers.unbounded_send(viewer);
    }
}

/// An object that repositories give appeared, changed or went.
fn imported_changed<K: ImportedKind>(before: Option<&K>, after: Option<&K>, ctx: &Context) {
    let Some((namespace, name)) = after.or(before).map(Kind::address) else { return };
    if is_drift(before, after, ctx) {
        let metas = before.into_iter().chain(after).map(Resource::meta);
        for repository in metas.flat_map(imported_by).collect::<BTreeSet<_>>() {
            drifted(&namespace, &repository, ctx);
        }
    }
    if claim(before) != claim(after) {
        claims_changed(&namespace, |held| held.kind == K::NAME && held.name == name, ctx);
    }
}

/// What says whose an object is.
fn claim<K: Kind>(object: Option<&K>) -> Option<impl PartialEq + '_> {
    let meta = object?.meta();
    let label = meta.labels.as_ref().and_then(|labels| labels.get(names::REPOSITORY_LABEL));
    let is_leaving = meta.deletion_timestamp.is_some();
    Some((&meta.uid, meta.generation, label, &meta.owner_references, is_leaving))
}

/// Reconciles the repositories that may now have a name that they were refused.
fn claims_changed(namespace: &str, concerns: impl Fn(&Held) -> bool, ctx: &Context) {
    let repositories = ctx.stores.repositories.state();
    for repository in &repositories {
        let (here, name) = repository.address();
        let last = ctx.repositories.get(&key(NoteRepository::NAME, &here, &name));
        let Some(last) = last.filter(|last| here == namespace && !last.held.is_empty()) else {
            continue;
        };
        let claimant = Claimant::new(repository, &repositories);
        let is_over = |held: &Held| concerns(held) && !held.stands(&claimant, &ctx.stores);
        if last.held.iter().any(is_over) {
            request_repository(repository, ctx);
        }
    }
}

/// A ConfigMap of ours appeared, changed or went.
pub fn config_map_changed(before: Option<&ConfigMap>, after: Option<&ConfigMap>, ctx: &Context) {
    let Some(config_map) = after.or(before) else { return };
    if after.is_none() {
        forget::config_map(config_map, ctx);
    }
    let namespace = config_map.namespace().unwrap_or_default();
    let memory = key(forget::CONFIG_MAP, &namespace, &config_map.name_any());
    let expected = ctx.expected.get(&memory);
    let is_drift = after.and_then(published::observed_fingerprint) != expected.as_deref();
    let either = || before.into_iter().chain(after);
    for repository in
        either().flat_map(|found| imported_by(&found.metadata)).collect::<BTreeSet<_>>()
    {
        if expected.is_some() && is_drift {
            drifted(&namespace, &repository, ctx);
        }
    }
    // One that went may have stood in the way, or have been waited for.
    if is_drift || after.is_none() {
        for summit in either().filter_map(|found| made_for::<Summit>(found, names::SUMMIT_LABEL)) {
            request_summit(&namespace, &summit, ctx);
        }
    }
    for viewer in
        either().filter_map(|found| ownership::controller_of_kind::<Viewer>(&found.metadata))
    {
        child_changed(&namespace, viewer, ctx);
    }
    let notes = either().filter_map(|found| made_for::<TalkNote>(found, names::TALK_LABEL));
    for name in notes.collect::<BTreeSet<_>>() {
        let note = ObjectRef::<TalkNote>::new(&name).within(&namespace);
        let Some(owner) = ctx.stores.talk_notes.get(&note) else {
            // It went with its note.
            continue;
        };
        if is_drift || after.is_none() {
            let _ = ctx.queues.talk_notes.unbounded_send(note);
        }
        // An agenda lists the notes that have a page, which an earlier note of the name may have left.
        let note_of =
            |page: Option<&ConfigMap>| page.and_then(published::owner).map(|own| own.uid.clone());
        if let Some(summit) = &owner.spec.summit_ref
            && note_of(before) != note_of(after)
        {
            request_summit(&namespace, &summit.name, ctx);
        }
    }
}

/// Name of the object that a ConfigMap is made for: its controller, or what its label says where it has none.
fn made_for<K: Kind>(config_map: &ConfigMap, label: &str) -> Option<String> {
    let controller = ownership::controller_of_kind::<K>(&config_map.metadata);
    let labelled = || {
        let content = config_map.labels().get(names::CONTENT_LABEL).map(String::as_str);
        let is_summit = content == Some(names::CONTENT_SUMMIT);
        config_map.labels().get(label).filter(|_| is_summit == (K::NAME == Summit::NAME))
    };
    controller.map(str::to_owned).or_else(|| labelled().cloned())
}

/// The repositories, as label values, that an object came from: by its controller and by its label. One
/// of the two may have been changed by hand.
fn imported_by(meta: &ObjectMeta) -> BTreeSet<String> {
    let controller = ownership::controller_of_kind::<NoteRepository>(meta).map(names::label_value);
    let label =
        meta.labels.as_ref().and_then(|labels| labels.get(names::REPOSITORY_LABEL).cloned());
    controller.into_iter().chain(label).collect()
}

fn request_summit(namespace: &str, name: &str, ctx: &Context) {
    let summit = ObjectRef::new(name).within(namespace);
    let _ = ctx.queues.summits.unbounded_send(summit);
}

fn request_repository(repository: &NoteRepository, ctx: &Context) {
    let _ = ctx.queues.repositories.unbounded_send(ObjectRef::from_obj(repository));
}

/// Somebody else changed what `repository` gave: its next reconciliation looks at everything.
fn drifted(namespace: &str, label: &str, ctx: &Context) {
    for repository in ctx.stores.repositories.state() {
        let (here, name) = repository.address();
        if here == namespace && names::label_value(&name) == label {
            ctx.drifts
                .update(&key(NoteRepository::NAME, &here, &name), |count: &mut u64| *count += 1);
            request_repository(&repository, ctx);
        }
    }
}
