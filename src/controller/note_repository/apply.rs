//! The cluster is brought to what the plan says: summits first, deletions last.

use futures::{StreamExt, stream};
use kube::api::Patch;
use kube::{Api, ResourceExt};

use super::build::{Changes, Plan};
use super::imported::{ImportedKind, fingerprint};
use crate::api::NoteRepository;
use crate::controller::apply::{delete_params, fight_message};
use crate::controller::context::Context;
use crate::controller::error::{Class, Error};
use crate::controller::kind::Kind;
use crate::controller::memory::key;
use crate::controller::report::apply_params;

/// Requests under way at once.
const CONCURRENCY: usize = 16;

/// Carries out `plan`. One object that cannot be written or deleted stops no other.
pub(super) async fn plan(
    plan: Plan,
    repository: &NoteRepository,
    ctx: &Context,
) -> Result<(), Error> {
    let Plan { summits, notes, guard, diagnostics: _, retry } = plan;
    let (namespace, _) = repository.address();
    let summits = written(summits, &namespace, ctx).await;
    let notes = written(notes, &namespace, ctx).await;
    let total = summits.total + notes.total;
    let mut failures = summits.failures;
    failures.extend(notes.failures);
    // A note under a new name is there before the old one goes. What can never be written is not
    // waited for.
    if failures.iter().all(|error| error.class() == Class::Terminal) {
        failures.extend(deleted(notes.delete, &namespace, ctx).await);
        failures.extend(deleted(summits.delete, &namespace, ctx).await);
    }
    let failed = failures.len();
    match worst(failures) {
        Some(first) => Err(Error::Partial { failed, total, first: Box::new(first), retry }),
        None => guard.map_or(Ok(()), Err),
    }
}

async fn deleted<K: ImportedKind>(
    doomed: Vec<std::sync::Arc<K>>,
    namespace: &str,
    ctx: &Context,
) -> Vec<Error> {
    stream::iter(doomed)
        .map(|object| async move { delete(object.as_ref(), namespace, ctx).await.err() })
        .buffer_unordered(CONCURRENCY)
        .filter_map(std::future::ready)
        .collect()
        .await
}

struct Written<K> {
    total: usize,
    failures: Vec<Error>,
    delete: Vec<std::sync::Arc<K>>,
}

async fn written<K: ImportedKind>(
    changes: Changes<K>,
    namespace: &str,
    ctx: &Context,
) -> Written<K> {
    for (name, fingerprint) in changes.keep {
        ctx.expected.put(key(K::NAME, namespace, &name), fingerprint);
    }
    let total = changes.apply.len();
    let failures = stream::iter(changes.apply)
        .map(|(object, exists)| async move { write(&object, exists, namespace, ctx).await.err() })
        .buffer_unordered(CONCURRENCY)
        .filter_map(std::future::ready)
        .collect()
        .await;
    Written { total, failures, delete: changes.delete }
}

async fn write<K: ImportedKind>(
    object: &K,
    exists: bool,
    namespace: &str,
    ctx: &Context,
) -> Result<(), Error> {
    let name = object.name_any();
    let memory = key(K::NAME, namespace, &name);
    let wanted = fingerprint(object);
    let restored = ctx.expected.get(&memory).as_ref() == Some(&wanted);
    if restored && ctx.fights.is_one_too_many(&memory) {
        return Err(Error::ResourceFight(fight_message::<K>(namespace, &name, K::NAME, ctx).await));
    }
    // Before the write: its watch event may arrive before its answer.
    ctx.expected.put(memory.clone(), wanted);
    let api: Api<K> = Api::namespaced(ctx.client.clone(), namespace);
    ctx.metrics.write(K::NAME, "apply");
    // Without force, an object that appeared since we looked is not taken over.
    let params = apply_params(crate::api::names::MANAGER_NOTE_REPOSITORY, exists);
    let answer = api.patch_metadata(&name, &params, &Patch::Apply(object)).await;
    match answer.map_err(Error::api(format!("apply the {} {namespace}/{name}", K::NAME))) {
        Ok(_) => Ok(()),
        Err(error) => {
            ctx.expected.forget(&memory);
            Err(error)
        }
    }
}

async fn delete<K: ImportedKind>(object: &K, namespace: &str, ctx: &Context) -> Result<(), Error> {
    let name = object.name_any();
    ctx.expected.forget(&key(K::NAME, namespace, &name));
    let api: Api<K> = Api::namespaced(ctx.client.clone(), namespace);
    ctx.metrics.write(K::NAME, "delete");
    let answer = api.delete(&name, &delete_params(object.uid())).await;
    match answer.map_err(Error::api(format!("delete the {} {namespace}/{name}", K::NAME))) {
        Err(error) if error.class() != Class::Gone => Err(error),
        _ => Ok(()),
    }
}

/// The failure that says most: one that somebody has to act on before one that may pass.
fn worst(failures: Vec<Error>) -> Option<Error> {
    failures.into_iter().min_by_key(|error| match error.class() {
        Class::Bug => 0,
        Class::Terminal => 1,
        Class::Transient => 2,
        Class::Conflict => 3,
        Class::Gone => 4,
    })
}
