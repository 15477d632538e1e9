//! Runs one controller: takes requests from its queue and reconciles, never the same object twice at
//! once.

use std::future::Future;
use std::hash::Hash;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures::{FutureExt, Stream, StreamExt};
use kube::runtime::controller::{Action, Config, Error as RunError, applier};
use kube::runtime::reflector::{ObjectRef, Store};
use tokio_util::sync::CancellationToken;

use crate::api::NoteRepository;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error};
use crate::controller::shared::kind::Kind;
use crate::controller::state::forget;
use crate::controller::state::memory::{Key, key};

/// Runs until `shutdown`, then finishes what it has begun.
pub async fn run<K, F>(
    reconcile: impl Fn(Arc<K>, Arc<Context>) -> F + Copy + Send + 'static,
    store: Store<K>,
    queue: impl Stream<Item = ObjectRef<K>>,
    concurrency: u16,
    ctx: Arc<Context>,
    shutdown: CancellationToken,
) where
    K: Kind,
    ObjectRef<K>: Eq + Hash + Clone,
    F: Future<Output = Result<Action, Error>> + Send + 'static,
{
    let asked = ctx.clone();
    let queue = queue.inspect(move |object| {
        asked.requests.put_first(key_of(object), Instant::now());
    });
    let requests = queue.map(Ok::<_, Error>).take_until(shutdown.cancelled_owned());
    let (seen, gone) = (store.clone(), ctx.clone());
    applier(
        move |object, ctx| Box::pin(on_any_core(observed(reconcile, object, seen.clone(), ctx))),
        retry,
        ctx,
        store,
        requests,
        Config::default().concurrency(concurrency),
    )
    .for_each(|result| async {
        match result {
            // Reported by `observed`.
            Ok(_) | Err(RunError::ReconcilerFailed(..)) => {}
            // Deleted between the request and the reconciliation.
            Err(RunError::ObjectNotFound(object)) => {
                gone.requests.forget(&key(
                    K::NAME,
                    object.namespace.as_deref().unwrap_or_default(),
                    &object.name,
                ));
                tracing::debug!(%object, "gone");
            }
            Err(error) => tracing::warn!(kind = K::NAME, %error, "request lost"),
        }
    })
    .await;
}

/// Runs `reconciliation` as a task of its own: kube's runner would poll all reconciliations in one task, and so on one
/// core.
async fn on_any_core(
    reconciliation: impl Future<Output = Result<Action, Error>> + Send + 'static,
) -> Result<Action, Error> {
    let ended = tokio::spawn(reconciliation).await;
    ended.unwrap_or_else(|error| Err(Error::Internal(format!("a reconciliation ended: {error}"))))
}

async fn observed<K: Kind, F>(
    reconcile: impl Fn(Arc<K>, Arc<Context>) -> F + Send,
    object: Arc<K>,
    seen: Store<K>,
    ctx: Arc<Context>,
) -> Result<Action, Error>
where
    ObjectRef<K>: Eq + Hash,
    F: Future<Output = Result<Action, Error>> + Send,
{
    let start = Instant::now();
    let (namespace, name) = object.address();
    let memory = key(K::NAME, &namespace, &name);
    if let Some(since) = ctx.requests.take(&memory) {
        ctx.metrics.waited(K::NAME, start.duration_since(since));
        if K::NAME == NoteRepository::NAME {
            ctx.asked.put(memory.clone(), since);
        }
    }
    let _under_way = ctx.metrics.begin(K::NAME);
    let result = contained(reconcile(object.clone(), ctx.clone())).await;
    let outcome = match &result {
        Ok(_) => {
            ctx.retries.succeeded(&memory);
            "success"
        }
        Err(error) => {
            ctx.retries.failed(&memory);
            ctx.metrics.failed(K::NAME, error.reason());
            log(&memory, error);
            error.class().label()
        }
    };
    // It went while it was reconciled, and the reconciliation has left its traces since.
    if seen.get(&ObjectRef::from_obj(object.as_ref())).is_none() {
        forget::object(object.as_ref(), &ctx);
    }
    ctx.metrics.reconciled(K::NAME, outcome, start.elapsed());
    result
}

fn key_of<K: Kind>(object: &ObjectRef<K>) -> Key {
    key(K::NAME, object.namespace.as_deref().unwrap_or_default(), &object.name)
}

fn log(object: &Key, error: &Error) {
    let object = object.to_string();
    match error.class() {
        Class::Terminal => tracing::info!(object, %error, "waits for a change"),
        Class::Transient => tracing::warn!(object, %error, "failed, trying again"),
        Class::Conflict | Class::Gone => tracing::debug!(object, %error, "overtaken"),
        Class::Bug => tracing::error!(object, %error, "this is a bug, please report it"),
    }
}

fn retry<K: Kind>(object: Arc<K>, error: &Error, ctx: Arc<Context>) -> Action {
    let (namespace, name) = object.address();
    let attempts = ctx.retries.attempts(&key(K::NAME, &namespace, &name));
    error.retry_after(attempts).map_or_else(Action::await_change, Action::requeue)
}

/// Turns a panic into an error: one object must not stop the others, and kube's runner would end the
/// whole controller.
pub async fn contained<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "panicked".to_owned());
        Err(Error::Internal(text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_an_error() {
        let error = contained::<()>(async { panic!("odd number") }).await.unwrap_err();
        assert_eq!(error.class(), Class::Bug);
        assert_eq!(error.to_string(), "internal error: odd number");
    }
}
