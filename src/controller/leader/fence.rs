//! Keeps the writes of a replica that does not lead from the API server.

use std::sync::Arc;

use kube::Client;
use kube::client::Body;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::task::TaskTracker;
use tower::service_fn;

/// Lets writes pass until a moment of the local clock. Closed at first.
///
/// What counts is the time here and not what the API server says: a process that was stopped for a
/// while, or cut off, finds its fence closed without asking anybody.
#[derive(Clone)]
pub struct Fence {
    until: Arc<watch::Sender<Option<Instant>>>,
    under_way: TaskTracker,
}

/// Why a write was not sent.
#[derive(Debug, thiserror::Error)]
#[error("this replica does not lead, and so writes nothing")]
pub struct NotLeading;

impl Fence {
    pub fn closed() -> Self {
        Self { until: Arc::new(watch::Sender::new(None)), under_way: TaskTracker::new() }
    }

    /// Lets writes pass until `deadline`.
    pub fn open_until(&self, deadline: Instant) {
        self.until.send_replace(Some(deadline));
    }

    /// Lets no write pass from now on.
    pub fn close(&self) {
        self.until.send_replace(None);
    }

    pub fn is_open(&self) -> bool {
        self.until.borrow().is_some_and(|deadline| Instant::now() < deadline)
    }

    /// Waits until writes no longer pass.
    pub async fn shut(&self) {
        let mut until = self.until.subscribe();
        loop {
            let deadline = *until.borrow_and_update();
            let Some(deadline) = deadline.filter(|deadline| Instant::now() < *deadline) else {
                return;
            };
            tokio::select! {
                () = sleep_until(deadline) => {}
                _ = until.changed() => {}
            }
        }
    }

    /// Waits until no write is under way. For after [`Self::close`].
    pub async fn drained(&self) {
        self.under_way.close();
        self.under_way.wait().await;
    }

    /// A client whose writes pass only while the fence is open; those under way are given up when it
    /// shuts. Reads always pass.
    pub fn guard(&self, client: &Client) -> Client {
        let (fence, inner) = (self.clone(), client.clone());
        let service = service_fn(move |request: http::Request<Body>| {
            let (fence, inner) = (fence.clone(), inner.clone());
            async move {
                if request.method().is_safe() {
                    return inner.send(request).await.map_err(Into::into);
                }
                let send = fence.under_way.track_future(inner.send(request));
                tokio::select! {
                    // First: it is asked before each attempt to send.
                    biased;
                    () = fence.shut() => Err(tower::BoxError::from(NotLeading)),
                    answer = send => answer.map_err(Into::into),
                }
            }
        });
        Client::new(service, client.default_namespace())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// A client that counts what reaches the API server and never gets an answer to a DELETE.
    fn counting(sent: &Arc<AtomicUsize>) -> Client {
        let sent = sent.clone();
        let service = service_fn(move |request: http::Request<Body>| {
            sent.fetch_add(1, Ordering::SeqCst);
            async move {
                if request.method() == http::Method::DELETE {
                    std::future::pending::<()>().await;
                }
                Ok::<_, tower::BoxError>(http::Response::new(Body::empty()))
            }
        });
        Client::new(service, "default")
    }

    fn request(method: http::Method) -> http::Request<Body> {
        let mut request = http::Request::new(Body::empty());
        *request.method_mut() = method;
        request
    }

    #[tokio::test]
    async fn only_reads_pass_a_closed_fence() {
        let sent = Arc::new(AtomicUsize::new(0));
        let fence = Fence::closed();
        let client = fence.guard(&counting(&sent));
        client.send(request(http::Method::GET)).await.unwrap();
        let error = client.send(request(http::Method::PATCH)).await.unwrap_err();
        assert!(format!("{error:?}").contains("NotLeading"), "{error:?}");
        assert_eq!(sent.load(Ordering::SeqCst), 1);
        fence.open_until(Instant::now() + Duration::from_secs(60));
        client.send(request(http::Method::PATCH)).await.unwrap();
        assert_eq!(sent.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_write_under_way_is_given_up_when_the_fence_shuts() {
        let sent = Arc::new(AtomicUsize::new(0));
        let fence = Fence::closed();
        fence.open_until(Instant::now() + Duration::from_secs(60));
        let client = fence.guard(&counting(&sent));
        let write = tokio::spawn(async move { client.send(request(http::Method::DELETE)).await });
        while sent.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        fence.close();
        write.await.unwrap().unwrap_err();
        fence.drained().await;
        assert!(!fence.is_open());
    }

    #[tokio::test]
    async fn a_deadline_that_has_passed_shuts_the_fence_until_it_is_moved() {
        let fence = Fence::closed();
        fence.open_until(Instant::now());
        fence.shut().await;
        assert!(!fence.is_open());
        fence.open_until(Instant::now() + Duration::from_secs(60));
        assert!(fence.is_open());
    }
}
