//! Asking GitHub's API.

use std::io::Read as _;

use reqwest::blocking::{Client, RequestBuilder};
use serde_json::Value;

use crate::git::deadline::Deadline;
use crate::git::text::one_line;
use crate::git::{GitError, status};

/// Largest answer that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// A visit to the API.
pub(super) struct Api {
    pub(super) client: Client,
    pub(super) claim: String,
    pub(super) deadline: Deadline,
}

impl Api {
    /// What it says, or the status with which it refuses.
    pub(super) fn send(&self, request: RequestBuilder) -> Result<Result<Value, u16>, GitError> {
        let timeout = self.deadline.timeout();
        let request = request
            .bearer_auth(&self.claim)
            .header("accept", "application/vnd.github+json")
            .header("user-agent", "talknotes")
            .timeout(self.deadline.remaining()?);
        let response = request.send().map_err(|error| status::of_failure(&error, timeout))?;
        let response = status::unless_away(response, "GitHub's API")?;
        let code = response.status().as_u16();
        if !matches!(code, 200 | 201) {
            return Ok(Err(code));
        }
        let mut body = Vec::new();
        let read = response.take(LARGEST).read_to_end(&mut body);
        read.map_err(|error| status::of_broken_answer(&error, timeout))?;
        let unread = |error: serde_json::Error| {
            GitError::GitHubAppRefused(format!(
                "its answer is no JSON: {}",
                one_line(&error.to_string())
            ))
        };
        Ok(Ok(serde_json::from_slice(&body).map_err(unread)?))
    }
}

/// Why GitHub refuses, with what to do. `whose` is the installation that was asked for.
pub(super) fn refused(status: u16, whose: &str) -> GitError {
    GitError::GitHubAppRefused(match status {
        401 => "it does not know the app (status 401): check githubAppID and githubAppPrivateKey, and the clock"
            .to_owned(),
        404 => format!(
            "the app has no installation for {whose} (status 404): install it there, or check the Secret"
        ),
        403 | 422 => format!(
            "the app may not do this (status {status}): let it read contents, and write commit statuses where \
             spec.commitStatus is set"
        ),
        _ => format!("status {status}"),
    })
}
