//! The folder that a site is written to.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use crate::cli::Failure;

/// Lists what was written, so that the next run knows what is its own.
const LIST: &str = ".talknotes-site";

/// A folder with the files of a site.
pub struct Output {
    root: PathBuf,
    /// What the last run wrote.
    before: BTreeSet<String>,
    written: BTreeSet<String>,
    changed: usize,
}

impl Output {
    pub fn open(root: PathBuf) -> Result<Self, Failure> {
        fs::create_dir_all(&root)
            .map_err(|error| format!("cannot make the folder {}: {error}", root.display()))?;
        let before = match fs::read_to_string(root.join(LIST)) {
            Ok(list) => list.lines().filter(|line| is_inside(line)).map(str::to_owned).collect(),
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeSet::new(),
            Err(error) => {
                return Err(format!("cannot read {}: {error}", root.join(LIST).display()).into());
            }
        };
        Ok(Self { root, before, written: BTreeSet::new(), changed: 0 })
    }

    /// Writes a file where its content is not there already.
    pub fn put(&mut self, path: &str, content: &[u8]) -> io::Result<()> {
        let file = self.root.join(path);
        let told = |error: io::Error| {
            io::Error::new(error.kind(), format!("cannot write {}: {error}", file.display()))
        };
        self.written.insert(path.to_owned());
        match fs::read(&file) {
            Ok(old) if old == content => return Ok(()),
            Ok(_) if !self.before.contains(path) => {
                return Err(io::Error::new(
                    ErrorKind::AlreadyExists,
                    format!(
                        "{} is there, and talknotes did not write it; choose an empty folder, or move the \
                         file away",
                        file.display()
                    ),
                ));
            }
            _ => {}
        }
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(told)?;
        }
        self.changed = self.changed.saturating_add(1);
        // So that a run that is cut off can be repeated.
        if self.before.insert(path.to_owned()) {
            self.remember(&self.before).map_err(told)?;
        }
        fs::write(&file, content).map_err(told)
    }

    /// Removes what this run did not write, and says what was done.
    pub fn finish(self) -> Result<String, Failure> {
        let mut removed = 0_usize;
        for path in self.before.difference(&self.written) {
            match fs::remove_file(self.root.join(path)) {
                Ok(()) => removed = removed.saturating_add(1),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(format!("cannot remove {path}: {error}").into()),
            }
            self.remove_empty(Path::new(path));
        }
        self.remember(&self.written)?;
        Ok(format!(
            "{} files in {}: {} written, {} removed, the others are as they were",
            self.written.len(),
            self.root.display(),
            self.changed,
            removed
        ))
    }

    /// Folders that hold nothing any more; others refuse to go.
    fn remove_empty(&self, path: &Path) {
        for folder in path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
            if fs::remove_dir(self.root.join(folder)).is_err() {
                return;
            }
        }
    }

    fn remember(&self, files: &BTreeSet<String>) -> io::Result<()> {
        let list: String = files.iter().map(|file| format!("{file}\n")).collect();
        fs::write(self.root.join(LIST), list)
    }
}

/// Somebody may have changed the list: nothing outside of the folder is ours.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
