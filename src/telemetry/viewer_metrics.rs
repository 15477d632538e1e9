//! Counters and timings of the viewer in the OpenMetrics text format. docs/metrics.md has all of them.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    route: &'static str,
    code: &'static str,
}

/// What the site holds, when it is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Holdings {
    /// Number of notes.
    pub notes: usize,
    /// Number of summits.
    pub summits: usize,
    /// Whether it is ready for readers.
    pub ready: bool,
}

/// All metrics of a viewer. Labels have few values: no address and no reader is in any of them.
pub struct ViewerMetrics {
    registry: Registry,
    answers: Family<Answered, Histogram>,
    under_way: Gauge,
    notes: Gauge,
    summits: Gauge,
    ready: Gauge,
    holdings: Box<dyn Fn() -> Holdings + Send + Sync>,
}

fn answer_time() -> Histogram {
    Histogram::new(exponential_buckets(0.0005, 4.0, 8))
}

impl ViewerMetrics {
    /// Those of a viewer that has `holdings`.
    pub fn new(holdings: impl Fn() -> Holdings + Send + Sync + 'static) -> Self {
        let mut registry = Registry::with_prefix("talknotes");
        let answers: Family<Answered, Histogram> = Family::new_with_constructor(answer_time);
        let help = "Time until an answer begins, by route and class of its status";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, answers.clone());
        let mut gauge = |name: &str, help: &str| {
            let gauge = Gauge::<i64>::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let under_way = gauge("http_requests_in_progress", "Requests whose answer has not begun");
        let notes = gauge("viewer_notes", "Notes that the site holds");
        let summits = gauge("viewer_summits", "Summits that the site holds");
        let ready = gauge("viewer_ready", "Whether the viewer is ready for readers");
        Self { registry, answers, under_way, notes, summits, ready, holdings: Box::new(holdings) }
    }

    /// All metrics as text.
    ///
    /// # Errors
    /// Where a metric cannot be written, which would be a fault of ours.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let Holdings { notes, summits, ready } = (self.holdings)();
        self.notes.set(i64::try_from(notes).unwrap_or(i64::MAX));
        self.summits.set(i64::try_from(summits).unwrap_or(i64::MAX));
        self.ready.set(i64::from(ready));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// Each metric with a value.
    #[cfg(test)]
    pub fn sample() -> String {
        let metrics = Self::new(|| Holdings { notes: 1, summits: 1, ready: true });
        let answered = Answered { route: "note", code: "2xx" };
        metrics.answers.get_or_create(&answered).observe(0.001);
        metrics.encode().unwrap()
    }
}

/// Measures a request. It is a layer of the router that has the routes.
pub async fn observe(
    State(metrics): State<Arc<ViewerMetrics>>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route_name(route.map(MatchedPath::as_str));
    let start = Instant::now();
    let under_way = InProgress::new(metrics.under_way.clone());
    let response = next.run(request).await;
    drop(under_way);
    let answered = Answered { route, code: class(response.status().as_u16()) };
    metrics.answers.get_or_create(&answered).observe(start.elapsed().as_secs_f64());
    response
}

/// A request that is under way. Its reader may leave at any time.
struct InProgress(Gauge);

impl InProgress {
    fn new(gauge: Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A few names for many addresses.
fn route_name(path: Option<&str>) -> &'static str {
    let Some(path) = path else { return "other" };
    match path.trim_end_matches('/') {
        "" => "home",
        "/search" => "search",
        "/{namespace}/{summit}" => "summit",
        "/{namespace}/{summit}/{note}" => "note",
        "/{namespace}/{summit}/{note}/{file}" => "file",
        "/-/events" => "events",
        path if path.starts_with("/-/assets/") => "asset",
        "/healthz" | "/readyz" => "probe",
        _ => "other",
    }
}

fn class(code: u16) -> &'static str {
    match code {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn requests_are_counted_by_route_and_class_and_by_nothing_else() {
        let metrics = Arc::new(ViewerMetrics::new(Holdings::default));
        let router = Router::new()
            .route("/{namespace}/{summit}/{note}", get(async || "page"))
            .fallback(async || axum::http::StatusCode::NOT_FOUND)
            .layer(from_fn_with_state(metrics.clone(), observe));
        for path in ["/north/harbour/secret", "/odd"] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            router.clone().oneshot(request).await.unwrap();
        }
        let text = metrics.encode().unwrap();
        let count = "talknotes_http_request_duration_seconds_count";
        assert!(text.contains(&format!(r#"{count}{{route="note",code="2xx"}} 1"#)), "{text}");
        assert!(text.contains(&format!(r#"{count}{{route="other",code="4xx"}} 1"#)), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
