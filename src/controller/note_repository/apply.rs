//! The cluster is brought to what the plan says: summits first, deletions last.

use std::sync::Arc;

use futures::{StreamExt, stream};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;
use kube::api::Patch;
use serde_json::Value;

use super::build::{Changes, Plan};
use super::imported::{ImportedKind, fingerprint};
use crate::api::names::MANAGER_NOTE_REPOSITORY;
use crate::api::{NoteRepository, Summit, TalkNote};
use crate::controller::shared::apply::{self, Child};
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership::Owner;
use crate::controller::shared::report::apply_params;
use crate::controller::state::memory::key;

/// Requests under way at once.
const CONCURRENCY: usize = 16;

/// Carries out `plan`. One object that cannot be written or deleted stops no other.
pub(super) async fn plan(
    plan: Plan,
    repository: &NoteRepository,
    ctx: &Context,
) -> Result<(), Error> {
    let Plan { summits, notes, images, guard, diagnostics: _, held: _, retry } = plan;
    let (namespace, _) = repository.address();
    // An image is there before the note that shows it.
    let total = images.apply.len();
    let mut failures = shown(images.apply, &Owner::of(repository), ctx).await;
    let summits = written(summits, &namespace, ctx).await;
    let notes = written(notes, &namespace, ctx).await;
    let total = total + summits.total + notes.total;
    failures.extend(summits.failures);
    failures.extend(notes.failures);
    // A note under a new name is there before the old one goes. What can never be written is not
    // waited for.
    if failures.iter().all(|error| error.class() == Class::Terminal) {
        failures.extend(deleted(TalkNote::NAME, notes.delete, ctx).await);
        failures.extend(deleted(Summit::NAME, summits.delete, ctx).await);
        failures.extend(deleted("ConfigMap", images.delete, ctx).await);
    }
    let failed = failures.len();
    match worst(failures) {
        Some(first) => Err(Error::Partial { failed, total, first: Box::new(first), retry }),
        None => guard.map_or(Ok(()), Err),
    }
}

/// Writes the images that are not as they should be.
async fn shown(images: Vec<ConfigMap>, owner: &Owner, ctx: &Context) -> Vec<Error> {
    stream::iter(images)
        .map(|image| async move { apply::config_map(&image, owner, ctx).await.err() })
        .buffer_unordered(CONCURRENCY)
        .filter_map(std::future::ready)
        .collect()
        .await
}

async fn deleted<K: Child>(kind: &'static str, doomed: Vec<Arc<K>>, ctx: &Context) -> Vec<Error> {
    stream::iter(doomed)
        .map(|object| async move { apply::delete(kind, object.as_ref(), ctx).await.err() })
        .buffer_unordered(CONCURRENCY)
        .filter_map(std::future::ready)
        .collect()
        .await
}

struct Written<K> {
    total: usize,
    failures: Vec<Error>,
    delete: Vec<Arc<K>>,
}

async fn written<K: ImportedKind>(
    mut changes: Changes<K>,
    namespace: &str,
    ctx: &Context,
) -> Written<K> {
    for (name, fingerprint) in changes.keep {
        ctx.expected.put(key(K::NAME, namespace, &name), fingerprint);
    }
    let total = changes.apply.len();
    let failures = stream::iter(changes.apply)
        .map(|(object, exists)| {
            let surplus = changes.surplus.remove(&object.name_any());
            async move { write(&object, exists, surplus, namespace, ctx).await.err() }
        })
        .buffer_unordered(CONCURRENCY)
        .filter_map(std::future::ready)
        .collect()
        .await;
    Written { total, failures, delete: changes.delete }
}

async fn write<K: ImportedKind>(
    object: &K,
    exists: bool,
    surplus: Option<(Arc<K>, Value)>,
    namespace: &str,
    ctx: &Context,
) -> Result<(), Error> {
    let wanted = fingerprint(object, None);
    apply::refuse_contention::<K>(K::NAME, namespace, &object.name_any(), &wanted, ctx).await?;
    if let Some((found, surplus)) = surplus {
        apply::patch(K::NAME, found.as_ref(), &Patch::Merge(surplus), ctx).await?;
    }
    // Without force, an object that appeared since we looked is not taken over.
    let params = apply_params(MANAGER_NOTE_REPOSITORY, exists);
    apply::write(K::NAME, object, wanted, &params, ctx).await
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
