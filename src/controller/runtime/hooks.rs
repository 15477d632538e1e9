//! What the receiver of webhooks asks of the controllers: who leads, whose hook it is, and to ask for a reconciliation.

use std::sync::{Arc, Mutex, PoisonError};

use kube::Resource;
use kube::runtime::reflector::ObjectRef;

use crate::api::NoteRepository;
use crate::controller::leader::Leadership;
use crate::controller::note_repository;
use crate::controller::shared::context::Context;
use crate::telemetry::metrics::Metrics;
use crate::webhook::{Actor, Desk, Hook};

/// The scopes of this process, to be looked into when a report comes.
#[derive(Clone, Default)]
pub struct Hooks(Arc<Mutex<Vec<Arc<Context>>>>);

impl Hooks {
    /// Repositories of the scope `ctx` have hooks, too.
    pub fn serve(&self, ctx: &Arc<Context>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(ctx));
    }

    fn find(&self, uid: &str) -> Option<(Arc<NoteRepository>, Arc<Context>)> {
        let scopes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        scopes.into_iter().find_map(|ctx| {
            let is_it = |found: &NoteRepository| found.meta().uid.as_deref() == Some(uid);
            let found = ctx.stores.repositories.find(is_it)?;
            Some((found, ctx))
        })
    }
}

/// The receiver's way to the controllers.
pub struct Counter {
    /// Where repositories are looked up.
    pub hooks: Hooks,
    /// Whether this process leads.
    pub leadership: Leadership,
    /// Counters of the process.
    pub metrics: Arc<Metrics>,
}

impl Desk for Counter {
    async fn actor(&self) -> Actor {
        self.leadership.leader().await.map_or(Actor::Us, Actor::At)
    }

    async fn hook(&self, uid: &str) -> Result<Option<Hook>, String> {
        match self.hooks.find(uid) {
            Some((repository, ctx)) => note_repository::hook(&repository, &ctx).await,
            None => Ok(None),
        }
    }

    /// The queue keeps one request for each repository, however many come while it is reconciled.
    fn ring(&self, uid: &str) {
        if let Some((repository, ctx)) = self.hooks.find(uid) {
            let _ =
                ctx.queues.repositories.unbounded_send(ObjectRef::from_obj(repository.as_ref()));
        }
    }

    fn count(&self, result: &'static str) {
        self.metrics.webhook(result);
    }
}
