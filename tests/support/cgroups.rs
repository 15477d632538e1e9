//! The cgroups of a node: where they are, what a container used, and that none is left. And one that
//! limits the processor time of a program.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Result;

const ROOT: &str = "/sys/fs/cgroup";
/// Where this process is in each hierarchy.
const OWN: &str = "/proc/self/cgroup";
const PREFIX: &str = "talknotes-node-";
const QUOTA_PREFIX: &str = "talknotes-quota-";

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
        let parents = if unified {
            vec![PathBuf::from(ROOT)]
        } else {
            hierarchies(&fs::read_to_string(OWN)?)
        };
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
        Ok(fs::read_to_string(folder.join(file))?.trim().parse()?)
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

/// A cgroup that limits the processor time of what runs in it. Dropping it removes it, when nothing
/// runs in it any more.
pub struct CpuQuota {
    folder: PathBuf,
    unified: bool,
}

impl CpuQuota {
    /// The cgroup, one at a time in a process. None where none can be made, with the reason printed.
    ///
    /// # Errors
    /// The reason, where `CI` is `true` and we are root: there nobody reads that a test was skipped.
    pub fn find_place() -> Result<Option<Self>> {
        let error = match Self::make() {
            Ok(quota) => return Ok(Some(quota)),
            Err(error) => error,
        };
        let advice =
            format!("a quota of processor time needs cgroups that can be written: {error}");
        let is_root = fs::metadata("/proc/self")?.uid() == 0;
        if is_root && std::env::var("CI").is_ok_and(|ci| ci == "true") {
            return Err(advice.into());
        }
        println!("skipped, {advice}");
        Ok(None)
    }

    fn make() -> Result<Self> {
        let unified = is_unified();
        let parent = if unified {
            fs::write(Path::new(ROOT).join("cgroup.subtree_control"), "+cpu")?;
            PathBuf::from(ROOT)
        } else {
            let of_cpu = |folder: &PathBuf| counts(folder, "cpu");
            let own = hierarchies(&fs::read_to_string(OWN)?).into_iter().find(of_cpu);
            own.ok_or("no hierarchy of cgroups counts processor time")?
        };
        remove_abandoned(&parent, QUOTA_PREFIX);
        let folder = parent.join(format!("{QUOTA_PREFIX}{}", std::process::id()));
        fs::create_dir_all(folder.join("below"))?;
        Ok(Self { folder, unified })
    }

    /// Lets what runs in it use `percent` of one core, or as much as it likes.
    ///
    /// # Errors
    /// Where that cannot be written.
    pub fn set(&self, percent: Option<u32>) -> Result {
        let microseconds = percent.map(|percent| (percent * 1_000).to_string());
        let (file, text) = if self.unified {
            ("cpu.max", format!("{} 100000", microseconds.as_deref().unwrap_or("max")))
        } else {
            ("cpu.cfs_quota_us", microseconds.unwrap_or_else(|| "-1".to_owned()))
        };
        Ok(fs::write(self.folder.join(file), text)?)
    }

    /// What starts a program in it, or in a cgroup below it that has no quota of its own.
    pub fn launcher(&self, below: bool) -> [String; 4] {
        let folder = if below { self.folder.join("below") } else { self.folder.clone() };
        let processes = folder.join("cgroup.procs").to_string_lossy().into_owned();
        let move_there = r#"echo $$ >"$0" && exec "$@""#.to_owned();
        ["sh".to_owned(), "-c".to_owned(), move_there, processes]
    }
}

impl Drop for CpuQuota {
    fn drop(&mut self) {
        remove_all(std::slice::from_ref(&self.folder));
    }
}

fn is_unified() -> bool {
    Path::new(ROOT).join("cgroup.controllers").is_file()
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
fn remove_all(folders: &[PathBuf]) {
    let end = Instant::now() + PATIENCE;
    loop {
        folders.iter().for_each(|folder| remove_tree(folder));
        if folders.iter().all(|folder| !folder.exists()) || Instant::now() > end {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn remove_abandoned(parent: &Path, prefix: &str) {
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
