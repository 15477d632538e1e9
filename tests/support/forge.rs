//! What git servers send when somebody pushed, as GitHub and GitLab do it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Result;

/// An answer to a report.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub text: String,
}

/// A body like GitHub's for a push to `reference`.
pub fn pushed(reference: &str) -> Value {
    json!({ "ref": reference, "repository": { "default_branch": "main" }, "commits": [] })
}

/// Reports as GitHub does, signed with `token`.
///
/// # Errors
/// Where nobody answers.
pub async fn github(url: &str, token: &str, body: &Value) -> Result<Answer> {
    let body = body.to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes())?;
    mac.update(body.as_bytes());
    let digits: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let signature = format!("sha256={digits}");
    send(url, &[("x-github-event", "push"), ("x-hub-signature-256", &signature)], body).await
}

/// Reports as GitLab does.
///
/// # Errors
/// Where nobody answers.
pub async fn gitlab(url: &str, token: &str, body: &Value) -> Result<Answer> {
    let headers = [("x-gitlab-event", "Push Hook"), ("x-gitlab-token", token)];
    send(url, &headers, body.to_string()).await
}

/// Sends a report.
///
/// # Errors
/// Where nobody answers.
pub async fn send(url: &str, headers: &[(&str, &str)], body: String) -> Result<Answer> {
    super::install_crypto();
    let mut request = reqwest::Client::new().post(url).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.timeout(std::time::Duration::from_secs(30)).send().await?;
    Ok(Answer { status: answer.status().as_u16(), text: answer.text().await? })
}
