//! The programs of a control plane: found in `KUBEBUILDER_ASSETS`, or built once into a cache.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Result;
use super::child::{Child, last_lines};

/// A program and the Go package that it is built from.
struct Program {
    name: &'static str,
    package: &'static str,
}

const ETCD: Program = Program { name: "etcd", package: "go.etcd.io/etcd/server/v3" };
const API_SERVER: Program =
    Program { name: "kube-apiserver", package: "k8s.io/kubernetes/cmd/kube-apiserver" };
const CONTROLLER_MANAGER: Program = Program {
    name: "kube-controller-manager",
    package: "k8s.io/kubernetes/cmd/kube-controller-manager",
};
const KUBECTL: Program = Program { name: "kubectl", package: "k8s.io/kubernetes/cmd/kubectl" };

const KUBELET: Program = Program { name: "kubelet", package: "k8s.io/kubernetes/cmd/kubelet" };
const SCHEDULER: Program =
    Program { name: "kube-scheduler", package: "k8s.io/kubernetes/cmd/kube-scheduler" };
const PROXY: Program = Program { name: "kube-proxy", package: "k8s.io/kubernetes/cmd/kube-proxy" };

/// How often a build says that it is still going on.
const PROGRESS: Duration = Duration::from_secs(10);

/// Where the programs of a control plane are.
#[derive(Clone, Debug)]
pub struct Binaries {
    /// etcd.
    pub etcd: PathBuf,
    /// kube-apiserver.
    pub api_server: PathBuf,
    /// kube-controller-manager.
    pub controller_manager: PathBuf,
    /// kubectl.
    pub kubectl: PathBuf,
}

impl Binaries {
    /// Finds the programs, and builds those that are not there. This can take minutes and shows its
    /// progress on standard error.
    ///
    /// # Errors
    /// What is missing and what to do about it.
    pub fn find_or_build() -> Result<Self> {
        let programs = [&ETCD, &API_SERVER, &CONTROLLER_MANAGER, &KUBECTL];
        let [etcd, api_server, controller_manager, kubectl] = find_or_build(programs)?;
        Ok(Self { etcd, api_server, controller_manager, kubectl })
    }
}

/// The kubectl of `KUBEBUILDER_ASSETS` or `PATH`, else one that is built.
///
/// # Errors
/// What is missing and what to do about it.
pub fn any_kubectl() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(KUBECTL.name));
    match in_assets(&KUBECTL).or_else(|| found.into_iter().find(|file| file.is_file())) {
        Some(kubectl) => Ok(kubectl),
        None => find_or_build([&KUBECTL]).map(|[kubectl]| kubectl),
    }
}

/// The programs of Kubernetes that a node with real Pods runs, the control plane's included.
///
/// # Errors
/// What is missing and what to do about it.
pub fn for_node() -> Result<Vec<PathBuf>> {
    let control_plane = [&ETCD, &API_SERVER, &CONTROLLER_MANAGER, &KUBECTL];
    let mut programs = find_or_build(control_plane)?.to_vec();
    programs.extend(find_or_build([&KUBELET, &SCHEDULER, &PROXY])?);
    Ok(programs)
}

fn in_assets(program: &Program) -> Option<PathBuf> {
    let file = PathBuf::from(std::env::var_os("KUBEBUILDER_ASSETS")?).join(program.name);
    file.is_file().then_some(file)
}

fn find_or_build<const N: usize>(programs: [&Program; N]) -> Result<[PathBuf; N]> {
    let version = required("k8s.io/kubernetes")?;
    let cache = cache_folder()?.join("control-plane").join(&version);
    let binary = |program: &Program| in_assets(program).unwrap_or_else(|| cache.join(program.name));
    let binaries = programs.map(binary);
    if binaries.iter().all(|binary| binary.is_file()) {
        return Ok(binaries);
    }
    fs::create_dir_all(&cache)?;
    let _lock = lock(&cache.join("lock"))?;
    // Another process may have built them while this one waited.
    let missing: Vec<_> =
        programs.iter().zip(&binaries).filter(|(_, binary)| !binary.is_file()).collect();
    if !missing.is_empty() {
        check_go()?;
        let names: Vec<&str> = missing.iter().map(|(program, _)| program.name).collect();
        say(&format!(
            "building {} {version} from Go modules, once, into {}; all four take about four minutes on \
             four cores and ten on two. {SET_ASSETS}",
            names.join(", "),
            cache.display()
        ));
    }
    for (at, (program, binary)) in missing.iter().enumerate() {
        let names: Vec<&str> = missing.iter().map(|(program, _)| program.name).collect();
        build(program, &version, binary, &left(&names, at))?;
    }
    Ok(binaries)
}

