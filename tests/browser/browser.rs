//! A browser as the tests use it.

use std::panic::{AssertUnwindSafe, resume_unwind};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use futures::FutureExt;
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::driver;
use crate::support::Result;
use crate::support::child::Child;
use crate::support::scratch::Scratch;
use crate::support::wait::{self, DEADLINE, Look};

/// Chromium with one window. It ends with the value.
pub struct Browser {
    client: Client,
    driver: Child,
    _folder: Scratch,
}

/// Runs `test` with a browser, where there is one.
///
/// # Errors
/// Those of the test, or why there is no browser.
pub async fn with_browser(test: impl AsyncFnOnce(&Browser) -> Result) -> Result {
    if !driver::is_installed()? {
        return Ok(());
    }
    let browser = Browser::start().await?;
    let outcome = AssertUnwindSafe(test(&browser)).catch_unwind().await;
    let ended = browser.end().await;
    outcome.unwrap_or_else(|panic| resume_unwind(panic)).and(ended)
}

impl Browser {
    async fn start() -> Result<Self> {
        let folder = Scratch::new()?;
        let (driver, address) = driver::start(folder.path()).await?;
        let Value::Object(capabilities) = driver::capabilities(folder.path()) else {
            return Err("capabilities are an object".into());
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&address)
            .await
            .map_err(|error| driver.failure(&format!("has no browser: {error}")))?;
        Ok(Self { client, driver, _folder: folder })
    }

    /// Ends it in good order, so that Chromium writes no file into a folder that is being removed.
    async fn end(mut self) -> Result {
        self.client.close().await?;
        self.driver.stop().await?;
        Ok(())
    }

    /// Opens `url` and waits until it is loaded.
    pub async fn open(&self, url: &str) -> Result {
        Ok(self.client.goto(url).await?)
    }

    /// What the body of a function, `script`, returns.
    pub async fn run<T: DeserializeOwned>(&self, script: &str) -> Result<T> {
        self.run_with(script, Vec::new()).await
    }

    /// Like [`Self::run`], with `arguments`.
    pub async fn run_with<T: DeserializeOwned>(
        &self,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<T> {
        Ok(serde_json::from_value(self.client.execute(script, arguments).await?)?)
    }

    /// Runs `script` until it calls `done`.
    pub async fn run_async(&self, script: &str) -> Result {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.client.execute_async(&script, Vec::new()).await?;
        Ok(())
    }

    /// Waits until the expression `condition` is true in the page.
    pub async fn wait_for(&self, condition: &str) -> Result {
        wait::until(condition, DEADLINE, async || {
            let script = format!("return [!!({condition}), document.body.innerText]");
            let (holds, text): (bool, String) = self.run(&script).await?;
            Ok(Look::at(holds, || text))
        })
        .await
    }

    /// Presses Tab `times` times.
    pub async fn tab(&self, times: usize) -> Result {
        self.press(Key::Tab, times).await
    }

    /// Presses `key` `times` times.
    pub async fn press(&self, key: Key, times: usize) -> Result {
        let value = char::from(key);
        let actions = (0..times).fold(KeyActions::new("keyboard".to_owned()), |actions, _| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        Ok(self.client.perform_actions(actions).await?)
    }

    /// The window as a PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        Ok(self.client.screenshot().await?)
    }

    /// A command of the Chrome DevTools Protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": parameters });
        Ok(self.client.issue_cmd(Extension { path: "goog/cdp/execute", body }).await?)
    }

    /// What came to the log `kind` (`browser`, `performance`) since it was last read.
    pub async fn log(&self, kind: &str) -> Result<Vec<String>> {
        let command = Extension { path: "se/log", body: json!({ "type": kind }) };
        let entries = self.client.issue_cmd(command).await?;
        let message = |entry: &Value| entry["message"].as_str().map(str::to_owned);
        Ok(entries.as_array().into_iter().flatten().filter_map(message).collect())
    }

    /// The addresses of all requests since this was last asked, blocked ones too.
    pub async fn requests(&self) -> Result<Vec<String>> {
        let mut urls = Vec::new();
        for entry in self.log("performance").await? {
            let event: Value = serde_json::from_str(&entry)?;
            let event = &event["message"];
            if event["method"] == "Network.requestWillBeSent" {
                urls.extend(event["params"]["request"]["url"].as_str().map(str::to_owned));
            }
        }
        Ok(urls)
    }
}

/// A command of chromedriver's own.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
