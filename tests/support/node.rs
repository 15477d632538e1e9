//! A cluster of one node with real Pods: kubelet, containerd and runc beside a control plane, in
//! namespaces of their own, so that the machine is as it was when the node is gone.
//!
//! `tests/node/start.sh` runs in the namespaces; this is what is outside of them.

use std::fs::{self, File};
use std::os::fd::AsFd as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::access::{Access, write_private};
use super::cgroups::{self, Cgroups};
use super::child::{Child, last_lines};
use super::go_module::{Build, GoModule};
use super::scratch::Scratch;
use super::wait::{self, Look};
use super::{Result, binaries};

/// The node's address, which exists in its network only.
pub const ADDRESS: &str = "172.31.99.1";
/// What the API server is called by Pods, and its address there.
const SERVICE_NAMES: [&str; 3] = ["10.0.0.1", "kubernetes.default.svc", "localhost"];
const ADMIN_TOKEN: &str = "admin-token";

/// What a node needs beside the programs of Kubernetes.
const RUNTIME: GoModule = GoModule {
    folder: "tests/node",
    title: "containerd, runc, CoreDNS and plugins of the network",
    sources: &["build.sh", "go.mod", "go.sum", "coredns/main.go", "pause/main.go"],
    build: Build::Script("build.sh"),
    takes: "this takes about four minutes on four cores",
};

/// How long the node may take to be ready, and to be gone: only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(180);

/// A running node. Dropping it ends everything that runs on it.
pub struct Node {
    unshare: Child,
    /// Process 1 of the namespaces, as it is numbered outside of them.
    init: u32,
    access: Access,
    cgroups: Cgroups,
    scratch: Scratch,
}

impl Node {
    /// Whether a node can run here. Where it cannot, the reason is printed.
    ///
    /// # Errors
    /// The reason, where `CI` is `true`: there nobody reads that a test was skipped.
    pub fn is_possible() -> Result<bool> {
        let Err(reason) = try_namespaces().and_then(|()| cgroups::check()) else { return Ok(true) };
        let advice =
            format!("a node with real Pods needs Linux, root, namespaces and cgroups: {reason}");
        if std::env::var("CI").is_ok_and(|ci| ci == "true") {
            return Err(advice.into());
        }
        println!("skipped, {advice}");
        Ok(false)
    }

    /// Starts a node that has the images in the archives `images`. Its programs are built where they
    /// are missing.
    ///
    /// # Errors
    /// What could not be built or started, with the end of its log.
    pub async fn start(images: &[PathBuf]) -> Result<Self> {
        let programs = tokio::task::spawn_blocking(programs).await??;
        let scratch = Scratch::new()?;
        let folder = scratch.path();
        let access = write_files(folder, &programs)?;
        let cgroups = Cgroups::new()?;
        let command = start_command(folder, &cgroups, &add_pause(folder, images)?);
        let mut unshare = Child::spawn(&command, &folder.join("start.log"))?;
        let ready = folder.join("ready");
        let started = wait::until("the node to be ready", PATIENCE, async || {
            unshare.check_running()?;
            Ok(Look::at(ready.is_file(), || last_lines(&folder.join("start.log"), 1)))
        });
        started.await.map_err(|error| format!("{error}\n{}", logs(folder)))?;
        let init = only_child(unshare.pid())?;
        Ok(Self { unshare, init, access, cgroups, scratch })
    }

    /// The administrator, who reaches the API server from inside of the node's network.
    pub fn admin(&self) -> &Access {
        &self.access
    }

    /// The cgroups of its Pods.
    pub fn cgroups(&self) -> &Cgroups {
        &self.cgroups
    }

    /// The folder of its files.
    pub fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// The last lines of every program's log.
    pub fn logs(&self) -> String {
        logs(self.folder())
    }

