//! The cluster is brought to what the plan says: summits first, deletions last.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::{StreamExt, stream};
use kube::ResourceExt;
use kube::api::Patch;
use serde_json::Value;

use super::build::Plan;
use super::changes::{Changes, Wanted};
use super::fetch::blocking;
use super::images::{Images, WantedImage};
use super::imported::ImportedKind;
use crate::api::names::MANAGER_NOTE_REPOSITORY;
use crate::api::{NoteRepository, Summit, TalkNote};
use crate::controller::shared::apply::{self, Child};
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership::Owner;
use crate::controller::shared::report::apply_params;
use crate::controller::state::forget::CONFIG_MAP;
use crate::controller::state::memory::key;
use crate::import::{Contents, RevisionFiles};

/// Requests under way at once.
const CONCURRENCY: usize = 16;
/// Images that are read and written at once.
const IMAGES: usize = 4;
/// Objects whose texts are read together.
const TOGETHER: usize = 64;

/// The files that a plan was made from, one reader at a time.
pub(super) type Files = Arc<Mutex<RevisionFiles>>;

/// Carries out `plan`, which was made from `files`. One object that cannot be written or deleted stops no other.
pub(super) async fn plan(
    plan: Plan,
    files: &Files,
    repository: &NoteRepository,
    ctx: &Context,
) -> Result<(), Error> {
    let Plan { summits, notes, images, guard, diagnostics: _, held: _, retry } = plan;
    let (namespace, _) = repository.address();
    // An image is there before the note that shows it.
    let Images { apply, keep, delete: unused } = images;
    for (name, fingerprint) in keep {
        ctx.expected.put(key(CONFIG_MAP, &namespace, &name), fingerprint);
    }
    let total = apply.len();
    let mut failures = shown(apply, files, repository, ctx).await;
    let summits = written(summits, files, &namespace, ctx).await;
    let notes = written(notes, files, &namespace, ctx).await;
    let total = total + summits.total + notes.total;
    failures.extend(summits.failures);
    failures.extend(notes.failures);
    // A note under a new name is there before the old one goes. What can never be written is not
    // waited for.
    if failures.iter().all(|error| error.class() == Class::Terminal) {
        failures.extend(deleted(TalkNote::NAME, notes.delete, ctx).await);
        failures.extend(deleted(Summit::NAME, summits.delete, ctx).await);
        failures.extend(deleted(CONFIG_MAP, unused, ctx).await);
    }
    let failed = failures.len();
    match worst(failures) {
        Some(first) => Err(Error::Partial { failed, total, first: Box::new(first), retry }),
        None => guard.map_or(Ok(()), Err),
    }
}

/// Writes the images that are not as they should be.
async fn shown(
    images: Vec<WantedImage>,
    files: &Files,
    repository: &NoteRepository,
    ctx: &Context,
) -> Vec<Error> {
    stream::iter(images)
        .map(|image| async move { show(image, files, repository, ctx).await.err() })
        .buffer_unordered(IMAGES)
        .filter_map(std::future::ready)
        .collect()
        .await
}

async fn show(
    image: WantedImage,
    files: &Files,
    repository: &NoteRepository,
    ctx: &Context,
) -> Result<(), Error> {
    let (namespace, name) = repository.address();
    let (files, file) = (files.clone(), image.file.clone());
    let content = blocking(move || lock(&files).snapshot().read(&file)).await??;
    let config_map = image.config_map(&namespace, &name, content);
    apply::config_map(&config_map, &Owner::of(repository), ctx).await
}

fn lock(files: &Files) -> MutexGuard<'_, RevisionFiles> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
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
    files: &Files,
    namespace: &str,
    ctx: &Context,
) -> Written<K> {
    for (name, fingerprint) in changes.keep {
        ctx.expected.put(key(K::NAME, namespace, &name), fingerprint);
    }
    let total = changes.apply.len();
    let files = files.clone();
    let mut ahead = changes.apply.into_iter();
    let parts = std::iter::from_fn(|| {
        let part: Vec<Wanted<K>> = ahead.by_ref().take(TOGETHER).collect();
        (!part.is_empty()).then_some(part)
    });
    let failures = stream::iter(parts)
        .then(move |part| with_texts(part, files.clone()))
        .flat_map(stream::iter)
        .map(|wanted| {
            let name = wanted.as_ref().map(|(wanted, _)| wanted.object.name_any());
            let surplus = name.ok().and_then(|name| changes.surplus.remove(&name));
            async move {
                match wanted {
                    Ok((wanted, fingerprint)) => {
                        write(&wanted, fingerprint, surplus, namespace, ctx).await.err()
                    }
                    Err(error) => Some(error),
                }
            }
        })
        .buffer_unordered(CONCURRENCY)
        .filter_map(std::future::ready)
        .collect()
        .await;
    Written { total, failures, delete: changes.delete }
}

/// Objects that are to be written, with their texts and fingerprints; an error for each of them where a text cannot
/// be read.
async fn with_texts<K: ImportedKind>(
    mut part: Vec<Wanted<K>>,
    files: Files,
) -> Vec<Result<(Wanted<K>, String), Error>> {
    let count = part.len();
    let read = blocking(move || {
        let files = lock(&files);
        let contents = Contents::new(&*files);
        let whole = part.drain(..).map(|mut wanted| {
            let fingerprint = wanted.fingerprint();
            if let Some(text) = &wanted.text {
                *wanted.object.text_mut() = Some(contents.kept(text));
            }
            (wanted, fingerprint)
        });
        let whole: Vec<_> = whole.collect();
        contents.finish().map(|()| whole)
    });
    match read.await {
        Ok(Ok(whole)) => whole.into_iter().map(Ok).collect(),
        Ok(Err(error)) => (0..count).map(|_| Err(error.clone().into())).collect(),
        Err(error) => vec![Err(error)],
    }
}

async fn write<K: ImportedKind>(
    Wanted { object, exists, .. }: &Wanted<K>,
    wanted: String,
    surplus: Option<(Arc<K>, Value)>,
    namespace: &str,
    ctx: &Context,
) -> Result<(), Error> {
    apply::refuse_contention::<K>(K::NAME, namespace, &object.name_any(), &wanted, ctx).await?;
    if let Some((found, surplus)) = surplus {
        apply::patch(K::NAME, found.as_ref(), &Patch::Merge(surplus), ctx).await?;
    }
    // Without force, an object that appeared since we looked is not taken over.
    let params = apply_params(MANAGER_NOTE_REPOSITORY, *exists);
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
