//! OpenSSH's `sshd` on a free port of the loopback, which serves repositories as git hosts do: whoever
//! has the key gets git and nothing else.
//!
//! It runs as whoever runs the tests, reads no configuration of the system, and is gone with its handle.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::child::{Child, last_lines};

/// How long it may take to begin to listen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves `git-upload-pack` below the folder of repositories, and writes down each visit.
const SERVE: &str = r#"#!/bin/sh
echo "$SSH_ORIGINAL_COMMAND" >>"$NOTES_VISITS"
cd "$NOTES_REPOSITORIES" || exit 1
case $SSH_ORIGINAL_COMMAND in
  "git-upload-pack '"*) ;;
  *) echo "only git is served here" >&2; exit 1 ;;
esac
path=${SSH_ORIGINAL_COMMAND#git-upload-pack \'}
path=${path%\'}
while [ -e "$NOTES_HANG" ]; do sleep 0.05; done
exec git-upload-pack "./${path#/}"
"#;

/// How a server is to be.
#[derive(Clone, Copy, Debug)]
pub struct SshOptions {
    /// Kind of the server's own key: ed25519, ecdsa or rsa.
    pub host_key: &'static str,
    /// Kind of the key that is let in.
    pub key: &'static str,
    /// Passphrase of that key.
    pub passphrase: &'static str,
    /// Do not let visitors ask for a newer protocol of git.
    pub protocol_v0: bool,
}

impl Default for SshOptions {
    fn default() -> Self {
        Self { host_key: "ed25519", key: "ed25519", passphrase: "", protocol_v0: false }
    }
}

/// A running sshd. Dropping it ends it.
pub struct SshServer {
    folder: TempDir,
    port: u16,
    user: String,
    process: Child,
}

impl SshServer {
    /// Serves the repositories in a folder.
    pub fn start(repositories: &Path) -> Self {
        Self::with_options(repositories, SshOptions::default())
    }

    pub fn with_options(repositories: &Path, options: SshOptions) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder for sshd");
        make_key(&folder.path().join("host_key"), options.host_key, "");
        make_key(&folder.path().join("identity"), options.key, options.passphrase);
        fs::copy(folder.path().join("identity.pub"), folder.path().join("authorized_keys"))
            .unwrap();
        let user = output(Command::new("id").arg("-un"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let process = start(folder.path(), repositories, port, options);
        let mut server = Self { folder, port, user, process };
        server.wait();
        server
    }

    /// Address of the repository `name`.
    pub fn url(&self, name: &str) -> String {
        format!("ssh://{}@127.0.0.1:{}/{name}.git", self.user, self.port)
    }

    /// The same as people write it.
    pub fn scp_like(&self, name: &str) -> String {
        format!("{}@[127.0.0.1:{}]:{name}.git", self.user, self.port)
    }

    /// The private key that is let in.
    pub fn identity(&self) -> String {
        fs::read_to_string(self.folder.path().join("identity")).unwrap()
    }

    /// An ssh agent that holds that key, and its socket.
    pub fn agent(&self) -> (Child, PathBuf) {
        let socket = self.folder.path().join("agent");
        let mut command = Command::new("ssh-agent");
        command.args(["-D", "-a"]).arg(&socket);
        let mut agent = Child::spawn(&command, &self.folder.path().join("agent.log")).unwrap();
        let deadline = Instant::now() + PATIENCE;
        while !socket.exists() {
            agent.check_running().unwrap();
            assert!(Instant::now() < deadline, "ssh-agent does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        let mut add = Command::new("ssh-add");
        output(add.arg(self.folder.path().join("identity")).env("SSH_AUTH_SOCK", &socket));
        (agent, socket)
    }

    /// Another key, which nobody lets in.
    pub fn strange_identity(&self) -> String {
        let path = self.folder.path().join("strange");
        if !path.exists() {
            make_key(&path, "ed25519", "");
        }
        fs::read_to_string(path).unwrap()
    }

    /// The line of `known_hosts` that names this server.
    pub fn known_hosts(&self) -> String {
        let key = fs::read_to_string(self.folder.path().join("host_key.pub")).unwrap();
        let key: Vec<&str> = key.split_whitespace().take(2).collect();
        format!("[127.0.0.1]:{} {}\n", self.port, key.join(" "))
    }

    /// The same with the name of the host hashed, as OpenSSH does it.
    pub fn hashed_known_hosts(&self) -> String {
        let path = self.folder.path().join("hashed");
        fs::write(&path, self.known_hosts()).unwrap();
        output(Command::new("ssh-keygen").args(["-q", "-H", "-f"]).arg(&path));
        fs::read_to_string(path).unwrap()
    }

    /// SHA256:… of the server's key, as `ssh-keygen` prints it.
    pub fn fingerprint(&self) -> String {
        self.fingerprint_of("host_key.pub")
    }

    /// SHA256:… of the key that is let in.
    pub fn identity_fingerprint(&self) -> String {
        self.fingerprint_of("identity.pub")
    }

    fn fingerprint_of(&self, name: &str) -> String {
        let line = output(Command::new("ssh-keygen").arg("-lf").arg(self.folder.path().join(name)));
        line.split(' ').nth(1).unwrap().to_owned()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn user(&self) -> &str {
        &self.user
    }

    /// Number of times that git was asked for.
    pub fn visits(&self) -> usize {
        fs::read_to_string(self.folder.path().join("visits")).unwrap_or_default().lines().count()
    }

    /// Lets everybody in and answers nobody from now on.
    pub fn hang(&self) {
        fs::write(self.folder.path().join("hang"), "").unwrap();
    }

    /// Waits until it listens.
    fn wait(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            self.process.check_running().unwrap();
            let log = last_lines(self.process.log(), 25);
            assert!(Instant::now() < deadline, "sshd does not listen: {log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn start(folder: &Path, repositories: &Path, port: u16, options: SshOptions) -> Child {
    let serve = folder.join("serve");
    fs::write(&serve, SERVE).unwrap();
    fs::set_permissions(&serve, fs::Permissions::from_mode(0o755)).unwrap();
    let text =
        |path: PathBuf| path.to_str().expect("temporary folders have UTF-8 names").to_owned();
    let at = |name: &str| text(folder.join(name));
    let accept = if options.protocol_v0 { "" } else { "AcceptEnv GIT_PROTOCOL\n" };
    let config = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
         StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
         PermitRootLogin prohibit-password\nPrintMotd no\nMaxStartups 100\nForceCommand {}\n{accept}\
         SetEnv GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 NOTES_REPOSITORIES={} \
         NOTES_VISITS={} NOTES_HANG={}\n",
        at("host_key"),
        at("authorized_keys"),
        at("serve"),
        text(repositories.to_owned()),
        at("visits"),
        at("hang"),
    );
    fs::write(folder.join("config"), config).unwrap();
    if output(Command::new("id").arg("-u")) == "0" {
        // Debian makes it when the system starts, which a container never does.
        fs::create_dir_all("/run/sshd").expect("root may make /run/sshd");
    }
    let mut command = Command::new(program());
    command.args(["-D", "-e", "-f", &at("config")]);
    Child::spawn(&command, &folder.join("log")).expect("a shell starts")
}

/// It wants to be started by its whole path.
fn program() -> PathBuf {
    let folders = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/libexec"];
    let found = folders.iter().map(|folder| Path::new(folder).join("sshd")).find(|p| p.exists());
    found.unwrap_or_else(|| {
        panic!(
            "sshd is needed for these tests and is in none of {folders:?}: install the package \
             openssh-server (Debian, Ubuntu, Fedora) or openssh (Alpine, Arch)"
        )
    })
}

/// A new key of ssh without a passphrase: the path of the private one, and the public one.
pub fn new_key(folder: &Path, name: &str, kind: &str) -> (PathBuf, String) {
    let path = folder.join(name);
    make_key(&path, kind, "");
    let public = fs::read_to_string(path.with_extension("pub")).unwrap();
    (path, public)
}

fn make_key(path: &Path, kind: &str, passphrase: &str) {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", kind, "-N", passphrase, "-C", "notes", "-f"]).arg(path);
    output(&mut command);
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| {
        panic!(
            "{command:?} is needed for these tests ({error}): install the package openssh-client"
        )
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
