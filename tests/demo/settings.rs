//! What the environment asks for.

use std::net::{Ipv4Addr, TcpListener};

use crate::support::Result;

/// Port of the viewer where nothing else is said.
const VIEWER_PORT: u16 = 8080;

/// What the environment asks for.
pub struct Settings {
    /// `DEMO_CLUSTER=current`: the cluster of the current kubeconfig.
    pub current_cluster: bool,
    /// `DEMO_PORT`: port of the viewer.
    pub viewer_port: u16,
    /// `DEMO_GIT_PORT`: port of the git server; any free one where it is 0.
    pub git_port: u16,
    /// `DEMO_CHECK=1`: push a change, see that it arrives, and end.
    pub check: bool,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// What cannot be used and what to set instead.
    pub fn from_environment() -> Result<Self> {
        let current_cluster = match variable("DEMO_CLUSTER").as_deref() {
            None => false,
            Some("current") => true,
            Some(other) => {
                let text = format!(
                    "DEMO_CLUSTER is `{other}`: set it to `current` for the cluster of your \
                     kubeconfig, or leave it out for a control plane of the demo's own"
                );
                return Err(text.into());
            }
        };
        let git = std::process::Command::new("git").arg("--version").output();
        git.map_err(|error| format!("git is needed for the demo ({error}): install it first"))?;
        Ok(Self {
            current_cluster,
            viewer_port: free("DEMO_PORT", VIEWER_PORT)?,
            git_port: free("DEMO_GIT_PORT", 0)?,
            check: variable("DEMO_CHECK").is_some(),
        })
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The port that the variable `name` asks for, where nobody has it.
fn free(name: &str, default: u16) -> Result<u16> {
    let port = match variable(name) {
        None => default,
        Some(text) => text
            .parse()
            .map_err(|_| format!("{name} is `{text}`: set it to a port, such as {name}=8090"))?,
    };
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(port),
        Err(error) => Err(format!(
            "port {port} cannot be used ({error}); choose another one: make demo {name}={}",
            port.checked_add(1).unwrap_or(8090)
        )
        .into()),
    }
}
