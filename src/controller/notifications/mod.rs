//! Tells others of notes: CloudEvents to the sinks of repositories and of summits that are written by hand.
//!
//! There is no queue. What a sink was told is remembered, and how the notes stand is what the watches show:
//! what has happened is the difference, after a restart as before it. A sink that was away for a day is told
//! of each note once, as it stands then, so that what is owed is never more than there are notes.
//!
//! ```text
//! watches ──▶ now ──┐
//!                   ├──▶ happened ──▶ deliver ──▶ ledger ──▶ ConfigMap, once a round
//! ConfigMap ──▶ ledger
//! ```

mod courier;
mod look;
mod memory;
mod owner;
mod standing;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tokio::sync::{Notify, watch};
use tokio::task::{AbortHandle, JoinSet};

use self::courier::Courier;
use self::owner::{HasSinks, Owner};
use self::standing::{Happened, Ledger};
use crate::api::{NoteRepository, NotificationSink, Summit, TalkNote, names};
use crate::controller::shared::context::Context;
use crate::controller::shared::kind::Kind;
use crate::git::Revision;

/// Notes of one sink at most: what it was told of them has to fit into a ConfigMap.
pub const MOST_NOTES: usize = 10_000;

/// Kind, namespace and name as a label value.
type Address = (&'static str, String, String);

/// What is owed to a sink.
struct Owed {
    pending: usize,
    since: Option<Instant>,
}

/// Who is told of what, and what they are owed.
#[derive(Default)]
pub struct Notifications {
    configured: Notify,
    changes: Mutex<HashMap<Address, watch::Sender<u64>>>,
    owed: Mutex<HashMap<(Address, String), Owed>>,
    /// By namespace and name of the repository.
    revisions: Mutex<HashMap<(String, String), String>>,
}

impl Notifications {
    /// A repository or a summit appeared, changed or went.
    pub fn owner_changed<K: HasSinks>(&self, before: Option<&K>, after: Option<&K>) {
        let sinks = |object: Option<&K>| object.map_or(0, |object| object.sinks().len());
        if sinks(before) + sinks(after) == 0 {
            return;
        }
        let spec = |object: Option<&K>| {
            object.map(|object| (object.meta().uid.clone(), object.sinks().to_vec()))
        };
        if spec(before) != spec(after) {
            self.configured.notify_one();
        }
        if let Some(object) = before.or(after) {
            let (namespace, name) = object.address();
            self.wake(&(K::NAME, namespace, names::label_value(&name)));
        }
        if let (Some(gone), None) = (before, after) {
            lock(&self.revisions).remove(&gone.address());
        }
    }

    /// A note appeared, changed or went. `imported_by` names the repositories that gave it, as label values.
    pub fn note_changed(
        &self,
        before: Option<&TalkNote>,
        after: Option<&TalkNote>,
        imported_by: impl Fn(&ObjectMeta) -> BTreeSet<String>,
    ) {
        if lock(&self.changes).is_empty() {
            return;
        }
        for note in before.into_iter().chain(after) {
            let (namespace, _) = note.address();
            for repository in imported_by(&note.metadata) {
                self.wake(&(NoteRepository::NAME, namespace.clone(), repository));
            }
            if let Some(summit) = &note.spec.summit_ref {
                self.wake(&(Summit::NAME, namespace.clone(), names::label_value(&summit.name)));
            }
        }
    }

    fn wake(&self, address: &Address) {
        if let Some(changes) = lock(&self.changes).get(address) {
            changes.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    /// `revision` is about to be applied.
    pub fn applying(&self, repository: &NoteRepository, revision: &Revision) {
        if !repository.spec.notify.is_empty() {
            lock(&self.revisions).insert(repository.address(), revision.to_string());
        }
    }

    /// The revision of a repository that was applied last, or is being applied.
    fn revision(&self, namespace: &str, name: &str) -> Option<String> {
        lock(&self.revisions).get(&(namespace.to_owned(), name.to_owned())).cloned()
    }

    fn owes(&self, owner: &Owner, sink: &str, pending: usize) {
        let mut owed = lock(&self.owed);
        let of = owed.entry((address(owner), sink.to_owned()));
        let of = of.or_insert(Owed { pending, since: None });
        of.pending = pending;
        of.since = (pending > 0).then(|| of.since.unwrap_or_else(Instant::now));
    }

    /// How many events are owed to all sinks, and how long the oldest of the debts has stood.
    pub fn owed(&self) -> (usize, Duration) {
        let owed = lock(&self.owed);
        let pending = owed.values().map(|owed| owed.pending).sum();
        let oldest = owed.values().filter_map(|owed| owed.since).map(|since| since.elapsed()).max();
        (pending, oldest.unwrap_or_default())
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn address(owner: &Owner) -> Address {
    let (namespace, name) = owner.address();
    (owner.kind(), namespace, names::label_value(&name))
}

/// Notes that a sink has heard of something.
fn note(ledger: &mut Ledger, happened: Happened) {
    match happened.told {
        Some(told) => ledger.insert(happened.name, told),
        None => ledger.remove(&happened.name),
    };
}

/// A courier that is on its way.
struct Running {
    uid: String,
    sink: NotificationSink,
    task: AbortHandle,
}

/// Keeps a courier for each sink. Never ends.
pub async fn run(ctx: &Arc<Context>) {
    let mut couriers: HashMap<(Address, String), Running> = HashMap::new();
    let mut tasks = JoinSet::new();
    loop {
        employ(&mut couriers, &mut tasks, ctx);
        ctx.notifications.configured.notified().await;
    }
}

fn employ(
    couriers: &mut HashMap<(Address, String), Running>,
    tasks: &mut JoinSet<()>,
    ctx: &Arc<Context>,
) {
    let repositories = ctx.stores.repositories.state().into_iter().map(Owner::Repository);
    let summits = ctx.stores.summits.state().into_iter().map(Owner::Summit);
    let owners: Vec<Owner> =
        repositories.chain(summits).filter(|o| !o.sinks().is_empty()).collect();
    let wanted = |(of, name): &(Address, String), running: &Running| {
        owners.iter().any(|owner| {
            address(owner) == *of
                && owner.uid() == running.uid
                && owner.sinks().iter().any(|sink| sink.name == *name && *sink == running.sink)
        })
    };
    couriers.retain(|key, running| {
        let stays = wanted(key, running) && !running.task.is_finished();
        if !stays {
            running.task.abort();
            lock(&ctx.notifications.owed).remove(key);
        }
        stays
    });
    lock(&ctx.notifications.changes)
        .retain(|of, _| owners.iter().any(|owner| address(owner) == *of));
    for owner in owners {
        for sink in owner.sinks() {
            let key = (address(&owner), sink.name.clone());
            couriers.entry(key).or_insert_with_key(|(of, _)| {
                let changes = {
                    let mut all = lock(&ctx.notifications.changes);
                    all.entry(of.clone()).or_insert_with(|| watch::Sender::new(0)).subscribe()
                };
                let courier =
                    Courier { owner: owner.clone(), sink: sink.clone(), changes, ctx: ctx.clone() };
                let task = tasks.spawn(courier.run());
                Running { uid: owner.uid(), sink: sink.clone(), task }
            });
        }
    }
}
