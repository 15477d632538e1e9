//! Folders that are gone after the run: at the latest when the next run starts.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::Result;

const PREFIX: &str = "talknotes-run-";
const LOCK: &str = "in-use";

/// A folder that is removed when the value is dropped. One that a killed process left behind is
/// removed by the next process that makes one.
pub struct Scratch {
    path: PathBuf,
    _lock: File,
}

impl Scratch {
    /// Makes a folder that only the current user can read.
    ///
    /// # Errors
    /// Where the folder for temporary files cannot be written.
    pub fn new() -> Result<Self> {
        remove_abandoned();
        // The lock is taken under another name: a folder that a sweep can see is always locked.
        let new = tempfile::Builder::new().prefix(".talknotes-new-").tempdir()?;
        let lock = File::create(new.path().join(LOCK))?;
        lock.lock()?;
        let new = new.keep();
        let unique = new.to_string_lossy().rsplit('-').next().unwrap_or_default().to_owned();
        let path = std::env::temp_dir().join(format!("{PREFIX}{}-{unique}", std::process::id()));
        fs::rename(&new, &path)?;
        Ok(Self { path, _lock: lock })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes the folders whose process is gone. A folder of another user stays: its lock cannot be
/// opened.
fn remove_abandoned() {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let abandoned = File::options()
            .write(true)
            .open(entry.path().join(LOCK))
            .is_ok_and(|lock| lock.try_lock().is_ok());
        if abandoned {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
