//! The API server's audit log: who asked for what, and what was the answer.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;

use super::Result;

/// The log of an API server.
#[derive(Clone, Debug)]
pub struct Audit {
    log: PathBuf,
    /// When the API server was there and not ready: it refuses then what its rules, which it has not
    /// loaded yet, allow.
    starting: Vec<Range<Timestamp>>,
}

/// A request that was answered. Watches appear when they end.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// get, list, watch, create, update, patch, delete or deletecollection.
    pub verb: String,
    /// Path and query.
    #[serde(rename = "requestURI")]
    pub uri: String,
    /// When.
    #[serde(rename = "requestReceivedTimestamp")]
    pub received: Timestamp,
    /// Who asked.
    pub user: User,
    /// What was asked for.
    #[serde(default)]
    pub object_ref: ObjectRef,
    /// What was answered.
    #[serde(default)]
    pub response_status: ResponseStatus,
}

/// Who asked.
#[derive(Clone, Debug, Deserialize)]
pub struct User {
    /// Such as system:serviceaccount:talknotes-system:talknotes-controller.
    pub username: String,
    /// More about the user, such as the id of the token.
    #[serde(default)]
    pub extra: BTreeMap<String, Vec<String>>,
}

impl User {
    /// Whether the token with the id `credential` was shown.
    pub fn has_credential(&self, credential: &str) -> bool {
        let ids = self.extra.get("authentication.kubernetes.io/credential-id");
        ids.is_some_and(|ids| ids.iter().any(|id| id == credential))
    }
}

/// What was asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ObjectRef {
    /// Such as configmaps.
    pub resource: String,
    /// Empty for objects of the whole cluster and for lists over all namespaces.
    pub namespace: String,
    /// Empty for lists.
    pub name: String,
    /// Such as status.
    pub subresource: String,
}

/// What was answered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ResponseStatus {
    /// HTTP status code.
    pub code: u16,
    /// The API server's words where it refused.
    pub message: String,
}

impl Request {
    /// Whether it asked for a change.
    pub fn is_write(&self) -> bool {
        ["create", "update", "patch", "delete", "deletecollection"].contains(&self.verb.as_str())
    }
}

impl Audit {
    /// The log in the file `log` of an API server that was started again at the times `starting`.
    pub fn new(log: &Path, starting: Vec<Range<Timestamp>>) -> Self {
        Self { log: log.to_owned(), starting }
    }

    /// The requests so far for which `wanted` is true.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub fn requests(&self, wanted: impl Fn(&Request) -> bool) -> Result<Vec<Request>> {
        self.requests_with("", wanted)
    }

    /// The same of lines that hold `text`: most of a long log need not be understood then.
    fn requests_with(&self, text: &str, wanted: impl Fn(&Request) -> bool) -> Result<Vec<Request>> {
        let mut requests = Vec::new();
        for line in BufReader::new(File::open(&self.log)?).lines() {
            let line = line?;
            if !line.contains(text) {
                continue;
            }
            match serde_json::from_str::<Request>(&line) {
                Ok(request) if wanted(&request) => requests.push(request),
                Ok(_) => {}
                // The line that is being written at this moment.
                Err(error) if error.is_eof() => {}
                Err(error) => return Err(format!("{error} in the audit log: {line}").into()),
            }
        }
        Ok(requests)
    }

    /// What `user` changed, or tried to change, in `namespace`.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub fn writes(&self, user: &str, namespace: &str) -> Result<Vec<Request>> {
        self.requests(|request| {
            request.is_write()
                && request.user.username == user
                && request.object_ref.namespace == namespace
        })
    }

    /// Fails where `user` was refused something in `namespace` or in the cluster as a whole, other than by
    /// an API server that was not ready.
    ///
    /// # Errors
    /// With every refused request.
    pub fn assert_no_forbidden(&self, user: &str, namespace: &str) -> Result {
        let refused = self.requests_with(":403", |request| {
            let place = &request.object_ref.namespace;
            request.response_status.code == 403
                && request.user.username == user
                && (place.is_empty() || place == namespace)
                && !self.starting.iter().any(|time| time.contains(&request.received))
        })?;
        if refused.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = refused.iter().map(describe).collect();
        Err(format!("{user} was refused, so the RBAC lacks something:\n{}", lines.join("\n"))
            .into())
    }
}

fn describe(request: &Request) -> String {
    format!("{} {}: {}", request.verb, request.uri, request.response_status.message)
}
