//! The program under test: `talknotes controller` and `talknotes viewer`, as processes.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use super::access::Access;
use super::child::{Child, last_lines};
use super::ports::free_port;
use super::{Result, http_client, look_at_url, wait};

/// How long the program may take from its start until it is ready.
const READY: Duration = Duration::from_secs(60);

/// In place of a namespace: all of them.
pub const ALL_NAMESPACES: &str = "";

/// The arguments that keep a program to `namespace`.
fn scope(namespace: &str) -> Vec<&str> {
    if namespace == ALL_NAMESPACES { Vec::new() } else { vec!["--namespace", namespace] }
}

/// A run of `talknotes controller` or `talknotes viewer` against a cluster. Dropping it kills the
/// process.
pub struct Program {
    launcher: Vec<String>,
    arguments: Vec<String>,
    kubeconfig: PathBuf,
    log: PathBuf,
    ready_url: String,
    address: String,
    child: Child,
}

impl Program {
    /// Starts the controller for `namespace` as the user of `access`, with its files in `folder`,
    /// and waits until it is ready.
    ///
    /// # Errors
    /// Where it ends or does not get ready, with its last lines.
    pub async fn controller(access: &Access, namespace: &str, folder: &Path) -> Result<Self> {
        Self::controller_with(access, namespace, folder, &[]).await
    }

    /// The same with more arguments.
    ///
    /// # Errors
    /// As there.
    pub async fn controller_with(
        access: &Access,
        namespace: &str,
        folder: &Path,
        more: &[&str],
    ) -> Result<Self> {
        let mut program = Self::spawn_controller(access, namespace, folder, more)?;
        program.ready().await?;
        Ok(program)
    }

