//! A cgroup that limits the processor time of a program.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::{Result, cgroups};

const PREFIX: &str = "talknotes-quota-";

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
        let unified = cgroups::is_unified();
        let parent = if unified {
            fs::write(Path::new(cgroups::ROOT).join("cgroup.subtree_control"), "+cpu")?;
            PathBuf::from(cgroups::ROOT)
        } else {
            let of_cpu = |folder: &PathBuf| cgroups::counts(folder, "cpu");
            cgroups::own()?
                .into_iter()
                .find(of_cpu)
                .ok_or("no hierarchy of cgroups counts processor time")?
        };
        cgroups::remove_abandoned(&parent, PREFIX);
        let folder = parent.join(format!("{PREFIX}{}", std::process::id()));
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
        cgroups::remove_all(std::slice::from_ref(&self.folder));
    }
}
