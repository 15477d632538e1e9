//! What the tests, the demo and the benchmarks stand on: a control plane of their own, programs that
//! never outlive them, and waiting for conditions.
//!
//! ```text
//!  binaries ──▶ control_plane ──▶ namespace (one a test) ──▶ program (controller, viewer)
//!                 child: every process dies with the one that started it
//! ```
#![allow(dead_code, reason = "each test binary includes all of this and uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "test code")]

pub mod access;
pub mod api_server;
pub mod argocd;
pub mod audit;
pub mod binaries;
pub mod cgroups;
pub mod child;
pub mod control_plane;
pub mod cpu_quota;
pub mod forge;
pub mod gateway_api;
pub mod git_server;
pub mod go_module;
pub mod gpg;
pub mod kstatus;
pub mod kubectl;
pub mod large_files;
pub mod namespace;
pub mod node;
pub mod observer;
pub mod operator;
pub mod page;
pub mod ports;
pub mod proxy;
pub mod publishing;
pub mod rbac;
pub mod scratch;
pub mod ssh_server;
pub mod terminal;
pub mod tools;
pub mod wait;
pub mod web_server;
pub mod writes;

/// Any error; what went wrong is in its text.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The outcome of a test and of everything that a test does.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// The cryptography of every client here. The first call of a process decides, so each place that
/// makes a client calls it.
pub fn install_crypto() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client for short answers over HTTP.
///
/// # Errors
/// Where no client can be made.
pub fn http_client() -> Result<reqwest::Client> {
    install_crypto();
    Ok(reqwest::Client::builder().timeout(std::time::Duration::from_secs(5)).build()?)
}

/// Whether `url` answers with success, for [`wait::until`].
///
/// # Errors
/// Never; any failure to answer is a state to wait for the end of.
pub async fn look_at_url(http: &reqwest::Client, url: &str) -> Result<wait::Look<()>> {
    Ok(match http.get(url).send().await {
        Ok(answer) => wait::Look::at(answer.status().is_success(), || answer.status().to_string()),
        Err(error) => wait::Look::NotYet(error.to_string()),
    })
}