    /// The same without waiting until it is ready.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn spawn_controller(
        access: &Access,
        namespace: &str,
        folder: &Path,
        more: &[&str],
    ) -> Result<Self> {
        Self::launch_controller(&[], access, namespace, folder, more)
    }

    /// The same by a program that starts others, such as `env NAME=value`.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn launch_controller(
        launcher: &[&str],
        access: &Access,
        namespace: &str,
        folder: &Path,
        more: &[&str],
    ) -> Result<Self> {
        let address = format!("127.0.0.1:{}", free_port()?);
        let cache = folder.join("git-cache");
        std::fs::create_dir_all(&cache)?;
        let cache = cache.to_string_lossy();
        let arguments = ["controller", "--health-address", &address, "--cache-dir", &cache];
        let arguments = [&arguments, scope(namespace).as_slice(), more].concat();
        Self::spawn(launcher, access, &arguments, &address, &folder.join("controller.log"))
    }

    /// Starts the viewer for `namespace` at `127.0.0.1:<port>` as the user of `access`, and waits
    /// until it is ready.
    ///
    /// # Errors
    /// Where it ends or does not get ready, with its last lines.
    pub async fn viewer(
        access: &Access,
        namespace: &str,
        port: u16,
        folder: &Path,
    ) -> Result<Self> {
        Self::viewer_with(access, namespace, port, folder, &[]).await
    }

    /// The same with more arguments.
    ///
    /// # Errors
    /// As there.
    pub async fn viewer_with(
        access: &Access,
        namespace: &str,
        port: u16,
        folder: &Path,
        more: &[&str],
    ) -> Result<Self> {
        let mut program = Self::spawn_viewer_with(access, namespace, port, folder, more)?;
        program.ready().await?;
        Ok(program)
    }

    /// The same without waiting until it is ready.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn spawn_viewer(
        access: &Access,
        namespace: &str,
        port: u16,
        folder: &Path,
    ) -> Result<Self> {
        Self::spawn_viewer_with(access, namespace, port, folder, &[])
    }

    /// The same with more arguments.
    ///
    /// # Errors
    /// As there.
    pub fn spawn_viewer_with(
        access: &Access,
        namespace: &str,
        port: u16,
        folder: &Path,
        more: &[&str],
    ) -> Result<Self> {
        let address = format!("127.0.0.1:{port}");
        let arguments = ["viewer", "--address", &address];
        let arguments = [&arguments, scope(namespace).as_slice(), more].concat();
        Self::spawn(&[], access, &arguments, &address, &folder.join("viewer.log"))
    }

    fn spawn(
        launcher: &[&str],
        access: &Access,
        arguments: &[&str],
        address: &str,
        log: &Path,
    ) -> Result<Self> {
        let launcher: Vec<String> = launcher.iter().map(ToString::to_string).collect();
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let child = Child::spawn(&command(&launcher, &arguments, &access.kubeconfig)?, log)?;
        Ok(Self {
            launcher,
            arguments,
            kubeconfig: access.kubeconfig.clone(),
            log: log.to_owned(),
            ready_url: format!("http://{address}/readyz"),
            address: address.to_owned(),
            child,
        })
    }

    /// Where it serves HTTP, such as `127.0.0.1:41234`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The value of a metric, such as `talknotes_leader`, with its labels where it has some; 0 where it is
    /// not there yet.
    ///
    /// # Errors
    /// Where the program does not answer.
    pub async fn metric(&self, series: &str) -> Result<f64> {
        let url = format!("http://{}/metrics", self.address);
        let text = http_client()?.get(url).send().await?.text().await?;
        let found = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        Ok(found.map(str::parse).transpose()?.unwrap_or_default())
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// The file with its output.
    pub fn log(&self) -> &Path {
        self.child.log()
    }

    /// Sends a signal by its name without SIG, such as STOP.
    ///
    /// # Errors
    /// Where it has ended.
    pub fn signal(&mut self, name: &str) -> Result {
        self.child.signal(name)
    }

    /// Waits until it has ended by itself.
    ///
    /// # Errors
    /// Where it does not end in time.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        self.child.ended().await
    }

    /// Kills it in the middle of whatever it does.
    ///
    /// # Errors
    /// Where it cannot be waited for.
    pub fn kill(&mut self) -> Result {
        self.child.kill()
    }

    /// Asks it to end and waits for that.
    ///
    /// # Errors
    /// Where it does not end in time.
    pub async fn stop(&mut self) -> Result<ExitStatus> {
        self.child.stop().await
    }

    /// Starts it again after [`Self::kill`] or [`Self::stop`], and waits until it is ready.
    ///
    /// # Errors
    /// Where it ends or does not get ready, with its last lines.
    pub async fn start_again(&mut self) -> Result {
        self.spawn_again()?;
        self.ready().await
    }

    /// The same without waiting until it is ready.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn spawn_again(&mut self) -> Result {
        let command = command(&self.launcher, &self.arguments, &self.kubeconfig)?;
        self.child = Child::spawn(&command, &self.log)?;
        Ok(())
    }

    /// Waits until it is ready, and starts it again where it ends before, as a kubelet does.
    ///
    /// # Errors
    /// Where it does not get ready, with its last lines.
    pub async fn kept_ready(&mut self) -> Result {
        let (http, url) = (http_client()?, self.ready_url.clone());
        let kept = wait::until("the program to be ready again", READY, async || {
            if self.child.try_ended()?.is_some() {
                self.spawn_again()?;
            }
            look_at_url(&http, &url).await
        });
        let kept = kept.await;
        kept.map_err(|error| {
            format!("{error}; its last lines:\n{}", last_lines(&self.log, 25)).into()
        })
    }

    /// Fails where it has ended by itself.
    ///
    /// # Errors
    /// See above.
    pub fn check_running(&mut self) -> Result {
        self.child.check_running()
    }

    async fn ready(&mut self) -> Result {
        let http = http_client()?;
        let what = format!("talknotes {} to be ready", self.arguments.join(" "));
        let ready = wait::until(&what, READY, async || {
            self.child.check_running()?;
            look_at_url(&http, &self.ready_url).await
        })
        .await;
        ready.map_err(|error| {
            format!("{error}; its last lines:\n{}", last_lines(&self.log, 25)).into()
        })
    }
}

fn command(launcher: &[String], arguments: &[String], kubeconfig: &Path) -> Result<Command> {
    let mut command = match launcher.split_first() {
        None => Command::new(binary()?),
        Some((program, rest)) => {
            let mut command = Command::new(program);
            command.args(rest).arg(binary()?);
            command
        }
    };
    command.args(arguments).env("KUBECONFIG", kubeconfig);
    command.env_remove("RUST_LOG").env_remove("TALKNOTES_NAMESPACE").env("NO_COLOR", "1");
    Ok(command)
}

/// The `talknotes` binary: `TALKNOTES_BINARY`, else cargo names it to integration tests; beside an
/// example it lies one folder up.
///
/// # Errors
/// Where it has not been built.
pub fn binary() -> Result<PathBuf> {
    let named = std::env::var_os("TALKNOTES_BINARY").map(PathBuf::from);
    let binary = match named.or_else(|| option_env!("CARGO_BIN_EXE_talknotes").map(PathBuf::from)) {
        Some(path) => path,
        None => {
            let own = std::env::current_exe()?;
            let profile = own.parent().and_then(Path::parent);
            profile.ok_or("this program lies in no folder")?.join("talknotes")
        }
    };
    if !binary.is_file() {
        let path = binary.display();
        return Err(format!("{path} is not there; build it first: cargo build").into());
    }
    Ok(binary)
}