    /// Runs `work` on a thread in the node's network: what it connects to, listens on and starts is
    /// there.
    ///
    /// # Errors
    /// Those of `work`, and where the network cannot be entered.
    pub fn block_on(&self, work: impl AsyncFnOnce() -> Result + Send) -> Result {
        let network = File::open(format!("/proc/{}/ns/net", self.init))?;
        let enter = move || {
            move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(work())
        };
        let ended = std::thread::scope(|scope| scope.spawn(enter).join());
        ended.map_err(|_| format!("the test panicked.\n{}", self.logs()))?
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.unshare.kill();
        let process = PathBuf::from(format!("/proc/{}", self.init));
        let end = Instant::now() + PATIENCE;
        while process.exists() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        self.cgroups.remove();
    }
}

/// Makes namespaces like the node's, and ends at once.
fn try_namespaces() -> Result {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--net", "--pid", "--cgroup", "--ipc", "--uts", "--fork"]);
    command.args(["mount", "-t", "tmpfs", "tmpfs", "/run"]);
    let output = command.output().map_err(|error| format!("unshare: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().into())
}

/// All programs of the node.
fn programs() -> Result<Vec<PathBuf>> {
    let mut programs = binaries::for_node()?;
    for entry in fs::read_dir(RUNTIME.find_or_build()?)? {
        programs.push(entry?.path());
    }
    Ok(programs)
}

/// Writes what `start.sh` reads into `folder`, and the programs into its folder `bin`.
fn write_files(folder: &Path, programs: &[PathBuf]) -> Result<Access> {
    let names = [ADDRESS].iter().chain(&SERVICE_NAMES).map(ToString::to_string);
    let serving = rcgen::generate_simple_self_signed(names.collect::<Vec<_>>())?;
    let write = |name: &str, text: &str| write_private(&folder.join(name), text.as_bytes());
    write("serving.crt", &serving.cert.pem())?;
    write("serving.key", &serving.signing_key.serialize_pem())?;
    let tokens = rcgen::KeyPair::generate()?;
    write("service-account.key", &tokens.serialize_pem())?;
    write("service-account.pub", &tokens.public_key_pem())?;
    write("tokens.csv", &format!("{ADMIN_TOKEN},admin,admin,system:masters\n"))?;
    fs::create_dir(folder.join("bin"))?;
    for program in programs {
        symlink(program, folder.join("bin").join(program.file_name().unwrap_or_default()))?;
    }
    Access::write(
        &folder.join("kubeconfig"),
        &format!("https://{ADDRESS}:6443"),
        &folder.join("serving.crt"),
        ADMIN_TOKEN,
        &folder.join("bin/kubectl"),
    )
}

/// Packs the image of the program that holds a Pod's namespaces, and gives it with the others.
fn add_pause(folder: &Path, images: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let root = folder.join("pause");
    fs::create_dir(&root)?;
    fs::copy(folder.join("bin/pause"), root.join("pause"))?;
    let archive = folder.join("pause.tar");
    let mut command = Command::new(repository().join("packaging/oci-archive"));
    command.arg(&archive).args(["talknotes.dev/pause:node", "/pause"]);
    command.arg(format!("{}={}", platform(), root.display()));
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("pause: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(images.iter().cloned().chain([archive]).collect())
}

/// This machine, as images name it.
pub fn platform() -> &'static str {
    if cfg!(target_arch = "aarch64") { "linux/arm64" } else { "linux/amd64" }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn start_command(folder: &Path, cgroups: &Cgroups, images: &[PathBuf]) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]);
    command.args(["--propagation", "private"]);
    if cgroups.need_namespace() {
        command.arg("--cgroup");
    }
    command.arg(repository().join("tests/node/start.sh"));
    command.arg(folder).arg(folder.join("bin")).args([cgroups.name(), ADDRESS]).args(images);
    command
}

/// The process that `parent` has started.
fn only_child(parent: u32) -> Result<u32> {
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"))?;
    Ok(children.trim().parse().map_err(|_| format!("unshare has the children {children:?}"))?)
}

/// The last lines of every log in `folder`.
fn logs(folder: &Path) -> String {
    let Ok(entries) = fs::read_dir(folder) else { return String::new() };
    let files = entries.flatten().map(|entry| entry.path());
    let logs = files.filter(|path| path.extension().is_some_and(|extension| extension == "log"));
    logs.map(|log| format!("--- {}\n{}\n", log.display(), last_lines(&log, 8))).collect()
}
