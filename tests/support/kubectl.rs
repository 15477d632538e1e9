//! kubectl, as people use it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::Result;

/// kubectl with a kubeconfig, and a namespace where one is set.
#[derive(Clone, Debug)]
pub struct Kubectl {
    binary: PathBuf,
    kubeconfig: PathBuf,
    namespace: Option<String>,
}

/// What a run of kubectl printed and how it ended.
#[derive(Debug)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: String,
    /// Standard error; warnings of the API server are here.
    pub stderr: String,
}

impl Kubectl {
    /// kubectl as the user of `kubeconfig`.
    pub fn new(binary: &Path, kubeconfig: &Path) -> Self {
        Self { binary: binary.to_owned(), kubeconfig: kubeconfig.to_owned(), namespace: None }
    }

    /// The same in `namespace`.
    pub fn in_namespace(&self, namespace: &str) -> Self {
        Self { namespace: Some(namespace.to_owned()), ..self.clone() }
    }

    /// Runs it and returns its standard output.
    ///
    /// # Errors
    /// Where it fails, with everything that it printed.
    pub async fn run(&self, arguments: &[&str]) -> Result<String> {
        Ok(self.succeed(arguments, "").await?.stdout)
    }

    /// Runs it with `input` as its standard input, and fails where it fails.
    ///
    /// # Errors
    /// Where it fails, with everything that it printed.
    pub async fn succeed(&self, arguments: &[&str], input: &str) -> Result<Output> {
        let output = self.attempt(arguments, input).await?;
        if output.status.success() {
            return Ok(output);
        }
        let Output { status, stdout, stderr } = output;
        Err(format!("kubectl {}: {status}\n{stdout}{stderr}", arguments.join(" ")).into())
    }

    /// Runs it with `input` as its standard input, however it ends.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub async fn attempt(&self, arguments: &[&str], input: &str) -> Result<Output> {
        let mut child = self.command(arguments).spawn()?;
        let mut stdin = child.stdin.take().ok_or("kubectl has no standard input")?;
        // Both at once: it may print more than a pipe holds before it has read everything.
        let (written, output) = tokio::join!(
            async move {
                let written = stdin.write_all(input.as_bytes()).await;
                drop(stdin);
                written
            },
            child.wait_with_output()
        );
        let output = output?;
        if output.status.success() {
            written?;
        }
        Ok(Output {
            status: output.status,
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }

    /// Makes it ask the API server anew which kinds and categories there are.
    ///
    /// # Errors
    /// Where its cache cannot be removed.
    pub fn forget_kinds(&self) -> Result {
        match std::fs::remove_dir_all(self.cache()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// What kubectl remembers of an API server is kept by address, and addresses come back: so each
    /// cluster has a cache of its own.
    fn cache(&self) -> PathBuf {
        self.kubeconfig.with_file_name("kubectl-cache")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--kubeconfig").arg(&self.kubeconfig);
        command.arg("--cache-dir").arg(self.cache()).env_remove("KUBECONFIG");
        if let Some(namespace) = &self.namespace {
            command.args([OsStr::new("--namespace"), OsStr::new(namespace)]);
        }
        command.args(arguments).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}
