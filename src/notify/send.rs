//! Telling a forge, once.

use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, Response};

use super::{Forge, ForgeKind, Report};

/// How long a forge may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest wait that a forge may ask for.
const LONGEST_WAIT: u64 = 3600;
/// Most that is read of what a forge says to a refusal, in bytes.
const LARGEST: usize = 64 << 10;
/// Most that is shown of it, in characters.
const SHOWN: usize = 200;

/// Why a forge was not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may be told later; where it says so, after a wait.
    Later(String, Option<Duration>),
    /// Somebody has to change something.
    Refused(String),
}

/// A client that goes where it is told and nowhere else. `authority` (PEM) is trusted besides the
/// system's.
///
/// # Errors
/// Where the authority cannot be read.
pub fn client(authority: Option<&[u8]>) -> Result<Client, String> {
    let client = builder(authority)?.https_only(true).build();
    client.map_err(|_| "no client of HTTP can be made".to_owned())
}

/// What all clients have in common.
pub(super) fn builder(authority: Option<&[u8]>) -> Result<ClientBuilder, String> {
    let mut builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .user_agent("talknotes");
    if let Some(pem) = authority {
        let certificates = Certificate::from_pem_bundle(pem);
        let certificates = certificates.map_err(|_| "ca.crt is no list of PEM certificates")?;
        builder = builder.tls_certs_merge(certificates);
    }
    Ok(builder)
}

/// Tells `forge` of `report`.
///
/// # Errors
/// Why it does not know yet, without the token.
pub async fn send(
    client: &Client,
    forge: &Forge,
    token: &str,
    report: &Report,
) -> Result<(), Failure> {
    let url = forge.states(&report.commit);
    let url = url.ok_or_else(|| Failure::Refused("its API has no paths".to_owned()))?;
    let body = report.body(forge.kind).to_string();
    let request = client.post(url).header("content-type", "application/json").body(body);
    let request = match forge.kind {
        ForgeKind::GitHub => {
            request.bearer_auth(token).header("accept", "application/vnd.github+json")
        }
        ForgeKind::GitLab => request.header("private-token", token),
        ForgeKind::Gitea => request.header("authorization", format!("token {token}")),
    };
    match request.send().await {
        Ok(response) => judge(response, forge.kind).await,
        // What it says of the cause quotes the address, and no more.
        Err(error) if error.is_builder() => {
            Err(Failure::Refused("the token cannot be sent over HTTP".to_owned()))
        }
        Err(error) => {
            Err(Failure::Later(format!("it cannot be reached: {}", innermost(&error)), None))
        }
    }
}

async fn judge(response: Response, kind: ForgeKind) -> Result<(), Failure> {
    let status = response.status().as_u16();
    if response.status().is_success() {
        return Ok(());
    }
    let wait = later(&response);
    let is_limit = number(&response, "x-ratelimit-remaining") == Some(0);
    let said = said(response).await;
    let text = format!("it answers with status {status}: {said}");
    match status {
        // GitLab refuses to be told what it knows.
        400 if kind == ForgeKind::GitLab && said.contains("Cannot transition status") => Ok(()),
        408 | 429 | 500.. => Err(Failure::Later(text, wait)),
        403 if is_limit || wait.is_some() => Err(Failure::Later(text, wait)),
        _ => Err(Failure::Refused(text)),
    }
}

fn number(response: &Response, header: &str) -> Option<u64> {
    response.headers().get(header)?.to_str().ok()?.trim().parse().ok()
}

/// When it wants to be asked again.
pub(super) fn later(response: &Response) -> Option<Duration> {
    let seconds = number(response, "retry-after")?;
    Some(Duration::from_secs(seconds.min(LONGEST_WAIT)))
}

async fn said(mut response: Response) -> String {
    let mut body = Vec::new();
    while let Ok(Some(more)) = response.chunk().await {
        body.extend_from_slice(&more);
        if body.len() > LARGEST {
            break;
        }
    }
    let text = String::from_utf8_lossy(&body);
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.take(SHOWN).collect()
}

pub(super) fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string().chars().filter(|c| !c.is_control()).take(SHOWN).collect()
}
