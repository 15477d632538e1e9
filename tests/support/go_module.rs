//! Programs of others that are built once from Go modules of our own, which pin them, and files that
//! lie in their modules.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Result;
use super::binaries::{cache_folder, check_go, lock, say, succeeds};
use super::child::last_lines;

/// A Go module of ours that pins programs of others.
pub struct GoModule {
    /// Its folder in the repository; its last part names the cache's folder, too.
    pub folder: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// Its files: a change in any of them builds the programs anew.
    pub sources: &'static [&'static str],
    /// How its programs are built.
    pub build: Build,
    /// How long a build takes, for people.
    pub takes: &'static str,
}

/// How programs are built from a module.
pub enum Build {
    /// By `go build`: name and Go package of each.
    Packages(&'static [(&'static str, &'static str)]),
    /// By a script in the module's folder, which is given the folder of the programs.
    Script(&'static str),
}

impl GoModule {
    /// The folder of the programs. They are built where they are missing, with progress on standard
    /// error.
    ///
    /// # Errors
    /// What is missing and what to do about it, or the end of the build's log.
    pub fn find_or_build(&self) -> Result<PathBuf> {
        let name = self.path().file_name().unwrap_or_default().to_owned();
        let cache = cache_folder()?.join(name);
        let folder = cache.join(self.key()?);
        if folder.is_dir() {
            return Ok(folder);
        }
        fs::create_dir_all(&cache)?;
        let _lock = lock(&cache.join("lock"))?;
        // Another process may have built them while this one waited.
        if !folder.is_dir() {
            check_go()?;
            let (title, takes) = (self.title, self.takes);
            let place = folder.display();
            say(&format!("building {title} from Go modules, once, into {place}; {takes}"));
            self.build(&folder)?;
        }
        Ok(folder)
    }

    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(self.folder)
    }

    /// The first half of the digest of the sources, for this kind of processor.
    fn key(&self) -> Result<String> {
        let mut digest = Sha256::new_with_prefix(std::env::consts::ARCH);
        for name in self.sources {
            digest.update(fs::read(self.path().join(name))?);
        }
        Ok(digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }

    fn build(&self, folder: &Path) -> Result {
        let unfinished = folder.with_extension("part");
        let _ = fs::remove_dir_all(&unfinished);
        fs::create_dir(&unfinished)?;
        let log = folder.with_extension("log");
        for (name, command) in self.commands(&unfinished) {
            if !succeeds(&command, name, &log)? {
                let said = last_lines(&log, 25);
                return Err(format!("building {name} failed; the build said:\n{said}").into());
            }
        }
        fs::remove_file(&log)?;
        Ok(fs::rename(&unfinished, folder)?)
    }

    /// What to run, and what each makes in `folder`, for people.
    fn commands(&self, folder: &Path) -> Vec<(&'static str, Command)> {
        match self.build {
            Build::Packages(packages) => packages
                .iter()
                .map(|(name, package)| {
                    let mut command = go(&self.path());
                    command.args(["build", "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o"]);
                    command.arg(folder.join(name)).arg(package);
                    (*name, command)
                })
                .collect(),
            Build::Script(script) => {
                let mut command = Command::new(self.path().join(script));
                command.arg(folder);
                vec![(self.title, command)]
            }
        }
    }
}

/// A module whose files are read: path, version and the sum by which Go's checksum database knows it.
pub struct Pinned {
    /// Such as `github.com/argoproj/argo-cd/v3`.
    pub path: &'static str,
    /// Such as `v3.2.6`.
    pub version: &'static str,
    /// Such as `h1:nDCj…`.
    pub sum: &'static str,
}

impl Pinned {
    /// The folder of the module in Go's cache; it is downloaded where it is not there.
    ///
    /// # Errors
    /// Where it cannot be downloaded, or is not what it was.
    pub fn folder(&self) -> Result<PathBuf> {
        let name = format!("{}@{}", self.path, self.version);
        let output = go(&std::env::temp_dir())
            .args(["mod", "download", "-json", &name])
            .output()
            .map_err(|error| format!("Go is needed to download {name}: {error}"))?;
        let answer: Value = serde_json::from_slice(&output.stdout)
            .map_err(|_| format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim()))?;
        let field = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
        if field("Sum") != self.sum {
            let (found, error) = (field("Sum"), field("Error"));
            return Err(
                format!("{name} has the sum {found:?}, wanted {}; {error}", self.sum).into()
            );
        }
        Ok(PathBuf::from(field("Dir")))
    }
}

fn go(folder: &Path) -> Command {
    let mut command = Command::new("go");
    command.current_dir(folder).stdin(Stdio::null());
    command.env("CGO_ENABLED", "0").env("GOWORK", "off");
    command
}
