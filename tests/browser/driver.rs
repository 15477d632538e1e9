//! chromedriver as a process, and how to get it.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::Result;
use crate::support::child::Child;
use crate::support::wait::{self, DEADLINE, Look};

/// What Debian's packages install.
const PROGRAMS: [&str; 2] = ["chromium", "chromedriver"];

/// Whether there is a browser. Without one the tests are skipped with advice.
///
/// # Errors
/// Where it is missing and `CI` is `true`: there nobody reads the advice.
pub fn is_installed() -> Result<bool> {
    are_installed(&PROGRAMS, "chromium chromium-driver")
}

/// Whether `programs` are there, which Debian's `packages` install.
///
/// # Errors
/// As [`is_installed`].
pub fn are_installed(programs: &[&str], packages: &str) -> Result<bool> {
    let path = env::var_os("PATH").unwrap_or_default();
    let is_missing = |program: &&str| !env::split_paths(&path).any(|at| at.join(program).is_file());
    let missing: Vec<&str> = programs.iter().copied().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(true);
    }
    let advice = format!(
        "{} missing: install it (Debian: apt-get install {packages})",
        missing.join(" and ")
    );
    if env::var("CI").is_ok_and(|ci| ci == "true") {
        return Err(advice.into());
    }
    println!("skipped, {advice}");
    Ok(false)
}

/// Starts chromedriver on a free port and gives its address.
///
/// # Errors
/// Where it does not say in time that it listens.
pub async fn start(folder: &Path) -> Result<(Child, String)> {
    let log = folder.join("chromedriver.log");
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").env("HOME", folder).env("TMPDIR", folder);
    let mut child = Child::spawn(&command, &log)?;
    let port = wait::until("chromedriver to say its port", DEADLINE, async || {
        child.check_running()?;
        let text = fs::read_to_string(&log).unwrap_or_default();
        let said = text.split_once("started successfully on port ");
        Ok(match said.and_then(|(_, rest)| rest.split_once('.')) {
            Some((port, _)) => Look::Met(port.to_owned()),
            None => Look::NotYet(text),
        })
    })
    .await?;
    Ok((child, format!("http://127.0.0.1:{port}")))
}

/// A Chromium with an empty profile that reaches nothing but loopback, and ends with its driver: the
/// pipe between them is all that keeps it.
pub fn capabilities(folder: &Path) -> Value {
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let mut arguments = vec![
        "--headless=new",
        "--remote-debugging-pipe",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        &profile,
    ];
    if is_root() {
        arguments.push("--no-sandbox");
    }
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    })
}

/// Chromium's sandbox refuses root.
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
