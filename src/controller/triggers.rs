//! Who is to be visited when something changes.

use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;

use k8s_openapi::api::core::v1::ConfigMap;

use super::context::Context;
use super::forget;
use super::kind::Kind;
use super::memory::key;
use super::note_repository::drift;
use super::published;
use crate::api::{NoteRepository, Summit, TalkNote, names};

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
    if let (Some(gone), None) = (before, after) {
        let (namespace, name) = gone.address();
        ctx.caches.gone(&key(NoteRepository::NAME, &namespace, &name));
    }
    if let Some(after) = after.filter(|after| acted_upon(before, *after)) {
        request_repository(after, ctx);
    }
    if before.zip(after).is_some_and(|(before, after)| before.spec.url != after.spec.url) {
        ctx.caches.changed();
    }
}

/// A `Summit` appeared, changed or went.
pub fn summit_changed(before: Option<&Summit>, after: Option<&Summit>, ctx: &Context) {
    forget::if_gone(before, after, ctx);
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
    if let Some(repository) = drift(before, after, ctx) {
        drifted(&before.or(after).map(Kind::address).unwrap_or_default().0, &repository, ctx);
    }
}

/// A `TalkNote` appeared, changed or went.
pub fn note_changed(before: Option<&TalkNote>, after: Option<&TalkNote>, ctx: &Context) {
    forget::if_gone(before, after, ctx);
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
    if let Some(repository) = drift(before, after, ctx) {
        drifted(&namespace, &repository, ctx);
    }
}

/// A ConfigMap of ours appeared, changed or went.
pub fn config_map_changed(before: Option<&ConfigMap>, after: Option<&ConfigMap>, ctx: &Context) {
    let Some(config_map) = after.or(before) else { return };
    if after.is_none() {
        forget::config_map(config_map, ctx);
    }
    let namespace = config_map.namespace().unwrap_or_default();
    let memory = key("ConfigMap", &namespace, &config_map.name_any());
    let label = |found: &ConfigMap| found.labels().get(names::REPOSITORY_LABEL).cloned();
    if let Some(repository) = before.and_then(label).or_else(|| after.and_then(label)) {
        let expected = ctx.expected.get(&memory);
        if expected.is_some()
            && after.and_then(published::observed_fingerprint) != expected.as_deref()
        {
            drifted(&namespace, &repository, ctx);
        }
        return;
    }
    let Some(owner) = published::owner(config_map).or_else(|| before.and_then(published::owner))
    else {
        return;
    };
    let expected = ctx.expected.get(&memory);
    let observed = after.and_then(published::observed_fingerprint);
    let note = ObjectRef::<TalkNote>::new(&owner.name).within(&namespace);
    if owner.kind == Summit::NAME {
        if observed != expected.as_deref() {
            request_summit(&namespace, &owner.name, ctx);
        }
        return;
    }
    let Some(owner) = ctx.stores.talk_notes.get(&note) else {
        // It went with its note.
        return;
    };
    if observed != expected.as_deref() {
        let _ = ctx.queues.talk_notes.unbounded_send(note);
    }
    // An agenda lists the notes whose pages exist.
    if let Some(summit) = &owner.spec.summit_ref
        && (before.is_none() || after.is_none())
    {
        request_summit(&namespace, &summit.name, ctx);
    }
}

fn request_summit(namespace: &str, name: &str, ctx: &Context) {
    let summit = ObjectRef::new(name).within(namespace);
    let _ = ctx.queues.summits.unbounded_send(summit);
}

fn request_repository(repository: &NoteRepository, ctx: &Context) {
    let _ = ctx.queues.repositories.unbounded_send(ObjectRef::from_obj(repository));
}

/// Somebody else changed what `repository` gave: its next visit looks at everything.
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
