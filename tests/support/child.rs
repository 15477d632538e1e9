//! Processes that never outlive the one that started them.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::Result;
use super::wait::{self, Look};

/// Stands between us and the child: it signals the child as we write names of signals into its
/// standard input, and kills it when that pipe closes, which it also does when we are killed.
///
/// The watching subshell uses the shell's own `read` and `kill`, so nothing is left when it ends.
const GUARDIAN: &str = r#"
log=$1; shift
exec 3<&0 </dev/null
"$@" >>"$log" 2>&1 3<&- &
child=$!
echo "$child"
exec >&-
{ while read -r signal; do kill -s "$signal" "$child"; done; kill -s KILL "$child"; } <&3 &
watcher=$!
exec 3<&-
wait "$child"
status=$?
kill -s KILL "$watcher"
exit "$status"
"#;

/// How long a process may take to end after a signal that ends it.
const END: Duration = Duration::from_secs(30);

/// A running process. Dropping it kills the process.
pub struct Child {
    name: String,
    guardian: std::process::Child,
    pid: u32,
    log: PathBuf,
}

impl Child {
    /// Starts the program of `command` with its arguments, folder and environment; both its outputs are
    /// appended to the file `log`. It gets a process group of its own, so that Ctrl-C in a terminal
    /// reaches us and not it.
    ///
    /// # Errors
    /// Where no shell can be started. A program that cannot be started says so in `log` and ends with
    /// status 127.
    pub fn spawn(command: &Command, log: &Path) -> Result<Self> {
        let mut guardian = Command::new("sh");
        guardian.args(["-c", GUARDIAN, "guardian"]).arg(log);
        guardian.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => guardian.env(name, value),
                None => guardian.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            guardian.current_dir(folder);
        }
        guardian.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut guardian = guardian.process_group(0).spawn()?;
        let mut pid = String::new();
        if let Some(mut stdout) = guardian.stdout.take() {
            stdout.read_to_string(&mut pid)?;
        }
        let name = Path::new(command.get_program()).file_name().unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            guardian,
            pid: pid.trim().parse()?,
            log: log.to_owned(),
        })
    }

    /// Process id of the program itself.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The file with the program's output.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Sends a signal by its name without SIG, such as STOP.
    ///
    /// # Errors
    /// Where the process has ended.
    pub fn signal(&mut self, name: &str) -> Result {
        let pipe = self.guardian.stdin.as_mut().ok_or("the process has ended")?;
        writeln!(pipe, "{name}")?;
        Ok(())
    }

    /// Kills the process in the middle of whatever it does, and waits until it is gone.
    pub fn kill(&mut self) -> Result {
        drop(self.guardian.stdin.take());
        self.guardian.wait()?;
        Ok(())
    }

    /// Asks the process to end (SIGTERM), waits for it and returns how it ended.
    ///
    /// # Errors
    /// Where it does not end in time.
    pub async fn stop(&mut self) -> Result<ExitStatus> {
        self.signal("TERM")?;
        self.ended().await
    }

    /// Waits until the process has ended by itself.
    ///
    /// # Errors
    /// Where it does not end in time.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        let deadline = Instant::now() + END;
        loop {
            if let Some(status) = self.try_ended()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                return Err(self.failure("did not end in time"));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// How the process has ended, where it has.
    ///
    /// # Errors
    /// Where it cannot be asked.
    pub fn try_ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.guardian.try_wait()?)
    }

    /// Fails with the end of the log where the process is not running any more.
    ///
    /// # Errors
    /// See above.
    pub fn check_running(&mut self) -> Result {
        match self.try_ended()? {
            None => Ok(()),
            Some(status) => Err(self.failure(&format!("ended with {status}"))),
        }
    }

    /// An error about the process with the end of its log.
    pub fn failure(&self, what: &str) -> super::Error {
        format!("{} {what}; its last lines:\n{}", self.name, last_lines(&self.log, 25)).into()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Waits until the file `log` holds `text`.
///
/// # Errors
/// Where it does not in time, with its last lines.
pub async fn log_holds(log: &Path, text: &str) -> Result {
    wait::until(&format!("{text:?} in a log"), wait::DEADLINE, async || {
        let holds = fs::read_to_string(log)?.contains(text);
        Ok(Look::at(holds, || last_lines(log, 25)))
    })
    .await
}

/// The last `count` lines of a file; an explanation where it cannot be read.
pub fn last_lines(path: &Path, count: usize) -> String {
    match fs::read(path) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(count)..].join("\n")
        }
        Err(error) => format!("({} cannot be read: {error})", path.display()),
    }
}
