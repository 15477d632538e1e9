//! Programs by others that judge what we ship. Each is built once into the cache: by `make`, or from a
//! Go module of our own that pins it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::Result;
use super::go_module::{Build, GoModule};

const KUBESEC: GoModule = GoModule {
    folder: "tests/packages/kubesec",
    title: "kubesec",
    sources: &["go.mod", "go.sum", "tools.go"],
    build: Build::Packages(&[("kubesec", "github.com/controlplaneio/kubesec/v2")]),
    takes: "this takes about a minute on two cores",
};

const PROMETHEUS: GoModule = GoModule {
    folder: "tests/prometheus",
    title: "Prometheus and promtool",
    sources: &["go.mod", "go.sum", "tools.go"],
    build: Build::Packages(&[
        ("promtool", "github.com/prometheus/prometheus/cmd/promtool"),
        ("prometheus", "github.com/prometheus/prometheus/cmd/prometheus"),
    ]),
    takes: "this takes about five minutes on two cores",
};

/// Path of helm.
///
/// # Errors
/// Where it cannot be built.
pub fn helm() -> Result<&'static Path> {
    static HELM: OnceLock<PathBuf> = OnceLock::new();
    find_or_build("helm", &HELM)
}

/// Path of kubeconform, which holds manifests against schemas.
///
/// # Errors
/// Where it cannot be built.
pub fn kubeconform() -> Result<&'static Path> {
    static KUBECONFORM: OnceLock<PathBuf> = OnceLock::new();
    find_or_build("kubeconform", &KUBECONFORM)
}

/// Path of kube-score, which holds manifests against what people have learned the hard way.
///
/// # Errors
/// Where it cannot be built.
pub fn kube_score() -> Result<&'static Path> {
    static KUBE_SCORE: OnceLock<PathBuf> = OnceLock::new();
    find_or_build("kube-score", &KUBE_SCORE)
}

/// Path of kubesec, which scores Pods by how little they may do.
///
/// # Errors
/// Where it cannot be built.
pub fn kubesec() -> Result<PathBuf> {
    Ok(KUBESEC.find_or_build()?.join("kubesec"))
}

/// Path of promtool, which judges rules and runs their tests.
///
/// # Errors
/// Where it cannot be built.
pub fn promtool() -> Result<PathBuf> {
    Ok(PROMETHEUS.find_or_build()?.join("promtool"))
}

/// Path of Prometheus.
///
/// # Errors
/// Where it cannot be built.
pub fn prometheus() -> Result<PathBuf> {
    Ok(PROMETHEUS.find_or_build()?.join("prometheus"))
}

/// Path of the tool that `make tool-<name>` builds where it is missing, with progress on standard
/// error.
fn find_or_build(name: &str, found: &'static OnceLock<PathBuf>) -> Result<&'static Path> {
    if let Some(path) = found.get() {
        return Ok(path);
    }
    let made = Command::new("make")
        .args(["--silent", "--no-print-directory"])
        .arg(format!("tool-{name}"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()?;
    if !made.status.success() {
        return Err(format!("`make tool-{name}` failed, and what it said is above").into());
    }
    let path = PathBuf::from(String::from_utf8(made.stdout)?.trim());
    Ok(found.get_or_init(|| path))
}
