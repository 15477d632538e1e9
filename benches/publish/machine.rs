//! What the figures were taken on.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::process::Command;

use kube::Client;
use serde::Serialize;

use crate::support::Result;

/// The machine and the versions of what runs on it.
#[derive(Serialize)]
pub struct Machine {
    pub cpu: String,
    pub cores: usize,
    pub memory_gib: u64,
    pub kernel: String,
    pub kubernetes: String,
    pub talknotes: &'static str,
    pub rustc: String,
    pub git: String,
}

impl Machine {
    /// Looks at the machine and at the API server.
    ///
    /// # Errors
    /// Where the API server does not answer.
    pub async fn look(client: &Client) -> Result<Self> {
        let memory = line_value("/proc/meminfo", "MemTotal");
        let kilobytes: u64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
        Ok(Self {
            cpu: line_value("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism()?.get(),
            memory_gib: kilobytes.div_ceil(1024 * 1024),
            kernel: output("uname", &["-sr"]),
            kubernetes: client.apiserver_version().await?.git_version,
            talknotes: env!("CARGO_PKG_VERSION"),
            rustc: output("rustc", &["--version"]),
            git: output("git", &["--version"]),
        })
    }
}

impl Display for Machine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { cpu, cores, memory_gib, kernel, kubernetes, talknotes, rustc, git } = self;
        writeln!(f, "{cpu}, {cores} cores, {memory_gib} GiB, {kernel}")?;
        write!(f, "talknotes {talknotes}, Kubernetes {kubernetes}, {rustc}, {git}")
    }
}

/// Mean number of running processes in the last minute: a busy machine makes times worth little.
pub fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default()
}

fn line_value(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim());
    value.unwrap_or("unknown").to_owned()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let text = Command::new(program).args(arguments).output().map(|output| output.stdout);
    String::from_utf8_lossy(&text.unwrap_or_default()).trim().to_owned()
}
