//! What the watches show, for the metrics that name objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{NoteRepository, TalkNote, condition};
use crate::controller::shared::context::{Context, Stores};
use crate::controller::shared::kind::Kind;
use crate::telemetry::inventory::{NoteCount, Resource};
use crate::telemetry::watches::WatchHealth;

/// Tells the metrics what there is in a scope. The watches are those of the whole process, so that one scope
/// tells of them.
pub fn tell(ctx: &Arc<Context>, health: Option<WatchHealth>) {
    // Not the context: that would hold the metrics, which would hold this.
    let stores = ctx.stores.clone();
    ctx.metrics.ask(move |gauges| {
        resources(&stores).iter().for_each(|resource| gauges.resource(resource));
        for (notes, count) in notes(&stores) {
            gauges.notes(&notes, count);
        }
        gauges.stale_watches(health.as_ref().map_or(0, |health| health.problems().len()));
    });
}

fn resources(stores: &Stores) -> Vec<Resource> {
    let repositories = stores.repositories.state();
    let repositories = repositories.iter().map(|object| repository(object));
    let summits = stores.summits.state();
    let summits = summits.iter().map(|object| resource(object.as_ref()));
    let viewers = stores.viewers.state();
    let viewers = viewers.iter().map(|object| resource(object.as_ref()));
    repositories.chain(summits).chain(viewers).collect()
}

fn repository(object: &NoteRepository) -> Resource {
    let revision = object.status.as_ref().and_then(|status| status.last_applied_revision.clone());
    Resource {
        suspended: if object.spec.suspend == Some(true) { "true" } else { "false" },
        revision: revision.unwrap_or_default(),
        ..resource(object)
    }
}

fn resource<K: Kind>(object: &K) -> Resource {
    let (namespace, name) = object.address();
    let (ready, suspended, revision) = (ready(object), "false", String::new());
    Resource { kind: K::NAME, namespace, name, ready, suspended, revision }
}

/// Status of the condition Ready.
fn ready<K: Kind>(object: &K) -> &'static str {
    match condition(object.previous_conditions(), "Ready")
        .map(|condition| condition.status.as_str())
    {
        Some("True") => "True",
        Some("False") => "False",
        _ => "Unknown",
    }
}

fn notes(stores: &Stores) -> BTreeMap<NoteCount, usize> {
    let mut counts: BTreeMap<NoteCount, usize> = BTreeMap::new();
    for note in stores.talk_notes.state() {
        let summit = note.spec.summit_ref.as_ref().map_or("", |summit| &*summit.name);
        let count = NoteCount::new(&note.address().0, summit, state(&note));
        *counts.entry(count).or_default() += 1;
    }
    counts
}

fn state(note: &TalkNote) -> &'static str {
    let page = note.status.as_ref().and_then(|status| status.config_map.as_ref());
    match (ready(note), page) {
        ("True", Some(_)) => "published",
        ("True", None) => "withheld",
        _ => "failed",
    }
}
