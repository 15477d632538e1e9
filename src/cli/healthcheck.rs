//! `talknotes healthcheck`.

use std::time::Duration;

use clap::Args;

use super::Failure;

/// The part of an answer that an error shows, in characters.
const SHOWN: usize = 500;

#[derive(Args)]
#[command(after_help = "\
The image has no shell and no curl: this is for health checks and tests inside of it.

Examples:
  talknotes healthcheck http://localhost:8081/readyz
  docker run --health-cmd '/talknotes healthcheck http://localhost:8080/healthz' …")]
pub(super) struct Arguments {
    /// URL to ask, such as http://localhost:8081/readyz
    url: reqwest::Url,
    /// How long to wait for the answer, in seconds
    #[arg(long, default_value_t = 5, value_name = "SECONDS")]
    timeout: u64,
}

/// Succeeds where the answer is a success.
pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let timeout = Duration::from_secs(arguments.timeout);
    let client = reqwest::Client::builder().timeout(timeout).build()?;
    let answer = client.get(arguments.url).send().await?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let text: String = answer.text().await?.chars().take(SHOWN).collect();
    Err(format!("the answer was {status}: {}", text.trim()).into())
}
