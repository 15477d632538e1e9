//! A reader of the viewer's pages: plain HTTP and server-sent events.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode};

use super::wait::{self, DEADLINE, Look};
use super::{Result, install_crypto};

/// A reader of the pages at one address.
pub struct Reader {
    http: Client,
    base: String,
}

impl Reader {
    /// A reader of what `address` (host and port) serves.
    ///
    /// # Errors
    /// Where no client can be made.
    pub fn new(address: &str) -> Result<Self> {
        install_crypto();
        // No limit for a whole answer: a stream of events has no end.
        let http = Client::builder().connect_timeout(Duration::from_secs(10)).build()?;
        Ok(Self { http, base: format!("http://{address}") })
    }

    /// Status and text of the page at `path`.
    ///
    /// # Errors
    /// Where the server cannot be reached.
    pub async fn get(&self, path: &str) -> Result<(StatusCode, String)> {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await?;
        Ok((answer.status(), answer.text().await?))
    }

    /// Waits until the page at `path` is there and `holds` is true of its text, and returns that.
    ///
    /// # Errors
    /// Past the deadline, with the page as it is then.
    pub async fn wait_for(
        &self,
        path: &str,
        what: &str,
        holds: impl Fn(&str) -> bool,
    ) -> Result<String> {
        wait::until(&format!("{path}: {what}"), DEADLINE, async || {
            let (status, text) = self.get(path).await?;
            Ok(if status.is_success() && holds(&text) {
                Look::Met(text)
            } else {
                Look::NotYet(format!("{status}\n{text}"))
            })
        })
        .await
    }

    /// Opens the stream of events at `path`.
    ///
    /// # Errors
    /// Where the server does not answer with one.
    pub async fn events(&self, path: &str) -> Result<Events> {
        let request = self.http.get(format!("{}{path}", self.base));
        let answer = request.header("accept", "text/event-stream").send().await?;
        let answer = answer.error_for_status()?;
        Ok(Events { answer, received: String::new() })
    }
}

/// An open stream of server-sent events.
pub struct Events {
    answer: Response,
    received: String,
}

impl Events {
    /// Waits for an event of the name `name` and returns its lines.
    ///
    /// # Errors
    /// Past the deadline or at the end of the stream, with what came until then.
    pub async fn wait_for(&mut self, name: &str) -> Result<String> {
        match tokio::time::timeout(DEADLINE, self.next_of(name)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("no event `{name}`; other lines: {}", self.received).into()),
        }
    }

    async fn next_of(&mut self, name: &str) -> Result<String> {
        let line = format!("event: {name}");
        loop {
            while let Some((event, rest)) = self.received.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.received = rest;
                if event.lines().any(|found| found.trim_end() == line) {
                    return Ok(event);
                }
            }
            let Some(bytes) = self.answer.chunk().await? else {
                return Err(format!("the stream ended without an event `{name}`").into());
            };
            self.received.push_str(&String::from_utf8_lossy(&bytes).replace('\r', ""));
        }
    }
}
