//! Finding the files of a tree, which may be hostile.

use gix::bstr::ByteSlice;
use gix::object::tree::EntryKind;

use super::GitError;
use super::snapshot::{Entry, Limits, Listing, SkipReason, Skipped};
use crate::document::is_other_data;

/// Deepest folder that is looked into.
const MOST_DEPTH: usize = 64;
/// Most entries of folders that are looked at. A tree can name the same folder many times and so
/// unfold to any size.
const MOST_ENTRIES: usize = 1_000_000;
/// Longest path in bytes, as Linux has it. In a tree a name may have any length.
pub(super) const MOST_PATH: usize = 4096;
/// Most bytes that all paths together have: a tree that names one folder many times has long ones for
/// next to nothing.
const MOST_BYTES_OF_PATHS: usize = 32 << 20;
/// Largest list of what is in one folder, in bytes.
const MOST_OF_FOLDER: u64 = 32 << 20;
/// Most things that are named as not read. Each is a diagnostic.
const MOST_SKIPPED: usize = 20_000;
/// Largest file of which it is looked at whether it can hold anything that is read, in bytes.
const MOST_LOOKED_AT: u64 = 8 << 20;

/// Why a walk ended early.
pub(super) enum Broken {
    /// A limit was met.
    Limit(GitError),
    /// An object is missing or broken.
    Object(gix::Error),
}

impl From<gix::Error> for Broken {
    fn from(error: gix::Error) -> Self {
        Self::Object(error)
    }
}

/// A folder that is still to be looked into.
struct Folder {
    path: Vec<u8>,
    id: gix::ObjectId,
    depth: usize,
}

/// A way through all folders of a tree.
pub(super) struct Walk<'a> {
    repository: &'a gix::Repository,
    wanted: &'a dyn Fn(&str) -> bool,
    limits: Limits,
    ahead: Vec<Folder>,
    entries: usize,
    bytes: u64,
    bytes_of_paths: usize,
    found: Listing,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        repository: &'a gix::Repository,
        wanted: &'a dyn Fn(&str) -> bool,
        limits: Limits,
    ) -> Self {
        let (ahead, found) = (Vec::new(), Listing::default());
        Self { repository, wanted, limits, ahead, entries: 0, bytes: 0, bytes_of_paths: 0, found }
    }

    /// Lists what is wanted below the root of `commit`.
    pub(super) fn run(mut self, commit: gix::ObjectId) -> Result<Listing, Broken> {
        let root = self.repository.find_commit(commit)?.tree_id()?.detach();
        self.ahead.push(Folder { path: Vec::new(), id: root, depth: 0 });
        while let Some(folder) = self.ahead.pop() {
            self.look_into(&folder)?;
        }
        self.found.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.found.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(self.found)
    }

    fn look_into(&mut self, folder: &Folder) -> Result<(), Broken> {
        if folder.depth > MOST_DEPTH {
            return too_large(format!("folders are nested deeper than {MOST_DEPTH}"));
        }
        if self.repository.find_header(folder.id)?.size() > MOST_OF_FOLDER {
            return too_large("a folder in it holds too many files: spread them".to_owned());
        }
        let tree = self.repository.find_tree(folder.id)?;
        for entry in tree.iter() {
            let entry = entry?;
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                return too_large(format!("it has more than {MOST_ENTRIES} files and folders"));
            }
            let mut path = folder.path.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(entry.filename());
            if path.len() > MOST_PATH {
                path.truncate(MOST_PATH);
                self.skip(&path, SkipReason::PathTooLong)?;
                continue;
            }
            let id = entry.object_id();
            match entry.kind() {
                EntryKind::Tree => {
                    self.count_path(&path)?;
                    self.ahead.push(Folder { path, id, depth: folder.depth + 1 });
                }
                EntryKind::Commit => self.skip(&path, SkipReason::Submodule)?,
                kind => self.file(&path, id, kind == EntryKind::Link)?,
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &[u8], id: gix::ObjectId, is_link: bool) -> Result<(), Broken> {
        if !(self.wanted)(&path.to_str_lossy()) {
            return Ok(());
        }
        let Ok(name) = path.to_str() else {
            return self.skip(path, SkipReason::PathNotUtf8);
        };
        if is_link {
            return self.skip(path, SkipReason::Symlink);
        }
        let bytes = self.repository.find_header(id)?.size();
        if bytes > self.limits.max_file_bytes {
            let is_other_data = bytes <= MOST_LOOKED_AT
                && is_other_data(name, &self.repository.find_blob(id)?.data);
            return match is_other_data {
                true => Ok(()),
                false => self.skip(path, SkipReason::TooLarge { bytes }),
            };
        }
        self.count(bytes)?;
        self.count_path(path)?;
        self.found.files.push(Entry { path: name.to_owned(), bytes, id });
        Ok(())
    }

    fn count(&mut self, bytes: u64) -> Result<(), Broken> {
        let Limits { max_files, max_total_bytes, .. } = self.limits;
        if self.found.files.len() >= max_files {
            return too_large(format!("more than {max_files} files are to be read: exclude some"));
        }
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > max_total_bytes {
            let most = max_total_bytes >> 20;
            return too_large(format!(
                "the files to be read have more than {most} MiB: exclude some"
            ));
        }
        Ok(())
    }

    fn count_path(&mut self, path: &[u8]) -> Result<(), Broken> {
        self.bytes_of_paths += path.len();
        if self.bytes_of_paths > MOST_BYTES_OF_PATHS {
            return too_large("the paths of its files are too long: shorten them".to_owned());
        }
        Ok(())
    }

    fn skip(&mut self, path: &[u8], reason: SkipReason) -> Result<(), Broken> {
        if self.found.skipped.len() >= MOST_SKIPPED {
            return too_large(format!(
                "more than {MOST_SKIPPED} links, submodules and files cannot be read: exclude some"
            ));
        }
        self.count_path(path)?;
        let path = path.to_str_lossy().into_owned();
        self.found.skipped.push(Skipped { path, reason });
        Ok(())
    }
}

fn too_large<T>(what: String) -> Result<T, Broken> {
    Err(Broken::Limit(GitError::TooLarge(what)))
}
