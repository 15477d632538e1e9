//! A folder for each test, and runs of the binary in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A document with one talk, all by invented people.
pub const TALK: &str = "# 2031-05-14\n\n## Tides of Traffic - Mira Quell\n\nWater finds a way.\n";

/// A folder that is gone after the test, with nothing in it but what the test puts there.
pub struct Workspace {
    folder: TempDir,
}

impl Workspace {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("work")).unwrap();
        Self { folder }
    }

    /// One with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let workspace = Self::new();
        for (path, content) in files {
            workspace.write(path, content);
        }
        workspace
    }

    /// Where the program runs.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// The program with `arguments`, without the environment, home and cluster of whoever runs the
    /// tests.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_talknotes"));
        self.settle(&mut command, arguments).stdin(Stdio::null());
        command
    }

    fn settle<'c>(&self, command: &'c mut Command, arguments: &[&str]) -> &'c mut Command {
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path().join("home"))
            .env("KUBECONFIG", self.folder.path().join("home/no-kubeconfig"))
    }

    /// The same for a terminal, which will be its input and output.
    pub fn command_on_terminal(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_talknotes"));
        self.settle(&mut command, arguments).env("TERM", "xterm-256color");
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.finish(self.command(arguments))
    }

    /// Runs a command that [`Self::command`] made.
    pub fn finish(&self, mut command: Command) -> Run {
        let output = command.output().expect("the program starts");
        Run { command: format!("{command:?}"), files: listing(&self.path()), output }
    }
}

fn listing(folder: &Path) -> String {
    let output = Command::new("ls").args(["-lR"]).arg(folder).output();
    output.map_or_else(|error| error.to_string(), |o| String::from_utf8_lossy(&o.stdout).into())
}

/// A run that has ended.
pub struct Run {
    command: String,
    files: String,
    pub output: Output,
}

impl Run {
    /// Fails the test with everything that is known of the run.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        panic!(
            "{why}\n\n$ {}\n{}\n--- stdout\n{}\n--- stderr\n{}\n--- files\n{}",
            self.command,
            self.output.status,
            String::from_utf8_lossy(&self.output.stdout),
            String::from_utf8_lossy(&self.output.stderr),
            self.files,
        )
    }

    #[track_caller]
    pub fn stdout(&self) -> &str {
        std::str::from_utf8(&self.output.stdout)
            .unwrap_or_else(|_| self.fail("standard output is not UTF-8"))
    }

    #[track_caller]
    pub fn stderr(&self) -> &str {
        std::str::from_utf8(&self.output.stderr)
            .unwrap_or_else(|_| self.fail("standard error is not UTF-8"))
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        if self.output.status.code() != Some(code) {
            self.fail(&format!("expected the exit code {code}"));
        }
        self
    }

    /// Standard error holds each of `words`.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            if !self.stderr().contains(word) {
                self.fail(&format!("expected on standard error: {word}"));
            }
        }
        self
    }

    #[track_caller]
    pub fn says_nothing(self) -> Self {
        if !self.stderr().is_empty() {
            self.fail("expected nothing on standard error");
        }
        self
    }

    #[track_caller]
    pub fn prints_nothing(self) -> Self {
        if !self.stdout().is_empty() {
            self.fail("expected nothing on standard output");
        }
        self
    }

    /// The manifests of a JSON list.
    #[track_caller]
    pub fn json(&self) -> Vec<Value> {
        let list: Value = serde_json::from_str(self.stdout())
            .unwrap_or_else(|error| self.fail(&format!("expected one JSON value: {error}")));
        match (&list["apiVersion"], &list["kind"], &list["items"]) {
            (Value::String(version), Value::String(kind), Value::Array(items))
                if version == "v1" && kind == "List" =>
            {
                items.clone()
            }
            _ => self.fail("expected a List"),
        }
    }

    /// The manifests of a YAML stream in which each begins with `---`.
    #[track_caller]
    pub fn yaml(&self) -> Vec<Value> {
        let manifests: Vec<Value> = serde_saphyr::from_multiple(self.stdout())
            .unwrap_or_else(|error| self.fail(&format!("expected YAML: {error}")));
        let starts = self.stdout().lines().filter(|line| *line == "---").count();
        if starts != manifests.len() || !(starts == 0 || self.stdout().starts_with("---\n")) {
            self.fail("expected each document to begin with ---");
        }
        manifests
    }
}

/// The manifests of `kind`.
pub fn of_kind<'a>(manifests: &'a [Value], kind: &str) -> Vec<&'a Value> {
    manifests.iter().filter(|manifest| manifest["kind"] == kind).collect()
}

/// The texts at `pointer` in each of `manifests`.
pub fn texts(manifests: &[&Value], pointer: &str) -> Vec<String> {
    let text = |manifest: &&Value| manifest.pointer(pointer)?.as_str().map(str::to_owned);
    manifests.iter().filter_map(text).collect()
}

/// A line of diagnostics, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub path: String,
    pub place: Vec<u32>,
    pub severity: String,
    pub code: String,
}

impl Line {
    /// Reads `path:line:column: severity: message [CODE]`; line and column may be missing.
    pub fn parse(text: &str) -> Option<Self> {
        let (place, rest) = text.split_once(": ")?;
        let (severity, message) = rest.split_once(": ")?;
        let (message, code) = message.strip_suffix(']')?.rsplit_once(" [")?;
        let digits = code.strip_prefix("TN")?;
        let mut parts = place.split(':');
        let path = parts.next()?.to_owned();
        let place: Option<Vec<u32>> = parts.map(|number| number.parse().ok()).collect();
        let known = ["error", "warning", "info"].contains(&severity);
        let whole = !path.is_empty() && !message.is_empty() && place.as_ref()?.len() <= 2;
        (known && whole && digits.len() == 4 && digits.parse::<u32>().is_ok()).then_some(Self {
            path,
            place: place?,
            severity: severity.to_owned(),
            code: code.to_owned(),
        })
    }
}
