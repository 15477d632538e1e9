//! Tells one sink of what happens to the notes of its owner, until it has heard.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::memory::{Memory, Remembered};
use super::owner::Owner;
use super::standing::{Happened, Ledger, Now, happened};
use super::{MOST_NOTES, look};
use crate::api::{NotificationEvent, NotificationSink, names};
use crate::controller::note_repository::sink_access;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::notify::{
    self, CloudEvent, EventType, Failure, SigningKey, deliver, sink_client, sink_url,
};

/// How long changes are gathered before they are told.
const GATHER: Duration = Duration::from_millis(300);
/// First pause after a failure; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_secs(1);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// After how many events it is remembered that the sink has heard them: as many may be told twice.
const REMEMBER_AFTER: usize = 50;

/// The courier of one sink.
pub struct Courier {
    pub owner: Owner,
    pub sink: NotificationSink,
    pub changes: watch::Receiver<u64>,
    pub ctx: Arc<Context>,
}

/// Where events go to.
struct Way {
    client: reqwest::Client,
    url: reqwest::Url,
    key: SigningKey,
}

impl Courier {
    /// Never ends.
    pub async fn run(mut self) {
        let memory = Memory::of(&self.owner, &self.sink.name, &self.ctx);
        let mut remembered = None;
        let (mut failures, mut said) = (0, None);
        loop {
            let outcome = self.round(&memory, &mut remembered).await;
            let Err(failure) = outcome else {
                (failures, said) = (0, None);
                // Its other end lives as long as the context.
                let _ = self.changes.changed().await;
                sleep(GATHER).await;
                continue;
            };
            failures += 1;
            let pause = PAUSE.saturating_mul(1 << failures.min(9_u32)).min(LONGEST_PAUSE);
            match failure {
                Failure::Later(why, wait) => {
                    self.failed(why, &mut said).await;
                    sleep(wait.unwrap_or(pause)).await;
                }
                // What is refused keeps nothing else waiting.
                Failure::Refused(why) => {
                    self.failed(why, &mut said).await;
                    let _ = timeout(pause, self.changes.changed()).await;
                    sleep(GATHER).await;
                }
            }
        }
    }

    /// A failure is told once for each reason.
    async fn failed(&self, why: String, said: &mut Option<String>) {
        if said.as_ref() == Some(&why) {
            return;
        }
        let ((namespace, name), sink) = (self.owner.address(), &self.sink.name);
        tracing::warn!(%namespace, %name, sink, why, "a sink could not be told");
        let note =
            format!("spec.notify: the sink {sink} could not be told: {why}; it is tried again");
        self.owner.warn("NotificationFailed", &note, &self.ctx).await;
        *said = Some(why);
    }

    /// Tells all that has happened. What the sink refuses keeps nothing else from it.
    async fn round(
        &mut self,
        memory: &Memory,
        remembered: &mut Option<Remembered>,
    ) -> Result<(), Failure> {
        if remembered.is_none() {
            *remembered = Some(self.begin(memory).await.map_err(of_ours)?);
        }
        // Set just above.
        let Some(known) = remembered.as_mut() else { return Ok(()) };
        let mut way = None;
        loop {
            self.changes.mark_unchanged();
            let now = look::now(&self.owner.current(&self.ctx), &self.ctx);
            if now.len() > MOST_NOTES {
                let count = now.len();
                return Err(Failure::Refused(format!("{count} notes are more than {MOST_NOTES}")));
            }
            let (namespace, _) = self.owner.address();
            let elsewhere = |name: &str| look::is_published(&namespace, name, &self.ctx);
            let all = happened(&known.ledger, &now, elsewhere);
            let pending = all.iter().filter(|one| self.is_wanted(one)).count();
            self.ctx.notifications.owes(&self.owner, &self.sink.name, pending);
            if all.is_empty() {
                return self.remember(memory, known).await;
            }
            if way.is_none() && pending > 0 {
                way = Some(self.way().await?);
            }
            let mut refused = None;
            let told = self.tell(all, &now, way.as_ref(), known, &mut refused).await;
            self.remember(memory, known).await?;
            let refused = refused.filter(|_| told.is_whole);
            if let Some(failure) = told.failure.or(refused) {
                return Err(failure);
            }
        }
    }

    async fn remember(&self, memory: &Memory, known: &mut Remembered) -> Result<(), Failure> {
        if known.is_ahead {
            known.nonce = memory.save(&known.ledger, &self.ctx).await.map_err(of_ours)?;
            known.is_ahead = false;
        }
        Ok(())
    }

