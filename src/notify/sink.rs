//! Telling a sink, once.

use reqwest::{Client, StatusCode, Url};

use super::event::{CloudEvent, MEDIA_TYPE};
use super::send::{builder, innermost, later};
use super::{Failure, SigningKey};

/// A client for sinks: as that for forges, and over http, too, since receivers in a cluster seldom have
/// certificates. `authority` (PEM) is trusted besides the system's.
///
/// # Errors
/// Where the authority cannot be read.
pub fn sink_client(authority: Option<&[u8]>) -> Result<Client, String> {
    builder(authority)?.build().map_err(|_| "no client of HTTP can be made".to_owned())
}

/// The address of a sink.
///
/// # Errors
/// Why it is none.
pub fn sink_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("url is no address: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("url has to begin with https:// or http://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("url has no place for credentials: events are signed by the Secret".to_owned());
    }
    Ok(url)
}

/// Tells the sink at `url` of `event`, at `seconds` after 1970.
///
/// # Errors
/// Why it may not have heard. What it answered is not quoted: whoever names an address is not to read what is
/// behind it.
pub async fn deliver(
    client: &Client,
    url: &Url,
    key: &SigningKey,
    event: &CloudEvent,
    seconds: i64,
) -> Result<(), Failure> {
    let body = event.body();
    let signature = key.sign(&event.id, seconds, &body);
    let signature = signature.ok_or_else(|| Failure::Refused("it cannot be signed".to_owned()))?;
    let request = client
        .post(url.clone())
        .header("content-type", MEDIA_TYPE)
        .header("webhook-id", &event.id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signature)
        .body(body);
    let answer = request.send().await;
    let answer = answer.map_err(|error| {
        Failure::Later(format!("it cannot be reached: {}", innermost(&error)), None)
    })?;
    let status = answer.status();
    let text = format!("it answers with status {}", status.as_u16());
    match status {
        _ if status.is_success() => Ok(()),
        _ if status.is_redirection() => {
            Err(Failure::Refused(format!("{text}: name the address that it leads to")))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
            Err(Failure::Later(text, later(&answer)))
        }
        _ if status.is_server_error() => Err(Failure::Later(text, later(&answer))),
        _ => Err(Failure::Refused(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_the_web_and_holds_no_credentials() {
        assert!(sink_url("https://sink.example/notes?x=1").is_ok());
        assert!(sink_url("http://broker.events.svc/notes").is_ok());
        for wrong in ["ftp://sink.example", "https://anna:secret@sink.example", "https://", "sink"]
        {
            let error = sink_url(wrong).unwrap_err();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
