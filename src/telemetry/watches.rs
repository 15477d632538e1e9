//! Whether the watches on the API server are alive: the truth behind `/readyz`.
//!
//! kube's watcher hides most of what matters: it reports nothing when it has begun to watch again after
//! a failure, and calls it an event that it is about to list. So what counts is what the API server
//! does: each watch that it accepts, and each change that it tells, is a sign of life. A watch is asked
//! to last for a part of the time after which it counts as stale, so that one that is alive shows
//! signs often enough, however quiet the cluster is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kube::Client;
use kube::client::Body;
use kube::runtime::watcher::{self, Event};
use tower::{BoxError, service_fn};

use crate::api::LIST_PAGE;

/// All watches of a process. Clones share them.
#[derive(Clone, Debug)]
pub struct WatchHealth {
    stale_after: Duration,
    watches: Arc<Mutex<Vec<Pulse>>>,
}

/// The signs of life of one watch. Clones share them.
#[derive(Clone, Debug)]
pub struct Pulse(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    name: String,
    listed: bool,
    last_sign: Instant,
}

impl WatchHealth {
    /// A watch counts as stale when it has shown no sign of life for `stale_after`.
    pub fn new(stale_after: Duration) -> Self {
        Self { stale_after, watches: Arc::default() }
    }

    /// Registers the watch of `kind` in `namespace`, or in all, so that readiness waits for it.
    pub fn expect(&self, kind: &str, namespace: Option<&str>) -> Pulse {
        let name = match namespace {
            Some(namespace) => format!("{kind} in {namespace}"),
            None => kind.to_owned(),
        };
        let pulse =
            Pulse(Arc::new(Mutex::new(State { name, listed: false, last_sign: Instant::now() })));
        self.watches.lock().unwrap_or_else(PoisonError::into_inner).push(pulse.clone());
        pulse
    }

    /// Takes a watch out of all accounts: what it follows is not there any more.
    pub fn forget(&self, pulse: &Pulse) {
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        watches.retain(|watch| !Arc::ptr_eq(&watch.0, &pulse.0));
    }

    /// How to watch, so that a watch that is alive is not taken for a stale one, and its list is told in
    /// pages that fit into memory.
    pub fn config(&self) -> watcher::Config {
        let seconds = u32::try_from(self.stale_after.as_secs() * 2 / 3).unwrap_or(u32::MAX);
        watcher::Config::default().timeout(seconds.max(1)).page_size(LIST_PAGE)
    }

    /// How long ago each watch showed a sign of life.
    pub fn ages(&self) -> Vec<(String, Duration)> {
        let watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |pulse: &Pulse| {
            let state = pulse.state();
            (state.name.clone(), state.last_sign.elapsed())
        };
        watches.iter().map(age).collect()
    }

    /// The watches that have not listed yet or are stale, with the reason.
    pub fn problems(&self) -> Vec<String> {
        let watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        let mut problems: Vec<String> =
            watches.iter().filter_map(|pulse| pulse.problem(self.stale_after)).collect();
        problems.sort();
        problems
    }
}

impl Pulse {
    /// A client whose watches show here that they live.
    pub fn client(&self, client: &Client) -> Client {
        let (pulse, inner) = (self.clone(), client.clone());
        let service = service_fn(move |request: http::Request<Body>| {
            let (pulse, inner) = (pulse.clone(), inner.clone());
            async move {
                let watches = is_watch(request.uri());
                let response = inner.send(request).await?;
                if watches && response.status().is_success() {
                    pulse.beat();
                }
                Ok::<_, BoxError>(response)
            }
        });
        Client::new(service, client.default_namespace())
    }

    /// Takes note of what the watch said.
    pub fn note<K>(&self, event: &watcher::Result<Event<K>>) {
        match event {
            Ok(Event::InitDone) => self.state().listed = true,
            Ok(Event::Apply(_) | Event::Delete(_)) => self.beat(),
            Ok(Event::Init | Event::InitApply(_)) | Err(_) => {}
        }
    }

    fn beat(&self) {
        self.state().last_sign = Instant::now();
    }

    fn problem(&self, stale_after: Duration) -> Option<String> {
        let state = self.state();
        let silent = state.last_sign.elapsed();
        if silent >= stale_after {
            return Some(format!("{}: no sign of life for {} s", state.name, silent.as_secs()));
        }
        (!state.listed).then(|| format!("{}: not listed yet", state.name))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_watch(uri: &http::Uri) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "watch=true"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client of an API server that answers everything with `status`.
    fn answering(status: u16) -> Client {
        let service = service_fn(move |_: http::Request<Body>| async move {
            let mut response = http::Response::new(Body::empty());
            *response.status_mut() = http::StatusCode::from_u16(status)?;
            Ok::<_, BoxError>(response)
        });
        Client::new(service, "default")
    }

    async fn ask(pulse: &Pulse, status: u16, uri: &str) {
        let request = http::Request::get(uri).body(Body::empty()).unwrap();
        pulse.client(&answering(status)).send(request).await.unwrap();
    }

    #[tokio::test]
    async fn only_an_accepted_watch_is_a_sign_of_life() {
        let health = WatchHealth::new(Duration::ZERO);
        let pulse = health.expect("talknotes", Some("north"));
        let seen = || pulse.state().last_sign;
        let start = seen();
        ask(&pulse, 200, "/apis/talknotes.dev/v1alpha1/talknotes?limit=500").await;
        ask(&pulse, 500, "/apis/talknotes.dev/v1alpha1/talknotes?watch=true").await;
        pulse.note::<()>(&Ok(Event::Init));
        pulse.note::<()>(&Err(watcher::Error::NoResourceVersion));
        assert_eq!(seen(), start);
        ask(&pulse, 200, "/apis/talknotes.dev/v1alpha1/talknotes?&watch=true&x=y").await;
        assert!(seen() > start);
    }

    #[test]
    fn a_watch_is_a_problem_until_it_has_listed_and_when_it_is_stale() {
        let health = WatchHealth::new(Duration::from_secs(90));
        let north = health.expect("talknotes", Some("north"));
        let south = health.expect("talknotes", Some("south"));
        north.note::<()>(&Ok(Event::InitDone));
        assert_eq!(health.problems(), ["talknotes in south: not listed yet"]);
        south.note::<()>(&Ok(Event::InitDone));
        assert!(health.problems().is_empty());
        let stale = WatchHealth { stale_after: Duration::ZERO, ..health.clone() };
        assert_eq!(stale.problems().len(), 2, "{:?}", stale.problems());
        health.forget(&south);
        assert_eq!(stale.problems().len(), 1, "{:?}", stale.problems());
        assert_eq!(health.config().timeout, Some(60));
        assert_eq!(health.config().page_size, Some(LIST_PAGE));
    }
}