    /// What the sink was told, or else what there is now: a sink is told of what happens once it is there.
    async fn begin(&self, memory: &Memory) -> Result<Remembered, Error> {
        if let Some(remembered) = memory.load().await? {
            return Ok(remembered);
        }
        let mut ledger = Ledger::new();
        // What a new one gives is all news, however soon it is there.
        while !self.owner.is_new() {
            let round = happened(&ledger, &look::now(&self.owner, &self.ctx), |_| false);
            if round.is_empty() {
                break;
            }
            round.into_iter().for_each(|one| super::note(&mut ledger, one));
        }
        let nonce = memory.save(&ledger, &self.ctx).await?;
        Ok(Remembered { ledger, nonce, is_ahead: false })
    }

    fn is_wanted(&self, happened: &Happened) -> bool {
        let wanted = &self.sink.events;
        happened.kind.is_some_and(|kind| wanted.is_empty() || wanted.contains(&named(kind)))
    }

    async fn way(&self) -> Result<Way, Failure> {
        let url = sink_url(&self.sink.url).map_err(Failure::Refused)?;
        let (namespace, _) = self.owner.address();
        let access = sink_access(&namespace, &self.sink.secret_ref.name, &self.ctx).await;
        let (token, authority) = access.map_err(of_ours)?;
        let key = SigningKey::new(&token);
        let key = key.map_err(|why| Failure::Refused(format!("the token of the Secret: {why}")))?;
        let client = sink_client(authority.as_deref()).map_err(Failure::Refused)?;
        Ok(Way { client, url, key })
    }

    async fn tell(
        &self,
        all: Vec<Happened>,
        now: &Now,
        way: Option<&Way>,
        known: &mut Remembered,
        refused: &mut Option<Failure>,
    ) -> Round {
        let mut heard = 0;
        for one in all {
            if self.is_wanted(&one) {
                let Some(way) = way else { continue };
                let event = self.event(&one, now, &known.nonce);
                let seconds = (self.ctx.now)().as_second();
                let sent = deliver(&way.client, &way.url, &way.key, &event, seconds).await;
                let result = if sent.is_ok() { "success" } else { "failure" };
                self.ctx.metrics.notification(result);
                match sent {
                    Ok(()) => {}
                    Err(failure @ Failure::Later(..)) => {
                        return Round { is_whole: false, failure: Some(failure) };
                    }
                    Err(failure) => {
                        *refused = Some(failure);
                        continue;
                    }
                }
            }
            super::note(&mut known.ledger, one);
            known.is_ahead = true;
            heard += 1;
            if heard >= REMEMBER_AFTER {
                return Round { is_whole: false, failure: None };
            }
        }
        Round { is_whole: true, failure: None }
    }

    fn event(&self, happened: &Happened, now: &Now, nonce: &str) -> CloudEvent {
        let Happened { name, kind, told, before } = happened;
        let subject = now.get(name);
        // What has gone is called as it was called.
        let last = told.as_ref().or(before.as_ref()).cloned().unwrap_or_default();
        let (namespace, owner) = self.owner.address();
        let (source, kind) = (self.owner.source(), kind.unwrap_or(EventType::Changed));
        let of =
            format!("{nonce}\n{name}\n{}\n{}\n{kind}\n{:?}", last.uid, last.count, last.standing);
        let about = match &self.owner {
            _ if !name.is_empty() => "note",
            Owner::Summit(_) => "summit",
            Owner::Repository(_) => "noterepository",
        };
        let subject_name = if name.is_empty() { &owner } else { name };
        let standing = before
            .as_ref()
            .filter(|_| told.is_none())
            .map_or(&last.standing, |told| &told.standing);
        CloudEvent {
            id: names::hex_digest(of.as_bytes()).chars().take(32).collect(),
            source,
            about,
            kind,
            subject: format!("{namespace}/{subject_name}"),
            data: look::data(&self.owner, &self.sink, (name, standing), subject, &self.ctx),
        }
    }
}

/// How far a round came.
struct Round {
    /// Whether everything was tried.
    is_whole: bool,
    failure: Option<Failure>,
}

fn named(kind: EventType) -> NotificationEvent {
    match kind {
        EventType::Published => NotificationEvent::Published,
        EventType::Changed => NotificationEvent::Changed,
        EventType::Withdrawn => NotificationEvent::Withdrawn,
        EventType::Failed => NotificationEvent::Failed,
        EventType::Recovered => NotificationEvent::Recovered,
    }
}

/// What the API server did not do for us.
fn of_ours(error: Error) -> notify::Failure {
    if error.may_pass() {
        Failure::Later(error.to_string(), None)
    } else {
        Failure::Refused(error.to_string())
    }
}
