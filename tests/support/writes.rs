//! The API server's own count of writes.

use std::collections::BTreeMap;

use kube::Client;

use super::Result;

const KINDS: [&str; 8] = [
    "configmaps",
    "talknotes",
    "summits",
    "noterepositories",
    "viewers",
    "deployments",
    "services",
    "events",
];
const WRITES: [&str; 5] = ["POST", "PUT", "PATCH", "DELETE", "APPLY"];

/// Number of writes so far, by anybody, to what the operator writes to: by verb and resource, such as
/// `APPLY configmaps`.
///
/// # Errors
/// Where the API server does not tell.
pub async fn count(client: &Client) -> Result<BTreeMap<String, u64>> {
    let request = http::Request::get("/metrics").body(Vec::new())?;
    let text = client.request_text(request).await?;
    let mut counts = BTreeMap::new();
    for line in text.lines() {
        let Some(labels) = line.strip_prefix("apiserver_request_total{") else { continue };
        let (labels, count) = labels.rsplit_once("} ").ok_or("a metric without a value")?;
        let label = |name: &str| {
            let (_, rest) = labels.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value)
        };
        let (Some(verb), Some(kind)) = (label("verb"), label("resource")) else { continue };
        if WRITES.contains(&verb) && KINDS.contains(&kind) {
            let count: f64 = count.parse()?;
            *counts.entry(format!("{verb} {kind}")).or_default() += count as u64;
        }
    }
    Ok(counts)
}
