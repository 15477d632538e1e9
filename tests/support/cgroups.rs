//! The cgroups of a node: where they are, what a container used, and that none is left.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Result;

/// Where cgroups are mounted.
pub(super) const ROOT: &str = "/sys/fs/cgroup";
/// What a kubelet wants of version 2 in the cgroup of its Pods, as far as the kernel has it.
const CONTROLLERS: [&str; 5] = ["cpu", "cpuset", "hugetlb", "memory", "pids"];
const PREFIX: &str = "talknotes-node-";

/// How long the kernel may take to let go of cgroups whose processes have ended.
const PATIENCE: Duration = Duration::from_secs(10);

/// The cgroup of one node in every hierarchy.
pub struct Cgroups {
    name: String,
    /// In version 1 the cgroups of this process, one for each hierarchy; in version 2 the root.
    parents: Vec<PathBuf>,
    unified: bool,
}

impl Cgroups {
    /// Finds a place for the cgroups of a node (one at a time in a process), and removes those that a killed process has left there.
    ///
    /// # Errors
    /// Where the cgroups of this process cannot be read.
    pub fn new() -> Result<Self> {
        let unified = is_unified();
        let parents = if unified { vec![PathBuf::from(ROOT)] } else { own()? };
        for parent in &parents {
            remove_abandoned(parent, PREFIX);
        }
        Ok(Self { name: format!("{PREFIX}{}", std::process::id()), parents, unified })
    }

    /// The name of the node's cgroup.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the hierarchies have to be mounted anew in a cgroup namespace: in version 1 each has its
    /// own place for us, and the kubelet wants the same path in all.
    pub fn need_namespace(&self) -> bool {
        !self.unified
    }

    /// The most memory, in bytes, that the container `id` has had, its page cache included.
    ///
    /// # Errors
    /// Where there is no such container.
    pub fn peak_memory(&self, id: &str) -> Result<u64> {
        let (file, folder) =
            (if self.unified { "memory.peak" } else { "memory.max_usage_in_bytes" }, self.find(id));
        let folder = folder.ok_or_else(|| format!("no cgroup of the container {id}"))?;
        let peak = fs::read_to_string(folder.join(file));
        let peak = peak.map_err(|error| format!("{file}: {error} (version 2: Linux 5.19)"))?;
        Ok(peak.trim().parse()?)
    }

    /// The processes of the container `id`.
    ///
    /// # Errors
    /// Where there is no such container.
    pub fn processes(&self, id: &str) -> Result<Vec<String>> {
        let folder = self.find(id).ok_or_else(|| format!("no cgroup of the container {id}"))?;
        let processes = fs::read_to_string(folder.join("cgroup.procs"))?;
        Ok(processes.lines().map(str::to_owned).collect())
    }

    /// The cgroup of a container in the hierarchy that counts memory.
    fn find(&self, id: &str) -> Option<PathBuf> {
        let counts_memory = |path: &&PathBuf| self.unified || counts(path, "memory");
        let parent = self.parents.iter().find(counts_memory)?;
        descendants(&parent.join(&self.name)).into_iter().find(|path| path.ends_with(id))
    }

    /// Where the node's cgroups are, or would be.
    pub fn folders(&self) -> Vec<PathBuf> {
        self.parents.iter().map(|parent| parent.join(&self.name)).collect()
    }

    /// Removes the node's cgroups, which have no process any more.
    pub fn remove(&self) {
        remove_all(&self.folders());
    }
}

/// Fails where a kubelet would find no cgroup that it can work with.
///
/// # Errors
/// What is missing and what to do about it.
pub fn check() -> Result {
    if !is_unified() {
        return Ok(());
    }
    let read = |name| fs::read_to_string(Path::new(ROOT).join(name));
    let missing = not_handed_down(&read("cgroup.controllers")?, &read("cgroup.subtree_control")?);
    if missing.is_empty() {
        return Ok(());
    }
    let wanted: Vec<String> = missing.iter().map(|name| format!("+{name}")).collect();
    let wanted = wanted.join(" ");
    Err(format!(
        "cgroups below {ROOT} lack controllers that a kubelet wants: echo {wanted} > \
         {ROOT}/cgroup.subtree_control (in a container, give it the machine's cgroup namespace)"
    )
    .into())
}

/// The controllers that a kubelet wants and that cgroups below one with these two files do not have. It
/// does without huge pages where the kernel has none.
pub fn not_handed_down(controllers: &str, subtree_control: &str) -> Vec<&'static str> {
    let has = |text: &str, name: &str| text.split_whitespace().any(|word| word == name);
    let wanted = |name: &str| name != "hugetlb" || has(controllers, name);
    CONTROLLERS.into_iter().filter(|name| wanted(name) && !has(subtree_control, name)).collect()
}

/// Whether there is one hierarchy, that of version 2.
pub(super) fn is_unified() -> bool {
    Path::new(ROOT).join("cgroup.controllers").is_file()
}

/// The cgroup of this process in each hierarchy of version 1.
pub(super) fn own() -> Result<Vec<PathBuf>> {
    Ok(hierarchies(&fs::read_to_string("/proc/self/cgroup")?))
}

/// The folder of each hierarchy of version 1 in the text of `/proc/self/cgroup`, such as
/// `5:cpu,cpuacct:/path`.
pub fn hierarchies(own: &str) -> Vec<PathBuf> {
    let folder = |line: &str| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (hierarchy, path) = (fields.next()?, fields.next()?);
        let mount = Path::new(ROOT).join(hierarchy.trim_start_matches("name="));
        (!hierarchy.is_empty()).then(|| mount.join(path.trim_start_matches('/')))
    };
    own.lines().filter_map(folder).collect()
}

/// Whether `folder` is in the hierarchy that counts `controller`; several may share one.
pub fn counts(folder: &Path, controller: &str) -> bool {
    let hierarchy = folder.strip_prefix(ROOT).ok().and_then(|path| path.iter().next());
    let names = hierarchy.and_then(|name| name.to_str()).unwrap_or_default();
    names.split(',').any(|name| name == controller)
}

/// Removes cgroups, whose processes may not have ended yet.
pub(super) fn remove_all(folders: &[PathBuf]) {
    let end = Instant::now() + PATIENCE;
    loop {
        folders.iter().for_each(|folder| remove_tree(folder));
        if folders.iter().all(|folder| !folder.exists()) || Instant::now() > end {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Removes what killed processes left in `parent`: what is called `prefix` and their number.
pub(super) fn remove_abandoned(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(owner) = name.to_str().and_then(|name| name.strip_prefix(prefix)) else {
            continue;
        };
        if !Path::new("/proc").join(owner).exists() {
            remove_tree(&entry.path());
        }
    }
}

/// The folders below `folder` and itself, the deepest first.
fn descendants(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|t| t.is_dir()));
    let below = folders.flat_map(|entry| descendants(&entry.path()));
    below.chain([folder.to_owned()]).collect()
}

/// Removes cgroups; the kernel keeps those that have processes.
fn remove_tree(folder: &Path) {
    for folder in descendants(folder) {
        let _ = fs::remove_dir(folder);
    }
}
