//! The helm that `make tools` builds once.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::Result;

/// Path of helm. It is built where it is missing, and progress is on standard error.
///
/// # Errors
/// Where it cannot be built.
pub fn helm() -> Result<&'static Path> {
    static HELM: OnceLock<PathBuf> = OnceLock::new();
    if let Some(path) = HELM.get() {
        return Ok(path);
    }
    let made = Command::new("make")
        .args(["--silent", "--no-print-directory", "tools"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()?;
    if !made.status.success() {
        return Err("`make tools` failed, and what it said is above".into());
    }
    let path = PathBuf::from(String::from_utf8(made.stdout)?.trim());
    Ok(HELM.get_or_init(|| path))
}
