//! What a node needs beside the programs of Kubernetes, built once into a cache by
//! `tests/node/build.sh`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::Result;
use super::binaries::{cache_folder, check_go, lock, say, succeeds};
use super::child::last_lines;

/// What the programs are built from: a change in any of them builds all anew.
const SOURCES: [&str; 5] = ["build.sh", "go.mod", "go.sum", "coredns/main.go", "pause/main.go"];

/// The folder of the programs. They are built where they are missing, with progress on standard
/// error.
///
/// # Errors
/// Where they cannot be built, with the end of the build's log.
pub fn find_or_build() -> Result<PathBuf> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    let cache = cache_folder()?.join("node");
    let folder = cache.join(key(&sources)?);
    if folder.is_dir() {
        return Ok(folder);
    }
    fs::create_dir_all(&cache)?;
    let _lock = lock(&cache.join("lock"))?;
    // Another process may have built them while this one waited.
    if !folder.is_dir() {
        check_go()?;
        build(&sources, &folder)?;
    }
    Ok(folder)
}

/// The first half of the digest of all sources, for this kind of processor.
fn key(sources: &Path) -> Result<String> {
    let mut digest = Sha256::new_with_prefix(std::env::consts::ARCH);
    for name in SOURCES {
        digest.update(fs::read(sources.join(name))?);
    }
    Ok(digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

fn build(sources: &Path, folder: &Path) -> Result {
    say(&format!(
        "building containerd, runc, CoreDNS and plugins of the network from Go modules, once, into \
         {}; this takes about four minutes on four cores",
        folder.display()
    ));
    let unfinished = folder.with_extension("part");
    let _ = fs::remove_dir_all(&unfinished);
    fs::create_dir(&unfinished)?;
    let log = folder.with_extension("log");
    let mut command = Command::new(sources.join("build.sh"));
    command.arg(&unfinished);
    if !succeeds(&command, "container runtime", &log)? {
        return Err(format!("building it failed; it said:\n{}", last_lines(&log, 25)).into());
    }
    fs::rename(&unfinished, folder)?;
    fs::remove_file(&log)?;
    Ok(())
}
