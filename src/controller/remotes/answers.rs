//! What git servers answered lately: however many repositories ask the same of the same server with the same
//! credentials, it is asked once.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex as AsyncMutex;

use crate::controller::shared::error::Error;
use crate::controller::state::memory::Key;
use crate::git::Revision;

/// Answers by what was asked.
#[derive(Default)]
pub struct Answers(Mutex<HashMap<String, Arc<AsyncMutex<Option<Answer>>>>>);

/// The revision that a reference was.
struct Answer {
    revision: Revision,
    /// When the server was asked.
    asked: Instant,
    /// Who has heard it. Nobody hears it twice: whoever asks again wants to know what is new.
    heard: HashSet<Key>,
}

/// Who asks.
pub struct Asker {
    /// The repository.
    pub who: Key,
    /// Since when somebody wants to know what is there now; none where it is only time to ask again.
    pub since: Option<Instant>,
    /// The pause between two questions.
    pub interval: Duration,
}

impl Asker {
    fn is_content_with(&self, answer: &Answer) -> bool {
        match self.since {
            Some(since) => answer.asked >= since,
            None => !answer.heard.contains(&self.who) && answer.asked.elapsed() < self.interval,
        }
    }
}

impl Answers {
    /// The answer to `question`, by `ask` where nobody asked lately.
    ///
    /// # Errors
    /// Those of `ask`, which are kept for nobody.
    pub async fn get(
        &self,
        question: String,
        asker: Asker,
        ask: impl Future<Output = Result<Revision, Error>>,
    ) -> Result<Revision, Error> {
        let slot = self.slot(question);
        // Who asks at the same time waits for the answer.
        let mut known = slot.lock().await;
        if let Some(answer) = known.as_mut().filter(|answer| asker.is_content_with(answer)) {
            answer.heard.insert(asker.who);
            return Ok(answer.revision.clone());
        }
        *known = None;
        let asked = Instant::now();
        let revision = ask.await?;
        *known = Some(Answer { revision: revision.clone(), asked, heard: [asker.who].into() });
        Ok(revision)
    }

    /// The place of an answer. Those that nobody waits for and that were not given are dropped on the way.
    fn slot(&self, question: String) -> Arc<AsyncMutex<Option<Answer>>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_used = |slot: &Arc<AsyncMutex<Option<Answer>>>| {
            let is_old = |answer: &Answer| answer.asked.elapsed() > FORGOTTEN;
            match slot.try_lock() {
                Ok(known) => known.as_ref().is_some_and(|answer| !is_old(answer)),
                Err(_) => true,
            }
        };
        slots.retain(|known, slot| {
            *known == question || Arc::strong_count(slot) > 1 || is_used(slot)
        });
        slots.entry(question).or_default().clone()
    }
}

/// What was asked longest ago of all that is kept.
const FORGOTTEN: Duration = Duration::from_secs(24 * 3600);

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::controller::state::memory::key;

    const INTERVAL: Duration = Duration::from_secs(300);

    fn asker(name: &str, since: Option<Instant>) -> Asker {
        Asker { who: key("NoteRepository", "north", name), since, interval: INTERVAL }
    }

    /// A server that counts its answers.
    #[derive(Default)]
    struct Server(AtomicU32);

    impl Server {
        async fn answer(&self) -> Result<Revision, Error> {
            let commit = self.0.fetch_add(1, Ordering::SeqCst).to_string();
            tokio::task::yield_now().await;
            Ok(Revision { name: "main".to_owned(), commit })
        }
    }

    async fn heard(answers: &Answers, server: &Server, asker: Asker) -> String {
        let answer = answers.get("q".to_owned(), asker, server.answer()).await;
        answer.unwrap().commit
    }

    #[tokio::test]
    async fn who_asks_the_same_is_told_the_same_once() {
        let (answers, server) = (Answers::default(), Server::default());
        let both = tokio::join!(
            heard(&answers, &server, asker("a", None)),
            heard(&answers, &server, asker("b", None)),
        );
        assert_eq!(both, ("0".to_owned(), "0".to_owned()), "at the same time");
        assert_eq!(heard(&answers, &server, asker("b", None)).await, "1", "it is time again");
        assert_eq!(heard(&answers, &server, asker("a", None)).await, "1");
        let soon = Asker { interval: Duration::ZERO, ..asker("c", None) };
        assert_eq!(heard(&answers, &server, soon).await, "2", "who asks more often");
    }

    #[tokio::test]
    async fn a_push_that_was_reported_is_asked_for() {
        let (answers, server) = (Answers::default(), Server::default());
        assert_eq!(heard(&answers, &server, asker("a", None)).await, "0");
        let reported = Instant::now();
        assert_eq!(heard(&answers, &server, asker("b", Some(reported))).await, "1");
        assert_eq!(heard(&answers, &server, asker("a", Some(reported))).await, "1");
    }

    #[tokio::test]
    async fn a_failure_is_kept_for_nobody() {
        let (answers, server) = (Answers::default(), Server::default());
        let fails = async { Err(Error::Missing("away".to_owned())) };
        answers.get("q".to_owned(), asker("a", None), fails).await.unwrap_err();
        assert_eq!(heard(&answers, &server, asker("b", None)).await, "0");
    }
}