/// The module of the control plane.
fn module() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/control-plane")
}

/// What go.mod says behind `name`: the version of a module or of Go.
fn required(name: &str) -> Result<String> {
    let file = module().join("go.mod");
    let text = fs::read_to_string(&file)?;
    let mut words = text.split_whitespace().skip_while(|word| *word != name);
    let version = words.nth(1).ok_or_else(|| format!("{} has no {name}", file.display()))?;
    Ok(version.to_owned())
}

pub(super) fn cache_folder() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")));
    let cache = cache.ok_or("neither XDG_CACHE_HOME nor HOME is set: no place for a cache")?;
    Ok(cache.join("talknotes"))
}

/// Takes the lock `file`, so that only one process builds.
pub(super) fn lock(file: &Path) -> Result<File> {
    let lock = File::create(file)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            say("another process is building the same; waiting for it");
            lock.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(lock)
}

/// The program that is built now, and what is left to do.
pub fn left(names: &[&str], at: usize) -> String {
    let (number, all) = (at + 1, names.len());
    match &names[number..] {
        [] => format!("{} ({number} of {all}, the last)", names[at]),
        rest => format!("{} ({number} of {all}, then {})", names[at], rest.join(", ")),
    }
}

fn build(program: &Program, version: &str, binary: &Path, left: &str) -> Result {
    let unfinished = binary.with_extension("part");
    let log = binary.with_extension("log");
    let mut command = go(&["build", "-mod=readonly", "-trimpath", "-ldflags", &ldflags(version)]);
    command.arg("-o").arg(&unfinished).arg(program.package);
    say(&format!("  go build {} (in tests/control-plane)", program.package));
    if !succeeds(&command, left, &log)? {
        return Err(format!(
            "building {} failed. {SET_ASSETS} The build said:\n{}",
            program.name,
            last_lines(&log, 25)
        )
        .into());
    }
    fs::rename(&unfinished, binary)?;
    fs::remove_file(&log)?;
    Ok(())
}

/// Runs `command` to its end, saying how long it takes, and returns whether it succeeded.
pub(super) fn succeeds(command: &Command, name: &str, log: &Path) -> Result<bool> {
    fs::write(log, "")?;
    let start = Instant::now();
    let mut child = Child::spawn(command, log)?;
    let mut said = start;
    loop {
        let status = child.try_ended()?;
        let seconds = start.elapsed().as_secs();
        if let Some(status) = status {
            let outcome = if status.success() { "built" } else { "failed" };
            say(&format!("  {name}: {outcome} after {seconds} s"));
            return Ok(status.success());
        }
        if said.elapsed() >= PROGRESS {
            say(&format!("  {name}: {seconds} s"));
            said = Instant::now();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

const SET_ASSETS: &str = "What is in the folder KUBEBUILDER_ASSETS is not built: the folder that \
                          `setup-envtest use -p path` prints has all of them but \
                          kube-controller-manager. The demo needs none of them in a cluster that is \
                          there: DEMO_CLUSTER=current make demo.";

/// Fails with an advice where Go is missing or too old for the module.
pub(super) fn check_go() -> Result {
    let wanted = required("go")?;
    let advice = format!("Install Go {wanted} or newer (https://go.dev/dl/). {SET_ASSETS}");
    let output = go(&["env", "GOVERSION"])
        .output()
        .map_err(|error| format!("Go is needed to build the control plane: {error}. {advice}"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("Go cannot be used: {}. {advice}", stderr.trim()).into());
    }
    let found = String::from_utf8_lossy(&output.stdout);
    let found = found.trim().trim_start_matches("go");
    if numbers(found) < numbers(&wanted) {
        return Err(format!("Go {found} is too old. {advice}").into());
    }
    Ok(())
}

/// The numbers of a version, such as 1, 26 and 8 of `1.26.8`.
fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

fn go(arguments: &[&str]) -> Command {
    let mut command = Command::new("go");
    command.args(arguments).current_dir(module()).stdin(Stdio::null());
    command.env("CGO_ENABLED", "0").env("GOWORK", "off");
    command
}

/// The version as Kubernetes' own builds set it, so that `kubectl version` shows it.
fn ldflags(version: &str) -> String {
    let mut parts = version.trim_start_matches('v').split('.');
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let settings = [
        ("gitVersion", version),
        ("gitMajor", major),
        ("gitMinor", minor),
        ("gitTreeState", "archive"),
    ];
    let mut flags = "-s -w".to_owned();
    for package in ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"] {
        for (name, value) in settings {
            flags.push_str(&format!(" -X {package}.{name}={value}"));
        }
    }
    flags
}

/// Writes to standard error directly: the test runner holds back what is printed with macros.
pub(super) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "harness: {line}");
}
