//! Handing a report to the replica that acts, as it came: that one checks it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};

/// Says that a report was handed on: it is not handed on again.
pub(super) const FORWARDED: &str = "x-talknotes-forwarded";
/// How long the other replica may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// What belongs to a connection and not to a report.
const OF_CONNECTION: [&str; 4] = ["host", "content-length", "connection", "transfer-encoding"];

/// A client that goes to addresses of replicas and nowhere else.
pub(super) fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
}

/// What the replica at `address` says.
pub(super) async fn send(
    client: &reqwest::Client,
    address: SocketAddr,
    path: &str,
    headers: &HeaderMap,
    body: Bytes,
) -> reqwest::Result<(StatusCode, String)> {
    let mut headers = headers.clone();
    for name in OF_CONNECTION {
        headers.remove(name);
    }
    headers.insert(FORWARDED, axum::http::HeaderValue::from_static("1"));
    let request = client.post(format!("http://{address}{path}")).headers(headers).body(body);
    let answer = request.send().await?;
    let status = answer.status();
    Ok((status, answer.text().await?))
}
