//! The controller's own HTTP server: `/healthz`, `/readyz` and `/metrics`.

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use super::metrics::{CONTENT_TYPE, Metrics};

/// Routes of the probes. `problems` says what keeps the process from being ready.
pub fn router(
    metrics: Arc<Metrics>,
    problems: impl Fn() -> Vec<String> + Clone + Send + Sync + 'static,
) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(move || async move { readiness(&problems()) }))
        .merge(exposition(move || metrics.encode()))
}

/// The route of metrics.
pub fn exposition(
    encode: impl Fn() -> Result<String, std::fmt::Error> + Clone + Send + Sync + 'static,
) -> Router {
    Router::new().route("/metrics", get(move || async move { answer(encode()) }))
}

fn readiness(problems: &[String]) -> (StatusCode, String) {
    if problems.is_empty() {
        (StatusCode::OK, "ok\n".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, problems.join("\n") + "\n")
    }
}

fn answer(text: Result<String, std::fmt::Error>) -> axum::response::Response {
    match text {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
