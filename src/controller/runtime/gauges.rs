//! What the metrics say of a scope at the moment when somebody asks.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use crate::api::{NoteRepository, Summit, TalkNote, Viewer};
use crate::controller::shared::context::Context;
use crate::controller::shared::kind::Kind;
use crate::controller::state::forget::CONFIG_MAP;
use crate::telemetry::gauges::Gauges;
use crate::telemetry::metrics::Metrics;

/// Shows in `metrics` how the scope `ctx` stands, as long as there is one.
pub fn show(ctx: &Arc<Context>, metrics: &Metrics) {
    let scope: Weak<Context> = Arc::downgrade(ctx);
    metrics.ask(move |gauges| {
        if let Some(ctx) = scope.upgrade() {
            state(&ctx, gauges);
        }
    });
}

fn state(ctx: &Context, gauges: &Gauges) {
    let now = Instant::now();
    let mut queues: HashMap<&str, (usize, Duration)> = HashMap::new();
    for (kind, since) in ctx.requests.all() {
        let (depth, oldest) = queues.entry(kind).or_default();
        *depth += 1;
        *oldest = now.duration_since(since).max(*oldest);
    }
    for kind in [NoteRepository::NAME, Summit::NAME, TalkNote::NAME, Viewer::NAME] {
        let (depth, oldest) = queues.remove(kind).unwrap_or_default();
        gauges.queue(kind, depth, oldest);
    }
    gauges.watched(NoteRepository::NAME, ctx.stores.repositories.len());
    gauges.watched(Summit::NAME, ctx.stores.summits.len());
    gauges.watched(TalkNote::NAME, ctx.stores.talk_notes.len());
    gauges.watched(Viewer::NAME, ctx.stores.viewers.len());
    gauges.watched(CONFIG_MAP, ctx.stores.config_maps.len());
    gauges.remembered(ctx.memory.len());
    gauges.kept("texts", ctx.texts.room.taken());
    gauges.kept("pages", ctx.stores.config_maps.bytes());
    let (pending, oldest) = ctx.notifications.owed();
    gauges.notifications(pending, oldest);
    gauges.outdated(ctx.upgrade.waiting());
}
